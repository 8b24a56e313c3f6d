// SPDX-License-Identifier: GPL-3.0-or-later
// A daemon's provider over a real journal and a simulated cluster: what an operator would notice.
#include "tests/understudies/daemonunderstudy.h"

#include <QtTest>

using namespace aviary;
using aviary::tests::DaemonUnderstudy;
using aviary::tests::SimulatedDriver;

namespace {

const QString shop = QStringLiteral("shop");

// A staged canary without bake time, whose checks look at the nodes only.
QString canaryPlan(const QString &policy = {}) {
    return QStringLiteral(R"(format: aviary-plan/1
service: shop
to: next
strategy: {kind: canary, stages: [25 %, 50 %, 100 %], bake: 0 s, hold: until promoted}
policy: {min_healthy: 0 s, max_parallel: 4%1}
judges: [{judge: health_share, threshold: 95 %}]
service_definition: {command: /bin/true, image: "a:next"}
)")
        .arg(policy);
}

QJsonObject request(const QString &rollout, const QString &verb, QJsonObject more = {}) {
    more[u"rollout"] = rollout;
    more[u"verb"] = verb;
    return more;
}

} // namespace

class TestLiveProvider : public QObject {
    Q_OBJECT

    // v1 is on every node.
    static void deployFirst(DaemonUnderstudy &daemon) {
        const QString first = daemon.deploy(shop, QStringLiteral("a:v1"));
        QVERIFY2(daemon.waitFor(first, QStringLiteral("completed")),
                 qPrintable(daemon.status(first)));
    }

    static QString startCanary(DaemonUnderstudy &daemon, const QString &policy = {}) {
        const auto answer = daemon.must(QStringLiteral("deploy"),
                                        {{QStringLiteral("cluster"), QStringLiteral("sim")},
                                         {QStringLiteral("plan"), canaryPlan(policy)}});
        return answer[u"rollout"][u"id"].toString();
    }

private Q_SLOTS:
    void deploysOneNodeThroughTheJournal() {
        DaemonUnderstudy daemon(1);
        deployFirst(daemon);
        QCOMPARE(daemon.cluster().revisionOn(QStringLiteral("n0"), shop), QStringLiteral("v1"));
        QVERIFY(daemon.must(QStringLiteral("journal.verify"))[u"whole"].toBool());
    }

