// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/discovery.h"
#include "core/deployments/topology.h"

#include <QTest>

using namespace aviary;

namespace {

Bundle bundleOf(const QByteArray &manifest, const QByteArray &payload = {}) {
    Bundle bundle;
    bundle.manifest = *readManifest(manifest);
    if (!payload.isEmpty()) {
        bundle.files.push_back({u"code"_qs, payload.size(), false, payload});
    }
    bundle.fingerprint = fingerprintOf(bundle.manifest, bundle.files);
    return bundle;
}

const QByteArray two_agents = R"({"graph_id":"g","flow":{"nodes":[
    {"node_id":"a","config":{"image":"a:v1"}},{"node_id":"b","config":{"image":"b:v1"}}],
    "edges":[{"from_node":"a","to_node":"b"}]}})";

QByteArray changed(const QByteArray &from, const QByteArray &to) {
    return QByteArray(two_agents).replace(from, to);
}

} // namespace

// How a change reaches what runs.
class TestTopology : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void choosesTheRoute_data() {
        QTest::addColumn<QByteArray>("manifest");
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<bool>("source_runs");
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<int>("path");
        QTest::addColumn<QStringList>("agents");
        const QStringList both = {u"a"_qs, u"b"_qs};
        const auto row = [](const char *name, const QByteArray &manifest, const QByteArray &payload,
                            bool runs, const QString &strategy, UpdatePath path,
                            const QStringList &agents) {
            QTest::newRow(name) << manifest << payload << runs << strategy << int(path) << agents;
        };
        const QByteArray next = changed("b:v1", "b:v2");
        row("same", two_agents, "code", true, u"rolling"_qs, UpdatePath::Nothing, {});
        row("one agent", next, "code", true, u"rolling"_qs, UpdatePath::Agents, {u"b"_qs});
        row("blue-green is asked for", next, "code", true, u"blue-green"_qs, UpdatePath::WholeJob,
            both);
        row("only the payload", two_agents, "new", true, u"rolling"_qs, UpdatePath::Agents, both);
        row("only the job's own", changed("\"flow\"", "\"inputs\":1,\"flow\""), "code", true,
            u"canary"_qs, UpdatePath::Agents, both);
        row("another shape", changed("\"to_node\":\"b\"", "\"to_node\":\"a\""), "code", true,
            u"rolling"_qs, UpdatePath::WholeJob, both);
        row("the source ended", two_agents, "code", false, u"rolling"_qs, UpdatePath::WholeJob,
            both);
        row("batch", changed("\"graph_id\"", "\"type\":\"batch\",\"graph_id\""), "code", true,
            u"rolling"_qs, UpdatePath::Rerun, {});
    }
    void choosesTheRoute() {
        QFETCH(QByteArray, manifest);
        QFETCH(QByteArray, payload);
        QFETCH(bool, source_runs);
        QFETCH(QString, strategy);
        QFETCH(int, path);
        QFETCH(QStringList, agents);
        UpdatePolicy policy;
        policy.strategy = strategy;
        const auto route = chooseRoute(bundleOf(two_agents, "code"), bundleOf(manifest, payload),
                                       source_runs, policy);
        QCOMPARE(int(route.path), path);
        QCOMPARE(route.agents, agents);
    }

    void hidesACanaryUntilItIsPromoted() {
        ServiceInstance old;
        old.id = instanceId(u"j1"_qs, u"a"_qs, u"api"_qs);
        old.name = u"api"_qs;
        old.status = firstStatus(false);
        old.deployment_key = u"api"_qs;
        old.deployment_version = u"1"_qs;
        ServiceInstance canary = old;
        canary.id = instanceId(u"j1"_qs, {}, u"api"_qs);
        canary.deployment_version = u"2"_qs;
        canary.role = u"canary"_qs;
        std::vector instances = {old, canary};
        QCOMPARE(canary.id, u"j1:job:api");
        QCOMPARE(resolveService(instances, u"api"_qs, {}), std::vector{old});
        ServiceFilter full;
        full.include_candidates = true;
        QCOMPARE(resolveService(instances, u"api"_qs, full).size(), 2U);
        QCOMPARE(promoteVersion(instances, u"api"_qs, u"2"_qs), QStringList{canary.id});
        QCOMPARE(resolveService(instances, u"api"_qs, {}).size(), 2U);
        instances[1].status = firstStatus(true);
        QCOMPARE(resolveService(instances, u"api"_qs, {}).size(), 1U);
        QCOMPARE(listServices(instances, {}).size(), 2U);
    }
};

QTEST_GUILESS_MAIN(TestTopology)
#include "test_topology.moc"
