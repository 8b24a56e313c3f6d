// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/run.h"

namespace aviary::record {

Result<RunCheck> checkRun(const Run &run, Decisions decisions, const QString &name) {
    kernel::State state = kernel::begin(run.header.plan);
    for (std::size_t i = 0; i < run.entries.size(); ++i) {
        auto done = apply(run.header.plan, state, run.entries[i].bytes, decisions);
        if (!done) {
            Error &error = done.error();
            error.where = QStringLiteral("%1:%2: %3").arg(name).arg(i + 2).arg(error.where);
            return tl::unexpected(error);
        }
    }
    RunCheck check{run.entries.size(), kernel::stateHash(state), state.status, run.warnings};
    if (run.footer && !run.entries.empty() && run.footer->state_hash != check.state_hash) {
        return fail(ErrorCode::Conflict,
                    QStringLiteral("the footer tells of another end than the entries lead to"),
                    QStringLiteral("%1:%2").arg(name).arg(run.entries.size() + 2));
    }
    return check;
}

Result<Replay> replayOf(const Run &run) {
    Replay replay(std::make_shared<const kernel::Plan>(run.header.plan));
    for (const SealedEntry &entry : run.entries) {
        if (auto added = replay.append(entry.bytes); !added) {
            return tl::unexpected(added.error());
        }
    }
    return replay;
}

} // namespace aviary::record
