// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/run.h"
#include "ui/models/desk.h"

#include <functional>

namespace aviary {

// The whole record of a rollout, asked of its desk and read off this thread. `then` is called on
// this one, unless `context` is gone by then or another session is shown.
void fetchRecord(Desk &desk, const QString &rollout, QObject *context,
                 std::function<void(const Result<record::Run> &)> then);

} // namespace aviary
