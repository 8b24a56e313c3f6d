// SPDX-License-Identifier: GPL-3.0-or-later
// A real aviaryd and the command line, with a Nomad that is played from recordings of a real one.
#include "tests/nomad/played.h"

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using Fault = Scripted::Fault;

class TestStory : public QObject, Played {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        nomad_.put("/v1/jobs", recorded(19), 17);
        show({24}, 20);
        QVERIFY(begin());
    }
    void cleanupTestCase() { stopDaemon(); }

    void aClusterIsAddedTestedAndSeen() {
        QVERIFY(addCluster());
        const Ran tested = aviary({u"cluster"_qs, u"test"_qs, u"edge"_qs}, 0);
        QVERIFY2(tested.out.contains(u"Nomad answers at " + nomad_.address()),
                 qPrintable(tested.out));
        QVERIFY(tested.out.contains(u"4 of 4 nodes are healthy"));
        const QString nodes = aviary({u"nodes"_qs}, 0).out;
        QVERIFY2(nodes.contains(u"edge-1") && nodes.contains(u"dc1"), qPrintable(nodes));
    }
    void aTokenIsReadFromItsInput() {
        const Ran kept =
            aviary({u"cluster"_qs, u"token"_qs, u"edge"_qs}, 0, secret.toLatin1() + "\n");
        QVERIFY2(kept.out.contains(u"kept"), qPrintable(kept.out));
        QVERIFY(QTest::qWaitFor(
            [&] {
                return nomad_.last("/v1/nodes")->headers.value("x-nomad-token") ==
                       secret.toLatin1();
            },
            wait_ms));
        QVERIFY(!aviary({u"cluster"_qs, u"token"_qs, u"edge"_qs}, 2, "two words\n").err.isEmpty());
        for (const Asked &one : nomad_.asked()) {
            QVERIFY(!one.target.contains(secret.toLatin1()));
        }
        QFile log(directory_.filePath(u"daemon.log"_qs));
        QVERIFY(log.open(QIODevice::ReadOnly));
        QVERIFY(!log.readAll().contains(secret.toLatin1()));
    }
    void aRolloutOfItsOwnIsFollowedAndPromoted() {
        QVERIFY(awaitStatus(u"in_progress"_qs));
        nomad_.put("/v1/allocations", recorded(26), 24);
        show({25}, 24);
        QVERIFY(awaitStatus(u"waiting"_qs));
        const QString status = aviary({u"status"_qs, canary_id}, 0).out;
        QVERIFY2(status.contains(u"waits for promotion"), qPrintable(status));
        QCOMPARE(json({u"summary"_qs})[u"waiting"].toInt(), 1);

        const Ran locked = aviary({u"promote"_qs, canary_id}, 1);
        QVERIFY2(locked.err.contains(u"read-only"), qPrintable(locked.err));
        QCOMPARE(nomad_.count("POST", promote_path), 0);
        aviary({u"cluster"_qs, u"unlock"_qs, u"edge"_qs}, 0);

        // The answer breaks off, and how it is then says that nothing happened yet.
        nomad_.put(canary_path, recorded(25), 24);
        nomad_.script("POST", pause_path, {.fault = Fault::Cut}, 1);
        QCOMPARE(outcome({u"pause"_qs, canary_id}, 3), u"unknown"_qs);
        nomad_.script("POST", pause_path, {.status = 403, .body = "Permission denied"}, 1);
        QCOMPARE(outcome({u"pause"_qs, canary_id}, 1), u"refused"_qs);

        nomad_.script("POST", promote_path, {.body = "{\"EvalID\":\"x\"}"});
        nomad_.put(canary_path, recorded(45), 56);
        const QJsonObject promoted = json({u"promote"_qs, canary_id, u"--reason"_qs, u"good"_qs});
        QCOMPARE(promoted[u"request"][u"outcome"].toString(), u"applied"_qs);
        QVERIFY(promoted[u"effect"][u"sentences"].toArray().size() > 0);
        show({45}, 56);
        QVERIFY(awaitStatus(u"completed"_qs));
        const Ran again = aviary({u"promote"_qs, canary_id}, 1);
        QVERIFY2(again.err.contains(u"over"), qPrintable(again.err));
        QCOMPARE(nomad_.count("POST", promote_path), 1);
    }
    void aFailureOfItsOwnIsSeen() {
        show({45, 80}, 72);
        QVERIFY(QTest::qWaitFor([&] { return statusOf(u"8bf83759"_qs) == u"failed"_qs; }, wait_ms));
        const QString status = aviary({u"status"_qs, u"8bf83759"_qs}, 0).out;
        QVERIFY2(status.contains(u"rolling back to job version 1"), qPrintable(status));
    }
    void theWayBackOfTheClusterIsARolloutOfItsOwn() {
        show({45, 80, 82}, 77);
        QVERIFY(
            QTest::qWaitFor([&] { return statusOf(u"debe9cf5"_qs) == u"completed"_qs; }, wait_ms));
        const QString status = aviary({u"status"_qs, u"debe9cf5"_qs}, 0).out;
        QVERIFY2(status.contains(u"to take back version 2, which failed"), qPrintable(status));
    }
    void ourOwnEngineKeepsOut() {
        QFile manifest(directory_.filePath(u"manifest.json"_qs));
        QVERIFY(manifest.open(QIODevice::WriteOnly));
        manifest.write("{}");
        manifest.close();
        const Ran refused = aviary({u"deploy"_qs, manifest.fileName(), u"--key"_qs, u"web"_qs}, 1);
        QVERIFY2(refused.err.contains(u"runs its rollouts itself"), qPrintable(refused.err));
    }
    void aNodeIsDrainedAndTheDrainIsCancelled() {
        const QByteArray node = "/v1/node/26056a21-e55d-13f7-e0db-939c0fe679e1/drain";
        const auto answered = [](int index) {
            QJsonObject said = QJsonDocument::fromJson(recorded(135)).object();
            said[u"Index"_qs] = said[u"NodeModifyIndex"_qs] = index;
            return QJsonDocument(said).toJson();
        };
        nomad_.script("POST", node, {.body = answered(602)});
        nomad_.script("POST", node, {.body = answered(601)}, 1);
        const auto listening = connect(&nomad_, &ReplayServer::heard, this, [&] {
            const int times = nomad_.count("POST", node);
            if (times > 0) {
                const auto index = static_cast<quint64>(600 + times);
                nomad_.put("/v1/nodes", nodes(times == 1, 600 + times), index);
            }
        });
        QCOMPARE(outcome({u"drain"_qs, u"edge-1"_qs}, 0), u"applied"_qs);
        QCOMPARE(nomad_.count("POST", node), 1);
        QVERIFY(aviary({u"nodes"_qs}, 0).out.contains(u"draining"));
        QCOMPARE(outcome({u"drain"_qs, u"edge-1"_qs, u"--off"_qs}, 0), u"applied"_qs);
        const QJsonObject cancel = QJsonDocument::fromJson(nomad_.last(node)->body).object();
        QVERIFY(cancel[u"DrainSpec"].isNull());
        QVERIFY(cancel[u"MarkEligible"].toBool());
        QVERIFY(!aviary({u"nodes"_qs}, 0).out.contains(u"draining"));
        disconnect(listening);
    }
    // Nomad forgets, and the daemon was away: the record stays.
    void theHistoryIsOurs() {
        stopDaemon();
        show({}, 90);
        QVERIFY(startDaemon());
        QCOMPARE(statusOf(canary_id), u"completed"_qs);
        const QJsonArray history = json({u"history"_qs})[u"deployments"].toArray();
        QCOMPARE(history.size(), 3);
        QVERIFY(aviary({u"status"_qs, canary_id}, 0).out.contains(u"2 of 6 are healthy"));
    }
};

QTEST_GUILESS_MAIN(TestStory)
#include "test_story.moc"
