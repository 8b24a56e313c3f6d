// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/telling.h"

#include "core/support/words.h"

#include <cmath>

namespace aviary::rehearsal {

namespace {

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString percent(double share) {
    return rateText(share, 1);
}

// "98.9 % (98.1 to 99.4)"
QString withInterval(double share, double low, double high) {
    const QString bounds = percent(low).chopped(2) + u" to "_qs + percent(high).chopped(2);
    return percent(share) + u" ("_qs + bounds + u')';
}

QString signedCount(double value) {
    const auto whole = static_cast<std::int64_t>(std::llround(value));
    return (whole > 0 ? u"+"_qs : QString()) + countText(whole);
}

QString signedTime(double value_ms) {
    const auto whole = static_cast<std::int64_t>(std::llround(std::abs(value_ms)));
    const QString sign = value_ms < 0 ? u"-"_qs : u"+"_qs;
    return whole < 500 ? u"0 s"_qs : QString(sign + ageText(whole));
}

} // namespace

QString wordOf(Ending ending) {
    switch (ending) {
    case Ending::Completed:
        return u"complete"_qs;
    case Ending::RolledBack:
        return u"back"_qs;
    case Ending::Failed:
        return u"failed"_qs;
    case Ending::Waiting:
        return u"waiting"_qs;
    case Ending::Stuck:
        break;
    }
    return u"stuck"_qs;
}

QString portionText(const Portion &portion) {
    return withInterval(portion.share, portion.low, portion.high);
}

QString endingsText(const HypothesisAnswer &hypothesis) {
    QStringList parts;
    for (const EndingShare &one : hypothesis.endings) {
        if (one.portion.hits > 0) {
            parts.append(portionText(one.portion) + u' ' + wordOf(one.ending));
        }
    }
    return parts.join(u", ");
}

QString timeText(const Spans &time_ms) {
    return time_ms.of == 0
               ? QString()
               : QString(ageText(time_ms.median) + u" (95 %: "_qs + ageText(time_ms.p95) + u')');
}

QString requestsText(const Spans &requests) {
    return requests.of == 0 ? QString()
                            : QString(countText(std::llround(requests.mean)) + u" (99 %: "_qs +
                                      countText(requests.p99) + u')');
}

QString causeText(kernel::Cause cause) {
    using C = kernel::Cause;
    switch (cause) {
    case C::None:
        return u"no cause"_qs;
    case C::OrderRefused:
        return u"an order was refused"_qs;
    case C::StartFailed:
        return u"starts failed"_qs;
    case C::ChecksFailed:
        return u"health checks failed"_qs;
    case C::Exited:
        return u"instances ended"_qs;
    case C::Silent:
    case C::NodeGone:
        return u"nodes went silent"_qs;
    case C::HealthyDeadline:
        return u"nodes were not healthy in time"_qs;
    case C::ProgressDeadline:
        return u"no progress in time"_qs;
    case C::Threshold:
        return u"too few nodes of a wave were healthy"_qs;
    case C::Verdict:
        return u"a check saw that the new revision is worse"_qs;
    case C::RouterRefused:
        return u"the router refused"_qs;
    case C::Person:
        return u"the person decided"_qs;
    case C::Superseded:
        return u"a newer rollout came"_qs;
    case C::WayBackFailed:
        return u"a node could not be brought back"_qs;
    case C::Undecided:
        return u"a check could not decide"_qs;
    }
    return {};
}

QString caughtText(const HypothesisAnswer &hypothesis, const kernel::Plan &plan) {
    if (hypothesis.caught.hits == 0) {
        return u"never caught"_qs;
    }
    QString line = portionText(hypothesis.caught) + u" caught, "_qs +
                   timeText(hypothesis.caught_ms) + u", after "_qs +
                   requestsText(hypothesis.failed_when_caught) + u" failed requests"_qs;
    if (!hypothesis.caught_by.empty()) {
        const CaughtBy &first = hypothesis.caught_by.front();
        line += u"; mostly "_qs + causeText(first.cause);
        if (first.step < plan.steps.size()) {
            line += u", in step "_qs + QString::number(first.step + 1);
        }
    }
    return line;
}

QString sightText(const Sight &sight, const kernel::Plan &plan) {
    const bool compares = sight.judge < plan.judges.size() &&
                          std::holds_alternative<kernel::NotWorse>(plan.judges[sight.judge]);
    const QString at = u"step "_qs + QString::number(sight.step + 1) + u", "_qs +
                       percentText(sight.weight) + u" for "_qs +
                       text(kernel::durationText(sight.bake_ms));
    if (!compares) {
        return at + (sight.rise ? QString(u": stops from "_qs + percent(*sight.rise) +
                                          u" unhealthy nodes"_qs)
                                : u": sees nothing"_qs);
    }
    QString line =
        at + (sight.rise
                  ? QString(u": sees a rise of "_qs + rateText(*sight.rise, 2) + u" or more"_qs)
                  : u": sees no rise of errors at this traffic"_qs);
    for (const BakeNeeded &need : sight.needed) {
        line += u"; \""_qs + text(need.hypothesis) + u"\" needs "_qs +
                (need.bake_ms ? text(kernel::durationText(*need.bake_ms)) : u"over 30 d"_qs);
    }
    return line + u" (four times in five)"_qs;
}

QString siteText(const SiteLow &site, const kernel::Plan &plan) {
    const QString name = site.site < plan.sites.size() ? text(plan.sites[site.site].name) : u"?"_qs;
    QString line = (name.isEmpty() ? u"without a site"_qs : name) + u": "_qs +
                   QString::number(site.worst) + u" of "_qs + QString::number(site.nodes) +
                   u" served at the worst, "_qs + QString::number(site.mean, 'f', 1) +
                   u" on average"_qs;
    if (site.below > 0) {
        line += u"; below what the plan allows in "_qs +
                countedText(site.below, u"1 future"_qs, u"%1 futures"_qs);
    }
    return line;
}

QString differenceText(const Difference &difference) {
    QString line = text(difference.hypothesis) + u": "_qs +
                   signedCount(difference.failed_requests) + u" failed requests ("_qs +
                   signedCount(difference.failed_low) + u" to "_qs +
                   signedCount(difference.failed_high) + u')';
    if (difference.completed > 0) {
        line += u", "_qs + signedTime(difference.time_ms) + u" to complete ("_qs +
                signedTime(difference.time_low) + u" to "_qs + signedTime(difference.time_high) +
                u')';
    }
    return line;
}

QString changeText(const Change &change) {
    QString line =
        text(change.words) + u": "_qs + percent(change.caught_after) + u" caught instead of "_qs +
        percent(change.caught_before) + u", "_qs + countText(std::llround(change.failed_after)) +
        u" failed requests instead of "_qs + countText(std::llround(change.failed_before)) +
        u", "_qs + ageText(change.median_after_ms) + u" instead of "_qs +
        ageText(change.median_before_ms);
    if (!change.hypothesis.empty()) {
        line += u"; mostly \""_qs + text(change.hypothesis) + u'"';
    }
    return line;
}

std::size_t shownHypothesis(const Scenario &scenario) {
    for (std::size_t i = 0; i < scenario.hypotheses.size(); ++i) {
        if (scenario.hypotheses[i].isGood()) {
            return i;
        }
    }
    return 0;
}

std::vector<double> assumedWeights(const Answers &answers) {
    std::vector<double> weights;
    for (const HypothesisAnswer &one : answers.hypotheses) {
        weights.push_back(one.weight);
    }
    return weights;
}

QString totalText(const Answers &answers, Ending ending) {
    const Total total = totalOf(answers, ending, assumedWeights(answers));
    QStringList weights;
    for (const HypothesisAnswer &one : answers.hypotheses) {
        weights.append(text(one.name) + u' ' + percent(one.weight));
    }
    return withInterval(total.share, total.low, total.high) + u' ' + wordOf(ending) +
           u", if it is "_qs + weights.join(u", ");
}

} // namespace aviary::rehearsal
