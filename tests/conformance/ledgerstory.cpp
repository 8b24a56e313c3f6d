// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/ledgerstory.h"

namespace aviary::conformance {

Result<void> LedgerStory::tell(const QString &key, const QString &revision, Purpose purpose,
                               kernel::Status status, const QString &strategy) {
    DeploymentOpened opened;
    opened.key = key;
    opened.version = ledger_.nextVersion(key);
    opened.id = QStringLiteral("%1#%2").arg(key).arg(opened.version);
    opened.revision = revision;
    opened.source = ledger_.running(key);
    opened.purpose = purpose;
    opened.strategy = strategy;
    opened.fingerprint = revision;
    opened.wall_ms = ++now_;
    auto folded = ledger_.fold(opened);
    return folded ? ledger_.fold(DeploymentMoved{opened.id, status, {}, {}, ++now_}) : folded;
}

} // namespace aviary::conformance
