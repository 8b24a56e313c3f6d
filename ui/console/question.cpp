// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/question.h"

#include "core/support/words.h"

#include <QCoreApplication>

#include <array>

namespace aviary {

using namespace Qt::Literals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(aviary::Question)
};

QString weightIn(const QJsonObject &parameters) {
    const qint64 weight = parameters.value(u"to"_qs).toInteger(-1);
    return weight < 0 ? QString() : percentText(static_cast<int>(weight));
}

QString trafficText(const api::EffectRow &effect) {
    const QString shift = Words::tr("%1 \u2192 %2")
                              .arg(percentText(effect.weight_from), percentText(effect.weight_to));
    const double more = effect.requests_per_minute;
    if (more < 0 || effect.weight_from == effect.weight_to) {
        return shift;
    }
    return Words::tr("%1, about %2 %3 requests a minute")
        .arg(shift, countText(static_cast<std::int64_t>(more)),
             effect.weight_to < effect.weight_from ? Words::tr("fewer") : Words::tr("more"));
}

QString nodesBySite(const api::EffectRow &effect) {
    QStringList sites;
    for (const api::SiteEffectRow &site : effect.sites) {
        if (site.nodes > 0) {
            sites << Words::tr("%1 %2").arg(boundedText(site.site, 40)).arg(site.nodes);
        }
    }
    constexpr qsizetype shown = 6;
    const qsizetype more = sites.size() - shown;
    QString text = nodesText(effect.nodes);
    if (!sites.isEmpty()) {
        text += u": "_qs + sites.mid(0, shown).join(u", "_qs);
    }
    return more > 0 ? Words::tr("%1 and %2 more sites").arg(text).arg(more) : text;
}

// The site that comes nearest to its floor decides.
const api::SiteEffectRow *tightest(const api::EffectRow &effect) {
    const api::SiteEffectRow *found = nullptr;
    for (const api::SiteEffectRow &site : effect.sites) {
        const auto room = [](const api::SiteEffectRow &of) {
            return static_cast<qint64>(of.up) - static_cast<qint64>(of.floor);
        };
        if (site.nodes > 0 && (!found || room(site) < room(*found))) {
            found = &site;
        }
    }
    return found;
}

} // namespace

std::vector<Fact> factsOf(const api::EffectRow &effect, const QString &to) {
    std::vector<Fact> facts;
    if (!effect.refusal.isEmpty()) {
        facts.push_back({Words::tr("not now"), boundedText(effect.refusal)});
    }
    if (effect.weight_from != effect.weight_to) {
        facts.push_back({Words::tr("traffic on %1").arg(boundedText(to, 20)), trafficText(effect)});
    }
    if (effect.nodes > 0) {
        facts.push_back({Words::tr("nodes"), nodesBySite(effect)});
    }
    if (const api::SiteEffectRow *site = tightest(effect)) {
        facts.push_back({Words::tr("floor"), Words::tr("%1 has %2 up and never fewer than %3")
                                                 .arg(boundedText(site->site, 60))
                                                 .arg(site->up)
                                                 .arg(site->floor)});
    }
    // Of a cluster's own rollout: it tells no floors, but what it would do.
    if (effect.sites.empty() && !effect.sentences.isEmpty()) {
        facts.push_back({Words::tr("then"), boundedText(effect.sentences.join(u"; "_qs))});
    }
    if (!effect.way_back.isEmpty()) {
        facts.push_back({Words::tr("way back"), boundedText(effect.way_back)});
    }
    return facts;
}

QString differenceOf(const std::vector<Fact> &before, const std::vector<Fact> &now) {
    QStringList changes;
    const auto textOf = [](const std::vector<Fact> &facts, const QString &label) {
        for (const Fact &fact : facts) {
            if (fact.label == label) {
                return fact.text;
            }
        }
        return QString();
    };
    for (const Fact &fact : before) {
        const QString then = textOf(now, fact.label);
        if (then != fact.text) {
            changes << (then.isEmpty()
                            ? Words::tr("%1: no longer %2").arg(fact.label, fact.text)
                            : Words::tr("%1: %2, now %3").arg(fact.label, fact.text, then));
        }
    }
    for (const Fact &fact : now) {
        if (textOf(before, fact.label).isEmpty()) {
            changes << Words::tr("%1: now %2").arg(fact.label, fact.text);
        }
    }
    return changes.join(u"; "_qs);
}

QString requestText(const QString &verb, const QString &service, const QJsonObject &parameters) {
    const QString what = boundedText(service, 60);
    const QString weight = weightIn(parameters);
    if (verb == u"promote") {
        return weight.isEmpty() ? Words::tr("Promote %1").arg(what)
                                : Words::tr("Promote %1 to %2").arg(what, weight);
    }
    if (verb == u"lower") {
        return Words::tr("Lower %1 to %2").arg(what, weight);
    }
    const QString node = boundedText(parameters.value(u"node"_qs).toString(), 60);
    if (!node.isEmpty() && verb == u"skip") {
        return Words::tr("Skip %1 in the rollout of %2").arg(node, what);
    }
    if (!node.isEmpty() && verb == u"retry") {
        return Words::tr("Retry %1 in the rollout of %2").arg(node, what);
    }
    const std::array<std::pair<QStringView, QString>, 8> plain{
        {{u"approve", Words::tr("Approve %1")},
         {u"start", Words::tr("Start %1")},
         {u"pause", Words::tr("Pause %1")},
         {u"resume", Words::tr("Resume %1")},
         {u"rollback", Words::tr("Roll back %1")},
         {u"skip", Words::tr("Skip this step of %1")},
         {u"retry", Words::tr("Retry %1")},
         {u"fail", Words::tr("End %1 where it stands")}}};
    for (const auto &[word, text] : plain) {
        if (verb == word) {
            return text.arg(what);
        }
    }
    return verb + u' ' + what;
}

QString requestButton(const QString &verb, const QJsonObject &parameters) {
    const QString weight = weightIn(parameters);
    if (verb == u"promote" && !weight.isEmpty()) {
        return Words::tr("Promote to %1").arg(weight);
    }
    if (verb == u"lower") {
        return Words::tr("Lower to %1").arg(weight);
    }
    const std::array<std::pair<QStringView, QString>, 9> plain{
        {{u"promote", Words::tr("Promote")},
         {u"approve", Words::tr("Approve")},
         {u"start", Words::tr("Start")},
         {u"pause", Words::tr("Pause")},
         {u"resume", Words::tr("Resume")},
         {u"rollback", Words::tr("Roll back")},
         {u"skip", Words::tr("Skip")},
         {u"retry", Words::tr("Retry")},
         {u"fail", Words::tr("End it where it stands")}}};
    for (const auto &[word, text] : plain) {
        if (verb == word) {
            return text;
        }
    }
    return verb;
}

bool lowersExposure(const QString &verb) {
    return verb == u"pause" || verb == u"lower" || verb == u"rollback" || verb == u"fail";
}

} // namespace aviary
