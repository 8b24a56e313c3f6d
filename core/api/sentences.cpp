// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences that say why.
#include "core/api/presentation.h"
#include "core/support/words.h"

#include <QCoreApplication>

#include <algorithm>

namespace aviary::api {
namespace {

using namespace kernel;

struct Sentences {
    Q_DECLARE_TR_FUNCTIONS(Sentences)
};

double rate(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

QString points(double difference) {
    return rateText(difference).remove(QLatin1Char('%')).trimmed();
}

bool comparesTraffic(const Verdict &verdict) {
    return verdict.fresh.requests > 0 || verdict.stable.requests > 0;
}

// The interval says something: a not-worse judge looked, and saw requests on both sides.
bool isCompared(const Verdict &verdict) {
    return verdict.errors.low > -1.0 || verdict.errors.high < 1.0;
}

QString errorRates(const Plan &plan, const Verdict &verdict) {
    return Sentences::tr("%1 %2, %3 %4")
        .arg(revisionText(plan, plan.to),
             rateText(rate(verdict.fresh.errors, verdict.fresh.requests)),
             revisionText(plan, plan.from),
             rateText(rate(verdict.stable.errors, verdict.stable.requests)));
}

QString whatWasDone(const Plan &plan, const State &state) {
    switch (state.status) {
    case Status::RollingBack:
        return Sentences::tr("The way back to %1 is under way.").arg(revisionText(plan, plan.from));
    case Status::RolledBack:
        return Sentences::tr("What was touched runs what it had before, confirmed: %1.")
            .arg(nodesText(state.count(Phase::Restored)));
    case Status::Failed:
        return Sentences::tr("It ended where it stood, with %1 on the new revision.")
            .arg(nodesText(state.count(Phase::Healthy)));
    default:
        return {};
    }
}

QString verdictWhy(const Plan &plan, const Verdict &verdict) {
    if (!comparesTraffic(verdict)) {
        return Sentences::tr(
                   "%1 of %2 nodes were healthy on %3, too few for the check, so it stopped.")
            .arg(verdict.healthy)
            .arg(verdict.healthy + verdict.failed)
            .arg(revisionText(plan, plan.to));
    }
    const bool slower = verdict.slow.low > verdict.errors.low;
    const Sample &fresh = verdict.fresh;
    const Sample &stable = verdict.stable;
    return slower
               ? Sentences::tr(
                     "%1 answered %2 of requests slowly where %3 answered %4, so the check "
                     "stopped it.")
                     .arg(revisionText(plan, plan.to), rateText(rate(fresh.slow, fresh.timed)),
                          revisionText(plan, plan.from), rateText(rate(stable.slow, stable.timed)))
               : Sentences::tr(
                     "%1 answered %2 errors where %3 answered %4, so the check stopped it.")
                     .arg(revisionText(plan, plan.to), rateText(rate(fresh.errors, fresh.requests)),
                          revisionText(plan, plan.from),
                          rateText(rate(stable.errors, stable.requests)));
}

QString thresholdWhy(const Plan &plan, const State &state) {
    const bool undone = state.status == Status::RollingBack || state.status == Status::RolledBack;
    if (undone && state.why.target < plan.targets.size()) { // the counts are of the way back now
        return Sentences::tr("%1 did not become healthy on %2, and %3 of the nodes must, so it "
                             "stopped.")
            .arg(text(plan.targets[state.why.target].node), revisionText(plan, plan.to),
                 rateText(static_cast<double>(plan.successThreshold()) / ppm_one));
    }
    return Sentences::tr("%1 of %2 nodes became healthy on %3 where %4 are needed, so it stopped.")
        .arg(state.count(Phase::Healthy))
        .arg(state.count(Phase::Healthy) + state.count(Phase::Failed))
        .arg(revisionText(plan, plan.to),
             rateText(static_cast<double>(plan.successThreshold()) / ppm_one));
}

QString nodeWhy(const Plan &plan, const State &state) {
    if (state.why.target >= plan.targets.size()) {
        return causeText(state.why.cause);
    }
    const Cell &cell = state.cells[state.why.target];
    return Sentences::tr("%1 failed on %2: %3.")
        .arg(text(plan.targets[state.why.target].node), revisionText(plan, plan.to),
             causeText(cell.cause == Cause::None ? state.why.cause : cell.cause));
}

} // namespace

QString causeText(Cause cause) {
    switch (cause) {
    case Cause::None:
        return Sentences::tr("no cause was given");
    case Cause::OrderRefused:
        return Sentences::tr("the node refused the order");
    case Cause::StartFailed:
        return Sentences::tr("it did not start");
    case Cause::ChecksFailed:
        return Sentences::tr("its checks failed");
    case Cause::Exited:
        return Sentences::tr("it ended by itself");
    case Cause::Silent:
        return Sentences::tr("the node was not heard");
    case Cause::NodeGone:
        return Sentences::tr("the node left the cluster");
    case Cause::HealthyDeadline:
        return Sentences::tr("it was not healthy in time");
    case Cause::ProgressDeadline:
        return Sentences::tr("nothing became healthy for too long");
    case Cause::Threshold:
        return Sentences::tr("too few nodes became healthy");
    case Cause::Verdict:
        return Sentences::tr("a check ruled against it");
    case Cause::RouterRefused:
        return Sentences::tr("the router refused");
    case Cause::Person:
        return Sentences::tr("somebody asked for it");
    case Cause::Superseded:
        return Sentences::tr("a newer request took over");
    case Cause::WayBackFailed:
        return Sentences::tr("a node could not be brought back");
    case Cause::Undecided:
        return Sentences::tr("a check could not decide");
    }
    return {};
}

QString verdictText(const Plan &plan, const Verdict &verdict) {
    switch (verdict.ruling) {
    case Ruling::NoTraffic:
        return Sentences::tr("no requests reached %1").arg(revisionText(plan, plan.to));
    case Ruling::NoData:
        return Sentences::tr("the source of the measurements does not answer");
    case Ruling::ZeroBaseline:
        return Sentences::tr("no requests reached %1, so there is nothing to compare with")
            .arg(revisionText(plan, plan.from));
    default:
        break;
    }
    if (!comparesTraffic(verdict)) {
        return Sentences::tr("%1 of %2 healthy")
            .arg(verdict.healthy)
            .arg(verdict.healthy + verdict.failed);
    }
    const QString requests = countText(static_cast<std::int64_t>(verdict.fresh.requests));
    if (!isCompared(verdict)) {
        return Sentences::tr("%1, %2 requests").arg(errorRates(plan, verdict), requests);
    }
    return Sentences::tr("%1; between %2 and %3 points worse, %4 requests")
        .arg(errorRates(plan, verdict), points(verdict.errors.low), points(verdict.errors.high),
             requests);
}

QString whyOf(const Plan &plan, const State &state) {
    switch (state.why.cause) {
    case Cause::None:
        return {};
    case Cause::Verdict:
        return verdictWhy(plan, state.verdict);
    case Cause::Threshold:
        return thresholdWhy(plan, state);
    case Cause::ProgressDeadline:
        return Sentences::tr("No further node became healthy within %1, so it stopped.")
            .arg(ageText(plan.policy.progress_deadline_ms));
    case Cause::RouterRefused:
        return Sentences::tr("The router refused to send %1 to %2.")
            .arg(percentText(state.weight_asked), revisionText(plan, plan.to));
    case Cause::Person:
        return isEnd(state.status) || state.status == Status::RollingBack
                   ? Sentences::tr("Somebody asked for it.")
                   : QString();
    case Cause::Superseded:
        return Sentences::tr("A newer request for the service took over.");
    default:
        return nodeWhy(plan, state);
    }
}

namespace {

// Nodes on which a rollout that ended left the old instance beside the new one.
std::int64_t leftBeside(const State &state) {
    if (state.status != Status::Failed && state.status != Status::Superseded) {
        return 0;
    }
    return std::count_if(state.cells.begin(), state.cells.end(), [](const Cell &cell) {
        return cell.touched && cell.phase == Phase::Healthy && cell.old_runs && !cell.old_gone;
    });
}

} // namespace

QStringList evidenceOf(const Plan &plan, const State &state) {
    QStringList facts;
    if (comparesTraffic(state.verdict)) {
        facts << Sentences::tr("Seen by the router over %1 requests to %2 and %3 to %4.")
                     .arg(countText(static_cast<std::int64_t>(state.verdict.fresh.requests)),
                          revisionText(plan, plan.to),
                          countText(static_cast<std::int64_t>(state.verdict.stable.requests)),
                          revisionText(plan, plan.from));
    }
    if (isCompared(state.verdict)) {
        facts << Sentences::tr("Errors differ by %1 to %2 points, whenever one looks.")
                     .arg(points(state.verdict.errors.low), points(state.verdict.errors.high));
    }
    if (state.count(Phase::Failed) > 0) {
        facts << Sentences::tr("Failed: %1.").arg(nodesText(state.count(Phase::Failed)));
    }
    if (state.count(Phase::Behind) > 0) {
        facts << Sentences::tr("Could not be touched and behind: %1.")
                     .arg(nodesText(state.count(Phase::Behind)));
    }
    if (const auto beside = leftBeside(state); beside > 0) {
        facts << Sentences::tr("%1 still runs beside %2 on %3.")
                     .arg(revisionText(plan, plan.from), revisionText(plan, plan.to),
                          nodesText(beside));
    }
    const QString done = whatWasDone(plan, state);
    if (!done.isEmpty()) {
        facts << done;
    }
    return facts;
}

} // namespace aviary::api
