// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/requests.h"

#include "core/api/presentation.h"
#include "core/support/words.h"

#include <QCoreApplication>
#include <QCryptographicHash>

#include <algorithm>

namespace aviary::api {
namespace {

using namespace kernel;

struct Requests {
    Q_DECLARE_TR_FUNCTIONS(Requests)
};

// The CLI's words for the alternatives of Request, in their order.
constexpr std::array<const char *, std::variant_size_v<Request>> verbs = {
    "approve",  "start", "promote", "lower", "pause",    "resume",
    "rollback", "fail",  "skip",    "retry", "supersede"};

Result<Weight> weightFrom(const QJsonObject &parameters, Weight fallback) {
    const QJsonValue to = parameters[u"to"];
    if (to.isUndefined()) {
        return fallback;
    }
    const double weight = to.toDouble(-1);
    if (!to.isDouble() || weight != static_cast<double>(static_cast<Weight>(weight)) ||
        weight < 0 || weight > full_weight) {
        return aviary::fail(ErrorCode::Invalid, Requests::tr("this is not a share of traffic"),
                            QStringLiteral("to"), Requests::tr("give 0 to 10000, in 1/100 %"));
    }
    return static_cast<Weight>(weight);
}

Result<TargetIndex> targetFrom(const Plan &plan, const QJsonObject &parameters) {
    const QJsonValue node = parameters[u"node"];
    if (node.isUndefined()) {
        return every_target;
    }
    const std::string name = node.toString().toStdString();
    const auto at = std::find_if(plan.targets.begin(), plan.targets.end(),
                                 [&](const Target &target) { return target.node == name; });
    if (at == plan.targets.end()) {
        return aviary::fail(
            ErrorCode::NotFound,
            Requests::tr("%1 is not a node of this rollout").arg(boundedText(node.toString())),
            QStringLiteral("node"), Requests::tr("aviary status lists its nodes"));
    }
    return static_cast<TargetIndex>(at - plan.targets.begin());
}

QStringList sentencesOf(const Plan &plan, const Effect &effect, double requests_per_minute) {
    QStringList facts;
    if (effect.weight_from != effect.weight_to) {
        QString traffic = Requests::tr("traffic on %1: %2 to %3")
                              .arg(revisionText(plan, plan.to), percentText(effect.weight_from),
                                   percentText(effect.weight_to));
        if (requests_per_minute >= 0) {
            const double more =
                requests_per_minute * (effect.weight_to - effect.weight_from) / full_weight;
            traffic += Requests::tr(", about %1 %2 requests a minute")
                           .arg(countText(static_cast<std::int64_t>(std::abs(more))),
                                more < 0 ? Requests::tr("fewer") : Requests::tr("more"));
        }
        facts << traffic;
    }
    if (effect.nodes > 0) {
        QStringList by_site;
        for (const SiteEffect &site : effect.sites) {
            if (site.nodes > 0) {
                by_site << QStringLiteral("%1 %2")
                               .arg(text(plan.sites[site.site].name))
                               .arg(site.nodes);
            }
        }
        facts << Requests::tr("touches %1: %2").arg(nodesText(effect.nodes), by_site.join(u", "));
    }
    for (const SiteEffect &site : effect.sites) {
        if (site.nodes > 0) {
            facts << Requests::tr("%1 has %2 up, and never fewer than %3")
                         .arg(text(plan.sites[site.site].name))
                         .arg(site.up)
                         .arg(site.floor);
        }
    }
    return facts;
}

// Digest of what is stated, so that a confirmation is void only when that changed.
QString tokenOf(const Effect &effect) {
    QByteArray bytes;
    const auto put = [&bytes](qint64 value) { bytes += QByteArray::number(value) + ' '; };
    put(effect.weight_from);
    put(effect.weight_to);
    put(effect.nodes);
    put(effect.raises_exposure);
    for (const SiteEffect &site : effect.sites) {
        put(site.site);
        put(site.nodes);
        put(site.floor);
    }
    const auto digest = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
    return QString::fromLatin1(digest.toHex().left(16));
}

} // namespace

QString verbOf(const Request &request) {
    return QString::fromLatin1(verbs[request.index()]);
}

Result<Request> requestFrom(const Plan &plan, const QString &verb, const QJsonObject &parameters) {
    if (verb == u"promote") {
        const bool full = parameters[u"full"].toBool();
        return weightFrom(parameters, full ? full_weight : 0).map([](Weight to) {
            return Request(Promote{to});
        });
    }
    if (verb == u"lower") {
        return weightFrom(parameters, 0).map([](Weight to) { return Request(Lower{to}); });
    }
    if (verb == u"skip") {
        return targetFrom(plan, parameters).map([](TargetIndex t) { return Request(Skip{t}); });
    }
    if (verb == u"retry") {
        return targetFrom(plan, parameters).map([](TargetIndex t) { return Request(Retry{t}); });
    }
    const std::array<std::pair<QStringView, Request>, 6> plain = {{{u"approve", Approve{}},
                                                                   {u"start", Start{}},
                                                                   {u"pause", Pause{}},
                                                                   {u"resume", Resume{}},
                                                                   {u"rollback", RollBack{}},
                                                                   {u"fail", Fail{}}}};
    for (const auto &[word, request] : plain) {
        if (verb == word) {
            return request;
        }
    }
    return aviary::fail(ErrorCode::Invalid,
                        Requests::tr("%1 cannot be asked of a rollout").arg(boundedText(verb)),
                        QStringLiteral("verb"),
                        Requests::tr("ask one of approve, start, promote, lower, pause, resume, "
                                     "rollback, fail, skip, retry"));
}

QString refusalText(Refusal refusal, const Plan &plan, const State &state) {
    switch (refusal) {
    case Refusal::None:
        return {};
    case Refusal::NotStarted:
        return Requests::tr("it has not started; start it first");
    case Refusal::Ended:
        return Requests::tr("it has ended; deploy again, or roll back to a revision");
    case Refusal::AlreadyStarted:
        return Requests::tr("it has started already");
    case Refusal::NeedsApproval:
        return Requests::tr("this cluster wants another person's approval first");
    case Refusal::NothingToPromote:
        return Requests::tr("it waits for nobody now; promote when it holds");
    case Refusal::WeightNotHigher:
        return Requests::tr("it is at %1 already; give more, or lower it")
            .arg(percentText(state.weight));
    case Refusal::WeightNotLower:
        return Requests::tr("it is at %1; give less than that").arg(percentText(state.weight));
    case Refusal::OverLoad:
        return loadText(plan) +
               Requests::tr("; at most %1 now").arg(percentText(promoteMax(plan, state)));
    case Refusal::NoRouter:
        return Requests::tr("nothing splits traffic on this cluster; it goes by nodes");
    case Refusal::AlreadyPaused:
        return Requests::tr("it is paused already; resume it");
    case Refusal::NotPaused:
        return Requests::tr("it is not paused");
    case Refusal::RollingBack:
        return Requests::tr("it is rolling back; wait for its end, then deploy again");
    case Refusal::NothingToSkip:
        return Requests::tr("there is nothing under way to skip");
    case Refusal::NothingToRetry:
        return Requests::tr("no node failed and no check waits");
    case Refusal::UnknownTarget:
        return Requests::tr("no such node in this rollout");
    case Refusal::OutOfRange:
        return Requests::tr("give 1 to 100 %");
    }
    return {};
}

QString loadText(const Plan &plan) {
    return Requests::tr("the nodes on %1 would carry over %2 of their usual load")
        .arg(revisionText(plan, plan.to),
             percentText(static_cast<Weight>(plan.policy.max_load_percent * 100)));
}

std::vector<Permission> permissionsOf(const Plan &plan, const State &state) {
    const auto refusals = allowedRequests(plan, state);
    std::vector<Permission> permissions;
    for (std::size_t i = 0; i < refusals.size(); ++i) {
        permissions.push_back({QString::fromLatin1(verbs[i]), refusals[i] == Refusal::None,
                               refusalText(refusals[i], plan, state)});
    }
    return permissions;
}

EffectRow effectRow(const Plan &plan, const State &state, const Request &request,
                    double requests_per_minute) {
    const Effect effect = effectOf(plan, state, request);
    EffectRow row;
    row.epoch = state.epoch;
    row.token = tokenOf(effect);
    row.weight_from = effect.weight_from;
    row.weight_to = effect.weight_to;
    row.nodes = effect.nodes;
    for (const SiteEffect &site : effect.sites) {
        row.sites.push_back({text(plan.sites[site.site].name), site.nodes, site.up, site.floor});
    }
    const double shifted = std::abs(effect.weight_to - effect.weight_from) / double(full_weight);
    row.requests_per_minute = requests_per_minute < 0 ? -1 : requests_per_minute * shifted;
    row.raises_exposure = effect.raises_exposure;
    row.way_back =
        effect.way_back
            ? Requests::tr("roll back to %1, past all gates").arg(revisionText(plan, plan.from))
            : Requests::tr("there is no way back from here");
    row.sentences = sentencesOf(plan, effect, requests_per_minute);
    row.refusal = refusalText(refusalOf(plan, state, request), plan, state);
    return row;
}

} // namespace aviary::api
