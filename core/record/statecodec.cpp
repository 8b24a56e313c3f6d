// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/statecodec.h"

#include "core/kernel/rollout/step.h"
#include "core/record/bytes.h"
#include "core/record/hash.h"

#include <limits>
#include <type_traits>

namespace aviary::record {
namespace {

using namespace kernel;

// Raise it when a member changes its meaning, comes or goes: older snapshots are then left aside.
constexpr std::uint8_t state_format = 3;
// The sizes when the lists below were written. While others are true, a member may be missing from
// the lists: then every snapshot is refused, starts replay from the beginning, and test_replay
// fails.
constexpr bool all_listed = sizeof(Docket) == 672 && sizeof(State) == 968 && sizeof(Cell) == 16 &&
                            sizeof(SiteQueue) == 20 && sizeof(Due) == 16 && sizeof(Tally) == 72 &&
                            sizeof(Wishes) == 2 && sizeof(SiteCount) == 16 && sizeof(Why) == 24;

// ---- What a state consists of. Each list serves writing and reading.

template <class A, class S>
void members(A &archive, S &state) requires std::is_same_v<std::remove_const_t<S>, State> {
    archive(state.status, state.resume_to, state.why, state.epoch, state.step, state.wave,
            state.weight, state.weight_asked, state.weight_person, state.fresh_slot,
            state.measuring, state.verdict, state.last_order, state.sites, state.cells, state.now,
            state.step_since, state.frozen_ms, state.docket);
    for (auto &count : state.counts) {
        archive(count);
    }
}

template <class A, class D>
void members(A &archive, D &docket) requires std::is_same_v<std::remove_const_t<D>, Docket> {
    archive(docket.windows, docket.deadlines, docket.clock_due, docket.clock_stopped,
            docket.wave_begin, docket.wave_end, docket.cursor, docket.wave_open,
            docket.wave_healthy, docket.wave_failed, docket.wave_worked, docket.wave_settled,
            docket.parallel, docket.again, docket.open_sites, docket.queues, docket.next,
            docket.queued, docket.to_retire, docket.retire_cursor, docket.retire_step,
            docket.retiring, docket.retire_order, docket.touched, docket.way_back, docket.undo,
            docket.postponed, docket.lost, docket.back_cause, docket.back_target,
            docket.flag_raised, docket.fresh, docket.stable, docket.up, docket.done_healthy,
            docket.late);
    archive(docket.router_order, docket.slot_asked, docket.router_refused, docket.router_again,
            docket.goal, docket.lowered, docket.lower_to, docket.passed, docket.superseding,
            docket.wishes, docket.rerun_step, docket.ruled, docket.ruling, docket.checks_passed,
            docket.tally_fresh, docket.tally_stable, docket.metrics, docket.metrics_begin,
            docket.entered, docket.paused_at, docket.progress_since, docket.cell_hash,
            docket.follows, docket.retires_old, docket.threshold);
}

template <class A, class T>
void members(A &archive, T &value) requires std::is_same_v<std::remove_const_t<T>, Why> {
    archive(value.cause, value.target, value.step, value.at);
}
template <class A, class T>
void members(A &archive, T &value) requires std::is_same_v<std::remove_const_t<T>, SiteCount> {
    archive(value.under_way, value.down, value.fresh, value.stable);
}
template <class A, class T>
void members(A &archive, T &value) requires std::is_same_v<std::remove_const_t<T>, Due> {
    archive(value.at, value.target, value.stamp);
}
template <class A, class T>
void members(A &archive, T &value) requires std::is_same_v<std::remove_const_t<T>, SiteQueue> {
    archive(value.head, value.tail, value.limit, value.nodes, value.open);
}
template <class A, class T>
void members(A &archive, T &value) requires std::is_same_v<std::remove_const_t<T>, Tally> {
    archive(value.begun, value.last, value.total);
}
// Bits have no address, so they go through a word.
template <class A, class T>
void members(A &archive, T &value) requires std::is_same_v<std::remove_const_t<T>, Cell> {
    const int word = value.flagged | value.drained << 1 | value.incapable << 2 | value.ready << 3 |
                     value.old_runs << 4 | value.old_gone << 5 | value.retiring << 6 |
                     value.touched << 7 | value.served << 8 | value.again << 9 |
                     value.proven << 10 | value.postponed << 11 | value.returning << 12 |
                     value.queued << 13;
    auto flags = static_cast<std::uint32_t>(word);
    archive(value.order, value.site, value.phase, value.status, value.cause, value.attempts,
            value.windows, value.falls, flags);
    if constexpr (!std::is_const_v<T>) {
        const auto bit = [flags](int place) { return (flags >> place & 1) != 0; };
        value.flagged = bit(0);
        value.drained = bit(1);
        value.incapable = bit(2);
        value.ready = bit(3);
        value.old_runs = bit(4);
        value.old_gone = bit(5);
        value.retiring = bit(6);
        value.touched = bit(7);
        value.served = bit(8);
        value.again = bit(9);
        value.proven = bit(10);
        value.postponed = bit(11);
        value.returning = bit(12);
        value.queued = bit(13);
    }
}
template <class A, class T>
void members(A &archive, T &value) requires std::is_same_v<std::remove_const_t<T>, Wishes> {
    const int word = value.approve | value.start << 1 | value.pause << 2 | value.resume << 3 |
                     value.roll_back << 4 | value.fail << 5 | value.advance << 6 | value.skip << 7 |
                     value.rerun << 8 | value.wait << 9;
    auto flags = static_cast<std::uint32_t>(word);
    archive(flags);
    if constexpr (!std::is_const_v<T>) {
        const auto bit = [flags](int place) { return (flags >> place & 1) != 0; };
        value = {bit(0), bit(1), bit(2), bit(3), bit(4), bit(5), bit(6), bit(7), bit(8), bit(9)};
    }
}

// ---- Both directions

template <class T>
concept HasFields = requires {
    T::fields();
};
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_fifo = false;
template <class T>
inline constexpr bool is_fifo<Fifo<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

class Put {
public:
    explicit Put(Writer &out) : out_(out) {}
    template <class... T>
    void operator()(const T &...values) {
        (one(values), ...);
    }

private:
    template <class T>
    void one(const T &value) {
        if constexpr (std::is_same_v<T, bool>) {
            out_.byte(value);
        } else if constexpr (std::is_enum_v<T>) {
            out_.byte(static_cast<std::uint8_t>(value));
        } else if constexpr (std::is_floating_point_v<T>) {
            out_.real(value);
        } else if constexpr (std::is_signed_v<T>) {
            out_.integer(value);
        } else if constexpr (std::is_unsigned_v<T>) {
            out_.whole(value);
        } else if constexpr (is_vector<T>) {
            out_.whole(value.size());
            for (const auto &item : value) {
                one(item);
            }
        } else if constexpr (is_fifo<T>) {
            out_.whole(value.size());
            for (std::size_t i = 0; i < value.size(); ++i) {
                one(value.at(i));
            }
        } else if constexpr (is_optional<T>) {
            out_.byte(value.has_value());
            one(value.value_or(typename T::value_type{}));
        } else if constexpr (HasFields<T>) {
            std::apply([&](const auto &...field) { (one(value.*field.member), ...); }, T::fields());
        } else {
            members(*this, value);
        }
    }
    Writer &out_;
};

class Get {
public:
    explicit Get(Reader &in) : in_(in) {}
    template <class... T>
    void operator()(T &...values) {
        (one(values), ...);
    }

private:
    template <class T>
    void one(T &value) {
        using Limits = std::numeric_limits<T>;
        if constexpr (std::is_same_v<T, bool>) {
            value = in_.truth();
        } else if constexpr (std::is_enum_v<T>) {
            value = static_cast<T>(in_.byte());
        } else if constexpr (std::is_floating_point_v<T>) {
            value = in_.real();
        } else if constexpr (std::is_signed_v<T>) {
            value = static_cast<T>(in_.integer(Limits::min(), Limits::max()));
        } else if constexpr (std::is_unsigned_v<T>) {
            value = static_cast<T>(in_.whole(Limits::max()));
        } else if constexpr (is_vector<T>) {
            value.resize(count());
            for (auto &item : value) {
                one(item);
            }
        } else if constexpr (is_fifo<T>) {
            fifo(value);
        } else if constexpr (is_optional<T>) {
            const bool there = in_.truth();
            typename T::value_type inner{};
            one(inner);
            value = there ? T(inner) : std::nullopt;
        } else if constexpr (HasFields<T>) {
            std::apply([&](const auto &...field) { (one(value.*field.member), ...); }, T::fields());
        } else {
            members(*this, value);
        }
    }
    template <class Item>
    void fifo(Fifo<Item> &queue) {
        for (std::size_t left = count(); left > 0 && in_.ok(); --left) {
            Item item{};
            one(item);
            queue.push(item);
        }
    }
    // Every item takes a byte at least: a false count must not take memory.
    std::size_t count() {
        return static_cast<std::size_t>(in_.whole(static_cast<std::uint64_t>(in_.left())));
    }
    Reader &in_;
};

tl::unexpected<Error> useless(const QString &what) {
    return fail(ErrorCode::Invalid, u"the snapshot is of no use: " + what);
}

} // namespace

QByteArray encodeState(const State &state) {
    Writer out;
    out.byte(state_format);
    Put put(out);
    put(state);
    const QByteArray bytes = out.take();
    return bytes + bytesOf(sha256({bytes})).toByteArray();
}

Result<State> decodeState(QByteArrayView bytes, const Plan &plan, std::uint64_t state_hash) {
    constexpr qsizetype digest_size = std::tuple_size_v<Hash>;
    if (!all_listed || bytes.size() <= digest_size || bytes[0] != char(state_format)) {
        return useless(QStringLiteral("another version wrote it"));
    }
    const QByteArrayView body = bytes.chopped(digest_size);
    if (bytesOf(sha256({body})) != bytes.last(digest_size)) {
        return useless(QStringLiteral("it was damaged"));
    }
    Reader in(body.sliced(1));
    State state;
    Get get(in);
    get(state);
    if (!in.ok() || !in.atEnd()) {
        return useless(QStringLiteral("another version wrote it"));
    }
    if (state.cells.size() != plan.targets.size() || stateHash(state) != state_hash) {
        return useless(QStringLiteral("it is of another rollout, or of another instant"));
    }
    return state;
}

} // namespace aviary::record
