// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/comparison.h"
#include "core/rehearsal/fan.h"
#include "core/rehearsal/future.h"
#include "tests/core/rehearsal/worlds.h"

#include <QTest>

using namespace aviary::rehearsal;
using namespace aviary::rehearsal::testing;
namespace kernel = aviary::kernel;

class TestComparison : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void samePlanTwiceIsNoDifference();
    void ungatedPlanCostsMoreOnTheSameLuck();
    void refusesOnePlanAlone();
    void adviceIsTriedAndMeasured();
    void watchesARolloutAgainstItsFan();
    void futuresStayInTheirFan_data();
    void futuresStayInTheirFan();
    void fansGoThroughJson();
    void badFansAreRefused_data();
    void badFansAreRefused();
};

namespace {

std::shared_ptr<const kernel::Plan> ungated(const Setup &setup) {
    kernel::Plan plan = *setup.plan;
    std::erase_if(plan.steps, [](const kernel::Step &step) {
        return std::holds_alternative<kernel::CheckStep>(step);
    });
    return std::make_shared<const kernel::Plan>(plan);
}

// Looks at a future as a daemon looks at a live rollout.
class Inside : public Witness {
public:
    Inside(const kernel::Plan &plan, const Fans &fans) : plan_(plan), fans_(fans) {}

