// SPDX-License-Identifier: GPL-3.0-or-later
// Finding instances, versions to go back to, and the way that a change takes.
#include "tests/understudies/daemonunderstudy.h"

#include <QtTest>

using namespace aviary;
using aviary::tests::DaemonUnderstudy;

namespace {

const QString shop = QStringLiteral("shop");

QJsonObject agent(const QString &id, int setting) {
    return {{QStringLiteral("node_id"), id},
            {QStringLiteral("agent_type"), QStringLiteral("worker")},
            {QStringLiteral("config"), QJsonObject{{QStringLiteral("setting"), setting}}}};
}

QJsonObject manifest(const QJsonArray &agents, const QString &type = QStringLiteral("service")) {
    const QJsonObject update{{QStringLiteral("min_healthy_ms"), 0}};
    return {
        {QStringLiteral("graph_id"), shop},
        {QStringLiteral("type"), type},
        {QStringLiteral("flow"), QJsonObject{{QStringLiteral("nodes"), agents}}},
        {QStringLiteral("policies"), QJsonObject{{QStringLiteral("update"), update}}},
        {QStringLiteral("aviary"), QJsonObject{{QStringLiteral("image"), QStringLiteral("a")}}}};
}

} // namespace

class TestDiscovery : public QObject {
    Q_OBJECT

    std::unique_ptr<DaemonUnderstudy> daemon_;

    QJsonObject compile(const QJsonObject &given) {
        return daemon_->must(QStringLiteral("plan.compile"), {{QStringLiteral("manifest"), given}});
    }
    QString deploy(const QJsonObject &given) {
        return daemon_
            ->must(QStringLiteral("deploy"),
                   {{QStringLiteral("manifest"), given}})[u"rollout"][u"id"]
            .toString();
    }
    bool deployed(const QJsonObject &given) {
        return daemon_->waitFor(deploy(given), QStringLiteral("completed"));
    }
    QStringList roles(QJsonObject wanted) {
        daemon_->cluster().observe();
        QStringList roles;
        const auto rows = daemon_->must(QStringLiteral("services"), wanted)[u"instances"].toArray();
        for (const QJsonValue &row : rows) {
            roles << row[u"revision"].toString() + u' ' + row[u"role"].toString();
        }
        roles.removeDuplicates();
        roles.sort();
        return roles;
    }
    QJsonArray snapshots() {
        return daemon_
            ->must(QStringLiteral("snapshots"), {{QStringLiteral("key"), shop}})[u"snapshots"]
            .toArray();
    }

private Q_SLOTS:
    void init() { daemon_ = std::make_unique<DaemonUnderstudy>(4); }
    void cleanup() { daemon_.reset(); }

    void aCandidateIsHiddenUntilItTakesOver() {
        QVERIFY(daemon_->waitFor(daemon_->deploy(shop, QStringLiteral("a:1")),
                                 QStringLiteral("completed")));
        const QString id =
            daemon_->deploy(shop, QStringLiteral("a:2"),
                            {{QStringLiteral("strategy"), QStringLiteral("blue-green")},
                             {QStringLiteral("canary"), 1}});
        QVERIFY(daemon_->waitFor(id, QStringLiteral("waiting"))); // before the switch
        const QJsonObject everyone{{QStringLiteral("include_canary"), true}};
        const QStringList both{QStringLiteral("v1 primary"), QStringLiteral("v2 candidate")};
        QTRY_COMPARE(roles(everyone), both);
        QCOMPARE(roles({}), QStringList(QStringLiteral("v1 primary")));
        QCOMPARE(roles({{QStringLiteral("role"), QStringLiteral("candidate")}}),
                 QStringList(QStringLiteral("v2 candidate")));
        QCOMPARE(roles({{QStringLiteral("role"), QStringLiteral("canary")}}), QStringList());
        daemon_->must(
            QStringLiteral("request"),
            {{QStringLiteral("rollout"), id}, {QStringLiteral("verb"), QStringLiteral("promote")}});
        // Switched and not yet retired: both are found by everybody.
        const QStringList promoted{QStringLiteral("v1 primary"), QStringLiteral("v2 primary")};
        QTRY_COMPARE(roles({}), promoted);
        QCOMPARE(daemon_->status(id), QStringLiteral("in_progress"));
    }

    void onlyTheAgentsThatChanged() {
        QVERIFY(deployed(manifest({agent(QStringLiteral("a"), 1), agent(QStringLiteral("b"), 1)})));
        const QJsonObject changed =
            manifest({agent(QStringLiteral("a"), 1), agent(QStringLiteral("b"), 2)});
        const QJsonObject answer = compile(changed);
        QCOMPARE(answer[u"route"].toString(), QStringLiteral("agents"));
        QCOMPARE(answer[u"agents"].toArray(), QJsonArray{QStringLiteral("b")});
        const QString id = deploy(changed);
        QVERIFY(daemon_->waitFor(id, QStringLiteral("completed")));
        QCOMPARE(daemon_->rollout(id)[u"row"][u"strategy"].toString(), QStringLiteral("rolling"));
        const QJsonObject record =
            daemon_->must(QStringLiteral("deployment.get"), {{QStringLiteral("id"), shop}});
        QVERIFY(record[u"happenings"][1][u"text"].toString().contains(u"started anew: b"));
    }

