// SPDX-License-Identifier: GPL-3.0-or-later
// The whole story on a real Nomad, any from 1.0 on: `NOMAD_ADDR=http://127.0.0.1:4646 ctest -R
// nomad/agent`, with NOMAD_TOKEN where it asks for one. Skipped without. It runs a job of its own
// by raw_exec, drains a node for a moment, and removes the job in the end.
#include "tests/nomad/nomaddesk.h"
#include "tests/replay/realagent.h"

#include <QElapsedTimer>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

class TestAgent : public QObject, NomadDesk {
    Q_OBJECT

    std::unique_ptr<RealAgent> agent_;

    QString file(bool works, const QString &version) {
        QFile file(directory_.filePath(u"job.json"_qs));
        const QByteArray text = agent_->file(works, version);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
            QTest::qFail("no file", __FILE__, __LINE__);
        }
        return file.fileName();
    }
    QJsonObject rolloutTo(const QString &version) {
        for (const QJsonValue &row : json({u"list"_qs})[u"rollouts"].toArray()) {
            if (row[u"service"].toString() == agent_->job() && row[u"to"].toString() == version) {
                return row.toObject();
            }
        }
        return {};
    }
    bool reaches(const QString &version, const QString &status) {
        const bool reached = QTest::qWaitFor(
            [&] { return rolloutTo(version)[u"status"].toString() == status; }, wait_ms);
        if (!reached) {
            qWarning("%s", QJsonDocument(rolloutTo(version)).toJson().constData());
        }
        return reached;
    }
    bool waitsForAPerson() {
        const QJsonArray waiting = json({u"status"_qs})[u"waiting"].toArray();
        return std::any_of(waiting.begin(), waiting.end(), [this](const auto &row) {
            return row[u"subject"].toString() == agent_->job();
        });
    }
    QString idOf(const QString &version) { return rolloutTo(version)[u"id"].toString(); }
    QString start(const QStringList &what) {
        return outcome(QStringList{u"service"_qs, u"start"_qs} + what, 0);
    }

