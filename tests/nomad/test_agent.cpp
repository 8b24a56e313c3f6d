// SPDX-License-Identifier: GPL-3.0-or-later
// The whole story on a real Nomad, any from 1.0 on: `NOMAD_ADDR=http://127.0.0.1:4646 ctest -R
// nomad/agent`, with NOMAD_TOKEN where it asks for one. Skipped without. It runs a job of its own
// by raw_exec, drains a node for a moment, and removes the job in the end.
#include "tests/nomad/nomaddesk.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

constexpr qint64 second_ns = 1'000'000'000;
constexpr int instances = 3;

} // namespace

class TestAgent : public QObject, NomadDesk {
    Q_OBJECT

    const QString address_ = qEnvironmentVariable("NOMAD_ADDR");
    const QString job_ = u"aviary-test-%1"_qs.arg(QCoreApplication::applicationPid());
    QNetworkAccessManager http_;
    QString node_, datacenter_;

    // Somebody else at work, as Nomad's own command line.
    QJsonDocument nomad(const QByteArray &verb, const QString &path, const QJsonObject &body = {}) {
        QNetworkRequest request(QUrl(address_ + path));
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_qs);
        request.setRawHeader("X-Nomad-Token", qgetenv("NOMAD_TOKEN"));
        const QByteArray content =
            body.isEmpty() ? QByteArray() : QJsonDocument(body).toJson(QJsonDocument::Compact);
        const std::unique_ptr<QNetworkReply> reply(http_.sendCustomRequest(request, verb, content));
        const bool came =
            QTest::qWaitFor([&reply] { return reply->isFinished(); }, NomadDesk::wait_ms);
        if (!came || reply->error() != QNetworkReply::NoError) {
            QTest::qFail(qPrintable(path + u": " + reply->errorString()), __FILE__, __LINE__);
            return {};
        }
        return QJsonDocument::fromJson(reply->readAll());
    }
    // A version of it that runs, or one that ends at once.
    QJsonObject job(bool works, const QString &version, int count = instances) const {
        const QJsonObject task{
            {u"Name"_qs, u"server"_qs},
            {u"Driver"_qs, u"raw_exec"_qs},
            {u"Config"_qs, works ? QJsonObject{{u"command"_qs, u"/bin/sleep"_qs},
                                               {u"args"_qs, QJsonArray{u"100000"_qs}}}
                                 : QJsonObject{{u"command"_qs, u"/bin/false"_qs}}},
            {u"Env"_qs, QJsonObject{{u"APP_VERSION"_qs, version}}},
            {u"Resources"_qs, QJsonObject{{u"CPU"_qs, 20}, {u"MemoryMB"_qs, 16}}}};
        const QJsonObject update{{u"Canary"_qs, 2},
                                 {u"MaxParallel"_qs, 1},
                                 {u"HealthCheck"_qs, u"task_states"_qs},
                                 {u"MinHealthyTime"_qs, second_ns},
                                 {u"HealthyDeadline"_qs, 20 * second_ns},
                                 {u"ProgressDeadline"_qs, 60 * second_ns},
                                 {u"AutoRevert"_qs, true}};
        const QJsonObject never{{u"Attempts"_qs, 0}, {u"Mode"_qs, u"fail"_qs}};
        const QJsonObject group{
            {u"Name"_qs, u"web"_qs},
            {u"Count"_qs, count},
            {u"Update"_qs, update},
            {u"RestartPolicy"_qs, never},
            {u"ReschedulePolicy"_qs, QJsonObject{{u"Attempts"_qs, 0}, {u"Unlimited"_qs, false}}},
            {u"Tasks"_qs, QJsonArray{task}}};
        return {{u"ID"_qs, job_},
                {u"Name"_qs, job_},
                {u"Type"_qs, u"service"_qs},
                {u"Datacenters"_qs, QJsonArray{datacenter_}},
                {u"TaskGroups"_qs, QJsonArray{group}}};
    }

    QString file(const QJsonObject &job) {
        QFile file(directory_.filePath(u"job.json"_qs));
        const QByteArray text = QJsonDocument(QJsonObject{{u"Job"_qs, job}}).toJson();
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
            QTest::qFail("no file", __FILE__, __LINE__);
        }
        return file.fileName();
    }
    QJsonObject rolloutTo(const QString &version) {
        for (const QJsonValue &row : json({u"list"_qs})[u"rollouts"].toArray()) {
            if (row[u"service"].toString() == job_ && row[u"to"].toString() == version) {
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
        return std::any_of(waiting.begin(), waiting.end(),
                           [this](const auto &row) { return row[u"subject"].toString() == job_; });
    }
    QString idOf(const QString &version) { return rolloutTo(version)[u"id"].toString(); }
    QString start(const QStringList &what) {
        return outcome(QStringList{u"service"_qs, u"start"_qs} + what, 0);
    }

private Q_SLOTS:
    void initTestCase() {
        if (address_.isEmpty()) {
            QSKIP("NOMAD_ADDR names no agent");
        }
        const QJsonArray nodes = nomad("GET", u"/v1/nodes"_qs).array();
        QVERIFY2(!nodes.isEmpty(), "the agent has no node");
        node_ = nodes[0][u"Name"].toString();
        datacenter_ = nodes[0][u"Datacenter"].toString();
        QVERIFY(startDaemon());
        QVERIFY(addCluster(address_, int(nodes.size())));
        aviary({u"cluster"_qs, u"unlock"_qs, u"edge"_qs}, 0);
    }
    void cleanupTestCase() {
        if (daemon_) {
            nomad("DELETE", u"/v1/job/%1?purge=true"_qs.arg(job_));
            stopDaemon();
        }
    }

    void itsNodesAreSeen() {
        QVERIFY(aviary({u"cluster"_qs, u"test"_qs, u"edge"_qs}, 0).out.contains(address_));
        QVERIFY(aviary({u"nodes"_qs}, 0).out.contains(node_));
    }
    void aNewServiceIsPlannedAndStarted() {
        const QString path = file(job(true, u"1"_qs));
        const Ran planned = aviary({u"service"_qs, u"plan"_qs, u"--file"_qs, path}, 0);
        QVERIFY2(planned.out.contains(u"3 are placed"), qPrintable(planned.out));
        QCOMPARE(start({u"--file"_qs, path, u"--reason"_qs, u"first"_qs}), u"applied"_qs);
        QVERIFY(reaches(u"0"_qs, u"completed"_qs));
    }
    void theNextVersionIsRehearsed() {
        const QJsonObject told = json(
            {u"rehearse"_qs, u"--service"_qs, job_, u"--futures"_qs, u"100"_qs, u"--no-advice"_qs});
        QCOMPARE(told[u"plans"][0][u"from"].toString(), u"0"_qs);
        QCOMPARE(told[u"plans"][0][u"to"].toString(), u"1"_qs);
    }
    void aVersionWithCanariesWaitsAndIsPromoted() {
        const QStringList next{job_, u"--env"_qs, u"APP_VERSION=2"_qs};
        QVERIFY(aviary(QStringList{u"service"_qs, u"plan"_qs} + next, 0).out.contains(u"canar"));
        QCOMPARE(start(next), u"applied"_qs);
        QVERIFY(reaches(u"1"_qs, u"waiting"_qs));
        QVERIFY(waitsForAPerson());
        QCOMPARE(outcome({u"promote"_qs, idOf(u"1"_qs), u"--reason"_qs, u"good"_qs}, 0),
                 u"applied"_qs);
        QVERIFY(reaches(u"1"_qs, u"completed"_qs));
    }
    void aVersionThatFailsIsTakenBackByTheCluster() {
        QCOMPARE(start({u"--file"_qs, file(job(false, u"3"_qs))}), u"applied"_qs);
        QVERIFY(reaches(u"2"_qs, u"failed"_qs));
        QVERIFY(reaches(u"3"_qs, u"completed"_qs));
        const QString status = aviary({u"status"_qs, idOf(u"3"_qs)}, 0).out;
        QVERIFY2(status.contains(u"to take back version 2, which failed"), qPrintable(status));
    }
    void aRolloutIsPausedAndGoesOn() {
        QCOMPARE(start({job_, u"--env"_qs, u"APP_VERSION=4"_qs}), u"applied"_qs);
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
        QCOMPARE(outcome({u"drain"_qs, node_}, 0), u"applied"_qs);
        QVERIFY(aviary({u"nodes"_qs}, 0).out.contains(u"draining"));
        QCOMPARE(outcome({u"drain"_qs, node_, u"--off"_qs}, 0), u"applied"_qs);
    }
    void whatSomebodyElseDoesIsSeen() {
        nomad("PUT", u"/v1/jobs"_qs, {{u"Job"_qs, job(true, u"7"_qs, instances + 1)}});
        QElapsedTimer since;
        since.start();
        QVERIFY(QTest::qWaitFor([this] { return !rolloutTo(u"6"_qs).isEmpty(); }, wait_ms));
        qInfo("a change by somebody else was listed after %lld ms", since.elapsed());
    }
    void allOfItIsRecorded() {
        QVERIFY(json({u"history"_qs, job_})[u"deployments"].toArray().size() >= 7);
        stopDaemon();
        QVERIFY(startDaemon());
        QCOMPARE(rolloutTo(u"1"_qs)[u"status"].toString(), u"completed"_qs);
    }
};

QTEST_GUILESS_MAIN(TestAgent)
#include "test_agent.moc"