    void told(const kernel::Event &, const kernel::Commands &,
              const kernel::State &after) override {
        stays_ = stays_ && insideFan(fans_, instantOf(plan_, after, after.now)).inside;
    }
    void befell(const Happening &) override {}
    bool stays() const { return stays_; }

private:
    const kernel::Plan &plan_;
    const Fans &fans_;
    bool stays_ = true;
};

Fans fansUpTo(double last) {
    Fan fan{60'000, {}};
    for (int i = 0; i <= 10; ++i) {
        const double median = last * i / 10;
        fan.bands.push_back({median * 0.8, median, std::min(median * 1.2, 1.0)});
    }
    return {fan, fan, {60'000, {{1.0, 1.0, 1.0}}}};
}

} // namespace

void TestComparison::samePlanTwiceIsNoDifference() {
    const Setup setup = lively();
    const auto comparison = compare({setup.plan, setup.plan}, setup);
    QVERIFY(comparison.has_value());
    QCOMPARE(comparison->answers[0], comparison->answers[1]);
    for (const Difference &difference : comparison->differences[0]) {
        QCOMPARE(difference.of, 100U);
        QCOMPARE(difference.failed_requests, 0.0);
        QCOMPARE(difference.time_high, 0.0);
    }
}

void TestComparison::ungatedPlanCostsMoreOnTheSameLuck() {
    Setup setup = lively();
    setup.scenario.sites = {};
    setup.scenario.start.failed = 0;
    const auto comparison = compare({setup.plan, ungated(setup)}, setup);
    QVERIFY(comparison.has_value());
    const Difference &good = comparison->differences[0][0];
    const Difference &errs = comparison->differences[0][1];
    QVERIFY(errs.failed_low > 0.0);
    QVERIFY(good.completed > 50 && good.time_high < 0.0);
    QVERIFY(good.time_low <= good.time_ms && good.time_ms <= good.time_high);
}

void TestComparison::refusesOnePlanAlone() {
    const Setup setup = lively();
    QCOMPARE(compare({setup.plan}, setup).error().where, QStringLiteral("plans"));
}

void TestComparison::adviceIsTriedAndMeasured() {
    Setup setup = lively();
    setup.futures = 150;
    const auto advice = adviseOn(setup);
    QVERIFY2(advice.has_value(), qPrintable(toText(advice ? aviary::Error{} : advice.error())));
    QVERIFY(advice->tried.size() >= 4);
    const Change &best = advice->tried.front();
    QVERIFY(!best.words.empty());
    // What it says of the changed plan is what a rehearsal of that plan says.
    setup.plan = best.plan;
    const Answers answers = answered(setup);
    QCOMPARE(best.completes_after, answers.hypotheses[0].endings[0].portion.share);
    QCOMPARE(advice->helps, best.failed_after < best.failed_before &&
                                best.completes_after >= best.completes_before - 0.01);
    for (const Change &change : advice->tried) {
        QVERIFY(change.plan && *change.plan != *lively().plan);
        QCOMPARE(change.failed_before, best.failed_before);
    }
}

void TestComparison::watchesARolloutAgainstItsFan() {
    const Fans fans = fansUpTo(1.0);
    QVERIFY(insideFan(fans, {300'000, 0.5, 5'000}).inside);
    QVERIFY(insideFan(fans, {0, 0.0, 0}).inside);
    // A little late at a steep place is inside, far too late is not.
    QVERIFY(insideFan(fans, {300'000, 0.3, 5'000}).inside);
    const Watched late = insideFan(fans, {300'000, 0.1, 5'000});
    QVERIFY(!late.inside);
    QVERIFY2(late.sentence.contains(QStringLiteral("10 % of nodes")), qPrintable(late.sentence));
    const Watched eager = insideFan(fans, {300'000, 0.5, 10'000});
    QVERIFY(!eager.inside);
    QVERIFY2(eager.sentence.contains(QStringLiteral("traffic")), qPrintable(eager.sentence));
    // Beyond the grid the last band counts.
    QVERIFY(insideFan(fans, {6'000'000, 1.0, 10'000}).inside);
    QVERIFY(!insideFan(fans, {6'000'000, 0.2, 10'000}).inside);
    QVERIFY(insideFan(Fans{}, {0, 0.3, 100}).inside);
}

void TestComparison::futuresStayInTheirFan_data() {
    QTest::addColumn<int>("router");
    QTest::newRow("a router") << int(kernel::RouterKind::Weights);
    QTest::newRow("none: users go to what serves") << int(kernel::RouterKind::None);
}

// The bands hold nine of ten futures at each instant, so fewer stay inside from end to end.
void TestComparison::futuresStayInTheirFan() {
    QFETCH(int, router);
    Setup setup = lively();
    setup.scenario = faultless();
    setup.scenario.start.latency = {4'000, 11'000};
    kernel::Plan plan = *setup.plan;
    plan.router = static_cast<kernel::RouterKind>(router);
    setup.plan = std::make_shared<const kernel::Plan>(plan);
    const Fans fans = answered(setup).hypotheses[0].fans;
    QVERIFY(fans.traffic.bands.back().low > 0.5);
    const World world(setup);
    Future future(world);
    std::uint32_t inside = 0;
    for (std::uint32_t k = 0; k < setup.futures; ++k) {
        Inside look(plan, fans);
        future.run(k, fans.nodes.step_ms, &look);
        inside += look.stays() ? 1 : 0;
    }
    QVERIFY2(2 * inside > setup.futures, qPrintable(QString::number(inside)));
}

void TestComparison::fansGoThroughJson() {
    const Fans fans = answered(lively(), 2).hypotheses[0].fans;
    const auto read = fansFromJson(toJson(fans), QStringLiteral("fans"));
    QVERIFY2(read.has_value(), qPrintable(toText(read ? aviary::Error{} : read.error())));
    QCOMPARE(*read, fans);
}

void TestComparison::badFansAreRefused_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a list") << QByteArray("[]");
    QTest::newRow("half of it") << QByteArray(R"({"nodes": {"step_ms": 1, "bands": []}})");
    const QByteArray empty = R"({"step_ms": 1, "bands": []})";
    const auto with = [&](const QByteArray &nodes) {
        return QByteArray("{\"nodes\": " + nodes + ", \"traffic\": " + empty +
                          ", \"health\": " + empty + "}");
    };
    QTest::newRow("no step") << with(R"({"step_ms": 0, "bands": []})");
    QTest::newRow("out of order") << with(
        R"({"step_ms": 1, "bands": [{"low": 0.5, "median": 0.4, "high": 0.6}]})");
    QTest::newRow("over all") << with(
        R"({"step_ms": 1, "bands": [{"low": 0, "median": 0.4, "high": 1.5}]})");
}

void TestComparison::badFansAreRefused() {
    QFETCH(QByteArray, text);
    const auto read = fansFromJson(text, QStringLiteral("watch"));
    QVERIFY(!read);
    QVERIFY(!read.error().what.isEmpty());
}

QTEST_GUILESS_MAIN(TestComparison)
#include "test_comparison.moc"
