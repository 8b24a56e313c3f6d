// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace aviary::api {

// A version of a service as a person words it, on a cluster that runs its rollouts itself: what
// runs, with what is to be another; or a whole one from a file. Empty: that stays as it is.
struct ServiceStart {
    static constexpr qint64 file_bytes_max = 4 * 1024 * 1024;

    QString service;
    QString file; // its path
    QString image, part, task;
    std::optional<qint64> count;
    QStringList variables; // "NAME=VALUE"
};

// What the daemon is asked of service.effect and service.request, but for the cluster. Invalid,
// NotFound or Storage: what is wrong, and with which member.
Result<QJsonObject> parametersOf(const ServiceStart &start);

} // namespace aviary::api
