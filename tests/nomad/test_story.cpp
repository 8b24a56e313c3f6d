// SPDX-License-Identifier: GPL-3.0-or-later
// A real aviaryd and the command line, with a Nomad that is played from recordings of a real one.
#include "core/api/places.h"
#include "tests/replay/replayserver.h"
#include "tests/support/programs.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using Fault = Scripted::Fault;

namespace {

constexpr int wait_ms = 60'000;
const QString canary_id = u"e3e46729-a191-8226-2431-f069f44957ba"_qs;
const QByteArray canary_path = "/v1/deployment/" + canary_id.toLatin1();
const QByteArray promote_path = "/v1/deployment/promote/" + canary_id.toLatin1();
const QByteArray pause_path = "/v1/deployment/pause/" + canary_id.toLatin1();
const QString secret = u"11111111-2222-3333-4444-555555555555"_qs;

struct Ran {
    int code = -1;
    QString out, err;
    QJsonObject json() const { return QJsonDocument::fromJson(out.toUtf8()).object(); }
};

} // namespace

class TestStory : public QObject {
    Q_OBJECT

    QTemporaryDir directory_;
    api::Places places_;
    std::unique_ptr<QProcess> daemon_;
    ReplayServer nomad_;

    // The event loop runs meanwhile: it plays Nomad.
    Ran aviary(const QStringList &arguments, int code, const QByteArray &input = {}) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"AVIARY_STATE_DIR"_qs, places_.state);
        environment.insert(u"LC_ALL"_qs, u"C.UTF-8"_qs);
        process.setProcessEnvironment(environment);
        process.start(program("aviary"), arguments);
        process.write(input);
        process.closeWriteChannel();
        const bool ended = QTest::qWaitFor(
            [&process] { return process.state() == QProcess::NotRunning; }, wait_ms);
        Ran ran{ended ? process.exitCode() : -1, QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
        if (ran.code != code) {
            qWarning("aviary %s: exit %d\n%s%s", qPrintable(arguments.join(u' ')), ran.code,
                     qPrintable(ran.out), qPrintable(ran.err));
            QTest::qFail("another exit code", __FILE__, __LINE__);
            process.kill();
        }
        return ran;
    }
    QJsonObject json(QStringList arguments, int code = 0) {
        return aviary(arguments << u"--json"_qs, code).json();
    }
    bool startDaemon() {
        daemon_ = std::make_unique<QProcess>();
        daemon_->setStandardErrorFile(directory_.filePath(u"daemon.log"_qs), QIODevice::Append);
        daemon_->start(program("aviaryd"), {u"--foreground"_qs, u"--state-dir"_qs, places_.state,
                                            u"--socket"_qs, places_.socket});
        return daemon_->waitForStarted() &&
               QTest::qWaitFor([this] { return QFile::exists(places_.socket); }, wait_ms);
    }
    void stopDaemon() {
        daemon_->terminate();
        daemon_->waitForFinished(10'000);
        daemon_.reset();
    }
    void show(const QList<int> &deployments, quint64 index) {
        QList<QByteArray> rows;
        for (const int number : deployments) {
            rows << recorded(number);
        }
        nomad_.put("/v1/deployments", "[" + rows.join(',') + "]", index);
    }
    QString statusOf(const QString &rollout) {
        for (const QJsonValue &row : json({u"list"_qs})[u"rollouts"].toArray()) {
            if (row[u"id"].toString().startsWith(rollout)) {
                return row[u"status"].toString();
            }
        }
        return {};
    }
    bool awaitStatus(const QString &status) {
        return QTest::qWaitFor([&] { return statusOf(canary_id) == status; }, wait_ms);
    }
    QString outcome(const QStringList &arguments, int code) {
        return json(arguments, code)[u"request"][u"outcome"].toString();
    }

private Q_SLOTS:
    void initTestCase() {
        places_ = api::placesOf(directory_.path(), QProcessEnvironment()).value_or(api::Places{});
        nomad_.put(196);
        nomad_.put("/v1/jobs", recorded(19), 17);
        nomad_.put("/v1/allocations", "[]", 20);
        nomad_.put("/v1/agent/self", recorded(1), 0);
        nomad_.put("/v1/namespaces", recorded(4), 1);
        show({24}, 20);
        QVERIFY(startDaemon());
    }
    void cleanupTestCase() { stopDaemon(); }

    void aClusterIsAddedTestedAndSeen() {
        aviary({u"cluster"_qs, u"add"_qs, u"edge"_qs, u"--kind"_qs, u"nomad"_qs, u"--set"_qs,
                u"address="_qs + nomad_.address()},
               0);
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto row = json({u"cluster"_qs, u"list"_qs})[u"clusters"][0];
                return row[u"contact"] == u"live"_qs && row[u"nodes"] == 4;
            },
            wait_ms));
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
    void ourOwnEngineKeepsOut() {
        QFile manifest(directory_.filePath(u"manifest.json"_qs));
        QVERIFY(manifest.open(QIODevice::WriteOnly));
        manifest.write("{}");
        manifest.close();
        const Ran refused = aviary({u"deploy"_qs, manifest.fileName(), u"--key"_qs, u"web"_qs}, 1);
        QVERIFY2(refused.err.contains(u"runs its rollouts itself"), qPrintable(refused.err));
    }
    void aNodeIsDrained() {
        const QByteArray node = "/v1/node/26056a21-e55d-13f7-e0db-939c0fe679e1/drain";
        nomad_.script("POST", node, {.body = recorded(135)});
        QJsonArray nodes = QJsonDocument::fromJson(recorded(196)).array();
        for (QJsonValueRef one : nodes) {
            QJsonObject draining = one.toObject();
            draining[u"Drain"_qs] = draining[u"Name"_qs] == u"edge-1"_qs;
            one = draining;
        }
        const auto listening = connect(&nomad_, &ReplayServer::heard, this, [&] {
            if (nomad_.count("POST", node) == 1) {
                nomad_.put("/v1/nodes", QJsonDocument(nodes).toJson(), 600);
            }
        });
        QCOMPARE(outcome({u"drain"_qs, u"edge-1"_qs}, 0), u"applied"_qs);
        QCOMPARE(nomad_.count("POST", node), 1);
        disconnect(listening);
    }
    // Nomad forgets, and the daemon was away: the record stays.
    void theHistoryIsOurs() {
        stopDaemon();
        show({}, 90);
        QVERIFY(startDaemon());
        QCOMPARE(statusOf(canary_id), u"completed"_qs);
        const QJsonArray history = json({u"history"_qs})[u"deployments"].toArray();
        QCOMPARE(history.size(), 2);
        QVERIFY(aviary({u"status"_qs, canary_id}, 0).out.contains(u"2 of 6 are healthy"));
    }
};

QTEST_GUILESS_MAIN(TestStory)
#include "test_story.moc"
