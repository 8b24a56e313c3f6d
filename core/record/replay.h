// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/step.h"
#include "core/record/entry.h"

#include <map>
#include <memory>
#include <vector>

namespace aviary::record {

// True when the kernel may be given it: every index points into the plan, every weight is one.
bool fits(const kernel::Plan &plan, const kernel::Event &event);
bool fits(const kernel::Plan &plan, const kernel::Command &command);

enum class Decisions : std::uint8_t {
    Recorded, // note and mark what was recorded: no decision is made anew
    Compared, // and decide too: refused where this version would decide otherwise
};

// Brings `state` past one entry. An error says what is wrong with the entry, by its sequence;
// `state` is then of no use. ErrorCode::Conflict: only a comparison failed, of decisions or of the
// state hash; the record itself is sound.
Result<void> apply(const kernel::Plan &plan, kernel::State &state, QByteArrayView entry,
                   Decisions decisions = Decisions::Recorded);

// Time travel over one run: any instant, there and back. States are kept at intervals, so that a
// step back costs little; their number is bounded by their size.
class Replay {
public:
    static constexpr std::size_t kept_bytes_default = 256u * 1024 * 1024;

    explicit Replay(std::shared_ptr<const kernel::Plan> plan,
                    std::size_t kept_bytes_max = kept_bytes_default);

    // The next entry's bytes; also while the run goes on.
    Result<void> append(const QByteArray &entry);

    std::uint64_t entries() const { return entries_.size(); }
    // Goes to the instant right after entry `sequence`; 0 is before the first.
    Result<void> seek(std::uint64_t sequence);
    std::uint64_t position() const { return position_; }
    const kernel::State &state() const { return state_; }
    const kernel::Plan &plan() const { return *plan_; }

    // The last entry not later than `at` in rollout time, or in wall time; 0 when all are later.
    std::uint64_t entryAt(kernel::Millis at) const;
    std::uint64_t entryAtWall(qint64 wall_ms) const;
    Result<Entry> entry(std::uint64_t sequence) const;
    std::size_t keptStates() const { return kept_.size(); }

private:
    struct Recorded {
        QByteArray bytes;
        kernel::Millis at = 0;
        qint64 wall_ms = 0; // never below the one before it, so that it can be searched
    };
    void keep();

    std::shared_ptr<const kernel::Plan> plan_;
    std::size_t kept_max_;
    std::vector<Recorded> entries_;
    kernel::State state_;
    std::uint64_t position_ = 0;
    std::map<std::uint64_t, kernel::State> kept_; // by position; 0 is always there
    std::uint64_t spacing_bytes_;                 // of entries between two kept states
    std::uint64_t since_kept_bytes_ = 0;
};

} // namespace aviary::record
