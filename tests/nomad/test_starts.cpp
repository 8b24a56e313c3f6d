// SPDX-License-Identifier: GPL-3.0-or-later
// The whole life of a service through the daemon and the command line: registered, changed, held,
// failing, reversed, stopped; on a Nomad that is played from recordings.
#include "core/api/socketsession.h"
#include "tests/nomad/played.h"

#include <QDirIterator>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using Fault = Scripted::Fault;

namespace {

const QByteArray job_path = "/v1/job/web";
const QByteArray plan_path = "/v1/job/web/plan";
const QByteArray jobs_path = "/v1/jobs";

QByteArray textOf(const QJsonObject &object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray job(int version, int index, bool stopped = false) {
    QJsonObject made = QJsonDocument::fromJson(recorded(17)).object();
    made[u"Version"_qs] = version;
    made[u"JobModifyIndex"_qs] = index;
    made[u"ModifyIndex"_qs] = index;
    made[u"Stop"_qs] = stopped;
    return textOf(made);
}

// A recorded plan against a job of that index.
QByteArray plan(int recording, int index) {
    QJsonObject made = QJsonDocument::fromJson(recorded(recording)).object();
    made[u"JobModifyIndex"_qs] = index;
    return textOf(made);
}

// A recorded deployment as it is later: with other members, and others of its group.
QByteArray deployment(int recording, int index, const QJsonObject &members,
                      const QJsonObject &of_group = {}) {
    QJsonObject made = QJsonDocument::fromJson(recorded(recording)).object();
    const auto put = [](QJsonObject &into, const QJsonObject &from) {
        for (auto member = from.begin(); member != from.end(); ++member) {
            into[member.key()] = member.value();
        }
    };
    put(made, members);
    made[u"ModifyIndex"_qs] = index;
    QJsonObject groups = made[u"TaskGroups"_qs].toObject();
    QJsonObject web = groups[u"web"_qs].toObject();
    put(web, of_group);
    groups[u"web"_qs] = web;
    made[u"TaskGroups"_qs] = groups;
    return textOf(made);
}

QByteArray registered(int index) {
    return textOf({{u"EvalID"_qs, u"x"_qs}, {u"JobModifyIndex"_qs, index}});
}

} // namespace

class TestStarts : public QObject, Played {
    Q_OBJECT

    QByteArray first_; // the deployment of version 0, which went well
    quint64 index_ = 20;

    QString file(const QByteArray &content) {
        QFile file(directory_.filePath(u"web.json"_qs));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
            QTest::qFail("no file", __FILE__, __LINE__);
        }
        return file.fileName();
    }
    // The list of deployments, and the newest of them on its own.
    void showThen(const QByteArray &newest) {
        nomad_.put("/v1/deployments", "[" + first_ + "," + newest + "]", ++index_);
        const QString id = QJsonDocument::fromJson(newest)[u"ID"].toString();
        nomad_.put("/v1/deployment/" + id.toLatin1(), newest, index_);
    }
    void showJob(int version, int index, bool stopped = false) {
        nomad_.put(job_path, job(version, index, stopped), ++index_);
        QJsonArray rows = QJsonDocument::fromJson(recorded(19)).array();
        QJsonObject row = rows[0].toObject();
        row[u"JobModifyIndex"_qs] = index;
        row[u"ModifyIndex"_qs] = index;
        row[u"Stop"_qs] = stopped;
        nomad_.put(jobs_path, QJsonDocument(QJsonArray{row}).toJson(), index_);
    }
    // What the next register is answered, and what becomes of it.
    void nextRegister(const Scripted &answer, const std::function<void()> &then) {
        nomad_.unscript();
        nomad_.script("POST", jobs_path, answer);
        const int before = nomad_.count("POST", jobs_path);
        registering_ = connect(&nomad_, &ReplayServer::heard, this, [this, before, then] {
            if (nomad_.count("POST", jobs_path) > before) {
                disconnect(registering_);
                then();
            }
        });
    }
    QMetaObject::Connection registering_;

    QString outcomeOf(const QString &request) {
        api::SocketSession session(places_, {u"test"_qs, u"1"_qs, {}},
                                   api::SocketSession::Starting::Never);
        session.open();
        std::optional<QString> outcome;
        session.call(u"request.get"_qs, {{u"id"_qs, request}},
                     [&outcome](const Result<QJsonObject> &answer) {
                         outcome = answer ? (*answer)[u"request"][u"outcome"].toString()
                                          : toText(answer.error());
                     });
        return QTest::qWaitFor([&outcome] { return outcome.has_value(); }, wait_ms)
                   ? *outcome
                   : u"no answer"_qs;
    }

private Q_SLOTS:
    void initTestCase() {
        first_ = deployment(14, 15,
                            {{u"Status"_qs, u"successful"_qs},
                             {u"StatusDescription"_qs, u"Deployment completed successfully"_qs}},
                            {{u"HealthyAllocs"_qs, 6}});
        nomad_.put(jobs_path, "[]", 5);
        nomad_.put("/v1/deployments", "[]", 5);
        QVERIFY(begin());
        QVERIFY(addCluster());
    }
    void cleanupTestCase() { stopDaemon(); }

