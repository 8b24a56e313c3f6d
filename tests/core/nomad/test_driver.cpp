// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/nomaddriver.h"
#include "tests/replay/certificates.h"
#include "tests/replay/replayserver.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <ctime>

using namespace aviary;
using namespace aviary::clusters;
using namespace aviary::tests;
using namespace Qt::Literals;
using Fault = Scripted::Fault;

namespace {

const QString secret = u"11111111-2222-3333-4444-555555555555"_qs;

// A driver, and all that it said.
struct Driven {
    QTemporaryDir place;
    std::unique_ptr<NomadDriver> driver;
    Observation seen; // the newest
    int observations = 0, openings = 0;
    QStringList gone, losses;

    explicit Driven(const nomad::Settings &settings, const QProcessEnvironment &environment = {}) {
        driver = std::move(*NomadDriver::make(settings, place.path(), environment));
        QObject::connect(driver.get(), &Driver::opened, driver.get(),
                         [this](const Result<void> &) { ++openings; });
        QObject::connect(driver.get(), &Driver::observed, driver.get(),
                         [this](const Result<Observation> &result) {
                             seen = *result;
                             ++observations;
                         });
        QObject::connect(driver.get(), &Driver::nodeGone, driver.get(),
                         [this](const QString &node) { gone << node; });
        QObject::connect(driver.get(), &Driver::lost, driver.get(),
                         [this](const Error &why) { losses << toText(why); });
    }
    bool wait(const std::function<bool()> &is_so) { return QTest::qWaitFor(is_so, 15'000); }
    bool open() {
        driver->open();
        return wait([this] { return observations > 0; });
    }
    const kernel::Node *node(const std::string &id) const {
        const auto at = std::ranges::find(seen.nodes, id, &kernel::Node::id);
        return at == seen.nodes.end() ? nullptr : &*at;
    }
    std::vector<Instance> of(const QString &service) const {
        std::vector<Instance> all;
        std::ranges::copy_if(seen.instances, std::back_inserter(all),
                             [&](const Instance &one) { return one.service == service; });
        return all;
    }
    // What a test of the connection says, a line each.
    QStringList check() {
        std::optional<std::vector<Check>> answer;
        driver->check([&answer](const std::vector<Check> &checks) { answer = checks; });
        wait([&] { return answer.has_value(); });
        QStringList lines;
        for (const Check &one : answer.value_or(std::vector<Check>{})) {
            lines << (one.ok ? u"ok "_qs : u"fails "_qs) + one.text + u"; "_qs + one.remedy;
        }
        return lines;
    }
};

nomad::Settings at(const ReplayServer &server) {
    nomad::Settings settings;
    settings.address = QUrl(server.address());
    return settings;
}

// Four nodes, one of them down, and a job in the middle of its canaries.
void furnish(ReplayServer &server) {
    server.put("/v1/nodes", recorded(210), 580);
    server.put("/v1/jobs", recorded(19), 17);
    server.put("/v1/deployments", "[" + recorded(25) + "]", 24);
    server.put("/v1/allocations", "[]", 24);
    server.put("/v1/agent/self", recorded(1), 0);
}

QJsonObject allocation(const QString &id, const QString &node, int version, const QString &status) {
    return {{u"ID"_qs, id},
            {u"Namespace"_qs, u"default"_qs},
            {u"JobID"_qs, u"web"_qs},
            {u"TaskGroup"_qs, u"api"_qs},
            {u"NodeID"_qs, node},
            {u"JobVersion"_qs, version},
            {u"DesiredStatus"_qs, u"run"_qs},
            {u"ClientStatus"_qs, status},
            {u"ModifyIndex"_qs, 24}};
}

QByteArray node(const QString &id, const QString &name, const QString &status, int index,
                const QJsonObject &more = {}) {
    QJsonObject made{{u"ID"_qs, id},
                     {u"Name"_qs, name},
                     {u"Datacenter"_qs, u"dc1"_qs},
                     {u"Status"_qs, status},
                     {u"SchedulingEligibility"_qs, u"eligible"_qs},
                     {u"ModifyIndex"_qs, index}};
    for (auto member = more.begin(); member != more.end(); ++member) {
        made[member.key()] = member.value();
    }
    return QJsonDocument(made).toJson();
}

QByteArray listOf(const QList<QByteArray> &rows) {
    return "[" + rows.join(',') + "]";
}

} // namespace

class TestDriver : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRecordedClusterIsOurFleet() {
        ReplayServer server;
        furnish(server);
        Driven driven(at(server));
        QVERIFY(driven.open());
        QCOMPARE(driven.openings, 1);
        QCOMPARE(driven.seen.nodes.size(), 4u);
        QCOMPARE(std::ranges::count(driven.seen.nodes, kernel::NodeStatus::Offline,
                                    &kernel::Node::status),
                 1);
        QVERIFY(std::ranges::all_of(driven.seen.nodes,
                                    [](const kernel::Node &one) { return one.site == "dc1"; }));
        const Capabilities can = driven.driver->capabilities();
        QVERIFY(can.runs_rollouts_itself);
        QVERIFY2(can.router_text.contains(u"1.0.18"), qPrintable(can.router_text));
    }
    void nodesAreNamedAsPeopleNameThem() {
        ReplayServer server;
        furnish(server);
        server.put(
            "/v1/nodes",
            listOf({node(u"aaaaaaaa-1"_qs, u"edge"_qs, u"ready"_qs, 5),
                    node(u"bbbbbbbb-2"_qs, u"edge"_qs, u"initializing"_qs, 5,
                         {{u"NodePool"_qs, u"gpu"_qs}, {u"NodeClass"_qs, u"big"_qs}}),
                    node(u"cccccccc-3"_qs, u"solo"_qs, u"ready"_qs, 5,
                         {{u"SchedulingEligibility"_qs, u"ineligible"_qs}}),
                    node(u"dddddddd-4"_qs, u"leaving"_qs, u"ready"_qs, 5,
                         {{u"SchedulingEligibility"_qs, u"ineligible"_qs}, {u"Drain"_qs, true}})}),
            9);
        Driven driven(at(server));
        QVERIFY(driven.open());
        QVERIFY(driven.node("edge@aaaaaaaa"));
        const kernel::Node *twin = driven.node("edge@bbbbbbbb");
        QVERIFY(twin);
        QCOMPARE(twin->site, std::string("dc1/gpu"));
        QCOMPARE(twin->labels.at("class"), std::string("big"));
        QCOMPARE(twin->status, kernel::NodeStatus::Degraded);
        QVERIFY(driven.node("solo")->flags.maintenance && !driven.node("solo")->flags.draining);
        QVERIFY(driven.node("leaving")->flags.draining);
        QVERIFY(!driven.node("leaving")->flags.maintenance);
    }
    void allocationsAreInstances() {
        ReplayServer server;
        furnish(server);
        server.put("/v1/nodes", listOf({node(u"n-1"_qs, u"one"_qs, u"ready"_qs, 5)}), 9);
        QJsonObject canary = allocation(u"c0000000-1"_qs, u"n-1"_qs, 1, u"running"_qs);
        canary[u"DeploymentStatus"_qs] =
            QJsonObject{{u"Canary"_qs, true}, {u"Healthy"_qs, QJsonValue::Null}};
        QJsonObject stable = allocation(u"a0000000-1"_qs, u"n-1"_qs, 0, u"running"_qs);
        stable[u"DeploymentStatus"_qs] = QJsonObject{{u"Healthy"_qs, true}};
        QJsonObject stopped = allocation(u"b0000000-1"_qs, u"n-1"_qs, 0, u"running"_qs);
        stopped[u"DesiredStatus"_qs] = u"stop"_qs;
        const QJsonArray all{canary, stable, stopped,
                             allocation(u"d0000000-1"_qs, u"n-1"_qs, 0, u"failed"_qs)};
        server.put("/v1/allocations", QJsonDocument(all).toJson(), 24);
        Driven driven(at(server));
        QVERIFY(driven.open());
        const std::vector<Instance> web = driven.of(u"web"_qs);
        QCOMPARE(web.size(), 2u); // those of one version on a node are one
        const auto of = [&](const QString &revision) {
            return *std::ranges::find(web, revision, &Instance::revision);
        };
        QVERIFY(of(u"0"_qs).running && !of(u"0"_qs).ready); // one of them failed
        QVERIFY2(of(u"0"_qs).text.contains(u"api, failed"), qPrintable(of(u"0"_qs).text));
        QVERIFY(of(u"1"_qs).running && !of(u"1"_qs).ready); // not judged yet
        QVERIFY(of(u"1"_qs).text.contains(u"canary"));
        QCOMPARE(driven.seen.nodes[0].revisions.at("web"), std::string("0"));
        QCOMPARE(driven.seen.nodes[0].usage.services, 2u);
    }
    void servicesOfAllNamespacesAreToldApart() {
        ReplayServer server;
        furnish(server);
        server.put("/v1/nodes", listOf({node(u"n-1"_qs, u"one"_qs, u"ready"_qs, 5)}), 9);
        const QJsonArray all{allocation(u"a0000000-1"_qs, u"n-1"_qs, 0, u"running"_qs)};
        server.put("/v1/allocations", QJsonDocument(all).toJson(), 24);
        server.put("/v1/namespaces", "[{\"Name\":\"default\"}]", 1);
        nomad::Settings settings = at(server);
        settings.space = u"*"_qs;
        Driven driven(settings);
        QVERIFY(driven.open());
        QCOMPARE(driven.of(u"default/web"_qs).size(), 1u);
    }
    void aChangeIsToldByItself() {
        ReplayServer server;
        furnish(server);
        server.put("/v1/nodes", listOf({node(u"n-1"_qs, u"one"_qs, u"ready"_qs, 5)}), 9);
        Driven driven(at(server));
        QVERIFY(driven.open());
        const QByteArray changed = node(u"n-1"_qs, u"one"_qs, u"down"_qs, 30);
        server.tell("{\"Index\":30,\"Events\":[{\"Topic\":\"Node\",\"Type\":\"NodeEvent\",\"Key\":"
                    "\"n-1\",\"Payload\":{\"Node\":" +
                    changed.simplified() + "}}]}");
        QVERIFY(
            driven.wait([&] { return driven.node("one")->status == kernel::NodeStatus::Offline; }));
        server.put("/v1/nodes", "[]", 31);
        driven.driver->observe();
        QVERIFY(driven.wait([&] { return driven.gone == QStringList{u"one"_qs}; }));
    }
    void aLookIsAnsweredAlsoWhenNothingMoved() {
        ReplayServer server;
        furnish(server);
        Driven driven(at(server));
        QVERIFY(driven.open());
        const int before = driven.observations;
        driven.driver->observe();
        QVERIFY(driven.wait([&] { return driven.observations > before; }));
        server.goAway();
        driven.driver->observe();
        QVERIFY(driven.wait([&] { return !driven.losses.isEmpty(); }));
        server.comeBack();
        const int lost = driven.observations;
        QVERIFY(driven.wait([&] {
            driven.driver->observe();
            return driven.observations > lost;
        }));
    }
    // 1,000 nodes and 5,000 allocations; how long it takes is printed, and so is what events cost.
    void aBigClusterIsSeenAndFollowed() {
        ReplayServer server;
        furnish(server);
        QList<QByteArray> nodes, allocations;
        const auto id = [](int i) { return u"node-%1"_qs.arg(i, 4, 10, QChar(u'0')); };
        for (int i = 0; i < 1'000; ++i) {
            nodes << node(id(i), id(i), u"ready"_qs, 5);
        }
        for (int i = 0; i < 5'000; ++i) {
            QJsonObject one =
                allocation(u"alloc-%1"_qs.arg(i), id(i % 1'000), i / 4'000, u"running"_qs);
            one[u"DeploymentStatus"_qs] = QJsonObject{{u"Healthy"_qs, true}};
            one[u"Padding"_qs] = QString(2'000, u'x'); // as long as they are
            allocations << QJsonDocument(one).toJson(QJsonDocument::Compact);
        }
        server.put("/v1/nodes", listOf(nodes), 9);
        server.put("/v1/allocations", listOf(allocations), 24);
        Driven driven(at(server));
        QElapsedTimer clock;
        clock.start();
        QVERIFY(driven.open());
        qInfo("the first full picture after %lld ms", static_cast<long long>(clock.elapsed()));
        QCOMPARE(driven.seen.nodes.size(), 1'000u);
        QCOMPARE(driven.seen.instances.size(), 2'000u); // two versions on each node
        const std::clock_t before = std::clock();
        for (int i = 0; i < 1'000; ++i) {
            const QByteArray changed = node(id(i), id(i), u"down"_qs, 100 + i).simplified();
            server.tell("{\"Index\":" + QByteArray::number(100 + i) +
                        ",\"Events\":[{\"Topic\":\"Node\",\"Type\":\"NodeEvent\",\"Key\":\"x\","
                        "\"Payload\":{\"Node\":" +
                        changed + "}}]}");
        }
        QVERIFY(driven.wait([&] {
            return std::ranges::all_of(driven.seen.nodes, [](const kernel::Node &one) {
                return one.status == kernel::NodeStatus::Offline;
            });
        }));
        qInfo("1,000 events: %lld ms of the processor, server and all",
              static_cast<long long>((std::clock() - before) * 1'000 / CLOCKS_PER_SEC));
    }
    // It opens once it saw everything, however long that takes.
    void whoIsAwayAtFirstIsTriedAgain() {
        ReplayServer server;
        furnish(server);
        Driven driven(at(server));
        server.goAway();
        driven.driver->open();
        QVERIFY(driven.wait([&] { return !driven.losses.isEmpty(); }));
        QCOMPARE(driven.openings, 0);
        server.comeBack();
        QVERIFY(driven.wait([&] { return driven.openings == 1; }));
    }
    void ordersForNodesAreRefusedWithTheReason() {
        ReplayServer server;
        furnish(server);
        Driven driven(at(server));
        QVERIFY(driven.open());
        std::vector<NodeAnswer> answers;
        connect(driven.driver.get(), &Driver::nodesAnswered, this,
                [&answers](const auto &given) { answers = given; });
        RunOrder order;
        order.node = u"one"_qs;
        driven.driver->run({order});
        QVERIFY(driven.wait([&] { return answers.size() == 1; }));
        QCOMPARE(answers[0].kind, NodeAnswer::Kind::Failed);
        QVERIFY2(answers[0].text.contains(u"itself"), qPrintable(answers[0].text));
        for (const Asked &one : server.asked()) {
            QCOMPARE(one.method, QByteArray("GET"));
        }
    }
    void aTokenIsKeptAndUsed() {
        ReplayServer server;
        furnish(server);
        Driven driven(at(server));
        QVERIFY(driven.open());
        QVERIFY(!server.last("/v1/nodes")->headers.contains("x-nomad-token"));
        std::optional<Result<QString>> kept;
        driven.driver->keepToken(secret, [&kept](const Result<QString> &text) { kept = text; });
        QVERIFY(driven.wait([&] { return kept.has_value(); }));
        QVERIFY2(kept->has_value(), kept->has_value() ? "" : qPrintable(toText(kept->error())));
        QVERIFY(driven.wait([&] {
            return server.last("/v1/nodes")->headers.value("x-nomad-token") == secret.toLatin1();
        }));
        QVERIFY(!server.last("/v1/nodes")->target.contains(secret.toLatin1()));
        kept.reset();
        driven.driver->keepToken(u"two words"_qs, [&kept](const auto &text) { kept = text; });
        QVERIFY(driven.wait([&] { return kept.has_value(); }));
        QVERIFY(!kept->has_value());
    }
    void withoutAKeptTokenThatOfTheEnvironmentCounts() {
        ReplayServer server;
        furnish(server);
        QProcessEnvironment environment;
        environment.insert(u"NOMAD_ADDR"_qs, server.address());
        environment.insert(u"NOMAD_TOKEN"_qs, secret);
        Driven driven(at(server), environment);
        QVERIFY(driven.open());
        QCOMPARE(server.last("/v1/nodes")->headers.value("x-nomad-token"), secret.toLatin1());
    }
    void aTestSaysPlainlyWhatIsWrong_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("said");
        const QByteArray leader("/v1/status/leader");
        QTest::newRow("region") << leader << 500 << recorded(63) << u"knows no such region"_qs;
        QTest::newRow("not Nomad")
            << leader << 200 << QByteArray("<html>hello</html>") << u"not what Nomad answers"_qs;
        QTest::newRow("nothing there")
            << leader << 404 << QByteArray("404 page not found") << u"not as Nomad does"_qs;
        QTest::newRow("sign in") << leader << 401 << QByteArray() << u"another sign-in"_qs;
        QTest::newRow("no leader") << leader << 200 << QByteArray("\"\"") << u"no leader"_qs;
        QTest::newRow("nodes") << QByteArray("/v1/nodes") << 403 << QByteArray("Permission denied")
                               << u"the token may not do this"_qs;
        QTest::newRow("jobs") << QByteArray("/v1/jobs") << 403 << recorded(158)
                              << u"the token may not do this"_qs;
        QTest::newRow("busy") << leader << 429 << QByteArray() << u"asked too often"_qs;
        QTest::newRow("moved") << leader << 301 << QByteArray() << u"points elsewhere"_qs;
    }
    void aTestSaysPlainlyWhatIsWrong() {
        QFETCH(QByteArray, path);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QString, said);
        ReplayServer server;
        furnish(server);
        Driven driven(at(server));
        const QStringList good = driven.check();
        QVERIFY2(good.filter(u"fails "_qs).isEmpty(), qPrintable(good.join(u'\n')));
        server.script("GET", path, {.status = status, .body = body});
        const QStringList bad = driven.check().filter(u"fails "_qs);
        QCOMPARE(bad.size(), 1);
        QVERIFY2(bad[0].contains(said), qPrintable(bad[0]));
        QVERIFY(bad[0].section(u"; "_qs, -1).size() > 3); // and what would help
    }
    void aTestTellsOfTheToken() {
        ReplayServer server;
        furnish(server);
        QProcessEnvironment environment;
        environment.insert(u"NOMAD_ADDR"_qs, server.address());
        environment.insert(u"NOMAD_TOKEN"_qs, secret);
        Driven driven(at(server), environment);
        QVERIFY(driven.open());
        server.put("/v1/acl/token/self", recorded(170), 12);
        QVERIFY2(driven.check().join(u'\n').contains(u"ok the token is valid, with the policies"),
                 qPrintable(driven.check().join(u'\n')));
        server.script("GET", "/v1/acl/token/self", {.status = 403, .body = "ACL token not found"});
        const QStringList bad = driven.check().filter(u"fails "_qs);
        QVERIFY2(bad.value(0).contains(u"cluster token"), qPrintable(bad.join(u'\n')));
        QVERIFY(!driven.check().join(u'\n').contains(secret));
    }
    void aTestTellsNobodyFromTls() {
        const Certificates made;
        if (!made.whyNot().isEmpty()) {
            QSKIP(qPrintable(made.whyNot()));
        }
        ReplayServer secure(made.server(u"server"_qs));
        Driven stranger(at(secure));
        QVERIFY(stranger.check().value(0).contains(u"fails the TLS connection fails"));
        ReplayServer gone;
        Driven lonely(at(gone));
        gone.goAway();
        QVERIFY(lonely.check().value(0).contains(u"nobody answers there"));
    }
};

QTEST_GUILESS_MAIN(TestDriver)
#include "test_driver.moc"
