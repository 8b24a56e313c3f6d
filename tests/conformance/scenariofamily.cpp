// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/family.h"
#include "tests/conformance/scenariomodel.h"
#include "tests/conformance/scenariostory.h"

// Whole stories: deploy, promote, roll back, pause, resume, fail, and what can be found meanwhile.
namespace aviary::conformance {
namespace {

QCborValue answer(const QCborMap &input) {
    ScenarioStory story;
    QCborArray steps;
    for (const auto &op : input.value(u"ops"_qs).toArray()) {
        steps.append(story.step(op));
    }
    return QCborMap{{u"steps"_qs, steps}};
}

QCborValue reduced(const QCborValue &value) {
    QCborArray steps;
    for (const auto &step : value[u"steps"_qs].toArray()) {
        steps.append(reducedScenarioStep(step));
    }
    return steps;
}

struct Rule {
    Weakness weakness;
    QString name;
    QString sentence;
};

std::vector<Rule> rules() {
    const QString supersedes =
        u"A newer request for the service supersedes the active one cleanly"_qs;
    const QString ungated = u"With no active rollout it is an ungated rollout of that stable "
                            "revision over the listed targets"_qs;
    const QString beside = u"topology changes go whole-job beside the old"_qs;
    const QString never =
        u"Build what they document and what an operator would expect, never those "
        "defects"_qs;
    const QString fails = u"Otherwise on_failure acts: rollback (default), stop, continue"_qs;
    return {
        {Weakness::OverrideReplaced, u"an override that would be replaced is refused"_qs,
         u"what a person gives on the CLI, in a form or over the API is validated first"_qs},
        {Weakness::StartFails, u"a job that does not start leaves a record, and goes back"_qs,
         fails},
        {Weakness::BatchFails, u"a batch that fails ends the rollout, and goes back"_qs, fails},
        {Weakness::NoChangeIsAVersion, u"content that runs already makes no version"_qs,
         u"Unchanged content is a no-op (content includes the payload's hash)"_qs},
        {Weakness::BlueGreenIgnored, u"blue-green that is asked for is blue-green"_qs,
         u"all targets beside the old, check, one atomic switch"_qs},
        {Weakness::AutoPromoteIgnored, u"auto_promote holds for whole jobs too"_qs,
         u"auto_promote (false) passes holds whose checks passed"_qs},
        {Weakness::CanaryOfAll, u"a canary of all is a rollout: nothing is left to promote"_qs,
         u"no hold after the last"_qs},
        {Weakness::HalfUpdatedIsTakenAsWhole, u"each agent is compared with what it runs"_qs,
         u"A node that is healthy on the target revision counts as done"_qs},
        {Weakness::PendingIsRefused, u"a pending job can be updated"_qs, never},
        {Weakness::TypeOfTheOldJob, u"the new manifest says whether it rolls"_qs,
         u"batch and sysbatch keep versions and rerun"_qs},
        {Weakness::OlderIsLeftBehind, u"a newer rollout supersedes the one that waits"_qs,
         supersedes},
        {Weakness::LabelsWithoutGuard, u"what ended cannot be paused, resumed or failed"_qs,
         u"history is never rewritten"_qs},
        {Weakness::ResumeLosesTheWait, u"resumed, it waits for promotion again"_qs,
         u"Pause freezes rollout time"_qs},
        {Weakness::RevertIsIgnored, u"auto_revert acts after a failure"_qs,
         u"auto_revert (false) acts only after failed: a new rollout to the newest stable other "
         "revision"_qs},
        {Weakness::RollBackDuringRollout, u"a way back is a phase of the rollout"_qs,
         u"Roll back is a phase of the rollout: it undoes what was touched"_qs},
        {Weakness::OtherTarget, u"the way back leads to another revision than the one running"_qs,
         u"the newest stable other revision"_qs},
        {Weakness::WayBackIsGated, u"the way back waits for no promotion"_qs, ungated},
        {Weakness::JobServiceIsHidden, u"a canary does not hide what the job offers"_qs,
         u"Discovery returns primary passing instances"_qs},
        {Weakness::CancelFails, u"two primaries are not left side by side"_qs, beside},
        {Weakness::JobIsGone, u"a job that is gone does not make its key unusable"_qs, never},
        {Weakness::FleetChanged, u"a machine that joined does not stop the rollout"_qs, never},
    };
}

} // namespace

Family scenarioFamily() {
    std::vector<Deviation> deviations;
    for (const Rule &rule : rules()) {
        const Weakness weakness = rule.weakness;
        deviations.push_back({rule.name, rule.sentence, [weakness](const QCborMap &input) {
                                  return firstWeakness(input) == weakness;
                              }});
    }
    return {u"scenario"_qs, answer, deviations, {}, reduced};
}

} // namespace aviary::conformance
