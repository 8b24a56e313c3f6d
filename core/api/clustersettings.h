// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QJsonObject>

// What a kind of cluster is told when it is connected (cluster.add, "settings"), as forms and help
// texts show it. Drivers take more than that, as JSON; the daemon has the last word on all of it.
namespace aviary::api {

struct SettingField {
    enum class Kind : quint8 {
        Text,
        Address, // http or https
        Path,    // absolute, of the daemon's computer
        Socket,  // a path as above, or HOST:PORT
        Count,   // 1 to 4,096
        Names,   // separated by commas or spaces
        Pairs,   // NAME=VALUE, separated likewise
        Flag,
        Secret, // no setting: it goes with cluster.token, and is kept apart
    };
    QString name; // of the setting; a dot leads into an object: router.socket
    QString label;
    Kind kind = Kind::Text;
    QString example = {};
    QString note = {}; // what it is for, where the label does not say it
    bool needed = false;
};

// In the order in which a person fills them in; empty: it is told nothing.
std::vector<SettingField> settingFields(ClusterKind kind);

// What is wrong with what a person wrote there, and what would be right; empty: nothing is.
QString flawOf(const SettingField &field, const QString &text);
// Writes the setting that it means; what was left open is left out.
void putSetting(QJsonObject &settings, const SettingField &field, const QString &text);
// The setting, as a person would write it.
QString settingText(const QJsonObject &settings, const SettingField &field);

} // namespace aviary::api
