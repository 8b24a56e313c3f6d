// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/alertdesk.h"

#include "core/api/valuesjson.h"
#include "core/orchestrator/facts.h"
#include "core/support/words.h"

#include <algorithm>

namespace aviary::orchestrator {

using namespace kernel;
using api::AlertKind;
using api::AlertRow;

namespace {

constexpr qint64 snooze_min_ms = 60'000;
constexpr qint64 snooze_max_ms = 7LL * 24 * 3'600 * 1'000;

journal::Fact factOf(const AlertRow &row, qint64 wall_ms) {
    return toFact(topic_alert, row.id, api::toJson(row), wall_ms);
}

std::optional<AlertKind> kindOf(Status status) {
    switch (status) {
    case Status::Waiting:
        return AlertKind::Hold;
    case Status::Failed:
        return AlertKind::Failed;
    case Status::RollingBack:
    case Status::RolledBack:
        return AlertKind::RolledBack;
    default:
        return std::nullopt;
    }
}

AlertCause causeOf(const LiveRollout &rollout) {
    const Plan &plan = rollout.plan();
    const State &state = rollout.state();
    AlertCause cause{rollout.card().id,
                     rollout.card().cluster,
                     api::text(plan.service),
                     state.status,
                     state.epoch,
                     {}};
    if (kindOf(state.status)) {
        const QString why = api::whyOf(plan, state);
        cause.text =
            AlertDesk::tr("%1 %2 %3")
                .arg(cause.subject, api::revisionText(plan, plan.to), api::headlineOf(plan, state));
        cause.text += why.isEmpty() ? QString() : u": " + why;
    }
    return cause;
}

} // namespace

AlertDesk::AlertDesk(journal::Journal &journal, const Clock &clock, QObject *parent)
    : QObject(parent), journal_(journal), clock_(clock) {
    wake_timer_.setSingleShot(true);
    connect(&wake_timer_, &QTimer::timeout, this, &AlertDesk::wake);
    connect(&courier_, &AlertCourier::told, this, [this](const QString &id, const QString &text) {
        const auto at = rows_.find(id);
        if (at == rows_.end()) {
            return;
        }
        AlertRow row = at->second;
        row.delivery = row.delivery.isEmpty() ? text : row.delivery + u"; " + text;
        if (const auto written = write({row}); !written) {
            qWarning("%s", qPrintable(toText(written.error())));
        }
        take(row);
    });
}

// ---- From the journal --------------------------------------------------------------------------

Result<void> AlertDesk::restore(const journal::Fact &fact) {
    if (fact.topic == topic_alert_delivery) {
        return api::fromJson<api::AlertDelivery>(bodyOf(fact)).map([this](const auto &delivery) {
            courier_.setDelivery(delivery);
        });
    }
    return api::fromJson<AlertRow>(bodyOf(fact)).map([this](const AlertRow &row) {
        rows_[row.id] = row;
    });
}

void AlertDesk::resume() {
    for (const auto &[id, row] : rows_) {
        if (row.over_wall_ms != 0) {
            continue;
        }
        if (row.kind == AlertKind::ClusterLost) {
            lost_[row.cluster] = id;
        }
        if (row.acknowledged_by.isEmpty() && row.delivery.isEmpty() &&
            row.snoozed_until_wall_ms == 0) {
            courier_.deliver(row);
        }
    }
    wake();
    forgetOld();
}

// ---- Raised ------------------------------------------------------------------------------------

// One alert for each hold and for each end. It is named after what raised it, so that the same
// thing does not raise two.
std::optional<AlertRow> AlertDesk::raisedBy(const AlertCause &cause) const {
    const auto kind = kindOf(cause.status);
    if (!kind) {
        return std::nullopt;
    }
    AlertRow row;
    row.kind = *kind;
    row.rollout = cause.rollout;
    row.id = row.rollout + u'.' +
             (row.kind == AlertKind::Hold     ? QString::number(cause.epoch)
              : row.kind == AlertKind::Failed ? QStringLiteral("failed")
                                              : QStringLiteral("back"));
    row.cluster = cause.cluster;
    row.subject = cause.subject;
    row.text = cause.text;
    row.raised_wall_ms = clock_.wallMs();
    return row;
}

std::vector<journal::Fact> AlertDesk::factsOf(const LiveRollout &rollout) {
    return factsOf(causeOf(rollout));
}

std::vector<journal::Fact> AlertDesk::factsOf(const AlertCause &cause) {
    std::vector<AlertRow> &pending = pending_[cause.rollout];
    pending.clear();
    auto raised = raisedBy(cause);
    for (const auto &[id, row] : rows_) {
        const bool past = row.rollout == cause.rollout && row.kind == AlertKind::Hold &&
                          row.over_wall_ms == 0 && (!raised || raised->kind != AlertKind::Hold);
        if (past) {
            pending.push_back(row);
            pending.back().over_wall_ms = clock_.wallMs();
        }
    }
    const bool holds = raised && raised->kind == AlertKind::Hold &&
                       std::ranges::any_of(rows_, [&](const auto &known) {
                           return known.second.rollout == raised->rollout &&
                                  known.second.kind == AlertKind::Hold &&
                                  known.second.over_wall_ms == 0;
                       });
    if (raised && !holds && rows_.count(raised->id) == 0) {
        pending.push_back(*raised);
    }
    std::vector<journal::Fact> facts;
    for (const AlertRow &row : pending) {
        facts.push_back(factOf(row, clock_.wallMs()));
    }
    return facts;
}

void AlertDesk::stored(const QString &rollout) {
    const auto pending = pending_.extract(rollout);
    if (pending.empty()) {
        return;
    }
    for (const AlertRow &row : pending.mapped()) {
        take(row);
        if (row.over_wall_ms == 0) {
            courier_.deliver(row);
        }
    }
}

void AlertDesk::clusterLost(const QString &cluster, const QString &name, const QString &why) {
    if (lost_.count(cluster) > 0) {
        return;
    }
    AlertRow row;
    row.kind = AlertKind::ClusterLost;
    row.cluster = cluster;
    row.subject = name;
    row.raised_wall_ms = clock_.wallMs();
    row.id = QStringLiteral("%1.lost.%2").arg(cluster).arg(row.raised_wall_ms);
    row.text = why.isEmpty() ? tr("%1 does not answer").arg(name)
                             : tr("%1 does not answer: %2").arg(name, why);
    lost_[cluster] = row.id;
    deliver(row);
}

void AlertDesk::clusterBack(const QString &cluster) {
    const auto lost = lost_.extract(cluster);
    const auto at = lost.empty() ? rows_.end() : rows_.find(lost.mapped());
    if (at == rows_.end()) {
        return;
    }
    AlertRow row = at->second;
    row.over_wall_ms = clock_.wallMs();
    if (const auto written = write({row}); !written) {
        qWarning("%s", qPrintable(toText(written.error())));
    }
    take(row);
}

Result<AlertRow> AlertDesk::leftFan(const LiveRollout &rollout, const QString &text) {
    AlertRow row;
    row.kind = AlertKind::LeftFan;
    row.rollout = rollout.card().id;
    row.id = row.rollout + u".left_fan";
    if (const auto known = rows_.find(row.id); known != rows_.end()) {
        return known->second;
    }
    row.cluster = rollout.card().cluster;
    row.subject = api::text(rollout.plan().service);
    row.text = tr("%1 left what its rehearsal foresaw: %2").arg(row.subject, text);
    row.raised_wall_ms = clock_.wallMs();
    deliver(row);
    return row;
}

// People are told of it even when the journal cannot take it.
void AlertDesk::deliver(const AlertRow &row) {
    if (const auto written = write({row}); !written) {
        qWarning("%s", qPrintable(toText(written.error())));
    }
    take(row);
    courier_.deliver(row);
}

// ---- Taken up ----------------------------------------------------------------------------------

Result<AlertRow *> AlertDesk::find(const QString &id) {
    const auto at = rows_.find(id);
    if (at == rows_.end()) {
        return fail(ErrorCode::NotFound, tr("there is no alert %1").arg(boundedText(id)),
                    QStringLiteral("id"), tr("aviary alert list names them"));
    }
    return &at->second;
}

Result<AlertRow> AlertDesk::acknowledge(const QString &id, const QString &who) {
    return find(id).and_then([&](AlertRow *known) -> Result<AlertRow> {
        if (!known->acknowledged_by.isEmpty()) {
            return *known;
        }
        AlertRow row = *known;
        row.acknowledged_by = who;
        row.acknowledged_wall_ms = clock_.wallMs();
        return write({row}).map([&] {
            take(row);
            return row;
        });
    });
}

Result<AlertRow> AlertDesk::snooze(const QString &id, qint64 for_ms, const QString &who) {
    if (for_ms < snooze_min_ms || for_ms > snooze_max_ms) {
        return fail(ErrorCode::Invalid, tr("an alert cannot be snoozed for that long"),
                    QStringLiteral("for_ms"), tr("give a minute to a week"));
    }
    return find(id).and_then([&](AlertRow *known) -> Result<AlertRow> {
        if (!known->acknowledged_by.isEmpty() || known->over_wall_ms != 0) {
            return fail(
                ErrorCode::Refused, tr("this alert calls nobody any more"), QStringLiteral("id"),
                known->over_wall_ms != 0 ? tr("it is over")
                                         : tr("%1 acknowledged it").arg(known->acknowledged_by));
        }
        AlertRow row = *known;
        row.snoozed_by = who;
        row.snoozed_until_wall_ms = clock_.wallMs() + for_ms;
        return write({row}).map([&] {
            take(row);
            wake();
            return row;
        });
    });
}

// Snoozes that ended are told again; the timer then waits for the next.
void AlertDesk::wake() {
    const qint64 now = clock_.wallMs();
    qint64 next = snooze_max_ms;
    std::vector<AlertRow> awake;
    for (const auto &[id, row] : rows_) {
        const bool calls = row.over_wall_ms == 0 && row.acknowledged_by.isEmpty();
        if (!calls || row.snoozed_until_wall_ms == 0) {
            continue;
        }
        if (row.snoozed_until_wall_ms <= now) {
            awake.push_back(row);
        } else {
            next = std::min(next, row.snoozed_until_wall_ms - now);
        }
    }
    for (AlertRow &row : awake) {
        row.snoozed_until_wall_ms = 0;
        row.delivery.clear();
        deliver(row);
    }
    wake_timer_.start(static_cast<int>(next));
}

Result<void> AlertDesk::setDelivery(const api::AlertDelivery &delivery) {
    return AlertCourier::check(delivery).and_then([&]() -> Result<void> {
        journal::Batch batch;
        batch.facts.push_back(
            toFact(topic_alert_delivery, QString(), api::toJson(delivery), clock_.wallMs()));
        if (auto stored = journal_.append(batch); !stored) {
            return stored;
        }
        courier_.setDelivery(delivery);
        return {};
    });
}

// ---- Kept --------------------------------------------------------------------------------------

Result<void> AlertDesk::write(const std::vector<AlertRow> &rows) {
    journal::Batch batch;
    for (const AlertRow &row : rows) {
        batch.facts.push_back(factOf(row, clock_.wallMs()));
    }
    return journal_.append(batch);
}

void AlertDesk::take(const AlertRow &row) {
    rows_[row.id] = row;
    forgetOld();
    Q_EMIT changed(row);
}

// The journal has them all; here the newest are enough, and whatever still calls.
void AlertDesk::forgetOld() {
    if (rows_.size() <= kept_max) {
        return;
    }
    auto oldest = rows_.end();
    for (auto at = rows_.begin(); at != rows_.end(); ++at) {
        const bool calls = at->second.over_wall_ms == 0 && at->second.acknowledged_by.isEmpty();
        if (!calls &&
            (oldest == rows_.end() || at->second.raised_wall_ms < oldest->second.raised_wall_ms)) {
            oldest = at;
        }
    }
    if (oldest != rows_.end()) {
        rows_.erase(oldest);
    }
}

std::vector<AlertRow> AlertDesk::rows() const {
    std::vector<AlertRow> rows;
    for (const auto &[id, row] : rows_) {
        rows.push_back(row);
    }
    std::ranges::stable_sort(rows, std::greater{}, &AlertRow::raised_wall_ms);
    return rows;
}

} // namespace aviary::orchestrator
