// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/watching.h"

#include <QVersionNumber>

#include <algorithm>

namespace aviary::clusters::nomad {
namespace {

using Kind = Failure::Kind;
constexpr int again_ms_min = 1'000;
constexpr int rows_per_ms = 2; // a long list is read less often
constexpr int unheard_max = 2;

// Somebody answered, and it was Nomad.
bool isAnswer(Kind kind) {
    return kind != Kind::Unreachable && kind != Kind::Tls && kind != Kind::Redirected &&
           kind != Kind::Unknown;
}

std::size_t countOf(const Rows &rows) {
    return std::visit([](const auto &list) { return list.size(); }, rows);
}

template <class T>
void raise(Index &index, const T &row) {
    index = std::max(index, row.modified);
}
void raise(Index &, const Gone &) {}

Table tableOf(const Change &change) {
    if (const auto *gone = std::get_if<Gone>(&change)) {
        return gone->what == Gone::What::Node ? Table::Nodes : Table::Jobs;
    }
    return std::holds_alternative<Node>(change)  ? Table::Nodes
           : std::holds_alternative<Job>(change) ? Table::Jobs
                                                 : Table::Deployments;
}

} // namespace

bool Watching::waitsItself(Table table) const {
    return table == Table::Allocations || (table == Table::Nodes && !tells_drains_) ||
           phase_ != Phase::Open;
}

void Watching::setVersion(qint64 now_ms, const QString &version) {
    const QVersionNumber number = QVersionNumber::fromString(version);
    tells_drains_ = number.isNull() || number >= QVersionNumber(1, 1);
    State &nodes = state(Table::Nodes);
    if (!tells_drains_ && nodes.known && !nodes.asked) {
        nodes.due_ms = now_ms;
    }
}

bool Watching::isComplete() const {
    return std::ranges::all_of(states_, &State::known);
}

std::optional<qint64> Watching::trueAt() const {
    if (!isComplete()) {
        return std::nullopt;
    }
    qint64 all_ms = state(Table::Allocations).read_ms;
    for (const Table table : {Table::Nodes, Table::Jobs, Table::Deployments}) {
        const qint64 read_ms = state(table).read_ms;
        all_ms = std::min(all_ms, phase_ == Phase::Open ? std::max(read_ms, stream_ms_) : read_ms);
    }
    return all_ms;
}

int Watching::backOff(int &tries) {
    chance_ = chance_ * 1'664'525u + 1'013'904'223u; // Numerical Recipes
    const int full_ms = std::min(again_ms_max, again_ms_min << std::min(tries, 6));
    ++tries;
    return full_ms / 2 + static_cast<int>((chance_ >> 8) % static_cast<quint32>(full_ms / 2));
}

void Watching::list(Table table, Index after, Commands &commands) {
    State &at = state(table);
    at.due_ms.reset();
    if (at.asked && !at.waits) {
        at.again = true;
        return;
    }
    at.asked = true;
    at.waits = after > 0;
    at.before = at.index;
    commands.push_back(List{table, after});
}

void Watching::listAll(Commands &commands) {
    for (const Table table : all_tables) {
        list(table, 0, commands);
    }
}

void Watching::openLater(qint64 now_ms, int delay_ms) {
    open_ms_ = now_ms + delay_ms;
}

Commands Watching::begin(qint64 now_ms) {
    phase_ = Phase::Opening;
    began_ = false;
    stream_index_ = 0;
    stream_ms_ = now_ms;
    open_ms_.reset();
    return {OpenStream{line_index_}};
}

// The history that was followed is not the one that the servers have now.
void Watching::forget(Commands &commands, Index from, Index to) {
    notices_ << QObject::tr("the cluster's history began anew: its index went back from %1 to %2; "
                            "all was listed anew")
                    .arg(from)
                    .arg(to);
    picture_.clear();
    changed_ = true;
    line_index_ = stream_index_ = 0;
    for (State &at : states_) {
        const State old = std::exchange(at, {});
        at.asked = old.asked;
        at.waits = old.waits;
    }
    listAll(commands);
}

void Watching::over(qint64 now_ms, const Failure &why, Commands &commands) {
    const bool began = std::exchange(began_, false);
    phase_ = Phase::Waiting;
    unheard_ = began ? 0 : unheard_ + 1;
    if (!began && (isAnswer(why.kind) || (unheard_ >= unheard_max && isComplete()))) {
        notices_ << QObject::tr("there is no event stream, lists are watched instead: %1")
                        .arg(why.error.what);
        phase_ = Phase::Refused;
        openLater(now_ms, stream_again_ms);
        listAll(commands);
        return;
    }
    openLater(now_ms, backOff(tries_));
    if (began) {
        notices_ << QObject::tr("the event stream broke: %1").arg(why.error.what);
    } else {
        trouble_ = why;
    }
    if (began || unheard_ == 1) {
        listAll(commands); // whether it is the stream, or all
    }
}

Commands Watching::streamSaid(qint64 now_ms, const Result<StreamLine> &line) {
    Commands commands;
    if (phase_ != Phase::Opening && phase_ != Phase::Open) {
        return commands;
    }
    if (!line) {
        commands.push_back(CloseStream{});
        over(now_ms, {Kind::Unreachable, line.error(), 0}, commands);
        return commands;
    }
    stream_ms_ = now_ms;
    if (!std::exchange(began_, true)) {
        phase_ = Phase::Open;
        unheard_ = tries_ = 0;
        trouble_.reset();
        listAll(commands);
    }
    if (line->index == 0) {
        return commands;
    }
    if (line->index < stream_index_) {
        notices_ << QObject::tr("the event stream went back from %1 to %2; all was listed anew")
                        .arg(stream_index_)
                        .arg(line->index);
        listAll(commands);
    }
    stream_index_ = line->index;
    line_index_ = std::max(line_index_, line->index);
    for (const Change &change : line->changes) {
        const Table table = tableOf(change);
        if (std::holds_alternative<Gone>(change)) {
            list(table, 0, commands);
        } else if (picture_.apply(change)) {
            changed_ = true;
        }
        std::visit([&](const auto &row) { raise(state(table).index, row); }, change);
    }
    return commands;
}

Commands Watching::streamEnded(qint64 now_ms, const Failure &why) {
    Commands commands;
    if (phase_ == Phase::Opening || phase_ == Phase::Open) {
        over(now_ms, why, commands);
    }
    return commands;
}

Commands Watching::listed(qint64 now_ms, Table table, Index index, const Rows &rows) {
    Commands commands;
    State &at = state(table);
    at.asked = false;
    if (index > 0 && index < at.before) {
        forget(commands, at.before, index);
        return commands;
    }
    changed_ = picture_.replace(rows, index) || changed_;
    at.index = std::max(at.index, index);
    at.known = true;
    at.tries = 0;
    at.read_ms = now_ms;
    if (std::exchange(at.again, false)) {
        list(table, 0, commands);
    } else if (waitsItself(table)) {
        at.due_ms = now_ms + std::max<qint64>(pause_ms_min,
                                              static_cast<qint64>(countOf(rows)) / rows_per_ms);
    }
    if (isComplete() && phase_ != Phase::Waiting) {
        trouble_.reset();
        tries_ = 0;
    }
    return commands;
}

Commands Watching::listFailed(qint64 now_ms, Table table, const Failure &why) {
    State &at = state(table);
    at.asked = at.again = false;
    trouble_ = why;
    at.due_ms = now_ms + std::max(why.retry_after_ms, backOff(at.tries));
    return {};
}

Commands Watching::seen(qint64 now_ms, Table table, Index index, Index before) {
    Commands commands;
    State &at = state(table);
    if (index > 0 && index < before) {
        forget(commands, before, index);
    } else if (!at.known || index > at.index) {
        if (!at.asked) { // else its answer comes
            list(table, 0, commands);
        }
    } else {
        at.read_ms = now_ms;
    }
    return commands;
}

std::optional<qint64> Watching::nextDeadline() const {
    std::optional<qint64> next = open_ms_;
    const auto sooner = [&next](qint64 at_ms) { next = next ? std::min(*next, at_ms) : at_ms; };
    if (phase_ == Phase::Opening || phase_ == Phase::Open) {
        sooner(stream_ms_ + silence_ms);
    }
    for (const State &at : states_) {
        if (at.due_ms) {
            sooner(*at.due_ms);
        }
    }
    return next;
}

Commands Watching::advance(qint64 now_ms) {
    Commands commands;
    const bool listens = phase_ == Phase::Opening || phase_ == Phase::Open;
    if (listens && now_ms >= stream_ms_ + silence_ms) {
        const QString what = QObject::tr("silent for %1 s").arg(silence_ms / 1'000);
        commands.push_back(CloseStream{});
        over(now_ms, {Kind::Unreachable, {ErrorCode::Unreachable, what, {}, {}}, 0}, commands);
    }
    if (open_ms_ && now_ms >= *open_ms_) {
        const Commands opened = begin(now_ms);
        commands.insert(commands.end(), opened.begin(), opened.end());
    }
    for (const Table table : all_tables) {
        const State &at = state(table);
        if (at.due_ms && now_ms >= *at.due_ms) {
            const bool waits = at.known && waitsItself(table);
            list(table, waits ? std::max<Index>(1, at.index) : 0, commands);
        }
    }
    return commands;
}

} // namespace aviary::clusters::nomad