    void anotherShapeGoesBesideTheOld() {
        QVERIFY(deployed(manifest({agent(QStringLiteral("a"), 1)})));
        const QJsonObject grown =
            manifest({agent(QStringLiteral("a"), 1), agent(QStringLiteral("b"), 1)});
        QCOMPARE(compile(grown)[u"route"].toString(), QStringLiteral("whole_job"));
        const QString id = deploy(grown);
        QCOMPARE(daemon_->rollout(id)[u"row"][u"strategy"].toString(),
                 QStringLiteral("blue-green"));
        QTRY_COMPARE(daemon_->cluster().weight(shop), 10'000);
        QCOMPARE(daemon_->cluster().revisionOn(QStringLiteral("n0"), shop), QStringLiteral("v2"));
    }

    void theSameIsNothing() {
        const QJsonObject same = manifest({agent(QStringLiteral("a"), 1)});
        QVERIFY(deployed(same));
        QCOMPARE(compile(same)[u"route"].toString(), QStringLiteral("nothing"));
    }

    void aBatchRunsAgainAndReplacesNoVersion() {
        const QJsonObject job = manifest({agent(QStringLiteral("a"), 1)}, QStringLiteral("batch"));
        QVERIFY(deployed(job));
        QCOMPARE(compile(job)[u"route"].toString(), QStringLiteral("rerun"));
        QVERIFY(deployed(job));
        const auto records = daemon_->must(QStringLiteral("history"))[u"deployments"].toArray();
        QCOMPARE(records.size(), 2);
        QVERIFY(!records[0][u"stable"].toBool());
        QVERIFY(records[1][u"stable"].toBool());
        QCOMPARE(snapshots().size(), 1);
        // No node is behind for having run it again.
        QVERIFY(daemon_->must(QStringLiteral("waiting"))[u"waiting"].toArray().isEmpty());
    }

    void aLongHistoryLetsGoOfOldManifests() {
        for (int i = 1; i <= 203; ++i) {
            QVERIFY(daemon_->waitFor(daemon_->deploy(shop, QStringLiteral("a:%1").arg(i)),
                                     QStringLiteral("completed")));
        }
        const auto records = daemon_->must(QStringLiteral("history"))[u"deployments"].toArray();
        QCOMPARE(records.size(), 203);
        const auto goBack = [&](const QString &version) {
            return daemon_->call(QStringLiteral("request"),
                                 {{QStringLiteral("rollout"), records[0][u"rollout"]},
                                  {QStringLiteral("verb"), QStringLiteral("rollback")},
                                  {QStringLiteral("version"), version}});
        };
        const auto lost = goBack(QStringLiteral("1"));
        QVERIFY(!lost);
        QVERIFY2(lost.error().what.contains(u"let go of"), qPrintable(lost.error().what));
        QVERIFY(goBack(QStringLiteral("150")));
    }

    void snapshotsFollowTheWaysBack() {
        for (const char *image : {"a:1", "a:2", "a:3"}) {
            QVERIFY(daemon_->waitFor(daemon_->deploy(shop, QString::fromLatin1(image)),
                                     QStringLiteral("completed")));
        }
        const auto states = [this] {
            QStringList words;
            for (const QJsonValue &row : snapshots()) {
                words << row[u"state"].toString();
            }
            return words.join(u' ');
        };
        QCOMPARE(states(), QStringLiteral("superseded superseded active"));
        const auto rollout =
            daemon_->must(QStringLiteral("history"))[u"deployments"][0][u"rollout"];
        daemon_->must(QStringLiteral("request"),
                      {{QStringLiteral("rollout"), rollout},
                       {QStringLiteral("verb"), QStringLiteral("rollback")},
                       {QStringLiteral("version"), QStringLiteral("1")},
                       {QStringLiteral("request_id"), QStringLiteral("b")}});
        QTRY_COMPARE(states(), QStringLiteral("rolled_back superseded superseded"));
        QVERIFY(
            daemon_->must(QStringLiteral("snapshots"), {{QStringLiteral("key"), shop}})[u"holds"]
                .toBool());
        QVERIFY(daemon_->waitFor(daemon_->deploy(shop, QStringLiteral("a:4")),
                                 QStringLiteral("completed")));
        QCOMPARE(states(), QStringLiteral("rolled_back superseded superseded active"));
        QVERIFY(
            !daemon_->must(QStringLiteral("snapshots"), {{QStringLiteral("key"), shop}})[u"holds"]
                 .toBool());
    }
};

QTEST_GUILESS_MAIN(TestDiscovery)
#include "test_discovery.moc"