private Q_SLOTS:
    void initTestCase() {
        if (!RealAgent::isNamed()) {
            QSKIP("NOMAD_ADDR names no agent");
        }
        agent_ = std::make_unique<RealAgent>();
        QVERIFY2(agent_->meet(), "the agent has no node");
        QVERIFY(startDaemon());
        QVERIFY(addCluster(agent_->address(), int(agent_->nodes())));
        aviary({u"cluster"_qs, u"unlock"_qs, u"edge"_qs}, 0);
    }
    void cleanupTestCase() {
        agent_.reset();
        if (daemon_) {
            stopDaemon();
        }
    }

    void itsNodesAreSeen() {
        QVERIFY(aviary({u"cluster"_qs, u"test"_qs, u"edge"_qs}, 0).out.contains(agent_->address()));
        QVERIFY(aviary({u"nodes"_qs}, 0).out.contains(agent_->node()));
    }
    void aNewServiceIsPlannedAndStarted() {
        const QString path = file(true, u"1"_qs);
        const Ran planned = aviary({u"service"_qs, u"plan"_qs, u"--file"_qs, path}, 0);
        QVERIFY2(planned.out.contains(u"3 are placed"), qPrintable(planned.out));
        QCOMPARE(start({u"--file"_qs, path, u"--reason"_qs, u"first"_qs}), u"applied"_qs);
        QVERIFY(reaches(u"0"_qs, u"completed"_qs));
    }
    void theNextVersionIsRehearsed() {
        const QJsonObject told = json({u"rehearse"_qs, u"--service"_qs, agent_->job(),
                                       u"--futures"_qs, u"100"_qs, u"--no-advice"_qs});
        QCOMPARE(told[u"plans"][0][u"from"].toString(), u"0"_qs);
        QCOMPARE(told[u"plans"][0][u"to"].toString(), u"1"_qs);
    }
    void aVersionWithCanariesWaitsAndIsPromoted() {
        const QStringList next{agent_->job(), u"--env"_qs, u"APP_VERSION=2"_qs};
        QVERIFY(aviary(QStringList{u"service"_qs, u"plan"_qs} + next, 0).out.contains(u"canar"));
        QCOMPARE(start(next), u"applied"_qs);
        QVERIFY(reaches(u"1"_qs, u"waiting"_qs));
        QVERIFY(waitsForAPerson());
        QCOMPARE(outcome({u"promote"_qs, idOf(u"1"_qs), u"--reason"_qs, u"good"_qs}, 0),
                 u"applied"_qs);
        QVERIFY(reaches(u"1"_qs, u"completed"_qs));
    }
    void aVersionThatFailsIsTakenBackByTheCluster() {
        QCOMPARE(start({u"--file"_qs, file(false, u"3"_qs)}), u"applied"_qs);
        QVERIFY(reaches(u"2"_qs, u"failed"_qs));
        QVERIFY(reaches(u"3"_qs, u"completed"_qs));
        const QString status = aviary({u"status"_qs, idOf(u"3"_qs)}, 0).out;
        QVERIFY2(status.contains(u"to take back version 2, which failed"), qPrintable(status));
    }
    void aRolloutIsPausedAndGoesOn() {
        QCOMPARE(start({agent_->job(), u"--env"_qs, u"APP_VERSION=4"_qs}), u"applied"_qs);
        QVERIFY(reaches(u"4"_qs, u"waiting"_qs));
        QCOMPARE(outcome({u"pause"_qs, idOf(u"4"_qs)}, 0), u"applied"_qs);
        QVERIFY(reaches(u"4"_qs, u"paused"_qs));
        QCOMPARE(outcome({u"resume"_qs, idOf(u"4"_qs)}, 0), u"applied"_qs);
        QVERIFY(reaches(u"4"_qs, u"waiting"_qs));
        QCOMPARE(outcome({u"promote"_qs, idOf(u"4"_qs)}, 0), u"applied"_qs);
        QVERIFY(reaches(u"4"_qs, u"completed"_qs));
    }
    // Nomad runs its canaries again for it, and waits for them to be promoted.
    void theFirstVersionIsBroughtBack() {
        QCOMPARE(outcome({u"rollback"_qs, idOf(u"4"_qs), u"--version"_qs, u"0"_qs}, 0),
                 u"applied"_qs);
        QVERIFY(reaches(u"5"_qs, u"waiting"_qs));
        QCOMPARE(outcome({u"promote"_qs, idOf(u"5"_qs)}, 0), u"applied"_qs);
        QVERIFY(reaches(u"5"_qs, u"completed"_qs));
    }
    void aNodeIsDrainedAndGivenBack() {
        QCOMPARE(outcome({u"drain"_qs, agent_->node()}, 0), u"applied"_qs);
        QVERIFY(aviary({u"nodes"_qs}, 0).out.contains(u"draining"));
        QCOMPARE(outcome({u"drain"_qs, agent_->node(), u"--off"_qs}, 0), u"applied"_qs);
    }
    void whatSomebodyElseDoesIsSeen() {
        agent_->ask("PUT", u"/v1/jobs"_qs,
                    {{u"Job"_qs, agent_->version(true, u"7"_qs, RealAgent::instances + 1)}});
        QElapsedTimer since;
        since.start();
        QVERIFY(QTest::qWaitFor([this] { return !rolloutTo(u"6"_qs).isEmpty(); }, wait_ms));
        qInfo("a change by somebody else was listed after %lld ms", since.elapsed());
    }
    void allOfItIsRecorded() {
        QVERIFY(json({u"history"_qs, agent_->job()})[u"deployments"].toArray().size() >= 7);
        stopDaemon();
        QVERIFY(startDaemon());
        QCOMPARE(rolloutTo(u"1"_qs)[u"status"].toString(), u"completed"_qs);
    }
};

QTEST_GUILESS_MAIN(TestAgent)
#include "test_agent.moc"
