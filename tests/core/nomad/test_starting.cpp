// SPDX-License-Identifier: GPL-3.0-or-later
// New versions of jobs: planned, registered only as planned, and whatever goes wrong on the way.
#include "core/clusters/nomad/jobediting.h"
#include "tests/core/nomad/stage.h"

#include <QJsonArray>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using Ending = OwnAnswer::Outcome;
using Fault = Scripted::Fault;
using Verb = OwnRequest::Verb;

namespace {

const QByteArray job_path = "/v1/job/web";
const QByteArray plan_path = "/v1/job/web/plan";
const QByteArray jobs_path = "/v1/jobs";
const QByteArray promote_path = "/v1/deployment/promote/" + canary_id.toLatin1();
const QByteArray pause_path = "/v1/deployment/pause/" + canary_id.toLatin1();
const QByteArray nothing = "{\"Diff\":{\"Type\":\"None\"},\"JobModifyIndex\":19}";

// The recorded job, of that version and with that index.
QByteArray job(int version, int index, bool stopped = false) {
    QJsonObject made = QJsonDocument::fromJson(recorded(17)).object();
    made[u"Version"_qs] = version;
    made[u"JobModifyIndex"_qs] = index;
    made[u"Stop"_qs] = stopped;
    return QJsonDocument(made).toJson();
}

OwnStart changed(const QString &variable) {
    OwnStart wanted;
    wanted.service = u"web"_qs;
    wanted.variables[u"APP_VERSION"_qs] = variable;
    return wanted;
}

// Version 0 of the job runs, and the recorded plan of version 1 is what comes of changing it.
struct Job : Stage {
    Job() : Stage({25}) {
        server.put(job_path, job(0, 10), 17);
        server.script("POST", plan_path, {.body = recorded(20)});
    }
    // From the first act of that path on, it is done.
    void happensWith(const QByteArray &path, const std::function<void()> &then) {
        QObject::connect(&server, &ReplayServer::heard, driver.get(), [this, path, then] {
            if (server.count("POST", path) == 1) {
                then();
            }
        });
    }
};

QJsonObject taskOf(const QJsonObject &job) {
    return job[u"TaskGroups"][0][u"Tasks"][0].toObject();
}

} // namespace

class TestStarting : public QObject {
    Q_OBJECT

