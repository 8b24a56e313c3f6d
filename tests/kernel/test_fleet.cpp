// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/kernel/fleets.h"

#include <QTest>

using namespace aviary::kernel;
using aviary::kernel::testing::node;

class TestFleet : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void reach_data();
    void reach();
    void health_data();
    void health();
    void aNeverHeardNodeIsStale();
    void leastLoadedTakesTheFirstOfEquals();
    void leastLoadedPassesOverWhatMayNotBeTouched();
    void flapping_data();
    void flapping();
    void flappingForgetsOldLooks();
};

void TestFleet::reach_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("draining");
    QTest::addColumn<bool>("maintenance");
    QTest::addColumn<bool>("excluded");
    QTest::addColumn<bool>("capable");
    QTest::addColumn<int>("room");
    QTest::addColumn<bool>("runs_it");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *name, NodeStatus status, bool draining, bool maintenance,
                        bool excluded, bool capable, int room, bool runs_it, Reach expected) {
        QTest::newRow(name) << int(status) << draining << maintenance << excluded << capable << room
                            << runs_it << int(expected);
    };
    using S = NodeStatus;
    row("free", S::Online, false, false, false, true, 1, false, Reach::Touchable);
    row("degraded", S::Degraded, false, false, false, true, 1, false, Reach::Touchable);
    row("offline", S::Offline, false, false, false, true, 1, false, Reach::Offline);
    row("draining", S::Online, true, false, false, true, 1, false, Reach::Draining);
    row("maintenance", S::Online, false, true, false, true, 1, false, Reach::Maintenance);
    row("excluded", S::Online, false, false, true, true, 1, false, Reach::Excluded);
    row("incapable", S::Online, false, false, false, false, 1, false, Reach::Incapable);
    row("full", S::Online, false, false, false, true, 0, false, Reach::Full);
    row("full, but runs it", S::Online, false, false, false, true, 0, true, Reach::Touchable);
    row("offline goes first", S::Offline, true, true, true, false, 0, false, Reach::Offline);
}

void TestFleet::reach() {
    QFETCH(int, status);
    QFETCH(bool, draining);
    QFETCH(bool, maintenance);
    QFETCH(bool, excluded);
    QFETCH(bool, capable);
    QFETCH(int, room);
    QFETCH(bool, runs_it);
    QFETCH(int, expected);
    Node tried = node("n0", "a", runs_it ? "v1" : "");
    tried.status = static_cast<NodeStatus>(status);
    tried.flags.draining = draining;
    tried.flags.maintenance = maintenance;
    tried.flags.excluded = excluded;
    tried.capabilities = {"arm64", "gpu"};
    tried.capacity.memory_mib = 1'000;
    tried.usage.memory_mib = 900 + (room ? 0 : 1);
    Needs needs;
    needs.capabilities = {capable ? "gpu" : "tpu"};
    needs.memory_mib = 100;
    QCOMPARE(int(reachOf(tried, "web", needs)), expected);

    // The same by the number of instances.
    tried.usage.memory_mib = 0;
    tried.capacity.services = 2;
    tried.usage.services = room ? 1 : 2;
    QCOMPARE(int(reachOf(tried, "web", needs)), expected);
}

void TestFleet::health_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<qint64>("age");
    QTest::addColumn<bool>("healthy");
    QTest::addColumn<bool>("stale");
    QTest::newRow("just heard") << int(NodeStatus::Online) << qint64(0) << true << false;
    QTest::newRow("at the edge") << int(NodeStatus::Online) << qint64(59'999) << true << false;
    QTest::newRow("silent") << int(NodeStatus::Online) << qint64(60'000) << false << true;
    QTest::newRow("degraded") << int(NodeStatus::Degraded) << qint64(0) << false << false;
    QTest::newRow("offline, heard") << int(NodeStatus::Offline) << qint64(0) << false << false;
    QTest::newRow("never heard") << int(NodeStatus::Online) << qint64(-1) << false << true;
}

void TestFleet::health() {
    QFETCH(int, status);
    QFETCH(qint64, age);
    QFETCH(bool, healthy);
    QFETCH(bool, stale);
    Node tried = node("n0");
    tried.status = static_cast<NodeStatus>(status);
    tried.heartbeat_age = age < 0 ? std::nullopt : std::optional<Millis>(age);
    QCOMPARE(isHealthy(tried), healthy);
    QCOMPARE(staleNodes(Fleet{{tried}}).size(), std::size_t(stale ? 1 : 0));
}

void TestFleet::aNeverHeardNodeIsStale() {
    Fleet fleet{{node("n0"), node("n1"), node("n2")}};
    fleet.nodes[0].heartbeat_age = 70'000;
    fleet.nodes[2].heartbeat_age.reset();
    QCOMPARE(staleNodes(fleet), (std::vector<std::string>{"n0", "n2"}));
    QCOMPARE(staleNodes(fleet, 80'000), (std::vector<std::string>{"n2"}));
    QCOMPARE(fleet.find("n1"), &fleet.nodes[1]);
    QVERIFY(!fleet.find("n9"));
}

void TestFleet::leastLoadedTakesTheFirstOfEquals() {
    Fleet fleet{{node("n0"), node("n1"), node("n2"), node("n3")}};
    fleet.nodes[0].usage.services = 2;
    for (std::size_t i = 1; i < 4; ++i) {
        fleet.nodes[i].usage.services = 1;
        fleet.nodes[i].usage.memory_mib = i == 1 ? 300 : 200;
    }
    QCOMPARE(leastLoaded(fleet, "web", {}), &fleet.nodes[2]);
}

void TestFleet::leastLoadedPassesOverWhatMayNotBeTouched() {
    Fleet fleet{{node("n0"), node("n1"), node("n2")}};
    fleet.nodes[0].flags.draining = true;
    fleet.nodes[1].status = NodeStatus::Degraded;
    fleet.nodes[2].usage.services = 9;
    QCOMPARE(leastLoaded(fleet, "web", {}), &fleet.nodes[2]);
    fleet.nodes[2].heartbeat_age.reset();
    QVERIFY(!leastLoaded(fleet, "web", {}));
    QVERIFY(!leastLoaded({}, "web", {}));
}

void TestFleet::flapping_data() {
    QTest::addColumn<QByteArray>("looks");
    QTest::addColumn<bool>("expected");
    QTest::newRow("none") << QByteArray("") << false;
    QTest::newRow("two looks") << QByteArray("+-") << false;
    QTest::newRow("two changes") << QByteArray("+-+") << false;
    QTest::newRow("three changes") << QByteArray("+-+-") << true;
    QTest::newRow("steady") << QByteArray("++++++++++") << false;
    QTest::newRow("down for good") << QByteArray("+++++-----") << false;
    QTest::newRow("first look down is no change") << QByteArray("-+-") << false;
    QTest::newRow("spread out") << QByteArray("+++---+++-") << true;
}

void TestFleet::flapping() {
    QFETCH(QByteArray, looks);
    QFETCH(bool, expected);
    FlapWindow window;
    for (const char look : looks) {
        window.look(look == '+');
    }
    QCOMPARE(window.flapping(), expected);
}

void TestFleet::flappingForgetsOldLooks() {
    FlapWindow window;
    for (int i = 0; i < 30; ++i) {
        window.look(i % 2 == 0);
    }
    QVERIFY(window.flapping());
    int calm = 0;
    while (window.flapping()) {
        window.look(true);
        ++calm;
    }
    QCOMPARE(calm, 8); // the look at the first of them still shows two changes with those before
}

QTEST_GUILESS_MAIN(TestFleet)
#include "test_fleet.moc"
