// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/requestdesk.h"

#include "core/support/words.h"

namespace aviary::orchestrator {

using namespace kernel;
using api::Outcome;

namespace {

using Settled = std::optional<std::pair<Outcome, QString>>;

Settled applied(const QString &text) {
    return std::pair(Outcome::Applied, text);
}

// An order that was given after the request has been answered: the cluster moved for it.
bool clusterAnswered(const LiveRollout &rollout, Order last_order) {
    const State &state = rollout.state();
    if (state.last_order == last_order) {
        return false;
    }
    const Commands open = outstanding(rollout.plan(), state);
    return open.size() < state.last_order - last_order;
}

Settled promoteSettled(const LiveRollout &rollout, Order last_order) {
    const State &state = rollout.state();
    if (state.status == Status::Completed || clusterAnswered(rollout, last_order)) {
        return applied(QObject::tr("under way, confirmed by the cluster"));
    }
    if (isEnd(state.status) || state.status == Status::RollingBack) {
        return std::pair(Outcome::Refused, api::whyOf(rollout.plan(), state));
    }
    return std::nullopt;
}

Settled lowerSettled(const LiveRollout &rollout, Weight to) {
    const State &state = rollout.state();
    if (state.weight <= to && state.weight == state.weight_asked) {
        return applied(QObject::tr("%1, confirmed by the router").arg(percentText(state.weight)));
    }
    if (state.why.cause == Cause::RouterRefused) {
        return std::pair(Outcome::Refused, api::causeText(state.why.cause));
    }
    return std::nullopt;
}

Settled rollBackSettled(const LiveRollout &rollout) {
    const State &state = rollout.state();
    if (state.status == Status::RolledBack) {
        return applied(api::whyOf(rollout.plan(), state) + u' ' +
                       api::headlineOf(rollout.plan(), state));
    }
    if (isEnd(state.status)) {
        return std::pair(Outcome::Refused, api::whyOf(rollout.plan(), state));
    }
    return std::nullopt;
}

Settled settled(const KeptRequest &open, const LiveRollout &rollout) {
    const Request &request = *open.request;
    if (std::holds_alternative<Promote>(request) || std::holds_alternative<Start>(request)) {
        return promoteSettled(rollout, open.last_order);
    }
    if (const auto *lower = std::get_if<Lower>(&request)) {
        return lowerSettled(rollout, lower->to);
    }
    if (std::holds_alternative<RollBack>(request)) {
        return rollBackSettled(rollout);
    }
    return applied(QObject::tr("written to the journal"));
}

} // namespace

const api::RequestRow *RequestDesk::find(const QString &id) const {
    const auto at = rows_.find(id);
    return at == rows_.end() ? nullptr : &at->second;
}

std::vector<api::RequestRow> RequestDesk::recent() const {
    std::vector<api::RequestRow> rows;
    for (auto id = order_.rbegin(); id != order_.rend() && rows.size() < recent_max; ++id) {
        rows.push_back(rows_.at(*id));
    }
    return rows;
}

void RequestDesk::put(const api::RequestRow &row) {
    if (rows_.insert_or_assign(row.id, row).second) {
        order_.push_back(row.id);
    }
    Q_EMIT changed(row);
}

void RequestDesk::open(const KeptRequest &kept) {
    open_[kept.row.id] = kept;
    put(kept.row);
}

void RequestDesk::close(api::RequestRow row, Outcome outcome, const QString &text, qint64 wall_ms) {
    open_.erase(row.id);
    row.outcome = outcome;
    row.text = text;
    row.settled_wall_ms = wall_ms;
    put(row);
}

void RequestDesk::restore(const KeptRequest &kept) {
    const bool waits = kept.row.outcome == Outcome::Asked || kept.row.outcome == Outcome::Unknown;
    if (waits && kept.request) {
        open_[kept.row.id] = kept;
    } else {
        open_.erase(kept.row.id);
    }
    if (kept.row.outcome == Outcome::Asked && !kept.request) { // its answer went to nobody
        api::RequestRow row = kept.row;
        row.outcome = Outcome::Unknown;
        row.text = QObject::tr("the daemon ended before the answer came");
        put(row);
        return;
    }
    put(kept.row);
}

void RequestDesk::lookAt(const LiveRollout &rollout, qint64 wall_ms) {
    std::vector<std::pair<QString, std::pair<Outcome, QString>>> done;
    for (const auto &[id, open] : open_) {
        if (open.request && rows_.at(id).rollout == rollout.card().id) {
            if (const auto outcome = settled(open, rollout)) {
                done.emplace_back(id, *outcome);
            }
        }
    }
    for (const auto &[id, outcome] : done) {
        close(rows_.at(id), outcome.first, outcome.second, wall_ms);
    }
}

void RequestDesk::clusterLost(const QString &cluster, const QString &why) {
    for (const auto &[id, open] : open_) {
        api::RequestRow row = rows_.at(id);
        if (row.cluster == cluster && row.outcome == Outcome::Asked) {
            row.outcome = Outcome::Unknown;
            row.text = why;
            put(row);
        }
    }
}

void RequestDesk::clusterBack(const QString &cluster) {
    for (const auto &[id, open] : open_) {
        api::RequestRow row = rows_.at(id);
        if (row.cluster == cluster && row.outcome == Outcome::Unknown) {
            row.outcome = Outcome::Asked;
            row.text = QObject::tr("asked, not confirmed yet");
            put(row);
        }
    }
}

} // namespace aviary::orchestrator