    void promotesACanaryStageByStage() {
        DaemonUnderstudy daemon(8);
        deployFirst(daemon);
        const QString id = startCanary(daemon);
        QVERIFY2(daemon.waitFor(id, QStringLiteral("waiting")), qPrintable(daemon.status(id)));
        QCOMPARE(daemon.cluster().weight(shop), 2'500);
        QCOMPARE(daemon.rollout(id)[u"row"][u"nodes_done"].toInt(), 2);
        const auto waiting = daemon.must(QStringLiteral("waiting"))[u"waiting"].toArray();
        QCOMPARE(waiting.size(), 1);
        QCOMPARE(waiting[0][u"verb"].toString(), QStringLiteral("promote"));

        const auto asked =
            daemon.must(QStringLiteral("request"), request(id, QStringLiteral("promote")));
        const QString request_id = asked[u"request"][u"id"].toString();
        QTRY_COMPARE(daemon.cluster().weight(shop), 5'000);
        QTRY_COMPARE(daemon
                         .must(QStringLiteral("request.get"),
                               {{QStringLiteral("id"), request_id}})[u"request"][u"outcome"]
                         .toString(),
                     QStringLiteral("applied"));
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        daemon.must(QStringLiteral("request"), request(id, QStringLiteral("promote")));
        QVERIFY2(daemon.waitFor(id, QStringLiteral("completed")), qPrintable(daemon.status(id)));
        QCOMPARE(daemon.cluster().weight(shop), 10'000);
        const auto history = daemon.must(QStringLiteral("history"))[u"deployments"].toArray();
        QCOMPARE(history.size(), 2);
        QCOMPARE(history[0][u"revision"].toString(), QStringLiteral("v2"));
        QVERIFY(history[0][u"stable"].toBool());
    }

    void rollsBackAndWritesASecondRecord() {
        DaemonUnderstudy daemon(8);
        deployFirst(daemon);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        daemon.must(QStringLiteral("request"),
                    request(id, QStringLiteral("rollback"),
                            {{QStringLiteral("reason"), QStringLiteral("tills are slow")}}));
        QVERIFY2(daemon.waitFor(id, QStringLiteral("rolled_back")), qPrintable(daemon.status(id)));
        QCOMPARE(daemon.cluster().weight(shop), 0);
        for (int i = 0; i < 8; ++i) {
            QCOMPARE(daemon.cluster().revisionOn(QStringLiteral("n%1").arg(i), shop),
                     QStringLiteral("v1"));
        }
        const auto history = daemon.must(QStringLiteral("history"))[u"deployments"].toArray();
        QCOMPARE(history.size(), 3);
        QCOMPARE(history[0][u"version"].toInt(), 3);
        QCOMPARE(history[0][u"revision"].toString(), QStringLiteral("v1"));
        QCOMPARE(history[1][u"status"].toString(), QStringLiteral("rolled_back"));
    }

    void theSameRequestTwiceIsOne() {
        DaemonUnderstudy daemon(8);
        deployFirst(daemon);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        const auto promote = request(id, QStringLiteral("promote"),
                                     {{QStringLiteral("request_id"), QStringLiteral("01ONE")}});
        daemon.must(QStringLiteral("request"), promote);
        daemon.must(QStringLiteral("request"), promote);
        QTRY_COMPARE(daemon.cluster().weight(shop), 5'000);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        daemon.must(QStringLiteral("request"), promote);
        QCOMPARE(daemon.status(id), QStringLiteral("waiting"));
        QCOMPARE(daemon.cluster().weight(shop), 5'000);
    }

    void refusesAnEffectThatIsNoLongerTrue() {
        DaemonUnderstudy daemon(8);
        deployFirst(daemon);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        const auto effect =
            daemon.must(QStringLiteral("effect"), request(id, QStringLiteral("promote")));
        QCOMPARE(effect[u"weight_to"].toInt(), 5'000);
        QCOMPARE(effect[u"nodes"].toInt(), 2);
        daemon.cluster().setStatus(QStringLiteral("n3"), kernel::NodeStatus::Offline);
        const auto stated =
            request(id, QStringLiteral("promote"), {{QStringLiteral("effect"), effect[u"token"]}});
        QTRY_VERIFY(daemon.must(QStringLiteral("effect"),
                                request(id, QStringLiteral("promote")))[u"token"] !=
                    effect[u"token"]);
        const auto refused = daemon.call(QStringLiteral("request"), stated);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QCOMPARE(daemon.cluster().weight(shop), 2'500);
    }

    void oldDataBlocksWhatRaisesExposureAndNothingElse() {
        DaemonUnderstudy daemon(8);
        deployFirst(daemon);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        daemon.must(QStringLiteral("cluster.edit"), {{QStringLiteral("id"), QStringLiteral("sim")},
                                                     {QStringLiteral("age_limit_ms"), 1'000}});
        daemon.cluster().setAnswering(false);
        const auto age = [&daemon] {
            const auto row = daemon.must(QStringLiteral("cluster.list"))[u"clusters"][0];
            return QDateTime::currentMSecsSinceEpoch() - row[u"heard_wall_ms"].toInteger();
        };
        QTRY_VERIFY_WITH_TIMEOUT(age() > 1'500, 10'000);
        const auto refused =
            daemon.call(QStringLiteral("request"), request(id, QStringLiteral("promote")));
        QVERIFY(!refused);
        QCOMPARE(refused.error().where, QStringLiteral("cluster"));
        QCOMPARE(daemon.status(id), QStringLiteral("waiting"));
        const auto paused =
            daemon.must(QStringLiteral("request"), request(id, QStringLiteral("pause")));
        QCOMPARE(paused[u"request"][u"outcome"].toString(), QStringLiteral("applied"));
        const auto back =
            daemon.must(QStringLiteral("request"), request(id, QStringLiteral("rollback")));
        QVERIFY(back[u"request"][u"outcome"].toString() != QStringLiteral("applied"));
        daemon.cluster().setAnswering(true);
        QVERIFY2(daemon.waitFor(id, QStringLiteral("rolled_back")), qPrintable(daemon.status(id)));
    }

    // What it was told to do while it was away is told again as soon as it looks again, although a
    // word of it came in between.
    void whatWasLostOnTheWayIsSentAgainSoon() {
        DaemonUnderstudy daemon(8);
        deployFirst(daemon);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        daemon.cluster().setAnswering(false);
        daemon.must(QStringLiteral("request"), request(id, QStringLiteral("rollback")));
        daemon.cluster().setStatus(QStringLiteral("n7"), kernel::NodeStatus::Degraded);
        QTRY_COMPARE(daemon
                         .must(QStringLiteral("node.get"),
                               {{QStringLiteral("node"), QStringLiteral("n7")}})[u"node"][u"status"]
                         .toString(),
                     QStringLiteral("degraded"));
        daemon.cluster().setAnswering(true);
        QVERIFY2(daemon.waitFor(id, QStringLiteral("rolled_back"), 3'000),
                 qPrintable(daemon.status(id)));
    }

    void productionAsksForTheServicesName() {
        DaemonUnderstudy daemon(8);
        deployFirst(daemon);
        daemon.must(QStringLiteral("cluster.edit"),
                    {{QStringLiteral("id"), QStringLiteral("sim")},
                     {QStringLiteral("class"), QStringLiteral("production")}});
        const auto bare =
            daemon.call(QStringLiteral("deploy"), {{QStringLiteral("plan"), canaryPlan()}});
        QVERIFY(!bare);
        QCOMPARE(bare.error().code, ErrorCode::Refused);
        daemon.must(QStringLiteral("deploy"),
                    {{QStringLiteral("plan"), canaryPlan()}, {QStringLiteral("confirm"), shop}});
    }

    void aSecondActiveRolloutIsAnErrorAndSupersedeTakesOver() {
        DaemonUnderstudy daemon(8);
        deployFirst(daemon);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        const auto second =
            daemon.call(QStringLiteral("deploy"), {{QStringLiteral("plan"), canaryPlan()}});
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Conflict);
        QVERIFY(!second.error().remedy.isEmpty());
        QCOMPARE(daemon.status(id), QStringLiteral("waiting"));
        daemon.must(QStringLiteral("deploy"),
                    {{QStringLiteral("plan"), canaryPlan()}, {QStringLiteral("supersede"), true}});
        QVERIFY(daemon.waitFor(id, QStringLiteral("superseded")));
        QTRY_COMPARE(daemon
                         .must(QStringLiteral("rollout.list"),
                               {{QStringLiteral("active"), true}})[u"rollouts"]
                         .toArray()
                         .size(),
                     1);
    }

    void goesOnWhereItStoodAfterARestart() {
        DaemonUnderstudy daemon(8);
        deployFirst(daemon);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        daemon.stop();
        daemon.start();
        QTRY_COMPARE(daemon.status(id), QStringLiteral("waiting"));
        QCOMPARE(daemon.must(QStringLiteral("history"))[u"deployments"].toArray().size(), 2);
        daemon.must(QStringLiteral("cluster.lock"), {{QStringLiteral("unlocked"), true}});
        QTRY_VERIFY(
            daemon.must(QStringLiteral("cluster.list"))[u"clusters"][0][u"contact"].toString() ==
            QStringLiteral("live"));
        daemon.must(QStringLiteral("request"),
                    request(id, QStringLiteral("promote"), {{QStringLiteral("to"), 10'000}}));
        QVERIFY2(daemon.waitFor(id, QStringLiteral("completed")), qPrintable(daemon.status(id)));
        QCOMPARE(daemon.cluster().startedTwice(), QStringList());
    }

    // An ended rollout is not replayed: it stands where its snapshot says, and so does what was
    // told.
    void whatEndedLooksTheSameAfterARestart() {
        DaemonUnderstudy daemon(8);
        deployFirst(daemon);
        const QString id = startCanary(daemon);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        daemon.must(QStringLiteral("request"),
                    request(id, QStringLiteral("promote"), {{QStringLiteral("to"), 10'000}}));
        QVERIFY2(daemon.waitFor(id, QStringLiteral("completed")), qPrintable(daemon.status(id)));
        QJsonObject before = daemon.rollout(id);
        daemon.stop();
        daemon.start();
        QJsonObject after = daemon.rollout(id);
        for (QJsonObject *detail : {&before, &after}) {
            detail->remove(QStringLiteral("traffic")); // counted live, not recorded
        }
        QVERIFY(!before[u"happenings"].toArray().isEmpty() || before[u"happenings"].isObject());
        QCOMPARE(after, before);
    }

    void revertsByItselfAfterAFailureWhereThePolicySaysSo() {
        DaemonUnderstudy daemon(4);
        deployFirst(daemon);
        daemon.cluster().setFates([](const QString &, const QString &revision) {
            return SimulatedDriver::Fate{
                revision == u"v2" ? kernel::Cause::StartFailed : kernel::Cause::None, false};
        });
        const QString id =
            startCanary(daemon, QStringLiteral(", on_failure: stop, auto_revert: true"));
        QVERIFY2(daemon.waitFor(id, QStringLiteral("failed")), qPrintable(daemon.status(id)));
        QTRY_COMPARE(daemon.must(QStringLiteral("history"))[u"deployments"].toArray().size(), 3);
        QTRY_COMPARE(
            daemon.must(QStringLiteral("history"))[u"deployments"][0][u"status"].toString(),
            QStringLiteral("completed"));
        for (int i = 0; i < 4; ++i) {
            QCOMPARE(daemon.cluster().revisionOn(QStringLiteral("n%1").arg(i), shop),
                     QStringLiteral("v1"));
        }
    }

    void unchangedContentChangesNothing() {
        DaemonUnderstudy daemon(2);
        deployFirst(daemon);
        QCOMPARE(daemon.deploy(shop, QStringLiteral("a:v1")), QString());
        QCOMPARE(daemon.must(QStringLiteral("history"))[u"deployments"].toArray().size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestLiveProvider)
#include "test_liveprovider.moc"
