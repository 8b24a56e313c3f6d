// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/valuesjson.h"
#include "tests/journeys/journey.h"

#include <QJsonDocument>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using kernel::Status;

// The policies that the reference systems store and never act on, each one acting: the same
// manifest, on real processes, with one number or word changed.
class TestPolicies : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;

    QString deploy(const QStringList &options, QJsonObject update) {
        update[u"max_parallel"_qs] = 12;
        const QJsonObject manifest{{u"graph_id"_qs, shop},
                                   {u"policies"_qs, QJsonObject{{u"update"_qs, update}}},
                                   {u"aviary"_qs, journey_->ground->definition(options)}};
        const auto made = journey_->desk.ask(u"deploy"_qs, {{u"manifest"_qs, manifest}});
        return made ? (*made)[u"rollout"][u"id"].toString() : QString();
    }
    QString whyOf(const QString &rollout) {
        const api::RolloutDetail seen = journey_->desk.detail(rollout);
        QStringList words{seen.why};
        words += seen.evidence;
        for (const api::Happening &happening : seen.happenings) {
            words << happening.text;
        }
        return words.join(u'\n');
    }
    bool ends(const QString &rollout, Status status) {
        return !rollout.isEmpty() && journey_->desk.awaitStatus(rollout, status, 40'000);
    }

private Q_SLOTS:
    void init() {
        journey_ = std::make_unique<Journey>();
        QVERIFY(journey_->desk.openWithV1());
    }
    void cleanup() { journey_.reset(); }

    // A service that starts and is never ready.
    void healthyDeadline() {
        const QString rollout =
            deploy({u"--start-delay"_qs, u"86400000"_qs},
                   {{u"healthy_deadline_ms"_qs, 1'500}, {u"min_healthy_ms"_qs, 200}});
        QVERIFY(ends(rollout, Status::RolledBack));
        QVERIFY2(whyOf(rollout).contains(u"did not become healthy"), qPrintable(whyOf(rollout)));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(u"v1"_qs));
    }

    void progressDeadline() {
        const QString rollout =
            deploy({u"--start-delay"_qs, u"86400000"_qs}, {{u"healthy_deadline_ms"_qs, 60'000},
                                                           {u"progress_deadline_ms"_qs, 1'500},
                                                           {u"min_healthy_ms"_qs, 200}});
        QVERIFY(QTest::qWaitFor([&] { return isEnd(journey_->desk.row(rollout).status); }, 40'000));
        QVERIFY(journey_->desk.row(rollout).status != Status::Completed);
        QVERIFY2(whyOf(rollout).contains(u"No further node became healthy"),
                 qPrintable(whyOf(rollout)));
    }

    // A service that is ready for 700 ms at a time, and one that stays.
    void minHealthy() {
        const QJsonObject patient{{u"min_healthy_ms"_qs, 3'000},
                                  {u"healthy_deadline_ms"_qs, 20'000}};
        QVERIFY(ends(deploy({u"--exit-after"_qs, u"700"_qs, u"--latency"_qs, u"1"_qs}, patient),
                     Status::RolledBack));
        QVERIFY(ends(deploy({u"--latency"_qs, u"2"_qs}, patient), Status::Completed));
    }

    // The checks say no, the process runs.
    void healthCheck() {
        const QJsonObject deadlines{{u"min_healthy_ms"_qs, 200},
                                    {u"healthy_deadline_ms"_qs, 8'000}};
        QJsonObject checks = deadlines;
        checks[u"health_check"_qs] = u"checks"_qs;
        QVERIFY(ends(deploy({u"--start-delay"_qs, u"86400000"_qs}, checks), Status::RolledBack));
        QJsonObject states = deadlines;
        states[u"health_check"_qs] = u"agent_states"_qs;
        const QString rollout =
            deploy({u"--start-delay"_qs, u"86400000"_qs, u"--latency"_qs, u"1"_qs}, states);
        QVERIFY(ends(rollout, Status::Completed));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(journey_->desk.row(rollout).to));
    }

    // It acts after a person failed the rollout, as after any other failure.
    void autoRevert() {
        const auto load = journey_->steady(); // without requests its check would ask a person
        const QString rollout = deploy({u"--latency"_qs, u"2"_qs}, {{u"min_healthy_ms"_qs, 200},
                                                                    {u"strategy"_qs, u"canary"_qs},
                                                                    {u"canary"_qs, 3},
                                                                    {u"auto_revert"_qs, true}});
        QVERIFY(ends(rollout, Status::Waiting));
        QVERIFY(journey_->desk.request(rollout, u"fail"_qs));
        const auto newest = [this] {
            return journey_->desk.aviary({u"history"_qs, shop, u"--json"_qs})
                .json()[u"deployments"][0]
                .toObject();
        };
        QVERIFY(QTest::qWaitFor(
            [&] {
                return newest()[u"revision"].toString() == u"v1" &&
                       newest()[u"status"].toString() == u"completed";
            },
            40'000));
        QVERIFY(newest()[u"reason"].toString().contains(u"auto_revert"));
        QCOMPARE(journey_->ground->running().filter(u" v1"_qs).size(), Ground::nodes);
    }

    // Without auto_promote a canary waits for a person; with it, it goes on when it is healthy.
    void autoPromote() {
        const auto load = journey_->steady();
        const QString rollout = deploy({u"--latency"_qs, u"2"_qs}, {{u"min_healthy_ms"_qs, 200},
                                                                    {u"strategy"_qs, u"canary"_qs},
                                                                    {u"canary"_qs, 3},
                                                                    {u"auto_promote"_qs, true}});
        QVERIFY(ends(rollout, Status::Completed));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(u"v2"_qs));
    }
};

QTEST_GUILESS_MAIN(TestPolicies)
#include "test_policies.moc"
