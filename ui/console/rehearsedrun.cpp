// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/rehearsedrun.h"

#include "core/api/presentation.h"
#include "core/rehearsal/fit.h"
#include "core/rehearsal/rehearsal.h"
#include "core/travel/recordedrun.h"
#include "ui/rehearsal/answersvalue.h"

#include <QCoreApplication>

#include <algorithm>

namespace aviary {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(aviary::RehearsedRun)
};

constexpr std::uint32_t futures = 200;
constexpr std::uint32_t futures_timed = 21; // of which each step is looked at

rehearsal::Scenario scenarioFrom(const std::optional<record::Run> &earlier) {
    const rehearsal::Scenario usual; // one hypothesis: as good as the old one
    if (!earlier) {
        return usual;
    }
    const auto fit = rehearsal::fitOf({*earlier});
    return fit ? rehearsal::applied(*fit, usual) : usual;
}

// The middle one; -1 where most have none.
qint64 medianOf(std::vector<qint64> &times) {
    std::ranges::sort(times);
    return times.empty() ? -1 : times[times.size() / 2];
}

Result<std::vector<qint64>> stepTimesOf(const rehearsal::Rehearsal &rehearsal,
                                        std::size_t step_count) {
    std::vector<std::vector<qint64>> times(step_count);
    for (std::uint32_t k = 0; k < futures_timed; ++k) {
        const auto run = rehearsal.openFuture(k).and_then(
            [](record::Run future) { return travel::RecordedRun::of(std::move(future)); });
        if (!run) {
            return tl::unexpected(run.error());
        }
        if (const auto there = (*run)->goToEntry((*run)->entries()); !there) {
            return tl::unexpected(there.error());
        }
        const api::RolloutDetail detail = (*run)->detail({});
        for (std::size_t i = 0; i < std::min(step_count, detail.steps.size()); ++i) {
            times[i].push_back(detail.steps[i].took_ms);
        }
    }
    std::vector<qint64> medians;
    for (std::vector<qint64> &step : times) {
        medians.push_back(medianOf(step));
    }
    return medians;
}

} // namespace

Result<RehearsedRun> rehearsedRunOf(const record::Run &run,
                                    const std::optional<record::Run> &earlier) {
    rehearsal::Setup setup;
    setup.plan = std::make_shared<const kernel::Plan>(run.header.plan);
    setup.scenario = scenarioFrom(earlier);
    setup.futures = futures;
    setup.begun_wall_ms = run.header.begun_wall_ms;
    const auto prepared = rehearsal::Rehearsal::prepare(setup);
    if (!prepared) {
        return tl::unexpected(prepared.error());
    }
    const auto answers = prepared->run();
    if (!answers) {
        return tl::unexpected(answers.error());
    }
    const auto steps = stepTimesOf(*prepared, setup.plan->steps.size());
    if (!steps) {
        return tl::unexpected(steps.error());
    }
    const ChanceValue chance = chancesOf(*answers, setup.scenario).front();
    const std::string &note = setup.scenario.note;
    return RehearsedRun{*steps, chance.headline + QStringLiteral(", ") + chance.text,
                        note.empty() ? Words::tr("the usual starts, not learned from a run")
                                     : api::text(note)};
}

} // namespace aviary
