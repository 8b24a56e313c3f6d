// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/ownholds.h"

#include "core/orchestrator/facts.h"
#include "core/support/words.h"

#include <QCoreApplication>

#include <algorithm>

namespace aviary::orchestrator {

using clusters::OwnPart;
using clusters::OwnRequest;
using clusters::OwnRollout;
using kernel::Status;
using kernel::Weight;

namespace {

struct Own {
    Q_DECLARE_TR_FUNCTIONS(OwnRollouts)
};

qint64 sumOf(const OwnRollout &rollout, qint64 OwnPart::*member) {
    qint64 sum = 0;
    for (const OwnPart &part : rollout.parts) {
        sum += part.*member;
    }
    return sum;
}

bool waits(const OwnRollout &rollout) {
    return std::ranges::any_of(rollout.parts, &OwnPart::waits);
}

} // namespace

journal::Fact toFact(const OwnHold &hold, qint64 wall_ms) {
    return toFact(topic_own_hold, hold.rollout,
                  {{QStringLiteral("at"), hold.at},
                   {QStringLiteral("who"), hold.who},
                   {QStringLiteral("reason"), hold.reason},
                   {QStringLiteral("over"), hold.over}},
                  wall_ms);
}

OwnHold ownHoldFrom(const journal::Fact &fact) {
    const QJsonObject body = bodyOf(fact);
    return {fact.key, body[u"at"].toInt(kernel::full_weight), body[u"who"].toString(),
            body[u"reason"].toString(), body[u"over"].toBool()};
}

Weight newShare(const OwnRollout &rollout) {
    const qint64 wanted = sumOf(rollout, &OwnPart::wanted);
    const qint64 placed = std::min(wanted, sumOf(rollout, &OwnPart::placed));
    return wanted == 0 ? 0 : static_cast<Weight>(placed * kernel::full_weight / wanted);
}

qint64 instancesAt(const OwnRollout &rollout, Weight share) {
    const qint64 wanted = sumOf(rollout, &OwnPart::wanted);
    return (wanted * share + kernel::full_weight - 1) / kernel::full_weight;
}

HoldState holdStateOf(const OwnRollout &rollout, Weight at) {
    if (kernel::isEnd(rollout.status)) {
        return HoldState::Over;
    }
    if (sumOf(rollout, &OwnPart::placed) < instancesAt(rollout, at)) {
        return HoldState::Coming;
    }
    return rollout.status == Status::Paused ? HoldState::Over : HoldState::Due;
}

std::optional<OwnRequest::Verb> verbTowards(const OwnRollout &rollout) {
    return waits(rollout)                     ? std::optional(OwnRequest::Verb::Promote)
           : rollout.status == Status::Paused ? std::optional(OwnRequest::Verb::Resume)
                                              : std::nullopt;
}

QString refusalOfHold(const OwnRollout &rollout, Weight at) {
    if (kernel::isEnd(rollout.status)) {
        return Own::tr("it is over");
    }
    if (waits(rollout) && rollout.status != Status::Waiting) {
        return rollout.status == Status::Paused ? Own::tr("it is paused; resume it first")
                                                : Own::tr("its canaries are not healthy yet");
    }
    const qint64 wanted = sumOf(rollout, &OwnPart::wanted);
    const qint64 placed = sumOf(rollout, &OwnPart::placed);
    if (placed >= instancesAt(rollout, at)) {
        return Own::tr("%1 of %2 instances are new already; the cluster takes none of them back, "
                       "only all")
            .arg(placed)
            .arg(wanted);
    }
    return instancesAt(rollout, at) >= wanted
               ? Own::tr("%1 of %2 instances would be all of them").arg(percentText(at)).arg(wanted)
               : QString();
}

} // namespace aviary::orchestrator
