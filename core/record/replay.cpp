// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/replay.h"

#include <algorithm>

namespace aviary::record {
namespace {

using namespace kernel;

// ---- What fits a plan

class Fit {
public:
    explicit Fit(const Plan &plan) : plan_(plan) {}

    template <class T>
    bool operator()(const T &value) const {
        if constexpr (requires { value.target; }) {
            if (!target(value.target)) {
                return false;
            }
        }
        return rest(value);
    }

private:
    bool target(TargetIndex index) const { return index < plan_.targets.size(); }
    static bool weight(Weight value) { return value >= 0 && value <= full_weight; }

    template <class T>
    static bool rest(const T &) {
        return true;
    }
    bool rest(const MetricMeasured &measured) const {
        const auto *judge = measured.judge < plan_.judges.size()
                                ? std::get_if<Tolerance>(&plan_.judges[measured.judge])
                                : nullptr;
        return judge != nullptr && measured.metric < judge->metrics.size();
    }
    bool rest(const SetWeight &order) const { return weight(order.weight); }
    bool rest(const SwitchSlot &order) const { return order.to < plan_.revisions.size(); }
    bool rest(const EnterStep &turn) const { return turn.step <= plan_.steps.size(); }

    const Plan &plan_;
};

// A request may be nonsense: the kernel refuses it. Every target is a target for these.
bool everyTargetOr(const Plan &plan, TargetIndex target) {
    return target == every_target || target < plan.targets.size();
}

// ---- One entry

tl::unexpected<Error> wrong(ErrorCode code, const EntryReader &in, const QString &what) {
    return fail(code, what, QStringLiteral("entry %1").arg(in.head().sequence));
}

// Decides as long as the engine does, and compares with what was recorded after one event.
class Comparison {
public:
    Comparison(const Plan &plan, const State &state) : plan_(plan), state_(state) {}

    bool same(const Command &recorded) const {
        Command decided;
        return decide(plan_, state_, decided) && decided == recorded;
    }
    bool settled() const {
        Command decided;
        return !decide(plan_, state_, decided);
    }

private:
    const Plan &plan_;
    const State &state_;
};

QString otherwise() {
    return QStringLiteral("this version would decide otherwise");
}

} // namespace

bool fits(const Plan &plan, const Event &event) {
    return std::visit(Fit(plan), event);
}

bool fits(const Plan &plan, const Command &command) {
    if (const auto *change = std::get_if<ChangeStatus>(&command)) {
        return everyTargetOr(plan, change->target);
    }
    return std::visit(Fit(plan), command);
}

Result<void> apply(const Plan &plan, State &state, QByteArrayView entry, Decisions decisions) {
    EntryReader in(entry);
    const Comparison comparison(plan, state);
    const bool compare = decisions == Decisions::Compared;
    const Millis at = in.head().at;
    Event event;
    Command command;
    for (Kind kind = in.next(event, command); kind != Kind::None; kind = in.next(event, command)) {
        if (kind == Kind::Event) {
            if (!fits(plan, event)) {
                return wrong(ErrorCode::Invalid, in, QStringLiteral("an event of another plan"));
            }
            note(plan, state, event, at);
            continue;
        }
        if (compare && !comparison.same(command)) {
            return wrong(ErrorCode::Conflict, in, otherwise());
        }
        if (!fits(plan, command)) {
            return wrong(ErrorCode::Invalid, in, QStringLiteral("a command of another plan"));
        }
        mark(plan, state, command);
    }
    if (const auto good = in.result(); !good) {
        return wrong(ErrorCode::Invalid, in, toText(good.error()));
    }
    if (compare && !comparison.settled()) {
        return wrong(ErrorCode::Conflict, in, otherwise());
    }
    if (stateHash(state) != in.head().state_hash) {
        return wrong(ErrorCode::Conflict, in,
                     QStringLiteral("it does not lead to the state that was recorded"));
    }
    return {};
}

Replay::Replay(std::shared_ptr<const Plan> plan, std::size_t kept_bytes_max)
    : plan_(std::move(plan)), kept_max_(0), state_(begin(*plan_)) {
    // A state costs its cells and sites a few times over (queues, allocation).
    const std::size_t state_bytes = sizeof(State) + 4 * (sizeof(Cell) * plan_->targets.size() +
                                                         sizeof(SiteCount) * plan_->sites.size());
    kept_max_ = std::max<std::size_t>(4, kept_bytes_max / state_bytes);
    // Copying a state must not cost more than the entries between two of them.
    spacing_bytes_ = std::max<std::uint64_t>(16'384, state_bytes / 2);
    kept_.emplace(0, state_);
}

Result<void> Replay::append(const QByteArray &bytes) {
    const EntryReader in(bytes);
    if (const auto good = in.result(); !good) {
        return good;
    }
    if (in.head().sequence != entries_.size() + 1) {
        return fail(ErrorCode::Invalid, QStringLiteral("entry %1 stands where %2 belongs")
                                            .arg(in.head().sequence)
                                            .arg(entries_.size() + 1));
    }
    Recorded recorded{bytes, in.head().at, in.head().wall_ms};
    if (!entries_.empty()) {
        recorded.at = std::max(recorded.at, entries_.back().at);
        recorded.wall_ms = std::max(recorded.wall_ms, entries_.back().wall_ms);
    }
    entries_.push_back(std::move(recorded));
    return {};
}

Result<void> Replay::seek(std::uint64_t sequence) {
    if (sequence > entries_.size()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no entry %1").arg(sequence));
    }
    const auto kept = std::prev(kept_.upper_bound(sequence));
    if (sequence < position_ || kept->first > position_) {
        state_ = kept->second;
        position_ = kept->first;
        since_kept_bytes_ = 0;
    }
    while (position_ < sequence) {
        const QByteArray &bytes = entries_[position_].bytes;
        if (const auto done = apply(*plan_, state_, bytes); !done) {
            state_ = kept_.begin()->second;
            position_ = 0;
            return done;
        }
        ++position_;
        since_kept_bytes_ += static_cast<std::uint64_t>(bytes.size());
        if (since_kept_bytes_ >= spacing_bytes_) {
            keep();
        }
    }
    return {};
}

void Replay::keep() {
    since_kept_bytes_ = 0;
    kept_.emplace(position_, state_);
    if (kept_.size() <= kept_max_) {
        return;
    }
    // Every other one goes, and from here on they stand twice as far apart.
    spacing_bytes_ *= 2;
    bool drop = false;
    for (auto it = std::next(kept_.begin()); it != kept_.end(); drop = !drop) {
        it = drop ? kept_.erase(it) : std::next(it);
    }
}

std::uint64_t Replay::entryAt(Millis at) const {
    const auto later = std::ranges::upper_bound(entries_, at, {}, &Recorded::at);
    return static_cast<std::uint64_t>(later - entries_.begin());
}

std::uint64_t Replay::entryAtWall(qint64 wall_ms) const {
    const auto later = std::ranges::upper_bound(entries_, wall_ms, {}, &Recorded::wall_ms);
    return static_cast<std::uint64_t>(later - entries_.begin());
}

Result<Entry> Replay::entry(std::uint64_t sequence) const {
    if (sequence == 0 || sequence > entries_.size()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no entry %1").arg(sequence));
    }
    return decodeEntry(entries_[sequence - 1].bytes);
}

} // namespace aviary::record