    void aNewServiceIsPlannedAndRegistered() {
        const QString path = file("{\"Job\":" + recorded(17) + "}");
        const Scripted none{.status = 404, .body = "job not found"};
        nomad_.script("GET", job_path, none);
        nomad_.script("POST", plan_path, {.body = recorded(12)});
        const Ran planned = aviary({u"service"_qs, u"plan"_qs, u"--file"_qs, path}, 0);
        QVERIFY2(planned.out.contains(u"no canaries"), qPrintable(planned.out));
        QVERIFY(planned.out.contains(u"web: 6 are placed"));
        QVERIFY(planned.out.contains(u"aviary service stop web"));
        const QStringList start{u"service"_qs, u"start"_qs, u"--file"_qs, path};
        QVERIFY(aviary(start, 1).err.contains(u"read-only"));
        QCOMPARE(nomad_.count("POST", jobs_path), 0);

        aviary({u"cluster"_qs, u"unlock"_qs, u"edge"_qs}, 0);
        nextRegister({.body = registered(10)}, [this] {
            nomad_.unscript();
            showJob(0, 10);
            nomad_.put("/v1/deployments", "[" + first_ + "]", ++index_);
        });
        nomad_.script("GET", job_path, none);
        nomad_.script("POST", plan_path, {.body = recorded(12)});
        const QJsonObject started = json(start);
        QCOMPARE(started[u"request"][u"outcome"].toString(), u"applied"_qs);
        QVERIFY(started[u"request"][u"text"].toString().contains(u"version 0"));
        QVERIFY(started[u"effect"][u"sentences"].toArray().size() > 1);
        QVERIFY(awaitStatus(u"completed"_qs, u"a5f0e4ba"_qs));
    }
    void whoWasFirstWins() {
        const int before = nomad_.count("POST", jobs_path);
        const QStringList start{u"service"_qs, u"start"_qs, u"web"_qs, u"--env"_qs,
                                u"APP_VERSION=2.0.0"_qs};
        // Between the look and the word, somebody registered.
        nomad_.script("POST", plan_path, {.body = plan(20, 11)});
        nomad_.script("POST", plan_path, {.body = recorded(20)}, 1);
        const Ran late = aviary(start, 1);
        QVERIFY2(late.err.contains(u"changed after you looked"), qPrintable(late.err));
        QCOMPARE(nomad_.count("POST", jobs_path), before);
        // And in the last moment.
        nomad_.unscript();
        nomad_.script("POST", plan_path, {.body = recorded(20)});
        nomad_.script("POST", jobs_path, {.status = 500, .body = recorded(21)});
        const Ran refused = aviary(start, 1);
        QVERIFY2(refused.out.contains(u"Enforcing job modify index"), qPrintable(refused.out));
        QCOMPARE(nomad_.count("POST", jobs_path), before + 1);
        nomad_.unscript();
    }
    // Its next version, with the canaries of its update block; nothing is started for it.
    void theNextVersionIsRehearsed() {
        const int before = nomad_.count("POST", jobs_path);
        nomad_.script("POST", plan_path, {.body = recorded(20)});
        const QJsonObject told = json({u"rehearse"_qs, u"--service"_qs, u"web"_qs, u"--futures"_qs,
                                       u"50"_qs, u"--no-advice"_qs});
        const QJsonObject plan = told[u"plans"][0].toObject();
        QCOMPARE(plan[u"service"].toString(), u"web"_qs);
        QCOMPARE(plan[u"from"].toString(), u"0"_qs);
        QCOMPARE(plan[u"to"].toString(), u"1"_qs);
        QVERIFY(plan[u"nodes"].toInt() > 0);
        const QByteArray presumed = QJsonDocument(told[u"presumed"].toArray()).toJson();
        QVERIFY2(presumed.contains("this is a model of it"), presumed);
        QCOMPARE(nomad_.count("POST", jobs_path), before);
        nomad_.unscript();
    }
    void aVersionWithCanariesWaitsForAPerson() {
        nextRegister({.body = registered(19)}, [this] {
            showJob(1, 19);
            showThen(recorded(24));
        });
        nomad_.script("POST", plan_path, {.body = recorded(20)});
        const QJsonObject started = json({u"service"_qs, u"start"_qs, u"web"_qs, u"--env"_qs,
                                          u"APP_VERSION=2.0.0"_qs, u"--reason"_qs, u"new"_qs});
        QCOMPARE(started[u"request"][u"outcome"].toString(), u"applied"_qs);
        QCOMPARE(started[u"request"][u"reason"].toString(), u"new"_qs);
        const QJsonObject sent = QJsonDocument::fromJson(nomad_.last(plan_path)->body).object();
        QCOMPARE(sent[u"Job"][u"TaskGroups"][0][u"Tasks"][0][u"Env"][u"APP_VERSION"].toString(),
                 u"2.0.0"_qs);
        QVERIFY(awaitStatus(u"in_progress"_qs));
        nomad_.put("/v1/allocations", recorded(26), ++index_);
        showThen(recorded(25));
        QVERIFY(awaitStatus(u"waiting"_qs));
        QCOMPARE(json({u"summary"_qs})[u"waiting"].toInt(), 1);
        nomad_.unscript();
    }
    void itIsPausedAndGoesOn() {
        nomad_.script("POST", pause_path, {.body = "{\"EvalID\":\"x\"}"});
        nomad_.put(canary_path, recorded(38), ++index_);
        QCOMPARE(outcome({u"pause"_qs, canary_id}, 0), u"applied"_qs);
        showThen(recorded(38));
        QVERIFY(awaitStatus(u"paused"_qs));
        nomad_.put(canary_path, recorded(25), ++index_);
        QCOMPARE(outcome({u"resume"_qs, canary_id}, 0), u"applied"_qs);
        showThen(deployment(25, 28, {}));
        QVERIFY(awaitStatus(u"waiting"_qs));
    }
    // Nomad knows no such stage: the daemon pauses it there, also when it was away meanwhile.
    void itIsHeldAtAShare() {
        const QStringList to_half{u"promote"_qs, u"web"_qs, u"--to"_qs, u"50"_qs};
        const Ran small = aviary({u"promote"_qs, u"web"_qs, u"--to"_qs, u"20"_qs}, 1);
        QVERIFY2(small.err.contains(u"2 of 6 instances are new already"), qPrintable(small.err));
        nomad_.script("POST", promote_path, {.body = "{\"EvalID\":\"x\"}"});
        const QJsonObject promoted{{u"Promoted"_qs, true}};
        nomad_.put(canary_path, deployment(25, 30, {}, promoted), ++index_);
        const Ran said = aviary(to_half, 0);
        QVERIFY2(said.out.contains(u"paused once 3 of 6 instances are new"), qPrintable(said.out));
        QVERIFY(said.out.contains(u"while it is away, the cluster goes on"));
        showThen(deployment(25, 30, {}, promoted));
        QVERIFY(awaitStatus(u"in_progress"_qs));

        const int before = nomad_.count("POST", pause_path);
        stopDaemon();
        QVERIFY(startDaemon());
        QVERIFY(awaitStatus(u"in_progress"_qs));
        QCOMPARE(nomad_.count("POST", pause_path), before);
        const QJsonObject three{{u"Promoted"_qs, true}, {u"PlacedAllocs"_qs, 3}};
        const QByteArray held = deployment(38, 41, {}, three);
        nomad_.unscript();
        nomad_.script("POST", pause_path, {.body = "{\"EvalID\":\"x\"}"});
        showThen(deployment(25, 40, {}, three));
        nomad_.put(canary_path, held, index_);
        QVERIFY(
            QTest::qWaitFor([&] { return nomad_.count("POST", pause_path) > before; }, wait_ms));
        showThen(held);
        QVERIFY(awaitStatus(u"paused"_qs));
        QCOMPARE(nomad_.count("POST", pause_path), before + 1);

        // Held once: when it goes on, it is not held again.
        aviary({u"cluster"_qs, u"unlock"_qs, u"edge"_qs}, 0);
        nomad_.put(canary_path, deployment(25, 42, {}, three), ++index_);
        QCOMPARE(outcome({u"resume"_qs, u"web"_qs}, 0), u"applied"_qs);
        showThen(deployment(25, 42, {}, three));
        QVERIFY(awaitStatus(u"in_progress"_qs));
        showThen(recorded(45));
        QVERIFY(awaitStatus(u"completed"_qs));
        QCOMPARE(nomad_.count("POST", pause_path), before + 2); // the word to go on
    }
    void aVersionThatFailsGoesBack() {
        nextRegister({.body = registered(58)}, [this] {
            showJob(2, 58);
            first_ += "," + recorded(45);
            showThen(recorded(80));
        });
        nomad_.script("POST", plan_path, {.body = plan(20, 19)});
        QCOMPARE(outcome({u"service"_qs, u"start"_qs, u"web"_qs, u"--env"_qs, u"FAIL=1"_qs}, 0),
                 u"applied"_qs);
        QVERIFY(awaitStatus(u"failed"_qs, u"8bf83759"_qs));
        QVERIFY(aviary({u"status"_qs, u"8bf83759"_qs}, 0)
                    .out.contains(u"rolling back to job version 1"));
        nomad_.unscript();
    }
    void aVersionIsBroughtBack() {
        nomad_.put("/v1/job/web/versions", recorded(30), ++index_);
        nomad_.script("POST", "/v1/job/web/revert", {.body = registered(90)});
        showJob(4, 90);
        QCOMPARE(outcome({u"rollback"_qs, canary_id, u"--version"_qs, u"0"_qs}, 0), u"applied"_qs);
        const QJsonObject sent =
            QJsonDocument::fromJson(nomad_.last("/v1/job/web/revert")->body).object();
        QCOMPARE(sent[u"JobVersion"].toInteger(-1), 0);
        nomad_.unscript();
    }
    // No answer, and nothing is to be seen: nobody knows. What is seen later settles it.
    void silenceIsUnknownUntilTheClusterShows() {
        nextRegister({.fault = Fault::Cut}, [] {});
        nomad_.script("POST", plan_path, {.body = plan(20, 90)});
        const QJsonObject row =
            json({u"service"_qs, u"start"_qs, u"web"_qs, u"--count"_qs, u"7"_qs}, 3)[u"request"]
                .toObject();
        QCOMPARE(row[u"outcome"].toString(), u"unknown"_qs);
        const QString id = row[u"id"].toString();
        QCOMPARE(outcomeOf(id), u"unknown"_qs);
        stopDaemon(); // and it is not forgotten
        QVERIFY(startDaemon());
        QCOMPARE(outcomeOf(id), u"unknown"_qs);
        nomad_.unscript();
        nomad_.script("POST", plan_path,
                      {.body = "{\"Diff\":{\"Type\":\"None\"},\"JobModifyIndex\":95}"});
        showJob(5, 95);
        QVERIFY(QTest::qWaitFor([&] { return outcomeOf(id) == u"applied"_qs; }, wait_ms));
        aviary({u"cluster"_qs, u"unlock"_qs, u"edge"_qs}, 0);
        // What is so already is not registered again.
        const int before = nomad_.count("POST", jobs_path);
        QCOMPARE(outcome({u"service"_qs, u"start"_qs, u"web"_qs, u"--count"_qs, u"7"_qs}, 0),
                 u"applied"_qs);
        QCOMPARE(nomad_.count("POST", jobs_path), before);
    }
    void aServiceIsStopped() {
        nomad_.script("DELETE", job_path, {.body = "{\"EvalID\":\"x\"}"});
        const auto listening = connect(&nomad_, &ReplayServer::heard, this, [this] {
            if (nomad_.count("DELETE", job_path) == 1) {
                nomad_.put(job_path, job(6, 99, true), 200);
            }
        });
        const QJsonObject stopped =
            json({u"service"_qs, u"stop"_qs, u"web"_qs, u"--reason"_qs, u"old"_qs});
        QCOMPARE(stopped[u"request"][u"outcome"].toString(), u"applied"_qs);
        QCOMPARE(stopped[u"effect"][u"way_back"].toString(), u"aviary service start web"_qs);
        QCOMPARE(nomad_.count("DELETE", job_path), 1);
        disconnect(listening);
    }
    void aClusterThatGoesTakesItsTokenAlong() {
        aviary({u"cluster"_qs, u"token"_qs, u"edge"_qs}, 0, secret.toLatin1() + "\n");
        const auto kept = [this] {
            int files = 0;
            for (QDirIterator file(places_.state, {u"token-*"_qs}, QDir::Files,
                                   QDirIterator::Subdirectories);
                 file.hasNext(); file.next()) {
                ++files;
            }
            return files;
        };
        const int before = kept();
        aviary({u"cluster"_qs, u"remove"_qs, u"edge"_qs}, 0);
        QCOMPARE(kept(), 0);
        QVERIFY(json({u"cluster"_qs, u"list"_qs})[u"clusters"].toArray().isEmpty());
        if (before == 0) {
            QSKIP("a keyring answers here: that the file goes cannot be seen");
        }
        // Who adds it again is nobody that is known.
        QVERIFY(addCluster());
        QVERIFY(!nomad_.last("/v1/nodes")->headers.contains("x-nomad-token"));
    }
};

QTEST_GUILESS_MAIN(TestStarts)
#include "test_starts.moc"
