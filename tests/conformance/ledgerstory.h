// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/deployments/ledger.h"

namespace aviary::conformance {

// Writes whole deployments into a ledger, as the orchestrator does when rollouts end.
class LedgerStory {
public:
    // `revision` of `key` was deployed (or gone back to), and ended as `status`. The content is the
    // revision's name. Answers the error when the ledger refuses.
    Result<void> tell(const QString &key, const QString &revision, Purpose purpose,
                      kernel::Status status, const QString &strategy = {});

    const Ledger &ledger() const { return ledger_; }

private:
    Ledger ledger_;
    qint64 now_ = 0;
};

} // namespace aviary::conformance
