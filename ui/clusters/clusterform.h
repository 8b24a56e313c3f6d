// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/theme/sheet.h"

#include <QJsonObject>

#include <array>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QGridLayout;
class QLineEdit;
class QPushButton;

namespace aviary {

class Label;
class Prose;
class SettingFields;

// A cluster as a person describes it; the parameters of cluster.add and cluster.edit follow from
// it.
struct ClusterWish {
    QString id, name;
    api::ClusterKind kind = api::ClusterKind::Local;
    api::ClusterClass klass = api::ClusterClass::Development;
    bool needs_approval = false;
    QJsonObject settings; // of cluster.add (core/api/clustersettings.h)
    QString token;        // of cluster.token; empty: none, or what is kept stays
    QString host;         // another computer whose daemon is shown; then nothing else counts
};

// The kinds that a daemon has a driver for; no other can be connected.
inline constexpr std::array connectable_kinds{api::ClusterKind::Local, api::ClusterKind::Docker,
                                              api::ClusterKind::Nomad};

// Adds a cluster, edits one, or shows the daemon of another computer. What a kind of cluster is
// told is one labelled field each, and can be tried before it is added.
class ClusterForm : public Sheet {
    Q_OBJECT
public:
    explicit ClusterForm(QWidget *over);

    void add(const ClusterWish &offered = {});
    void edit(const api::ClusterRow &row); // kind and settings stay; a token may be another one
    // What keeps it from being done; under the fields.
    void setTrouble(const QString &trouble);
    // What a test of it said.
    void setChecks(const std::vector<api::CheckRow> &checks);

Q_SIGNALS:
    void addWanted(const aviary::ClusterWish &wish);
    void editWanted(const aviary::ClusterWish &wish);
    void testWanted(const aviary::ClusterWish &wish);

private:
    void build();
    void addButtons();
    bool isElsewhere() const;
    bool isSound();
    void fill(const ClusterWish &wish);
    ClusterWish wish() const;
    void follow();
    void submit();
    void test();

    bool editing_ = false;
    Label *title_;
    QComboBox *kind_;
    QLineEdit *host_;
    QLineEdit *id_;
    QLineEdit *name_;
    QComboBox *class_;
    QCheckBox *approval_;
    QFormLayout *form_;
    SettingFields *settings_;
    QGridLayout *checks_;
    Prose *note_;
    Prose *trouble_;
    QPushButton *cancel_;
    QPushButton *test_;
    QPushButton *submit_;
};

} // namespace aviary