    void addFaults(bool for_start) {
        QTest::addColumn<Scripted>("answer");
        QTest::addColumn<int>("untouched"); // the ending when the cluster did not do it
        QTest::addColumn<bool>("uncertain");
        const auto row = [](const char *name, const Scripted &answer, Ending untouched) {
            QTest::newRow(name) << answer << static_cast<int>(untouched)
                                << (untouched == Ending::Unknown);
        };
        row("401", {.status = 401}, Ending::Refused);
        row("403", {.status = 403, .body = "Permission denied"}, Ending::Refused);
        row("404", {.status = 404, .body = "404 page not found"}, Ending::Refused);
        row("409", {.status = 409, .body = "conflict"}, Ending::Refused);
        row("429", {.status = 429, .headers = {{"Retry-After", "1"}}}, Ending::Refused);
        row("500, known", {.status = 500, .body = for_start ? recorded(21) : recorded(52)},
            Ending::Refused);
        row("500, no leader", {.status = 500, .body = "No cluster leader"}, Ending::Refused);
        row("500, in the middle", {.status = 500, .body = "leadership lost while committing log"},
            Ending::Unknown);
        row("502", {.status = 502, .body = "<html>bad gateway</html>"}, Ending::Unknown);
        // It says that it did, in words that nobody knows; what is there counts.
        row("garbage", {.body = "<html>welcome</html>"}, Ending::Refused);
        row("truncated", {.body = "{\"EvalID\":\"x\"}", .fault = Fault::CutInBody},
            Ending::Unknown);
        row("cut", {.fault = Fault::Cut}, Ending::Unknown);
        row("silence", {.fault = Fault::Silent}, Ending::Unknown);
        row("no HTTP", {.fault = Fault::NoHttp}, Ending::Unknown);
    }
    void checkSentOnce(const Job &job, const QByteArray &path) {
        QCOMPARE(job.server.count("POST", path), 1);
        QCOMPARE(job.posted(path).headers.value("x-nomad-token"), secret.toLatin1());
        QVERIFY(!job.posted(path).target.contains(secret.toLatin1()));
    }

private Q_SLOTS:
    void aPlanIsShownAndItsIndexEnforced() {
        Job web;
        QVERIFY(web.open());
        const auto plan = web.plan(changed(u"2.0.0"_qs));
        QVERIFY2(plan.has_value(), plan ? "" : qPrintable(toText(plan.error())));
        QCOMPARE(plan->service, u"web"_qs);
        QCOMPARE(plan->index, 10u);
        QCOMPARE(plan->version, u"0"_qs);
        QVERIFY(!plan->is_so);
        const QString said = plan->sentences.join(u'\n');
        QVERIFY2(said.contains(u"web/server/Env[APP_VERSION]: 2.0.0 in place of 1.0.0"),
                 qPrintable(said));
        QVERIFY(said.contains(u"web: 2 canaries, 6 stay as they are until it is promoted"));
        QVERIFY(said.contains(u"index 10, version 0"));
        QVERIFY(said.contains(u"the rollout to 1 that goes on ends for it"));
        QCOMPARE(taskOf(web.sent(plan_path)[u"Job"].toObject())[u"Env"][u"APP_VERSION"].toString(),
                 u"2.0.0"_qs);
        QCOMPARE(web.server.count("POST", jobs_path), 0); // nothing is changed yet

        web.server.script("POST", jobs_path, {.body = "{\"EvalID\":\"x\",\"JobModifyIndex\":19}"});
        web.happensWith(jobs_path, [&web] { web.server.put(job_path, job(1, 19), 19); });
        const OwnAnswer answer = web.start(*plan);
        QVERIFY2(answer.outcome == Ending::Applied, qPrintable(answer.text));
        QVERIFY2(answer.text.contains(u"version 1"), qPrintable(answer.text));
        const QJsonObject sent = web.sent(jobs_path);
        QCOMPARE(sent[u"EnforceIndex"].toBool(), true);
        QCOMPARE(sent[u"JobModifyIndex"].toInteger(), 10);
        checkSentOnce(web, jobs_path);
    }
    void aJobComesFromAFile() {
        Job web;
        web.server.script("GET", job_path, {.status = 404, .body = "job not found"});
        web.server.script("POST", plan_path, {.body = recorded(12)});
        QVERIFY(web.open());
        OwnStart wanted;
        wanted.text =
            u"{\"Job\":{\"ID\":\"web\",\"TaskGroups\":[{\"Name\":\"web\",\"Count\":6}]}}"_qs;
        const auto plan = web.plan(wanted);
        QVERIFY2(plan.has_value(), plan ? "" : qPrintable(toText(plan.error())));
        QCOMPARE(plan->index, 0u); // and it must still not be there then
        QCOMPARE(plan->version, QString());
        QCOMPARE(plan->instances, 6);
        QVERIFY(plan->sentences.join(u'\n').contains(u"no canaries"));
        wanted.text = u"{\"Job\":{\"Name\":\"web\"}}"_qs;
        QVERIFY(!web.plan(wanted).has_value());
        wanted.text = u"{\"Job\":"_qs;
        QVERIFY(!web.plan(wanted).has_value());
        // Nomad's own language is read by Nomad, which says what is wrong in it.
        wanted.text = u"job \"web\" {}"_qs;
        web.server.script("POST", "/v1/jobs/parse", {.body = "{\"ID\":\"web\"}"}, 1);
        QVERIFY(web.plan(wanted).has_value());
        QCOMPARE(web.sent("/v1/jobs/parse")[u"JobHCL"].toString(), wanted.text);
        web.server.script("POST", "/v1/jobs/parse", {.status = 400, .body = "line 3: wrong"});
        const auto wrong = web.plan(wanted);
        QVERIFY2(!wrong && wrong.error().what.contains(u"line 3"), "Nomad's words");
    }
    void whatIsSoAlreadyIsSaid() {
        Job web;
        web.server.script("POST", plan_path, {.body = nothing});
        QVERIFY(web.open());
        const auto plan = web.plan(changed(u"1.0.0"_qs));
        QVERIFY(plan && plan->is_so);
        QVERIFY(plan->sentences.join(u'\n').contains(u"version 0 is so already"));
    }
    void whatCannotBePlannedIsRefused_data() {
        QTest::addColumn<Scripted>("answer");
        QTest::addColumn<QString>("said");
        QTest::newRow("denied") << Scripted{.status = 403, .body = "Permission denied"}
                                << u"may not"_qs;
        QTest::newRow("invalid") << Scripted{.status = 500,
                                             .body = "1 error occurred: Missing job datacenters"}
                                 << u"datacenters"_qs;
        QTest::newRow("garbage") << Scripted{.body = "<html>"} << u"not what Nomad answers"_qs;
        QTest::newRow("cut") << Scripted{.fault = Fault::Cut} << u"broke off"_qs;
    }
    void whatCannotBePlannedIsRefused() {
        QFETCH(Scripted, answer);
        QFETCH(QString, said);
        Job web;
        web.server.script("POST", plan_path, answer);
        QVERIFY(web.open());
        const auto plan = web.plan(changed(u"2.0.0"_qs));
        QVERIFY(!plan.has_value());
        QVERIFY2(toText(plan.error()).contains(said), qPrintable(toText(plan.error())));
    }
    // Changes of a job go where they are meant, and nowhere else.
    void changesAreMadeWhereTheyAreMeant() {
        const QJsonObject one = QJsonDocument::fromJson(recorded(17)).object();
        OwnStart wanted;
        wanted.count = 9;
        wanted.variables[u"A"_qs] = u"b"_qs;
        const auto made = nomad::changed(one, wanted);
        QVERIFY(made.has_value());
        QCOMPARE((*made)[u"TaskGroups"][0][u"Count"].toInteger(), 9);
        QCOMPARE(taskOf(*made)[u"Env"][u"A"].toString(), u"b"_qs);
        QCOMPARE(taskOf(*made)[u"Env"][u"APP_VERSION"].toString(), u"1.0.0"_qs);
        OwnStart image;
        image.image = u"web:2"_qs;
        QVERIFY(!nomad::changed(one, image).has_value()); // it runs a program, no image
        QJsonObject two =
            QJsonDocument::fromJson(
                "{\"ID\":\"two\",\"TaskGroups\":[{\"Name\":\"a\",\"Tasks\":[{\"Name\":"
                "\"x\",\"Config\":{\"image\":\"a:1\"}},{\"Name\":\"log\"}]},{\"Name\":"
                "\"b\",\"Tasks\":[{\"Name\":\"y\"}]}]}")
                .object();
        QCOMPARE(taskOf(*nomad::changed(two, image))[u"Config"][u"image"].toString(), u"web:2"_qs);
        OwnStart count;
        count.count = 3;
        QVERIFY(!nomad::changed(two, count).has_value()); // of which part?
        count.part = u"b"_qs;
        QCOMPARE((*nomad::changed(two, count))[u"TaskGroups"][1][u"Count"].toInteger(), 3);
        count.part = u"c"_qs;
        QVERIFY(!nomad::changed(two, count).has_value());
    }

