// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journeys/journey.h"

#include <QJsonDocument>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

// The story of the reference systems' command line: a bundle is deployed under a key, listed,
// shown, tried as a canary, promoted, paused, resumed, rolled back with a version and a reason, and
// failed. Each verb with its exit code and what --json says.
class TestReferences : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;
    QTemporaryDir bundles_;

    QJsonObject json(QStringList arguments, int code = 0) {
        const OperatorDesk::Ran ran = journey_->desk.aviary(arguments << u"--json"_qs);
        if (ran.code != code) {
            qWarning("aviary %s: exit %d\n%s%s", qPrintable(arguments.join(u' ')), ran.code,
                     qPrintable(ran.out), qPrintable(ran.err));
            QTest::qFail("another exit code", __FILE__, __LINE__);
        }
        return ran.json();
    }
    // A bundle as the references have it: a folder with manifest.json and payloads.
    QString bundle(const QString &name, const QByteArray &payload) {
        const QString folder = bundles_.filePath(name);
        QDir().mkpath(folder + u"/payloads");
        const QJsonObject update{{u"min_healthy_ms"_qs, 200}};
        write(folder + u"/manifest.json",
              QJsonDocument(QJsonObject{{u"graph_id"_qs, u"graph-of-the-shop"_qs},
                                        {u"policies"_qs, QJsonObject{{u"update"_qs, update}}},
                                        {u"aviary"_qs,
                                         journey_->ground->definition({u"--latency"_qs, u"1"_qs})}})
                  .toJson());
        write(folder + u"/payloads/model.bin", payload);
        return folder;
    }
    static void write(const QString &path, const QByteArray &text) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QString statusOf(const QString &rollout) {
        return json({u"status"_qs, rollout})[u"row"][u"status"].toString();
    }
    bool awaitStatus(const QString &rollout, const QString &wanted) {
        return QTest::qWaitFor([&] { return statusOf(rollout) == wanted; }, 60'000);
    }
    QString deployCanary(const QString &folder) {
        return json({u"deploy"_qs, folder, u"--key"_qs, shop, u"--strategy"_qs, u"canary"_qs,
                     u"--canary"_qs, u"3"_qs, u"--max-parallel"_qs, u"12"_qs})[u"rollout"][u"id"]
            .toString();
    }
    qsizetype instances(const QStringList &options) {
        return json(QStringList{u"services"_qs, shop} + options)[u"instances"].toArray().size();
    }
    QJsonArray history() { return json({u"history"_qs, shop})[u"deployments"].toArray(); }

private Q_SLOTS:
    void initTestCase() {
        journey_ = std::make_unique<Journey>();
        QVERIFY(journey_->desk.open());
    }
    void cleanupTestCase() { journey_.reset(); }

    void deployOfAKey() {
        const QString folder = bundle(u"one"_qs, "weights 1");
        const QJsonObject made =
            json({u"deploy"_qs, folder, u"--key"_qs, shop, u"--max-parallel"_qs, u"12"_qs});
        QCOMPARE(made[u"deployment"][u"key"].toString(), shop); // over the manifest's graph_id
        QCOMPARE(made[u"deployment"][u"version"].toInt(), 1);
        const QString rollout = made[u"rollout"][u"id"].toString();
        QVERIFY(awaitStatus(rollout, u"completed"_qs));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(u"v1"_qs));
        QCOMPARE(json({u"list"_qs})[u"rollouts"].toArray().size(), 1);
        QCOMPARE(json({u"status"_qs, shop})[u"row"][u"to"].toString(), u"v1"_qs);
        // The same again is none; the same manifest with another payload is one.
        const QJsonObject same = json({u"deploy"_qs, folder, u"--key"_qs, shop});
        QVERIFY(!same.contains(u"rollout"));
        QVERIFY(same[u"text"].toString().contains(u"nothing was changed"));
    }

    void canaryPausedResumedPromoted() {
        const auto load = journey_->steady(); // without requests its check would ask a person
        const QString rollout = deployCanary(bundle(u"two"_qs, "weights 2"));
        QVERIFY(awaitStatus(rollout, u"waiting"_qs));
        QCOMPARE(journey_->ground->running().filter(u" v2"_qs).size(), 3);
        // Canaries stay hidden unless asked for.
        QTRY_COMPARE_WITH_TIMEOUT(instances({u"--include-canary"_qs}), 15, 20'000);
        QCOMPARE(instances({}), 12);
        const QJsonArray canaries =
            json({u"services"_qs, shop, u"--role"_qs, u"canary"_qs})[u"instances"].toArray();
        QCOMPARE(canaries.size(), 3);
        QCOMPARE(canaries[0][u"deployment_key"].toString(), shop);
        QCOMPARE(canaries[0][u"deployment_version"].toInt(), 2);
        QCOMPARE(canaries[0][u"status"].toString(), u"passing"_qs);
        const QJsonObject paused =
            json({u"pause"_qs, shop, u"--reason"_qs, u"lunch"_qs})[u"request"].toObject();
        QCOMPARE(paused[u"outcome"].toString(), u"applied"_qs);
        QCOMPARE(paused[u"reason"].toString(), u"lunch"_qs);
        QCOMPARE(statusOf(rollout), u"paused"_qs);
        json({u"promote"_qs, shop}, 1);
        json({u"resume"_qs, shop});
        QVERIFY(awaitStatus(rollout, u"waiting"_qs)); // and not "running", as there
        QCOMPARE(json({u"promote"_qs, shop})[u"request"][u"outcome"].toString(), u"applied"_qs);
        QVERIFY(awaitStatus(rollout, u"completed"_qs));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(u"v2"_qs));
        QTRY_COMPARE_WITH_TIMEOUT(instances({u"--role"_qs, u"primary"_qs}), 12, 20'000);
    }

    void rollbackWithVersionAndReason() {
        json({u"rollback"_qs, shop, u"--version"_qs, u"7"_qs}, 1);
        json({u"rollback"_qs, shop, u"--version"_qs, u"1"_qs, u"--reason"_qs, u"slow tills"_qs});
        QVERIFY(QTest::qWaitFor(
            [this] { return history()[0][u"status"].toString() == u"completed"; }, 60'000));
        QTRY_COMPARE_WITH_TIMEOUT(journey_->ground->running(), Journey::everywhere(u"v1"_qs),
                                  20'000);
        const QJsonArray records = history();
        QCOMPARE(records.size(), 3);
        QCOMPARE(records[0][u"version"].toInt(), 3);
        QCOMPARE(records[0][u"revision"].toString(), u"v1"_qs);
        QCOMPARE(records[0][u"reason"].toString(), u"slow tills"_qs);
        // The same as snapshots: the older one was gone back to, and holds.
        const QJsonObject snapshots = json({u"snapshots"_qs, shop});
        QCOMPARE(snapshots[u"snapshots"].toArray().size(), 2);
        QCOMPARE(snapshots[u"snapshots"][0][u"state"].toString(), u"rolled_back"_qs);
        QVERIFY(snapshots[u"snapshots"][0][u"running"].toBool());
        QCOMPARE(snapshots[u"snapshots"][1][u"state"].toString(), u"superseded"_qs);
        QVERIFY(snapshots[u"holds"].toBool());
        json({u"snapshots"_qs, u"nowhere"_qs}, 1);
    }

    void failEndsItWhereItStands() {
        const auto load = journey_->steady();
        const QString rollout = deployCanary(bundle(u"three"_qs, "weights 3"));
        QVERIFY(awaitStatus(rollout, u"waiting"_qs));
        json({u"fail"_qs, shop, u"--reason"_qs, u"enough"_qs});
        QCOMPARE(statusOf(rollout), u"failed"_qs);
        json({u"watch"_qs, rollout, u"--timeout"_qs, u"20s"_qs}, 1);
        json({u"resume"_qs, rollout}, 1); // an end is an end
        json({u"promote"_qs, u"nowhere"_qs}, 1);
        QCOMPARE(journey_->ground->running().filter(u" v4"_qs).size(), 3);
        QCOMPARE(history()[0][u"status"].toString(), u"failed"_qs);
    }
};

QTEST_GUILESS_MAIN(TestReferences)
#include "test_references.moc"
