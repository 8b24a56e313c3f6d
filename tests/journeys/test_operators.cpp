// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journeys/journey.h"

using namespace aviary;
using namespace Qt::Literals;
using namespace aviary::tests;
using kernel::Status;

// A canary behind an HAProxy that is the operator's, under a steady load.
class TestOperators : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;

    OperatorsHaproxy &haproxy() {
        return static_cast<OperatorsGround &>(*journey_->ground).haproxy();
    }
    QString connectionTest() {
        return journey_->desk.aviary({u"cluster"_qs, u"test"_qs, u"edge"_qs}).out;
    }

private Q_SLOTS:
    void initTestCase() { qputenv("AVIARY_TEST_GROUND", "operators"); }
    void init() {
        journey_ = std::make_unique<Journey>();
        SKIP_WITHOUT_GROUND(journey_)
        QVERIFY(journey_->desk.openWithV1());
    }
    void cleanup() { journey_.reset(); }

    void canaryLosesNothing() {
        OperatorDesk &desk = journey_->desk;
        const auto load = journey_->steady();
        const QString rollout =
            desk.deploy({.strategy = u"{kind: canary, bake: 300 ms}"_qs,
                         .judges = u"[{judge: not_worse, margin: 10 %}, {judge: health_share}]"_qs,
                         .options = {u"--latency"_qs, u"2"_qs}});
        for (const int weight : {1'000, 2'500, 5'000}) {
            QVERIFY(desk.awaitRow(
                rollout, [weight](const api::RolloutRow &row) { return row.weight == weight; }));
            const double share = journey_->shareOf(u"v2"_qs, 400);
            qInfo("weight %.0f %%: share %.2f %%", weight / 100.0, share);
            QVERIFY2(std::abs(share - weight / 100.0) < 4, qPrintable(QString::number(share)));
            QVERIFY(desk.awaitStatus(rollout, Status::Waiting));
            QVERIFY(desk.request(rollout, u"promote"_qs));
        }
        QVERIFY(desk.awaitStatus(rollout, Status::Completed));
        QCOMPARE(journey_->ground->running(), Journey::everywhere(u"v2"_qs));
        VERIFY_NOTHING_LOST(load->stop());
        QCOMPARE(haproxy().servers("web").size(), Ground::nodes + 1); // and his
        QCOMPARE(haproxy().servers("other"), QByteArrayList{"his"});
    }
    void connectionIsTried() {
        QVERIFY2(connectionTest().contains(u"backend web: "_qs), qPrintable(connectionTest()));
        haproxy().stop();
        const QString said = connectionTest();
        QVERIFY2(said.contains(u"HAProxy is not reached: nobody listens at its socket"_qs),
                 qPrintable(said));
        QVERIFY2(said.contains(u"start HAProxy, or correct settings.router.socket"_qs),
                 qPrintable(said));
        haproxy().start();
        const auto mended = [this] {
            return journey_->desk.aviary({u"cluster"_qs, u"list"_qs})
                .out.contains(u"12 of shop were put back"_qs);
        };
        QTRY_VERIFY_WITH_TIMEOUT(mended(), 20'000);
        QCOMPARE(journey_->shareOf(u"v1"_qs, 200), 100.0);
    }
    void settingsAreChecked() {
        const auto refused =
            journey_->desk.aviary({u"cluster"_qs, u"add"_qs, u"two"_qs, u"--set"_qs,
                                   u"router.socket=here"_qs, u"--set"_qs, u"router.mode=x"_qs});
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains(u"router.socket must be the runtime socket of an HAProxy"_qs),
                 qPrintable(refused.err));
        QVERIFY2(refused.err.contains(u"router.mode is unknown"_qs), qPrintable(refused.err));
    }
};

QTEST_GUILESS_MAIN(TestOperators)
#include "test_operators.moc"