    void everyFaultOfAStartEndsInTheTruth_data() { addFaults(true); }
    void everyFaultOfAStartEndsInTheTruth() {
        QFETCH(Scripted, answer);
        QFETCH(int, untouched);
        QFETCH(bool, uncertain);
        Job web;
        QVERIFY(web.open());
        const auto plan = web.plan(changed(u"2.0.0"_qs));
        QVERIFY(plan.has_value());
        web.server.script("POST", jobs_path, answer);
        const OwnAnswer missed = web.start(*plan);
        QVERIFY2(static_cast<int>(missed.outcome) == untouched, qPrintable(missed.text));
        QVERIFY(!missed.text.isEmpty());
        checkSentOnce(web, jobs_path);
        if (!uncertain) {
            return;
        }
        // It was done all the same, and is seen then.
        web.server.put(job_path, job(1, 19), 19);
        web.server.script("POST", plan_path, {.body = nothing});
        const auto settle = [&] {
            return web.answered([&](const auto &then) { web.driver->settleStart(*plan, then); });
        };
        QCOMPARE(settle().outcome, Ending::Applied);
        // Somebody else was first: what is there is not what was asked.
        web.server.script("POST", plan_path, {.body = recorded(20)});
        QCOMPARE(settle().outcome, Ending::Refused);
        // Two versions later nobody can tell.
        web.server.put(job_path, job(2, 25), 25);
        QCOMPARE(settle().outcome, Ending::Unknown);
    }
    void everyFaultOfAPromotionEndsInTheTruth_data() { addFaults(false); }
    void everyFaultOfAPromotionEndsInTheTruth() {
        everyFaultOf({Verb::Promote, canary_id}, promote_path, 45);
    }
    void everyFaultOfAPauseEndsInTheTruth_data() { addFaults(false); }
    void everyFaultOfAPauseEndsInTheTruth() {
        everyFaultOf({Verb::Pause, canary_id}, pause_path, 38);
    }
    // An hour later nobody means it any more.
    void whatActsDoesNotWaitForAnHour() {
        Job web;
        QVERIFY(web.open());
        web.server.script("POST", pause_path,
                          {.status = 429, .headers = {{"Retry-After", "3600"}}});
        QCOMPARE(web.ask({Verb::Pause, canary_id}).outcome, Ending::Refused);
        const OwnAnswer next = web.ask({Verb::Promote, canary_id});
        QCOMPARE(next.outcome, Ending::Refused);
        QVERIFY2(next.text.contains(u"ask again in"), qPrintable(next.text));
        QCOMPARE(web.server.count("POST", promote_path), 0);
    }
    void theTokenStaysHome() {
        ReplayServer elsewhere;
        const QByteArray to = elsewhere.address().toLatin1() + "/v1/jobs";
        const Scripted away{.status = 307, .headers = {{"Location", to}}};
        Job web;
        QVERIFY(web.open());
        const auto plan = web.plan(changed(u"2.0.0"_qs));
        QVERIFY(plan.has_value());
        for (const QByteArray &path : {jobs_path, promote_path, pause_path}) {
            web.server.script("POST", path, away);
        }
        for (const OwnAnswer &answer : {web.start(*plan), web.ask({Verb::Promote, canary_id}),
                                        web.ask({Verb::Pause, canary_id})}) {
            QCOMPARE(answer.outcome, Ending::Refused);
            QVERIFY2(answer.text.contains(u"points elsewhere"), qPrintable(answer.text));
        }
        web.server.script("POST", plan_path, away);
        QVERIFY(!web.plan(changed(u"3.0.0"_qs)).has_value());
        QVERIFY(elsewhere.asked().empty());
    }
    void aServiceIsStopped() {
        Job web;
        QVERIFY(web.open());
        const auto stop = [&web](const QString &service) {
            return web.answered([&](const auto &then) { web.driver->stopService(service, then); });
        };
        QCOMPARE(stop(u"nope"_qs).outcome, Ending::Refused);
        web.server.script("DELETE", job_path, {.body = "{\"EvalID\":\"x\"}"});
        QCOMPARE(stop(u"web"_qs).outcome, Ending::Refused); // taken, and not done
        web.server.script("DELETE", job_path, {.fault = Fault::Cut}, 1);
        QCOMPARE(stop(u"web"_qs).outcome, Ending::Unknown);
        web.server.put(job_path, job(1, 30, true), 30);
        QCOMPARE(stop(u"web"_qs).outcome, Ending::Applied);
        QCOMPARE(web.server.count("DELETE", job_path), 3);
        for (const Asked &one : web.server.asked()) {
            QVERIFY(one.query("purge").isEmpty());
        }
    }

private:
    void everyFaultOf(const OwnRequest &request, const QByteArray &path, int when_done) {
        QFETCH(Scripted, answer);
        QFETCH(int, untouched);
        QFETCH(bool, uncertain);
        {
            Job web;
            web.server.put(canary_path, recorded(25), 24);
            QVERIFY(web.open());
            web.server.script("POST", path, answer);
            const OwnAnswer missed = web.ask(request);
            QVERIFY2(static_cast<int>(missed.outcome) == untouched, qPrintable(missed.text));
            QVERIFY(!missed.text.isEmpty());
            checkSentOnce(web, path);
        }
        if (uncertain && answer.fault != Fault::Silent) { // it takes as long again
            Job web;
            web.server.put(canary_path, recorded(when_done), 60);
            QVERIFY(web.open());
            web.server.script("POST", path, answer);
            QCOMPARE(web.ask(request).outcome, Ending::Applied);
        }
    }
};

QTEST_GUILESS_MAIN(TestStarting)
#include "test_starting.moc"
