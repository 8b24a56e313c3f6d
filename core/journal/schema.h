// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/database.h"

#include <span>

namespace aviary::journal {

// Brings a journal from the version before to `version`.
struct Migration {
    int version;
    std::span<const char *const> statements;
};

// All there are, in order; the first makes the tables.
std::span<const Migration> migrations();

// Brings the file to the newest of `steps`, in one transaction each. Before an existing journal is
// changed, a copy is left beside it: journal.sqlite.v<N>.backup. A version that is newer than all
// steps is refused and nothing is touched. Opened for reading, nothing is ever changed.
Result<void> migrate(Database &database, Access access,
                     std::span<const Migration> steps = migrations());

} // namespace aviary::journal
