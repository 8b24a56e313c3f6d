// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/narrator.h"
#include "core/api/presentation.h"
#include "core/api/trafficbook.h"
#include "core/record/run.h"

#include <memory>

namespace aviary::travel {

// One rollout's record, live or rehearsed, at any instant of it: the rows and words that a daemon
// told then. It belongs to one thread at a time; reading one may be done on another.
class RecordedRun {
public:
    // Replays the whole once, and keeps states on the way; a second for some 500,000 events. Where
    // an entry does not lead to the state that it recorded, the run ends before it and `warnings`
    // says so. An Error only when not even the first entry can be shown.
    static Result<std::shared_ptr<RecordedRun>> of(record::Run run);

    const record::RunHeader &header() const { return run_.header; }
    const record::Run &run() const { return run_; }
    const QStringList &warnings() const { return warnings_; }
    bool rehearsed() const { return run_.header.made_by == record::MadeBy::Rehearsed; }
    std::uint64_t entries() const { return walls_.size(); }

    // Wall time of the making and of the last entry. A run that had no entry begins and ends at
    // once.
    qint64 beginWallMs() const { return run_.header.begun_wall_ms; }
    qint64 endWallMs() const { return walls_.empty() ? beginWallMs() : walls_.back(); }
    bool ended() const { return ended_; } // its last state is an end

    // Rising: the wall time of each entry, and of each change of step or status.
    const std::vector<qint64> &entryWallsMs() const { return walls_; }
    const std::vector<qint64> &turnWallsMs() const { return turn_walls_; }

    // The instant right after the last entry not later than `wall_ms`.
    Result<void> goTo(qint64 wall_ms) { return goToEntry(replay_->entryAtWall(wall_ms)); }
    Result<void> goToEntry(std::uint64_t sequence);
    std::uint64_t position() const { return replay_->position(); }
    qint64 positionWallMs() const; // of the entry at hand; of the making before the first
    const kernel::Plan &plan() const { return replay_->plan(); }
    const kernel::State &state() const { return replay_->state(); }

    // At the instant at hand. No permission is granted: `off` is the reason of each.
    api::RolloutRow row() const;
    api::RolloutDetail detail(const QString &off) const;
    api::TargetPage targets(quint32 first, quint32 count) const;
    // Newest first, at most `count_max`, of one node or of all.
    std::vector<api::Happening> happenings(std::size_t count_max, const QString &node = {}) const;
    api::StepClock steps() const;
    // When what is known of the target last changed, at the instant at hand.
    qint64 heardWallMs(kernel::TargetIndex target) const;

private:
    struct Turn {
        std::uint64_t entry = 0;
        kernel::Millis at = 0;
        kernel::Command command;
    };
    struct Told {
        std::uint64_t entry = 0;
        api::Happening happening;
    };

    explicit RecordedRun(record::Run run) : run_(std::move(run)) {}
    Result<void> index();
    Result<void> indexEntry(const record::SealedEntry &sealed, api::Narrator &narrator,
                            api::TrafficBook &book);
    std::vector<api::TrafficPoint> traffic() const;

    record::Run run_;
    QStringList warnings_;
    std::unique_ptr<record::Replay> replay_;
    std::vector<qint64> walls_, turn_walls_;
    std::vector<Turn> turns_;
    std::vector<Told> told_;
    std::vector<api::TrafficPoint> traffic_;
    std::vector<std::vector<std::uint32_t>> changes_; // of each target: the entries, rising
    bool ended_ = false;
};

} // namespace aviary::travel
