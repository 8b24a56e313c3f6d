// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QJsonObject>

namespace aviary::gitops {

// A repository that says what should run on a cluster, as a person configured it.
struct Repository {
    QString name; // also of its folder: letters, digits, dots, dashes, underscores
    QString url;  // file://, ssh:// or https://, host:path, or an absolute path; without a password
    QString branch = u"main"_qs;
    QString path;                 // folder in it; empty: all of it
    QString cluster;              // empty: the only one
    bool start_by_itself = false; // else a change becomes a draft that waits
    bool production = false;      // with start_by_itself: on a production cluster too
    bool require_signed = false;  // a commit that nobody could verify is not followed
    qint64 interval_ms = 60'000;  // between looks; doubled with each failure, up to retry_ms_max
    qint64 size_mib_max = 1'024;  // of what one fetch may bring
    qint64 timeout_ms = 300'000;  // of one fetch
    bool operator==(const Repository &) const = default;

    static constexpr qint64 retry_ms_max = 1'800'000;
};

// {name, url, branch, path, cluster, start ("draft", "auto"), production, require_signed,
// interval_ms, size_mib_max, timeout_ms}. All but name and url may be left out; whatever is wrong
// is named together. Refused: an address that git would take as an option or a program, one with a
// password in it, and one whose content anybody on the way could change (http, git).
Result<Repository> repositoryFrom(const QJsonObject &wanted);
QJsonObject toJson(const Repository &repository);

} // namespace aviary::gitops
