// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/basics.h"
#include "core/support/error.h"

#include <QJsonObject>
#include <QString>

#include <map>

namespace aviary::routing {

// A flag definitions file of flagd (flagd.dev/schema/v0/flags.json): each flag is on for a share of
// the users, chosen by flagd from its targeting key, so that a user keeps the answer as the share
// grows. The file is replaced as a whole; other flags and members in it are kept as they are.
class FlagFile {
public:
    explicit FlagFile(QString path) : path_(std::move(path)) {}

    // Written, then read back.
    Result<void> set(const QString &flag, kernel::Weight weight) const;
    // Share for which each flag is on; flags of another shape than ours are left out. No file:
    // none.
    Result<std::map<QString, kernel::Weight>> read() const;

private:
    Result<QJsonObject> document() const;

    QString path_;
};

QJsonObject flagDefinition(kernel::Weight weight);

} // namespace aviary::routing
