// SPDX-License-Identifier: GPL-3.0-or-later
// A live rollout beside what was rehearsed of it: it is told once when the rollout leaves it.
#include "core/api/valuesjson.h"
#include "core/rehearsal/fan.h"
#include "tests/understudies/daemonunderstudy.h"

#include <QJsonDocument>
#include <QtTest>

using namespace aviary;
using aviary::tests::DaemonUnderstudy;

namespace {

const QString shop = QStringLiteral("shop");

QString startCanary(DaemonUnderstudy &daemon) {
    const QString plan = QStringLiteral(R"(format: aviary-plan/1
service: shop
to: next
strategy: {kind: canary, stages: [25 %, 50 %, 100 %], bake: 0 s, hold: until promoted}
policy: {min_healthy: 0 s, max_parallel: 4}
judges: [{judge: health_share, threshold: 95 %}]
service_definition: {command: /bin/true, image: "a:next"}
)");
    daemon.waitFor(daemon.deploy(shop, QStringLiteral("a:v1")), QStringLiteral("completed"));
    const auto answer =
        daemon.must(QStringLiteral("deploy"), {{QStringLiteral("cluster"), QStringLiteral("sim")},
                                               {QStringLiteral("plan"), plan}});
    const QString id = answer[u"rollout"][u"id"].toString();
    return daemon.waitFor(id, QStringLiteral("waiting")) ? id : QString();
}

// Every future had between `low` and `high` of nodes and traffic, from `from_ms` on; before that,
// anything.
QJsonObject fan(double low, double high, kernel::Millis from_ms = 0) {
    rehearsal::Fan one{100, {}};
    for (std::size_t i = 0; i < rehearsal::fan_points; ++i) {
        const bool bound = kernel::Millis(i) * one.step_ms >= from_ms;
        one.bands.push_back(bound ? rehearsal::Band{low, (low + high) / 2, high}
                                  : rehearsal::Band{0.0, 0.5, 1.0});
    }
    return QJsonDocument::fromJson(rehearsal::toJson(rehearsal::Fans{one, one, one})).object();
}

QStringList toldBy(const QJsonObject &detail, const QString &who) {
    QStringList texts;
    const auto told = api::listFromJson<api::Happening>(detail[u"happenings"]);
    for (const api::Happening &one : told.value_or(std::vector<api::Happening>())) {
        if (one.who == who) {
            texts.append(one.text);
        }
    }
    return texts;
}

} // namespace

class TestFanWatch : public QObject {
    Q_OBJECT

    static Result<QJsonObject> watch(DaemonUnderstudy &daemon, const QString &rollout,
                                     const QJsonObject &fan, qint64 since_ms = 0) {
        return daemon.call(QStringLiteral("fan.watch"), {{QStringLiteral("rollout"), rollout},
                                                         {QStringLiteral("fan"), fan},
                                                         {QStringLiteral("since_ms"), since_ms}});
    }

private Q_SLOTS:
    void aRolloutInsideIsNotTold() {
        DaemonUnderstudy daemon(8);
        const QString id = startCanary(daemon);
        QVERIFY(watch(daemon, id, fan(0.0, 1.0)).has_value());
        daemon.must(
            QStringLiteral("request"),
            {{QStringLiteral("rollout"), id}, {QStringLiteral("verb"), QStringLiteral("promote")}});
        QTRY_COMPARE(daemon.cluster().weight(shop), 5'000);
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        QVERIFY(daemon.rollout(id)[u"left_fan"].toString().isEmpty());
    }

    void itsSharesAreTold() {
        DaemonUnderstudy daemon(8);
        const QJsonObject detail = daemon.rollout(startCanary(daemon));
        QCOMPARE(detail[u"fresh_share"].toDouble(), 0.25);
        QCOMPARE(detail[u"up_share"].toDouble(), 1.0);
        QCOMPARE(detail[u"traffic_now"].toInt(), 2'500);
    }

    void aTurnThatLeavesItIsToldOnce() {
        DaemonUnderstudy daemon(8);
        const QString id = startCanary(daemon);
        QVERIFY(watch(daemon, id, fan(0.2, 0.3)).has_value());
        QVERIFY(daemon.rollout(id)[u"left_fan"].toString().isEmpty());
        daemon.must(
            QStringLiteral("request"),
            {{QStringLiteral("rollout"), id}, {QStringLiteral("verb"), QStringLiteral("promote")}});
        QTRY_VERIFY(!daemon.rollout(id)[u"left_fan"].toString().isEmpty());
        QVERIFY(daemon.waitFor(id, QStringLiteral("waiting")));
        daemon.must(
            QStringLiteral("request"),
            {{QStringLiteral("rollout"), id}, {QStringLiteral("verb"), QStringLiteral("promote")}});
        QVERIFY(daemon.waitFor(id, QStringLiteral("completed")));
        QCOMPARE(toldBy(daemon.rollout(id), QStringLiteral("rehearsal")).size(), 1);
    }

    // Nothing happens to it any more, and that is what is wrong.
    void aRolloutThatStandsStillLeavesItToo() {
        DaemonUnderstudy daemon(8);
        const QString id = startCanary(daemon);
        QVERIFY(watch(daemon, id, fan(0.9, 1.0, 4'000)).has_value());
        QVERIFY(daemon.rollout(id)[u"left_fan"].toString().isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(!daemon.rollout(id)[u"left_fan"].toString().isEmpty(), 15'000);
    }

    void nonsenseIsRefused() {
        DaemonUnderstudy daemon(4);
        const QString id = startCanary(daemon);
        QVERIFY(!watch(daemon, id, {}));
        QVERIFY(!watch(daemon, QStringLiteral("nothing"), fan(0.0, 1.0)));
        daemon.must(QStringLiteral("request"), {{QStringLiteral("rollout"), id},
                                                {QStringLiteral("verb"), QStringLiteral("fail")}});
        QVERIFY(daemon.waitFor(id, QStringLiteral("failed")));
        const auto ended = watch(daemon, id, fan(0.0, 1.0));
        QVERIFY(!ended);
        QVERIFY(!ended.error().remedy.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestFanWatch)
#include "test_fanwatch.moc"
