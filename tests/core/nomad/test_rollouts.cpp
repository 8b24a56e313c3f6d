// SPDX-License-Identifier: GPL-3.0-or-later
// What Nomad runs itself: how it is seen, and what comes of asking.
#include "core/clusters/nomad/acting.h"
#include "tests/core/nomad/stage.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace aviary;
using namespace aviary::clusters;
using namespace aviary::tests;
using namespace Qt::Literals;
using Ending = OwnAnswer::Outcome;
using Fault = Scripted::Fault;
using Verb = OwnRequest::Verb;
using kernel::Status;

namespace {

const Scripted done{.body = "{\"EvalID\":\"x\",\"RevertedJobVersion\":null}"};

} // namespace

class TestRollouts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void deploymentsAreRollouts_data() {
        QTest::addColumn<int>("recording");
        QTest::addColumn<QByteArray>("allocations");
        QTest::addColumn<Status>("status");
        const QByteArray none("[]");
        QTest::newRow("new job") << 14 << none << Status::InProgress;
        // Its text says already that it requires promotion.
        QTest::newRow("canaries placed") << 24 << none << Status::InProgress;
        QTest::newRow("canaries healthy") << 25 << recorded(26) << Status::Waiting;
        QTest::newRow("paused") << 38 << recorded(26) << Status::Paused;
        QTest::newRow("successful") << 45 << none << Status::Completed;
        QTest::newRow("failed") << 80 << none << Status::Failed;
        QTest::newRow("cancelled") << 128 << none << Status::Superseded;
        // Its text says no more that it requires promotion.
        QTest::newRow("text forgot it") << 118 << none << Status::InProgress;
        QTest::newRow("one group of two") << 123 << none << Status::InProgress;
        // 5 healthy are old ones that were taken over, and no canary is known to be.
        QTest::newRow("taken over") << 223 << none << Status::InProgress;
    }
    void deploymentsAreRollouts() {
        QFETCH(int, recording);
        QFETCH(QByteArray, allocations);
        QFETCH(Status, status);
        Stage stage({recording}, allocations);
        QVERIFY(stage.open());
        const auto seen = stage.driver->rollouts();
        QCOMPARE(seen.size(), 1u);
        QCOMPARE(seen[0].status, status);
        QVERIFY(!seen[0].text.isEmpty());
    }
    void partsHaveTheirCounts() {
        Stage stage({123});
        QVERIFY(stage.open());
        const OwnRollout multi = stage.driver->rollouts().at(0);
        QCOMPARE(multi.service, u"multi"_qs);
        QCOMPARE(multi.parts.size(), 2u);
        QCOMPARE(multi.parts[0].name, u"api"_qs);
        QVERIFY(multi.parts[0].promoted);
        QCOMPARE(multi.parts[0].healthy, 2);
        QVERIFY(multi.parts[1].waits());
        QVERIFY(multi.parts[1].reverts_itself);
    }
    void whatRanBeforeIsTheLastThatWentWell() {
        Stage stage({45, 80});
        QVERIFY(stage.open());
        QCOMPARE(stage.rollout(u"8bf83759"_qs).from, u"1"_qs); // what failed is version 2
        QCOMPARE(stage.rollout().from, QString());             // nothing older is known
    }
    // Nomad's auto_revert: a rollout of its own, and whose failure it answers.
    void whatTakesAFailureBackSaysSo() {
        Stage stage({80, 82});
        QVERIFY(stage.open());
        const OwnRollout back = stage.rollout(u"debe9cf5"_qs);
        QCOMPARE(back.to, u"3"_qs);
        QCOMPARE(back.status, Status::Completed);
        QVERIFY2(back.text.contains(u"to take back version 2, which failed (rollout 8bf83759)"),
                 qPrintable(back.text));
        QVERIFY(!stage.rollout(u"8bf83759"_qs).text.contains(u"to take back"));
    }
    void aPromotionIsAppliedWhenTheClusterSaysSo() {
        Stage stage({25});
        QVERIFY(stage.open());
        stage.server.script("POST", "/v1/deployment/promote/" + canary_id.toLatin1(), done);
        stage.server.put(canary_path, recorded(45), 56);
        const OwnAnswer answer = stage.ask({Verb::Promote, canary_id});
        QVERIFY2(answer.outcome == Ending::Applied, qPrintable(answer.text));
        const QJsonObject sent = stage.sent("/v1/deployment/promote/" + canary_id.toLatin1());
        QCOMPARE(sent[u"DeploymentID"].toString(), canary_id);
        QCOMPARE(sent[u"All"].toBool(), true);
        QCOMPARE(stage.acts(), 1);
    }
    void onePartIsPromotedByItsName() {
        const QJsonObject judged{{u"Canary"_qs, true}, {u"Healthy"_qs, true}};
        const QJsonObject one{{u"ID"_qs, u"74a7f0de-2b29-ccf7-d8a0-cba5fcae7d82"_qs},
                              {u"DeploymentStatus"_qs, judged}};
        const QByteArray canary = QJsonDocument(QJsonArray{one}).toJson();
        Stage stage({123}, canary);
        QVERIFY(stage.open());
        const OwnRollout multi = stage.rollout(u"76e14f48"_qs);
        QCOMPARE(multi.status, Status::Waiting);
        const QByteArray id = multi.id.toLatin1();
        stage.server.script("POST", "/v1/deployment/promote/" + id, done);
        stage.server.put("/v1/deployment/" + id, recorded(125), 272);
        QCOMPARE(stage.ask({Verb::Promote, multi.id, {u"worker"_qs}}).outcome, Ending::Applied);
        const QJsonObject sent = stage.sent("/v1/deployment/promote/" + id);
        QCOMPARE(sent[u"Groups"].toArray(), QJsonArray{u"worker"_qs});
        QVERIFY(!sent.contains(u"All"_qs));
    }
    // 200, and nothing happened: as with a group that it does not know.
    void whatTheClusterTookAndDidNotIsRefused() {
        Stage stage({25});
        QVERIFY(stage.open());
        stage.server.script("POST", "/v1/deployment/promote/" + canary_id.toLatin1(), done);
        stage.server.put(canary_path, recorded(25), 24);
        QCOMPARE(stage.ask({Verb::Promote, canary_id}).outcome, Ending::Refused);
    }
    void whatCannotBeIsNotEvenSent_data() {
        QTest::addColumn<int>("recording");
        QTest::addColumn<QByteArray>("allocations");
        QTest::addColumn<int>("verb");
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, int recording, const QByteArray &allocations,
                            Verb verb, const QString &said, const QString &part = {}) {
            QTest::newRow(name) << recording << allocations << static_cast<int>(verb) << part
                                << said;
        };
        row("too early", 24, "[]", Verb::Promote, u"web has 0 of 2 healthy canaries"_qs);
        row("over", 45, "[]", Verb::Promote, u"it is over"_qs);
        row("paused", 38, recorded(26), Verb::Promote, u"resume it first"_qs);
        row("unknown part", 25, recorded(26), Verb::Promote, u"no part nope"_qs, u"nope"_qs);
        row("promoted", 41, recorded(26), Verb::Promote, u"paused"_qs);
        row("paused twice", 38, "[]", Verb::Pause, u"paused already"_qs);
        row("not paused", 25, "[]", Verb::Resume, u"not paused"_qs);
        row("failed", 45, "[]", Verb::Fail, u"it is over"_qs);
    }
    void whatCannotBeIsNotEvenSent() {
        QFETCH(int, recording);
        QFETCH(QByteArray, allocations);
        QFETCH(int, verb);
        QFETCH(QString, part);
        QFETCH(QString, said);
        Stage stage({recording}, allocations);
        QVERIFY(stage.open());
        OwnRequest request{static_cast<Verb>(verb), canary_id};
        if (!part.isEmpty()) {
            request.parts << part;
        }
        const OwnAnswer answer = stage.ask(request);
        QCOMPARE(answer.outcome, Ending::Refused);
        QVERIFY2(answer.text.contains(said), qPrintable(answer.text));
        QCOMPARE(stage.acts(), 0);
    }
    void pauseAndResume() {
        Stage stage({25});
        QVERIFY(stage.open());
        const QByteArray path = "/v1/deployment/pause/" + canary_id.toLatin1();
        stage.server.script("POST", path, done);
        stage.server.put(canary_path, recorded(38), 27);
        QCOMPARE(stage.ask({Verb::Pause, canary_id}).outcome, Ending::Applied);
        QCOMPARE(stage.sent(path)[u"Pause"].toBool(), true);
        stage.show({38}, 27);
        QVERIFY(QTest::qWaitFor([&] {
            stage.driver->observe();
            return stage.rollout().status == Status::Paused;
        }));
        stage.server.put(canary_path, recorded(25), 30);
        QCOMPARE(stage.ask({Verb::Resume, canary_id}).outcome, Ending::Applied);
        QCOMPARE(stage.sent(path)[u"Pause"].toBool(true), false);
    }
    void everyMishapEndsInTheTruth_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("fault");
        QTest::addColumn<int>("after"); // the recording of how it is then; 0: nobody says
        QTest::addColumn<int>("ending");
        const auto row = [](const char *name, int status, const QByteArray &body, Fault fault,
                            int after, Ending ending) {
            QTest::newRow(name) << status << body << static_cast<int>(fault) << after
                                << static_cast<int>(ending);
        };
        row("too early", 500, recorded(23), Fault::None, 24, Ending::Refused);
        row("over", 500, recorded(46), Fault::None, 45, Ending::Refused);
        row("unknown", 500, recorded(52), Fault::None, 25, Ending::Refused);
        row("denied", 403, "Permission denied", Fault::None, 25, Ending::Refused);
        row("token", 403, recorded(177), Fault::None, 25, Ending::Refused);
        row("busy", 429, "", Fault::None, 25, Ending::Refused);
        row("gateway", 502, "bad gateway", Fault::None, 25, Ending::Unknown);
        row("gateway, and done", 502, "bad gateway", Fault::None, 45, Ending::Applied);
        row("redirect", 307, "", Fault::None, 25, Ending::Refused);
        row("cut, and done", 200, "{}", Fault::Cut, 45, Ending::Applied);
        row("cut, and not seen", 200, "{}", Fault::Cut, 25, Ending::Unknown);
        row("cut, and silence", 200, "{}", Fault::CutInBody, 0, Ending::Unknown);
    }
    void everyMishapEndsInTheTruth() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, fault);
        QFETCH(int, after);
        QFETCH(int, ending);
        Stage stage({25});
        QVERIFY(stage.open());
        const QByteArray path = "/v1/deployment/promote/" + canary_id.toLatin1();
        stage.server.script("POST", path,
                            {.status = status, .body = body, .fault = static_cast<Fault>(fault)});
        if (after > 0) {
            stage.server.put(canary_path, recorded(after), 60);
        } else {
            stage.server.script("GET", canary_path, {.fault = Fault::Cut});
        }
        const OwnAnswer answer = stage.ask({Verb::Promote, canary_id});
        QCOMPARE(static_cast<int>(answer.outcome), ending);
        QVERIFY(!answer.text.isEmpty());
        QCOMPARE(stage.server.count("POST", path), 1); // what acts is sent once
    }
    void theWayBackHasNoCanaryPhaseAndIsEnforced() {
        const auto body = nomad::wayBack(recorded(30), u"0"_qs);
        QVERIFY(body.has_value());
        const QJsonObject job = (*body)[u"Job"].toObject();
        QCOMPARE(job[u"Version"].toInteger(-1), 0);
        for (const QJsonValue &group : job[u"TaskGroups"].toArray()) {
            QCOMPARE(group[u"Update"][u"Canary"].toInteger(-1), 0);
            QVERIFY(group[u"Update"][u"MaxParallel"].toInteger() > 0); // the rest stays
        }
        QCOMPARE((*body)[u"EnforceIndex"].toBool(), true);
        QCOMPARE((*body)[u"JobModifyIndex"].toInteger(), 19);        // of the newest version
        QVERIFY(!nomad::wayBack(recorded(30), u"1"_qs).has_value()); // it is the newest
        QVERIFY(!nomad::wayBack(recorded(30), u"7"_qs).has_value()); // forgotten
    }
    void rollingBackNowIsDoneWhenThereIsANewerVersion() {
        Stage stage({45, 80});
        QVERIFY(stage.open());
        stage.server.put("/v1/job/web/versions", recorded(30), 19);
        stage.server.put("/v1/job/web", "{\"ID\":\"web\",\"Version\":2}", 99);
        stage.server.script("POST", "/v1/jobs", done);
        const OwnRequest back{Verb::RollBack, stage.rollout(u"8bf83759"_qs).id, {}, u"0"_qs};
        stage.server.script("POST", "/v1/job/web/revert", done);
        QCOMPARE(stage.ask(back).outcome, Ending::Applied);
        const QJsonObject sent = stage.sent("/v1/job/web/revert");
        QCOMPARE(sent[u"JobVersion"].toInteger(-1), 0);
        QCOMPARE(sent[u"EnforcePriorVersion"].toInteger(-1), 1);
        // Somebody was first.
        stage.server.script("POST", "/v1/job/web/revert", {.status = 500, .body = recorded(73)});
        QCOMPARE(stage.ask(back).outcome, Ending::Refused);
        // The newest version is not older than itself.
        const OwnAnswer now = stage.ask({Verb::RollBack, back.rollout});
        QCOMPARE(now.outcome, Ending::Refused);
        QVERIFY2(now.text.contains(u"is the newest"), qPrintable(now.text));
    }
    void aNodeIsDrainedAndGivenBack() {
        Stage stage({25});
        QVERIFY(stage.open());
        const QByteArray node = "/v1/node/26056a21-e55d-13f7-e0db-939c0fe679e1";
        stage.server.script("POST", node + "/drain", {.body = recorded(135)});
        kernel::NodeFlags flags;
        flags.draining = true;
        stage.driver->setFlags(u"edge-1"_qs, flags);
        QVERIFY(QTest::qWaitFor([&] { return !stage.changed.empty(); }, 10'000));
        QVERIFY(stage.changed[0].flags.draining);
        QVERIFY(stage.sent(node + "/drain")[u"DrainSpec"][u"Deadline"].toInteger() > 0);
        stage.server.script("POST", node + "/eligibility",
                            {.status = 403, .body = "Permission denied"});
        flags = {};
        flags.maintenance = true;
        stage.driver->setFlags(u"edge-1"_qs, flags);
        QVERIFY(QTest::qWaitFor([&] { return stage.refusals.size() == 1; }, 10'000));
        QVERIFY2(stage.refusals[0].contains(u"may not"), qPrintable(stage.refusals[0]));
        flags.excluded = true;
        stage.driver->setFlags(u"edge-1"_qs, flags);
        QVERIFY(QTest::qWaitFor([&] { return stage.refusals.size() == 2; }, 10'000));
    }
};

QTEST_GUILESS_MAIN(TestRollouts)
#include "test_rollouts.moc"
