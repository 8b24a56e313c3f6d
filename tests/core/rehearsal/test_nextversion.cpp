// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/nextversion.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace aviary;
using namespace aviary::rehearsal;
using namespace Qt::Literals;

namespace {

constexpr qint64 second_ns = 1'000'000'000;

kernel::Fleet fleetOf(int nodes, int running) {
    kernel::Fleet fleet;
    for (int i = 0; i < nodes; ++i) {
        kernel::Node &node = fleet.nodes.emplace_back();
        node.id = node.name = std::string(1, static_cast<char>('a' + i));
        node.site = "dc1";
        node.heartbeat_age = 0;
        if (i < running) {
            node.revisions["web"] = "4";
        }
    }
    return fleet;
}

// Six instances, two canaries, one at a time.
PlannedVersion planned(const QJsonArray &starts_ms) {
    const QJsonObject update{{u"Canary"_qs, 2},
                             {u"MaxParallel"_qs, 1},
                             {u"MinHealthyTime"_qs, 10 * second_ns},
                             {u"HealthyDeadline"_qs, 300 * second_ns}};
    const QJsonObject group{{u"Name"_qs, u"front"_qs}, {u"Count"_qs, 6}, {u"Update"_qs, update}};
    const QJsonObject job{{u"ID"_qs, u"web"_qs},
                          {u"Name"_qs, u"web"_qs},
                          {u"Type"_qs, u"service"_qs},
                          {u"TaskGroups"_qs, QJsonArray{group}}};
    return plannedVersionOf({{u"service"_qs, u"web"_qs},
                             {u"version"_qs, u"4"_qs},
                             {u"document"_qs, QJsonObject{{u"Job"_qs, job}}},
                             {u"starts_ms"_qs, QJsonObject{{u"front"_qs, starts_ms}}}});
}

std::vector<std::string> idsOf(const kernel::Fleet &fleet) {
    std::vector<std::string> ids;
    for (const kernel::Node &node : fleet.nodes) {
        ids.push_back(node.id);
    }
    return ids;
}

const QJsonArray seen{1'000, 2'000, 2'000, 2'000, 4'000};

} // namespace

class TestNextVersion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachInstanceIsANodeWhereItRuns() {
        const auto next = nextVersionOf(planned(seen), fleetOf(6, 4), {}, {}, true);
        QVERIFY2(next, next ? "" : qPrintable(toText(next.error())));
        QCOMPARE(next->name, u"web 5"_qs);
        QCOMPARE(next->instances, 6U);
        QCOMPARE(idsOf(next->nodes), (std::vector<std::string>{"a", "b", "c", "d"}));
        QCOMPARE(idsOf(next->fleet),
                 (std::vector<std::string>{"a/1", "b/1", "c/1", "d/1", "a/2", "b/2"}));
        QCOMPARE(next->plan->targets.size(), std::size_t{6});
        QCOMPARE(next->plan->revisions[next->plan->from], std::string("4"));
        QCOMPARE(next->plan->revisions[next->plan->to], std::string("5"));
        QVERIFY(next->presumed.first().contains(u"the cluster rolls it out itself"));
    }
    void whereItRunsNowhereAllNodesAreTaken() {
        const auto next = nextVersionOf(planned(seen), fleetOf(3, 0), {}, {}, true);
        QVERIFY(next);
        QCOMPARE(next->nodes.nodes.size(), std::size_t{3});
    }
    // The largest likelihood of a lognormal: the mean and the deviation of the logarithms.
    void startsAreAsTheClusterRemembers() {
        Scenario scenario;
        scenario.start.slow = 10'000;
        const auto next = nextVersionOf(planned(seen), fleetOf(4, 4), scenario, {}, true);
        QVERIFY(next);
        QCOMPARE(next->scenario.start.latency.median_ms, Millis{2'000});
        QCOMPARE(next->scenario.start.latency.p95_ms, Millis{4'113});
        QCOMPARE(next->scenario.start.slow, 0U);
        QVERIFY2(next->starts.startsWith(u"of 5 starts that the cluster remembers"),
                 qPrintable(next->starts));
    }
    void aScenarioThatIsWantedStays() {
        const auto next = nextVersionOf(planned(seen), fleetOf(4, 4), {}, {}, false);
        QVERIFY(next && next->scenario.start == Start() && next->starts.isEmpty());
    }
    void fewStartsTeachNothing() {
        const auto next = nextVersionOf(planned({1'000, 2'000}), fleetOf(4, 4), {}, {}, true);
        QVERIFY(next && next->scenario.start == Start());
        QVERIFY(next->starts.contains(u"too few to learn from"));
    }
    void whatCannotBeReadIsAnError() {
        PlannedVersion broken = planned(seen);
        broken.document = {{u"Job"_qs, 7}};
        const auto next = nextVersionOf(broken, fleetOf(4, 4), {}, {}, true);
        QVERIFY(!next && !next.error().what.isEmpty());
        const auto other = nextVersionOf(planned(seen), fleetOf(4, 4), {}, u"back"_qs, true);
        QVERIFY(!other && toText(other.error()).contains(u"no such group"));
    }
};

QTEST_GUILESS_MAIN(TestNextVersion)
#include "test_nextversion.moc"
