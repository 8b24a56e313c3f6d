// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rehearsal/answersvalue.h"

#include "core/api/presentation.h"
#include "core/support/words.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace aviary {

using namespace kernel;
using rehearsal::Ending;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(aviary::Rehearsal)
};

constexpr double minute_ms = 60'000.0;

// No line ends between a figure and its unit.
QString keptTogether(QString text) {
    static const QRegularExpression gap(
        QStringLiteral("(?<=\\d) (?=(?:%|ms|s|min|h|d)(?![A-Za-z]))"));
    return text.replace(gap, QStringLiteral("\u00a0"));
}

QString endingText(Ending ending) {
    switch (ending) {
    case Ending::Completed:
        return Words::tr("complete");
    case Ending::RolledBack:
        return Words::tr("back");
    case Ending::Failed:
        return Words::tr("failed");
    case Ending::Waiting:
        return Words::tr("waiting");
    case Ending::Stuck:
        return Words::tr("stuck");
    }
    return {};
}

OutcomePart::Kind kindOf(Ending ending) {
    return ending == Ending::Completed ? OutcomePart::Kind::Good
           : ending == Ending::RolledBack || ending == Ending::Waiting
               ? OutcomePart::Kind::Attention
               : OutcomePart::Kind::Bad;
}

template <class Portions>
OutcomeBarValue barOf(const Portions &portionAt) {
    OutcomeBarValue bar;
    for (std::size_t i = 0; i < rehearsal::ending_count; ++i) {
        const auto ending = static_cast<Ending>(i);
        const double share = portionAt(i);
        if (share > 0 || ending == Ending::Completed || ending == Ending::RolledBack) {
            bar.parts.push_back({kindOf(ending), share, endingText(ending)});
        }
    }
    return bar;
}

FanChartValue fanOf(const rehearsal::Fan &fan) {
    FanChartValue value;
    FanBand band;
    for (std::size_t i = 0; i < fan.bands.size(); ++i) {
        value.minutes.push_back(static_cast<double>(i) * static_cast<double>(fan.step_ms) /
                                minute_ms);
        band.low.push_back(fan.bands[i].low);
        band.high.push_back(fan.bands[i].high);
        value.median.push_back(fan.bands[i].median);
    }
    if (!fan.bands.empty()) {
        value.bands.push_back(std::move(band));
        value.band_label = Words::tr("median, 5 to 95\u00a0%");
    }
    return value;
}

// "41 min (55 min)"
QString timeText(const rehearsal::Spans &spans) {
    return spans.of == 0 ? QString()
                         : Words::tr("%1 (%2)").arg(ageText(spans.median), ageText(spans.p95));
}

QString failedText(const rehearsal::Spans &spans) {
    return spans.of == 0 ? QString()
                         : Words::tr("%1 (%2)").arg(countText(std::llround(spans.mean)),
                                                    countText(spans.p99));
}

HypothesisLine lineOf(const rehearsal::HypothesisAnswer &answer, double weight) {
    HypothesisLine line;
    line.name = api::text(answer.name);
    line.weight = weight;
    line.bar = barOf([&answer](std::size_t i) {
        return i < answer.endings.size() ? answer.endings[i].portion.share : 0.0;
    });
    line.outcome = outcomeText(line.bar);
    const bool caught = answer.caught.share > 0.5;
    const rehearsal::Spans none;
    const rehearsal::Spans &completed =
        answer.endings.empty() ? none : answer.endings.front().time_ms;
    line.time =
        caught ? Words::tr("%1 to catch").arg(timeText(answer.caught_ms)) : timeText(completed);
    line.failed = failedText(answer.failed_requests);
    return line;
}

QString endText(const rehearsal::WorstFuture &future) {
    const QString weight = percentText(future.weight_highest);
    const QString at = ageText(future.end_ms);
    switch (future.ending) {
    case Ending::Completed:
        return Words::tr("completed after %1").arg(at);
    case Ending::RolledBack:
        return Words::tr("rolled back from %1 after %2").arg(weight, at);
    case Ending::Failed:
        return Words::tr("failed at %1 after %2").arg(weight, at);
    case Ending::Waiting:
        return Words::tr("waits at %1").arg(weight);
    case Ending::Stuck:
        return Words::tr("stuck at %1").arg(weight);
    }
    return {};
}

