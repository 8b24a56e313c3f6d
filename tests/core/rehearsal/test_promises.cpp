// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/future.h"
#include "tests/core/rehearsal/worlds.h"

#include <QTest>

#include <cmath>

using namespace aviary::rehearsal;
using namespace aviary::rehearsal::testing;
namespace kernel = aviary::kernel;
using kernel::testing::request;

// What the answers say of themselves: their intervals, and the chance of a false alarm.
class TestPromises : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void intervalsCoverTheLongRun();
    void goodRevisionIsSeldomStopped();
    void missesFallWithRiseAndTraffic();
};

namespace {

// One wave of 20 nodes, of which three must not fail: about a third goes back.
Setup smallWorld() {
    kernel::PlanRequest made = request(kernel::Rolling{0}, kernel::RouterKind::None);
    made.policy.max_parallel = 20;
    made.policy.success_threshold = 900'000;
    made.policy.max_unavailable = kernel::NodeLimit{100, true};
    Setup setup = setupOf(made, 20, faultless());
    setup.scenario.start.failed = 100'000;
    setup.scenario.start.latency = {4'000, 11'000};
    setup.scenario.traffic.requests_per_s = 0.0;
    setup.worst = 0;
    return setup;
}

std::int64_t medianOf(std::vector<std::int64_t> &values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

void TestPromises::intervalsCoverTheLongRun() {
    constexpr std::uint32_t repetitions = 5'000;
    constexpr std::uint32_t futures = 40;
    Setup setup = smallWorld();
    std::vector<std::vector<std::int64_t>> ends(repetitions);
    std::vector<Portion> portions;
    std::vector<std::int64_t> all;
    std::uint64_t hits = 0;
    for (std::uint32_t i = 0; i < repetitions; ++i) {
        setup.seed = 1'000 + i;
        const World world(setup);
        Future future(world);
        std::uint32_t back = 0;
        for (std::uint32_t k = 0; k < futures; ++k) {
            const Summary &summary = future.run(k, 60'000);
            back += summary.ending == Ending::RolledBack;
            ends[i].push_back(summary.end_ms);
            all.push_back(summary.end_ms);
        }
        hits += back;
        portions.push_back(portionOf(back, futures));
    }
    const double share = static_cast<double>(hits) / repetitions / futures;
    const std::int64_t median = medianOf(all);
    int covered = 0, medians = 0;
    double width = 0.0, median_width = 0.0;
    for (std::uint32_t i = 0; i < repetitions; ++i) {
        covered += portions[i].low <= share && share <= portions[i].high;
        width += portions[i].high - portions[i].low;
        const Spans spans = spansOf(ends[i]);
        medians += spans.median_low <= median && median <= spans.median_high;
        median_width += static_cast<double>(spans.median_high - spans.median_low);
    }
    qInfo("long-run share %.4f: covered in %.2f %%, mean width %.3f; long-run median %.1f s: "
          "covered in %.2f %%, mean width %.1f s",
          share, 100.0 * covered / repetitions, width / repetitions,
          static_cast<double>(median) / 1e3, 100.0 * medians / repetitions,
          median_width / repetitions / 1e3);
    QVERIFY(covered >= 0.94 * repetitions);
    QVERIFY(medians >= 0.94 * repetitions);
}

namespace {

// Half of the traffic for a day, judged at each single request.
Setup watchedFor(Millis bake_ms, double requests_per_s, Ppm errors_more, Ppm margin) {
    kernel::CanaryTraffic canary;
    canary.initial = 5'000;
    canary.max_steps = 1;
    canary.step = 5'000;
    canary.bake_ms = bake_ms;
    canary.hold_ms = 0;
    kernel::PlanRequest made = request(canary);
    kernel::NotWorse judge;
    judge.margin = margin;
    made.judges = std::vector<kernel::Judge>{judge};
    made.check_limit_ms = 1; // what it has not seen by then it has missed
    Setup setup = setupOf(made, 4, faultless());
    setup.scenario.traffic.requests_per_s = requests_per_s;
    setup.scenario.traffic.errors = 10'000;
    setup.scenario.traffic.look_ms = 0;
    setup.scenario.horizon_ms = 2 * 86'400'000;
    setup.scenario.person.answer = always(0);
    setup.scenario.hypotheses[0].errors_more = errors_more;
    setup.worst = 0;
    return setup;
}

double stoppedOf(const Setup &setup) {
    const World world(setup);
    Future future(world);
    int stopped = 0;
    for (std::uint32_t k = 0; k < setup.futures; ++k) {
        stopped += future.run(k, 60'000).caught_cause == kernel::Cause::Verdict;
    }
    return static_cast<double>(stopped) / setup.futures;
}

} // namespace

// alpha is 5 % however often one looks: 4,320 requests in a day, each of them a look.
void TestPromises::goodRevisionIsSeldomStopped() {
    Setup setup = watchedFor(86'400'000, 0.05, 0, 0);
    setup.futures = 500;
    const double stopped = stoppedOf(setup);
    qInfo("stopped by mistake: %.2f %%", 100.0 * stopped);
    QVERIFY(stopped <= 0.05);
}

void TestPromises::missesFallWithRiseAndTraffic() {
    double missed_before = 1.1;
    for (const double per_s : {0.1, 1.0}) {
        for (const Ppm rise : {10'000U, 50'000U, 200'000U}) {
            Setup setup = watchedFor(3'600'000, per_s, rise, 5'000);
            setup.futures = 100;
            const double missed = 1.0 - stoppedOf(setup);
            qInfo("%.1f requests/s for an hour, %.0f points more errors: missed in %.0f %%", per_s,
                  rise / 1e4, 100.0 * missed);
            QVERIFY(rise == 10'000U || missed <= missed_before);
            missed_before = missed;
        }
    }
    QVERIFY(missed_before < 0.01);
}

QTEST_GUILESS_MAIN(TestPromises)
#include "test_promises.moc"
