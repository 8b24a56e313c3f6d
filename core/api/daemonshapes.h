// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/valueshapes.h"

// The JSON members of what a daemon says of itself.
namespace aviary::api {

template <>
struct Shape<JournalReport> {
    using R = JournalReport;
    static constexpr auto fields() {
        return std::tuple{field("entries", &R::entries), field("whole", &R::whole),
                          field("head", &R::head), field("bad", &R::bad)};
    }
};

template <>
struct Shape<DaemonState> {
    using R = DaemonState;
    static QString id(const R &) { return QStringLiteral("daemon"); }
    static constexpr auto fields() {
        return std::tuple{field("version", &R::version),
                          field("host", &R::host),
                          field("who", &R::who),
                          field("journal_entries", &R::journal_entries),
                          field("journal_whole", &R::journal_whole),
                          field("read_only", &R::read_only),
                          field("text", &R::text),
                          field("present", &R::present)};
    }
};

} // namespace aviary::api