QString totalText(const rehearsal::Answers &answers, const std::vector<double> &weights) {
    if (answers.hypotheses.size() < 2 || answers.futures == 0) {
        return {};
    }
    const rehearsal::Total total = totalOf(answers, Ending::Completed, weights);
    QStringList shares;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        shares << Words::tr("%1 %2").arg(api::text(answers.hypotheses[i].name),
                                         rateText(weights[i], 1));
    }
    return Words::tr("With these shares (%1) %2 complete; between %3 and %4 by the number of "
                     "futures.")
        .arg(shares.join(Words::tr(", ")), rateText(total.share, 1), rateText(total.low, 1),
             rateText(total.high, 1));
}

double shareOf(std::uint32_t part, std::uint32_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

std::array<FanLine, fan_kind_count> fanLinesOf(const record::Run &run, Millis from_ms) {
    std::array<FanLine, fan_kind_count> lines;
    const Plan &plan = run.header.plan;
    State state = begin(plan);
    for (const record::SealedEntry &sealed : run.entries) {
        if (!record::apply(plan, state, sealed.bytes)) {
            break;
        }
        std::uint32_t fresh = 0;
        std::uint32_t down = 0;
        for (const SiteCount &site : state.sites) {
            fresh += site.fresh;
            down += site.down;
        }
        const double minutes = static_cast<double>(state.now - from_ms) / minute_ms;
        const std::array shares{shareOf(fresh, plan.active),
                                static_cast<double>(state.weight) / full_weight,
                                1.0 - shareOf(std::min(down, plan.active), plan.active)};
        for (std::size_t kind = 0; kind < fan_kind_count && minutes >= 0; ++kind) {
            FanLine &line = lines[kind];
            if (line.empty() || line.back().value != shares[kind]) {
                if (!line.empty()) {
                    line.push_back({minutes, line.back().value});
                }
                line.push_back({minutes, shares[kind]});
            }
        }
    }
    return lines;
}

void showAnswers(const rehearsal::Answers &answers, const Plan &plan,
                 const std::vector<double> &weights, RehearsalValue &value) {
    value.question = Words::tr("What %1 may be; the shares are your assumption, change them")
                         .arg(api::revisionText(plan, plan.to));
    value.hypotheses.clear();
    value.fans.clear();
    for (std::size_t i = 0; i < answers.hypotheses.size(); ++i) {
        const rehearsal::HypothesisAnswer &answer = answers.hypotheses[i];
        value.hypotheses.push_back(lineOf(answer, i < weights.size() ? weights[i] : answer.weight));
        value.fans.push_back(
            {fanOf(answer.fans.nodes), fanOf(answer.fans.traffic), fanOf(answer.fans.health)});
    }
    value.total = totalText(answers, weights);
    value.assumptions.clear();
    value.assumptions << Words::tr("futures of %1").arg(api::text(answers.model));
    for (const std::string &assumption : answers.assumptions) {
        value.assumptions << keptTogether(api::text(assumption));
    }
    value.futures.clear();
    for (const rehearsal::WorstFuture &future : answers.worst) {
        const bool known = future.hypothesis < answers.hypotheses.size();
        value.futures.push_back(
            {future.future,
             known ? api::text(answers.hypotheses[future.hypothesis].name) : QString(),
             endText(future), api::text(future.because), countText(future.failed_requests)});
    }
}

std::vector<ChanceValue> chancesOf(const rehearsal::Answers &answers,
                                   const rehearsal::Scenario &scenario) {
    std::vector<ChanceValue> chances;
    for (std::size_t i = 0; i < answers.hypotheses.size(); ++i) {
        const rehearsal::HypothesisAnswer &answer = answers.hypotheses[i];
        const bool good = i < scenario.hypotheses.size() && scenario.hypotheses[i].isGood();
        if (answer.endings.empty()) {
            continue;
        }
        const rehearsal::EndingShare &completed = answer.endings.front();
        ChanceValue chance{api::text(answer.name), {}, {}};
        if (good) {
            chance.headline = Words::tr("%1 complete").arg(rateText(completed.portion.share, 0));
            chance.text = completed.time_ms.of == 0 ? Words::tr("none completes")
                                                    : Words::tr("in %1, 95\u00a0% by %2")
                                                          .arg(ageText(completed.time_ms.median),
                                                               ageText(completed.time_ms.p95));
        } else {
            chance.headline = Words::tr("caught in %1").arg(rateText(answer.caught.share, 0));
            chance.text = answer.caught_ms.of == 0
                              ? Words::tr("%1 complete").arg(rateText(completed.portion.share, 0))
                              : Words::tr("in %1, about %2 failed requests")
                                    .arg(ageText(answer.caught_ms.median),
                                         countText(std::llround(answer.failed_when_caught.mean)));
        }
        chances.push_back(std::move(chance));
    }
    return chances;
}

void showProgress(const rehearsal::Progress &progress, const rehearsal::Scenario &scenario,
                  const std::vector<double> &weights, RehearsalValue &value) {
    value.progress = shareOf(progress.done, progress.of);
    value.progress_text = Words::tr("%1 of %2 futures; cancelling throws them away")
                              .arg(countText(progress.done), countText(progress.of));
    value.hypotheses.resize(scenario.hypotheses.size());
    for (std::size_t i = 0; i < scenario.hypotheses.size() && i < progress.endings.size(); ++i) {
        const auto &endings = progress.endings[i];
        HypothesisLine &line = value.hypotheses[i];
        line.name = api::text(scenario.hypotheses[i].name);
        line.weight = i < weights.size() ? weights[i] : 0;
        line.bar = barOf(
            [&endings](std::size_t k) { return k < endings.size() ? endings[k].share : 0.0; });
        line.outcome = outcomeText(line.bar);
        if (!endings.empty()) {
            line.time =
                Words::tr("complete: %1 to %2")
                    .arg(rateText(endings.front().low, 1), rateText(endings.front().high, 1));
        }
        line.failed.clear();
    }
}

void showPlans(const std::vector<rehearsal::Answers> &answers, const QStringList &names,
               RehearsalValue &value) {
    value.plans.clear();
    if (answers.size() < 2) {
        return;
    }
    value.plans.push_back(QStringList{QString()} + names);
    const std::size_t hypotheses = answers.front().hypotheses.size();
    for (std::size_t h = 0; h < hypotheses; ++h) {
        const QString name = api::text(answers.front().hypotheses[h].name);
        QStringList complete{Words::tr("%1: complete").arg(name)};
        QStringList time{Words::tr("%1: median").arg(name)};
        QStringList failed{Words::tr("%1: failed requests, 99\u00a0%").arg(name)};
        QStringList low{Words::tr("%1: worst site").arg(name)};
        for (const rehearsal::Answers &plan : answers) {
            const rehearsal::HypothesisAnswer &answer = plan.hypotheses[h];
            const bool any = !answer.endings.empty();
            complete << (any ? rateText(answer.endings.front().portion.share, 1) : QString());
            time << (any && answer.endings.front().time_ms.of > 0
                         ? ageText(answer.endings.front().time_ms.median)
                         : Words::tr("none completes"));
            failed << countText(answer.failed_requests.p99);
            low << (answer.sites.empty() ? QString()
                                         : Words::tr("%1 of %2 serve")
                                               .arg(countText(answer.sites.front().worst),
                                                    countText(answer.sites.front().nodes)));
        }
        value.plans.push_back(complete);
        value.plans.push_back(time);
        value.plans.push_back(failed);
        value.plans.push_back(low);
    }
}

// What does not move is not told as a change.
QString instead(const QString &after, const QString &before) {
    return after == before ? Words::tr("%1 as before").arg(after)
                           : Words::tr("%1 instead of %2").arg(after, before);
}

QString measuredText(const rehearsal::Change &change) {
    return Words::tr("what is no good is caught in %1; failed requests: %2; a good one takes %3")
        .arg(instead(rateText(change.caught_after, 0), rateText(change.caught_before, 0)),
             instead(countText(std::llround(change.failed_after)),
                     countText(std::llround(change.failed_before))),
             instead(ageText(change.median_after_ms), ageText(change.median_before_ms)));
}

void showAdvice(const rehearsal::Advice &advice, const QString &name, RehearsalValue &value) {
    value.advice.clear();
    value.try_it.clear();
    if (advice.tried.empty()) {
        return;
    }
    const rehearsal::Change &best = advice.tried.front();
    const QString measured = measuredText(best);
    value.advice = advice.helps ? Words::tr("%1: %2.").arg(api::text(best.words), measured)
                                : Words::tr("None of %1 changes helps. The best, %2: %3.")
                                      .arg(countText(std::ssize(advice.tried)),
                                           api::text(best.words), measured);
    value.try_it = Words::tr("Try it as %1").arg(name);
}

} // namespace aviary
