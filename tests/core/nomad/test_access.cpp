// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/access.h"
#include "core/clusters/nomad/reading.h"
#include "tests/replay/replayserver.h"

#include <QTest>

using namespace aviary;
using namespace aviary::clusters;
using namespace aviary::clusters::nomad;
using namespace aviary::tests;
using namespace Qt::Literals;
using Verb = OwnRequest::Verb;

namespace {

const QString everywhere = u"default"_qs;

Access with(std::vector<SpaceRule> rules) {
    Access access;
    access.is_known = true;
    access.token = u"ops"_qs;
    access.policies = {{u"p"_qs, std::move(rules), false, false}};
    return access;
}

// What a connection finds out about its token.
Access found(ReplayServer &server) {
    Settings settings;
    settings.address = QUrl(server.address());
    const auto connection = std::move(*Connection::make(settings));
    connection->setSecrets({u"11111111-2222-3333-4444-555555555555"_qs, {}});
    std::optional<Access> access;
    readAccess(*connection, [&access](const Access &read) { access = read; });
    if (!QTest::qWaitFor([&] { return access.has_value(); }, 15'000)) {
        QTest::qFail("nothing was answered", __FILE__, __LINE__);
    }
    return access.value_or(Access{});
}

} // namespace

class TestAccess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTokenThatReadsMayNotAct() {
        ReplayServer server;
        server.put(170);
        server.put(171);
        const Access access = found(server);
        QVERIFY(access.is_known);
        for (const Verb verb : {Verb::Promote, Verb::Pause, Verb::Fail, Verb::RollBack}) {
            QVERIFY(!mayNot(access, verb, everywhere).isEmpty());
        }
        const QString why = mayNot(access, Verb::Promote, everywhere);
        QVERIFY2(why.contains(u"submit-job or promote-deployment") && why.contains(u"ro"),
                 qPrintable(why));
    }
    void aTokenThatManagesMayDoAll() {
        ReplayServer server;
        server.put(165);
        QVERIFY(found(server).does_all);
        QCOMPARE(mayNot(found(server), Verb::RollBack, everywhere), QString());
    }
    // What is not known is not forbidden: the cluster refuses by itself.
    void whatIsNotKnownIsLeftToTheCluster() {
        ReplayServer server;
        server.put(170); // and its policy may not be read
        server.script("GET", "/v1/acl/policy/readonly",
                      {.status = 403, .body = "Permission denied"});
        QVERIFY(!found(server).is_known);
        QCOMPARE(mayNot(found(server), Verb::Promote, everywhere), QString());
        server.script("GET", "/v1/acl/token/self",
                      {.body = "{\"AccessorID\":\"a\",\"Name\":\"r\",\"Type\":\"client\","
                               "\"Policies\":[],\"Roles\":[{\"ID\":\"x\",\"Name\":\"y\"}]}"});
        QVERIFY(!found(server).is_known);
    }
    void theClosestRuleCounts() {
        const Access access = with({{u"*"_qs, {u"submit-job"_qs}},
                                    {u"team-*"_qs, {u"read-job"_qs}},
                                    {u"team-blue"_qs, {u"promote-deployment"_qs}},
                                    {u"secret"_qs, {u"deny"_qs}}});
        QCOMPARE(mayNot(access, Verb::Pause, u"elsewhere"_qs), QString());
        QVERIFY(!mayNot(access, Verb::Pause, u"team-red"_qs).isEmpty());
        QCOMPARE(mayNot(access, Verb::Promote, u"team-blue"_qs), QString());
        QVERIFY(!mayNot(access, Verb::Pause, u"team-blue"_qs).isEmpty());
        QVERIFY(!mayNot(access, Verb::Promote, u"secret"_qs).isEmpty());
    }
    void policiesAddUp() {
        Access access = with({{everywhere, {u"pause-deployment"_qs}}});
        access.policies.push_back({u"q"_qs, {{everywhere, {u"revert-job"_qs}}}, false, false});
        QCOMPARE(mayNot(access, Verb::Resume, everywhere), QString());
        QCOMPARE(mayNot(access, Verb::RollBack, everywhere), QString());
        QVERIFY(!mayNot(access, Verb::Promote, everywhere).isEmpty());
        QVERIFY(!mayNot(access, Verb::Pause, u"other"_qs).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestAccess)
#include "test_access.moc"
