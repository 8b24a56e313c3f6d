// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journeys/journey.h"

#include <QJsonArray>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

// A day with the command line alone: every verb, its exit code and what --json says.
class TestCli : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;

    OperatorDesk::Ran aviary(const QStringList &arguments, int code) {
        OperatorDesk::Ran ran = journey_->desk.aviary(arguments);
        if (ran.code != code) {
            qWarning("aviary %s: exit %d\n%s%s", qPrintable(arguments.join(u' ')), ran.code,
                     qPrintable(ran.out), qPrintable(ran.err));
            QTest::qFail("another exit code", __FILE__, __LINE__);
        }
        return ran;
    }
    QJsonObject json(QStringList arguments, int code = 0) {
        return aviary(arguments << u"--json"_qs, code).json();
    }
    QString status(const QString &rollout) {
        return json({u"status"_qs, rollout})[u"row"][u"status"].toString();
    }
    bool awaitStatus(const QString &rollout, const QString &wanted) {
        return QTest::qWaitFor([&] { return status(rollout) == wanted; }, 60'000);
    }
    QString canary(const QString &latency) {
        return journey_->desk.planFile(
            {.strategy = u"{kind: canary, stages: [25 %, 100 %], bake: 100 ms}"_qs,
             .policy = u"max_parallel: 12"_qs,
             .judges = u"[{judge: health_share}]"_qs,
             .options = {u"--latency"_qs, latency}});
    }

private Q_SLOTS:
    void initTestCase() {
        journey_ = std::make_unique<Journey>();
        QVERIFY(journey_->desk.open());
    }
    void cleanupTestCase() { journey_.reset(); }

    void story() {
        // v1, as a pipeline would: exit 0 once it is everywhere.
        const QString plan = journey_->desk.planFile(
            {.strategy = u"{kind: rolling, delay: 0 s}"_qs, .policy = u"max_parallel: 12"_qs});
        aviary(
            {u"deploy"_qs, plan, u"--key"_qs, u"shop"_qs, u"--wait"_qs, u"--timeout"_qs, u"60s"_qs},
            0);
        QVERIFY(aviary({u"list"_qs}, 0).out.contains(u"completed"));
        QVERIFY(aviary({u"deploy"_qs, plan}, 0).out.contains(u"nothing was changed"));

        // A canary of v2: held, promoted, paused, resumed.
        const QString second = json({u"deploy"_qs, canary(u"1"_qs)})[u"rollout"][u"id"].toString();
        QVERIFY(!second.isEmpty());
        QVERIFY(awaitStatus(second, u"waiting"_qs));
        QCOMPARE(json({u"list"_qs, u"--active"_qs})[u"rollouts"].toArray().size(), 1);
        QVERIFY(aviary({u"deploy"_qs, canary(u"2"_qs)}, 1).err.contains(u"active rollout"));
        QCOMPARE(json({u"pause"_qs, second})[u"request"][u"outcome"].toString(), u"applied"_qs);
        QCOMPARE(status(second), u"paused"_qs);
        QVERIFY(!aviary({u"promote"_qs, second}, 1).err.isEmpty());
        QCOMPARE(json({u"resume"_qs, second})[u"request"][u"outcome"].toString(), u"applied"_qs);
        QVERIFY(awaitStatus(second, u"waiting"_qs));
        const QJsonObject promoted = json({u"promote"_qs, second, u"--full"_qs});
        QCOMPARE(promoted[u"request"][u"outcome"].toString(), u"applied"_qs);
        QVERIFY(promoted[u"effect"][u"raises_exposure"].toBool());
        aviary({u"watch"_qs, second, u"--timeout"_qs, u"60s"_qs}, 0);
        QCOMPARE(journey_->ground->running(), Journey::everywhere(u"v2"_qs));

        // Back to v1, with a reason that the history keeps.
        json({u"rollback"_qs, second, u"--version"_qs, u"1"_qs, u"--reason"_qs, u"slow tills"_qs});
        QVERIFY(QTest::qWaitFor(
            [this] { return journey_->ground->running() == Journey::everywhere(u"v1"_qs); },
            60'000));
        QVERIFY(QTest::qWaitFor(
            [this] {
                return json({u"list"_qs, u"--active"_qs})[u"rollouts"].toArray().isEmpty();
            },
            20'000));
        QVERIFY(aviary({u"history"_qs, u"shop"_qs}, 0).out.contains(u"slow tills"));

        // A canary that a person fails: it ends where it stands.
        const QString last = json({u"deploy"_qs, canary(u"3"_qs)})[u"rollout"][u"id"].toString();
        QVERIFY(awaitStatus(last, u"waiting"_qs));
        json({u"fail"_qs, last, u"--reason"_qs, u"enough"_qs});
        QCOMPARE(status(last), u"failed"_qs);
        aviary({u"watch"_qs, last, u"--timeout"_qs, u"20s"_qs}, 1);
    }

    void refusals_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addRow("unknown verb") << QStringList{u"explode"_qs} << 2;
        QTest::addRow("no rollout") << QStringList{u"pause"_qs} << 2;
        QTest::addRow("unknown rollout") << QStringList{u"pause"_qs, u"nowhere"_qs} << 1;
        QTest::addRow("over 100") << QStringList{u"promote"_qs, u"x"_qs, u"--to"_qs, u"101"_qs}
                                  << 2;
        QTest::addRow("no such file") << QStringList{u"deploy"_qs, u"/nowhere.plan.yaml"_qs} << 2;
    }
    void refusals() {
        QFETCH(QStringList, arguments);
        QFETCH(int, code);
        QVERIFY(!aviary(arguments, code).err.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCli)
#include "test_cli.moc"
