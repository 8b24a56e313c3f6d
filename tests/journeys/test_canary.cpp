// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journeys/journey.h"

using namespace aviary;
using namespace aviary::tests;
using kernel::Status;

// A staged canary on real nodes behind a real HAProxy, under a steady load.
class TestCanary : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;

private Q_SLOTS:
    void init() {
        journey_ = std::make_unique<Journey>();
        SKIP_WITHOUT_GROUND(journey_)
        QVERIFY(journey_->desk.openWithV1());
    }
    void cleanup() { journey_.reset(); }

    void stagesHoldAndArePromoted() {
        OperatorDesk &desk = journey_->desk;
        const auto load = journey_->steady();
        const QString rollout = desk.deploy(
            {.strategy = QStringLiteral("{kind: canary, bake: 300 ms}"),
             .judges = QStringLiteral("[{judge: not_worse, margin: 10 %}, {judge: health_share}]"),
             .options = {QStringLiteral("--latency"), QStringLiteral("2")}});
        for (const int weight : {1'000, 2'500, 5'000, 10'000}) {
            QVERIFY(desk.awaitRow(
                rollout, [weight](const api::RolloutRow &row) { return row.weight == weight; }));
            const double share = journey_->shareOf(QStringLiteral("v2"), 4'000);
            qInfo("weight %.0f %%: share %.2f %%", weight / 100.0, share);
            QVERIFY2(std::abs(share - weight / 100.0) < 3, qPrintable(QString::number(share)));
            if (weight < kernel::full_weight) {
                QVERIFY(desk.awaitStatus(rollout, Status::Waiting));
                QVERIFY(desk.request(rollout, QStringLiteral("promote")));
            }
        }
        QVERIFY(desk.awaitStatus(rollout, Status::Completed));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(QStringLiteral("v2")));
        VERIFY_NOTHING_LOST(load->stop());
    }

    void worseRevisionIsUndoneByItself() {
        OperatorDesk &desk = journey_->desk;
        const auto load = journey_->steady();
        const QString rollout = desk.deploy(
            {.strategy = QStringLiteral("{kind: canary, bake: 300 ms}"),
             .judges = QStringLiteral("[{judge: not_worse, margin: 2 %, sample_min: 100}]"),
             .options = {QStringLiteral("--error-rate"), QStringLiteral("0.2")}});
        QVERIFY(desk.awaitStatus(rollout, Status::RolledBack));
        const api::RolloutDetail seen = desk.detail(rollout);
        qInfo("%s", qPrintable(seen.why));
        QVERIFY2(seen.why.contains(u"error") && seen.why.contains(u'%'), qPrintable(seen.why));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(QStringLiteral("v1")));
        QCOMPARE(journey_->shareOf(QStringLiteral("v1"), 500), 100.0);
        const QJsonObject tally = load->stop();
        QCOMPARE(tally[u"lost"].toInt(), 0);
        // It never went past the first stage of 10 %: one node, and one answer in ten from it.
        const int fresh = countOf(tally, "by_revision", QStringLiteral("v2"));
        QVERIFY2(fresh * 100 < tally[u"answered"].toInt() * 13,
                 QJsonDocument(tally).toJson().constData());
    }
};

QTEST_GUILESS_MAIN(TestCanary)
#include "test_canary.moc"
