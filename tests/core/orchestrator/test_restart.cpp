// SPDX-License-Identifier: GPL-3.0-or-later
// What was acknowledged before the daemon went down is still so when it is back.
#include "tests/understudies/daemonunderstudy.h"

#include <QtTest>

using namespace aviary;
using aviary::tests::DaemonUnderstudy;
using aviary::tests::SimulatedDriver;

namespace {

const QString shop = QStringLiteral("shop");

QJsonArray activeOf(DaemonUnderstudy &daemon) {
    return daemon
        .must(QStringLiteral("rollout.list"), {{QStringLiteral("active"), true}})[u"rollouts"]
        .toArray();
}

QJsonObject plan(const QString &image) {
    return {{QStringLiteral("plan"), QStringLiteral(R"(format: aviary-plan/1
service: shop
to: next
strategy: {kind: rolling}
policy: {min_healthy: 0 s, max_parallel: 4}
service_definition: {command: /bin/true, image: "%1"}
)")
                                         .arg(image)}};
}

} // namespace

class TestRestart : public QObject {
    Q_OBJECT

    static void deployFirst(DaemonUnderstudy &daemon) {
        const QString first = daemon.deploy(shop, QStringLiteral("a:v1"));
        QVERIFY2(daemon.waitFor(first, QStringLiteral("completed")),
                 qPrintable(daemon.status(first)));
    }

private Q_SLOTS:
    void whatWasToFollowFollows() {
        DaemonUnderstudy daemon(4);
        deployFirst(daemon);
        daemon.cluster().setFates([](const QString &, const QString &revision) {
            return SimulatedDriver::Fate{kernel::Cause::None, revision == u"v2"};
        });
        const QString id =
            daemon.must(QStringLiteral("deploy"), plan(QStringLiteral("a:v2")))[u"rollout"][u"id"]
                .toString();
        QVERIFY(daemon.waitFor(id, QStringLiteral("in_progress")));
        QJsonObject newer = plan(QStringLiteral("a:v3"));
        newer[u"supersede"] = true;
        newer[u"reason"] = QStringLiteral("the mended one");
        QVERIFY(!daemon.must(QStringLiteral("deploy"), newer).contains(u"rollout"));
        QCOMPARE(daemon.status(id), QStringLiteral("in_progress")); // what is under way settles
        daemon.stop();
        daemon.start();
        QVERIFY2(daemon.waitFor(id, QStringLiteral("superseded")), qPrintable(daemon.status(id)));
        QTRY_VERIFY(!activeOf(daemon).isEmpty() ||
                    daemon.cluster().revisionOn(QStringLiteral("n0"), shop) == u"v3");
        QTRY_COMPARE(daemon.cluster().revisionOn(QStringLiteral("n3"), shop), QStringLiteral("v3"));
        const auto history = daemon.must(QStringLiteral("history"))[u"deployments"].toArray();
        QCOMPARE(history.size(), 3);
        QCOMPARE(history[0][u"reason"].toString(), QStringLiteral("the mended one"));
        daemon.stop();
        daemon.start();
        QTRY_COMPARE(
            daemon.must(QStringLiteral("cluster.list"))[u"clusters"][0][u"contact"].toString(),
            QStringLiteral("live"));
        QCOMPARE(daemon.must(QStringLiteral("history"))[u"deployments"].toArray().size(), 3);
    }

    void aWayBackThatWasAskedIsKnown() {
        DaemonUnderstudy daemon(2);
        deployFirst(daemon);
        const QString id =
            daemon.must(QStringLiteral("deploy"), plan(QStringLiteral("a:v2")))[u"rollout"][u"id"]
                .toString();
        QVERIFY2(daemon.waitFor(id, QStringLiteral("completed")), qPrintable(daemon.status(id)));
        const QJsonObject back{{QStringLiteral("rollout"), id},
                               {QStringLiteral("verb"), QStringLiteral("rollback")},
                               {QStringLiteral("request_id"), QStringLiteral("01BACK")}};
        const auto asked = daemon.must(QStringLiteral("request"), back)[u"request"].toObject();
        QVERIFY(asked[u"rollout"].toString() != id);
        daemon.stop();
        daemon.start();
        const auto known = daemon.must(QStringLiteral("request"), back)[u"request"].toObject();
        QCOMPARE(known[u"rollout"], asked[u"rollout"]);
        QTRY_COMPARE(
            daemon
                .must(QStringLiteral("request.get"),
                      {{QStringLiteral("id"), QStringLiteral("01BACK")}})[u"request"][u"outcome"]
                .toString(),
            QStringLiteral("applied"));
        QTRY_COMPARE(daemon.cluster().revisionOn(QStringLiteral("n1"), shop), QStringLiteral("v1"));
        QCOMPARE(daemon.must(QStringLiteral("history"))[u"deployments"].toArray().size(), 3);
    }
};

QTEST_GUILESS_MAIN(TestRestart)
#include "test_restart.moc"
