// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/reading.h"
#include "tests/replay/recordings.h"

#include <QTest>

#include <algorithm>

using namespace aviary;
using namespace aviary::clusters::nomad;
using aviary::tests::recorded;
using namespace Qt::Literals;

namespace {

Deployment deployment(int number) {
    const auto read = readDeployment(recorded(number));
    return read && *read ? **read : Deployment{};
}

// JSON with ' for "
QByteArray json(QByteArray text) {
    return text.replace('\'', '"');
}

// What a stream says, line by line: "20 deployment running 2/6".
QStringList toldBy(const QByteArray &stream) {
    QStringList told;
    for (const QByteArray &line : stream.split('\n')) {
        if (line.isEmpty()) {
            continue;
        }
        const auto read = readStreamLine(line);
        if (!read) {
            told << u"no line: "_qs + read.error().what;
            continue;
        }
        told << (read->index == 0 ? u"heartbeat"_qs
                                  : u"%1: %2"_qs.arg(read->index).arg(read->changes.size()));
    }
    return told;
}

} // namespace

class TestReading : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nodesHaveStatusDrainAndPlace() {
        const auto nodes = readNodes(recorded(210));
        QVERIFY(nodes.has_value());
        QCOMPARE(nodes->size(), 4u);
        const auto down = std::ranges::find(*nodes, u"down"_qs, &Node::status);
        QVERIFY(down != nodes->end());
        QCOMPARE(down->name, u"edge-3"_qs);
        QCOMPARE(down->node_class, u"edge"_qs);
        QCOMPARE(down->datacenter, u"dc1"_qs);
        QCOMPARE(down->pool, u"default"_qs); // 1.0 knows no pools
        QCOMPARE(down->version, u"1.0.18"_qs);
        QVERIFY(std::ranges::all_of(*nodes, &Node::eligible));
        QVERIFY(!readNodes(recorded(132))->front().eligible);
    }
    void aWholeNodeSaysItsResources() {
        const auto line = readStreamLine(recorded(234).split('\n').at(1));
        QVERIFY(line.has_value());
        QCOMPARE(line->index, 7u);
        const Node node = std::get<Node>(line->changes.at(0));
        QCOMPARE(node.address, u"127.0.0.1"_qs);
        QCOMPARE(node.memory_mib, 65'536);
        QCOMPARE(node.disk_mib, 75'124);
        QCOMPARE(node.version, u"1.0.18"_qs);
        const QByteArray draining =
            json("{'Index':1,'Events':[{'Topic':'Node','Payload':{'Node':") + recorded(136) +
            "}}]}";
        QVERIFY(std::get<Node>(readStreamLine(draining)->changes.at(0)).draining);
    }
    // The text of 24 asks for a promotion before any canary is healthy; that of 118 forgot it.
    void countsDecideWhetherItWaitsNeverTheText() {
        const Deployment placing = deployment(24);
        QCOMPARE(placing.status, DeploymentStatus::Running);
        QCOMPARE(placing.groups.size(), 1u);
        const GroupProgress &web = placing.groups[0];
        QCOMPARE(web.canaries_wanted, 2);
        QCOMPARE(web.canaries.size(), 2);
        QCOMPARE(web.healthy, 0);
        QCOMPARE(web.wanted, 6);
        QVERIFY(web.auto_revert);
        QVERIFY(deployment(25).needsPromotion());
        QCOMPARE(deployment(118).text, u"Deployment is running"_qs);
        QVERIFY(deployment(118).needsPromotion());
        QVERIFY(!deployment(38).needsPromotion()); // paused
        QVERIFY(!deployment(45).needsPromotion());
        QVERIFY(deployment(45).isOver());
    }
    void placedCanariesMayBeNull() {
        const Deployment first = deployment(14);
        QVERIFY(first.groups[0].canaries.isEmpty());
        QCOMPARE(first.groups[0].placed, 6);
        QVERIFY(!first.needsPromotion());
    }
    void nanosecondsAreExact() {
        const GroupProgress web = deployment(14).groups[0];
        QCOMPARE(web.progress_deadline_ns, 60'000'000'000);
        QCOMPARE(web.progress_by_ns, std::optional<qint64>(1795166033812657584));
        const auto allocations = readAllocations(recorded(26));
        QCOMPARE(allocations->at(0).created_ns, 1795165977495130110); // above 2^53
        QCOMPARE(readJob(recorded(17))->submitted_ns, 1795165973744804177);
        QVERIFY(!deployment(77).groups[0].progress_by_ns); // nothing was placed: no clock runs
    }
    void timesOfAnyZone_data() {
        QTest::addColumn<QString>("time");
        QTest::addColumn<std::optional<qint64>>("nanoseconds");
        using Time = std::optional<qint64>;
        QTest::newRow("whole") << u"1970-01-01T00:00:01Z"_qs << Time(1'000'000'000);
        QTest::newRow("one digit") << u"1970-01-01T00:00:01.5Z"_qs << Time(1'500'000'000);
        QTest::newRow("nine") << u"1970-01-01T00:00:00.000000001Z"_qs << Time(1);
        QTest::newRow("ahead") << u"1970-01-01T01:00:00+01:00"_qs << Time(0);
        QTest::newRow("behind") << u"1970-01-01T00:00:00-00:30"_qs << Time(1'800'000'000'000);
        QTest::newRow("go's zero") << u"0001-01-01T00:00:00Z"_qs << Time();
        QTest::newRow("nothing") << QString() << Time();
        QTest::newRow("no zone") << u"1970-01-01T00:00:01"_qs << Time();
        QTest::newRow("words") << u"next Friday or later"_qs << Time();
    }
    void timesOfAnyZone() {
        QFETCH(QString, time);
        QFETCH(std::optional<qint64>, nanoseconds);
        QCOMPARE(nanosecondsOf(time), nanoseconds);
    }
    void groupsOfADeploymentStandApart() {
        const Deployment two = deployment(123);
        QCOMPARE(two.groups.size(), 2u);
        QCOMPARE(two.groups[0].name, u"api"_qs);
        QVERIFY(two.groups[0].promoted);
        QVERIFY(!two.groups[1].promoted);
        QVERIFY(two.needsPromotion());
    }
    void failuresAndCancellationsAreEnds() {
        QCOMPARE(deployment(80).status, DeploymentStatus::Failed);
        QCOMPARE(deployment(80).groups[0].unhealthy, 2);
        QCOMPARE(deployment(92).status, DeploymentStatus::Cancelled);
        QCOMPARE(deployment(128).text, u"Cancelled because job is stopped"_qs);
        QVERIFY(deployment(128).isOver());
        const auto none = readDeployment(recorded(57));
        QVERIFY(none.has_value() && !none->has_value()); // null: the job has none
        QCOMPARE(readDeployments(recorded(8))->size(), 0u);
    }
    void aNewerWordIsNoEnd() {
        const auto read = readDeployment(json("{'ID':'d1','Status':'unblocking'}"));
        QCOMPARE((**read).status, DeploymentStatus::Other);
        QVERIFY(!(**read).isOver());
    }
    void allocationsSayWhereHowAndWhy() {
        const auto canaries = readAllocations(recorded(26));
        QCOMPARE(canaries->size(), 2u);
        QVERIFY(canaries->at(0).canary);
        QCOMPARE(canaries->at(0).healthy, std::optional(true));
        QCOMPARE(canaries->at(0).node_name, u"vm"_qs);
        QCOMPARE(canaries->at(0).job_version, 1u);
        QCOMPARE(canaries->at(0).tasks, QStringList{u"server"_qs});
        const auto bad = readAllocations(recorded(81));
        QVERIFY(std::ranges::all_of(
            *bad, [](const Allocation &one) { return one.healthy == std::optional(false); }));
        QCOMPARE(bad->at(0).status, u"failed"_qs);
        QVERIFY2(bad->at(0).text.startsWith(u"server: "_qs), qPrintable(bad->at(0).text));
        const auto lost = readAllocations(recorded(211));
        QVERIFY(std::ranges::count(*lost, u"lost"_qs, &Allocation::status) > 0);
    }
    void jobsAndTheirVersions() {
        const auto listed = readJobs(recorded(130));
        const auto multi = std::ranges::find(*listed, u"multi"_qs, &Job::id);
        QVERIFY(multi != listed->end());
        QVERIFY(multi->stopped);
        QCOMPARE(multi->space, u"default"_qs); // 1.0 keeps it in the summary only
        QVERIFY(!multi->version);
        const auto job = readJob(recorded(17));
        QCOMPARE(job->version, std::optional<quint64>(0));
        QVERIFY(job->stable);
        QCOMPARE(job->spec_modified, 10u);
        QCOMPARE(job->groups, (std::vector<std::pair<QString, qint64>>{{u"web"_qs, 6}}));
        const auto versions = readVersions(recorded(30));
        QCOMPARE(versions->size(), 2u);
        QCOMPARE(versions->at(0).version, std::optional<quint64>(1));
        QVERIFY(!versions->at(0).stable);
        QVERIFY(versions->at(1).stable);
    }
    void aPlanSaysWhatWouldHappen() {
        const auto plan = readPlan(recorded(20));
        QCOMPARE(plan->groups, (std::vector<PlannedGroup>{{u"web"_qs, 2, 0, 0, 0, 0, 6, 0, 0}}));
        QCOMPARE(plan->spec_modified, 10u);
        QVERIFY(std::ranges::count(plan->changes, PlannedChange{u"web/server/Env[APP_VERSION]"_qs,
                                                                u"1.0.0"_qs, u"2.0.0"_qs}));
        QVERIFY(plan->unplaced.isEmpty());
        const auto fresh = readPlan(recorded(12));
        QCOMPARE(fresh->spec_modified, 0u);
        QCOMPARE(fresh->groups.at(0).place, 6);
        const auto full = readPlan(json("{'JobModifyIndex':3,'FailedTGAllocs':{'web':"
                                        "{'DimensionExhausted':{'memory':2}}}}"));
        QCOMPARE(full->unplaced, QStringList{u"web: no node has room for it (memory: 2)"_qs});
    }
    void theAgentTheTokenAndItsRights() {
        const auto agent = readAgent(recorded(1));
        QCOMPARE(*agent,
                 (Agent{u"1.0.18"_qs, u"global"_qs, u"dc1"_qs, u"vm.global"_qs, false, true}));
        QVERIFY(readToken(recorded(165))->manages);
        const auto token = readToken(recorded(170));
        QVERIFY(!token->manages);
        QCOMPARE(token->policies, QStringList{u"readonly"_qs});
        const auto policy = readPolicy(recorded(171));
        QVERIFY(policy->reads_nodes);
        QVERIFY(!policy->writes_nodes);
        QCOMPARE(policy->rules.at(0).spaces, u"default"_qs);
        QVERIFY(policy->rules.at(0).capabilities.contains(u"read-job"_qs));
        QVERIFY(!policy->rules.at(0).capabilities.contains(u"submit-job"_qs));
        QCOMPARE(*readNames(recorded(3)), QStringList{u"global"_qs});
        QCOMPARE(*readNames(recorded(4)), QStringList{u"default"_qs});
    }
    void aStreamIsReadLineByLine() {
        QCOMPARE(toldBy(recorded(146)).constFirst(), u"heartbeat"_qs);
        const QStringList told = toldBy(recorded(234));
        QVERIFY(told.contains(u"10: 1"_qs));
        QCOMPARE(told.constLast(), u"56: 2"_qs);
        // Revoked: the body ends in words, without an end of line.
        QCOMPARE(
            toldBy(recorded(237)),
            (QStringList{u"heartbeat"_qs,
                         u"no line: subscription closed by server, client should resubscribe"_qs}));
    }
    void whatLeavesIsTold() {
        const auto gone = readStreamLine(
            json("{'Index':9,'Events':[{'Topic':'Node','Type':'NodeDeregistration','Key':'n1',"
                 "'Payload':{'Node':{'ID':'n1'}}},{'Topic':'Job','Type':'JobDeregistered',"
                 "'Key':'web','Namespace':'team-a','Payload':{'Job':null}}]}"));
        QCOMPARE(gone->changes,
                 (std::vector<Change>{Gone{Gone::What::Node, u"n1"_qs, {}},
                                      Gone{Gone::What::Job, u"web"_qs, u"team-a"_qs}}));
    }
    void whatIsNotNomadsIsRefused_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("portal") << QByteArray("<html><body>Sign in</body></html>");
        QTest::newRow("cut") << recorded(196).left(700);
        QTest::newRow("no ids") << QByteArray("[{\"name\":\"a\"}]");
        QTest::newRow("numbers") << QByteArray("[1,2]");
        QTest::newRow("deep") << QByteArray(5'000, '[');
    }
    void whatIsNotNomadsIsRefused() {
        QFETCH(QByteArray, body);
        const auto nodes = readNodes(body);
        QVERIFY(!nodes.has_value());
        QCOMPARE(nodes.error().code, ErrorCode::Unreachable);
        QVERIFY(!nodes.error().remedy.isEmpty());
        QVERIFY(!readDeployments(body).has_value());
        QVERIFY(!readAgent(body).has_value());
    }
    void wrongTypesCountAsNotSent() {
        const auto plain = readNodes(json("[{'ID':'n1','Name':7,'Drain':'yes','ModifyIndex':-5,"
                                          "'NodeResources':[]}]"));
        QVERIFY(plain.has_value());
        QVERIFY(plain->at(0).name.isEmpty() && !plain->at(0).draining);
        QCOMPARE(plain->at(0).modified, 0u);
    }
};

QTEST_GUILESS_MAIN(TestReading)
#include "test_reading.moc"
