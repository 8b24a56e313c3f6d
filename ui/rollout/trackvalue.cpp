// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/trackvalue.h"

#include "core/support/words.h"
#include "ui/models/signs.h"

#include <QCoreApplication>

#include <algorithm>

namespace aviary {
namespace {

TrackStep::Phase phaseOf(api::StepSign sign) {
    switch (sign) {
    case api::StepSign::ToCome:
        return TrackStep::Phase::ToCome;
    case api::StepSign::Now:
        return TrackStep::Phase::Now;
    case api::StepSign::Done:
        return TrackStep::Phase::Done;
    case api::StepSign::Skipped:
        return TrackStep::Phase::Skipped;
    case api::StepSign::Failed:
        return TrackStep::Phase::Failed;
    }
    return TrackStep::Phase::ToCome;
}

} // namespace

StepTrackValue trackOf(const api::RolloutDetail &detail, qint64 now_wall_ms) {
    StepTrackValue value;
    const bool goes_on =
        detail.row.status != kernel::Status::Paused && !kernel::isEnd(detail.row.status);
    const qint64 since_ms =
        goes_on ? std::max<qint64>(0, now_wall_ms - detail.row.changed_wall_ms) : 0;
    value.now = signOf(detail.row.status);
    value.steps.reserve(detail.steps.size());
    for (const api::StepRow &row : detail.steps) {
        TrackStep step;
        step.label = row.text;
        step.phase = phaseOf(row.sign);
        if (row.took_ms >= 0) {
            step.taken_ms = row.took_ms + (row.sign == api::StepSign::Now ? since_ms : 0);
        }
        if (row.expected_ms >= 0) {
            step.expected_ms = row.expected_ms;
        }
        if (row.weight >= 0) {
            step.group = QCoreApplication::translate("aviary::rollout", "Stage %1")
                             .arg(percentText(row.weight));
        }
        value.steps.push_back(step);
    }
    return value;
}

} // namespace aviary
