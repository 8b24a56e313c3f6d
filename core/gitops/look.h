// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gitops/clone.h"
#include "core/gitops/desired.h"

namespace aviary::gitops {

// One look at a repository: fetched, read, and compared with what was followed last.
struct Look {
    enum class End : quint8 {
        Read,
        Unreachable, // it could not be fetched
        Refused,     // too large, misleading, or its folder is not ours
        Stopped,     // the daemon ends
    };
    End end = End::Unreachable;
    QString text;                 // why it is not Read, in one sentence
    std::optional<Commit> commit; // of the branch; only when it was read
    bool rewritten = false;       // the commit that was followed is no part of the branch any more
    std::vector<Desired> desired;
    bool read() const { return end == End::Read; }
};

struct LookWish {
    QString folder; // of the clone
    Repository repository;
    QString followed;                      // id of the commit that was followed last; empty: none
    std::shared_ptr<const Look> last = {}; // of the same settings: taken over where nothing moved
};

// Blocks for as long as git takes.
Look lookAt(const LookWish &wish, const std::atomic<bool> &stopped);

} // namespace aviary::gitops
