// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/state.h"
#include "core/support/error.h"

#include <QByteArray>
#include <QByteArrayView>

namespace aviary::record {

// A state as bytes, so that a long rollout need not be replayed from its beginning. It is no
// record: a snapshot that this version cannot read, or that was damaged, is thrown away and the
// rollout is replayed.
QByteArray encodeState(const kernel::State &state);

// `state_hash`: of the entry that the snapshot was taken after. The state answers as the encoded
// one did, for this plan only.
Result<kernel::State> decodeState(QByteArrayView bytes, const kernel::Plan &plan,
                                  std::uint64_t state_hash);

} // namespace aviary::record
