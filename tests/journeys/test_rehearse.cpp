// SPDX-License-Identifier: GPL-3.0-or-later
// A live rollout is rehearsed from where it stands, watched by what was foreseen, and learned from.
#include "tests/journeys/journey.h"

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

class TestRehearse : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;
    QTemporaryDir dir_;

    OperatorDesk::Ran aviary(const QStringList &arguments) {
        OperatorDesk::Ran ran = journey_->desk.aviary(arguments);
        if (ran.code != 0) {
            qWarning("aviary %s: exit %d\n%s", qPrintable(arguments.join(u' ')), ran.code,
                     qPrintable(ran.err));
        }
        return ran;
    }
    QString startCanary() {
        const QString id = journey_->desk.deploy(
            {.strategy = u"{kind: canary, stages: [25 %, 50 %, 100 %], bake: 100 ms}"_qs,
             .policy = u"max_parallel: 12"_qs,
             .judges = u"[{judge: health_share}]"_qs,
             .options = {u"--latency"_qs, u"2"_qs}});
        return journey_->desk.awaitStatus(id, kernel::Status::Waiting) ? id : QString();
    }

private Q_SLOTS:
    void init() {
        journey_ = std::make_unique<Journey>();
        QVERIFY(journey_->desk.openWithV1());
    }
    void cleanup() { journey_.reset(); }

    void fromNowIsWatchedUntilItIsLeft() {
        const QString id = startCanary();
        QVERIFY(!id.isEmpty());
        const auto ran = aviary({u"rehearse"_qs, u"--from-now"_qs, shop, u"--watch"_qs,
                                 u"--futures"_qs, u"80"_qs, u"--json"_qs});
        QCOMPARE(ran.code, 0);
        const QJsonObject plan = ran.json()[u"plans"][0].toObject();
        QCOMPARE(plan[u"nodes"].toInt(), Ground::nodes);
        // Three of twelve nodes run it already, and each future begins there.
        const QJsonObject begin =
            plan[u"answers"][u"hypotheses"][0][u"fans"][u"nodes"][u"bands"][0].toObject();
        QCOMPARE(begin[u"low"].toDouble(), 0.25);
        QCOMPARE(begin[u"high"].toDouble(), 0.25);
        QVERIFY(journey_->desk.detail(id).left_fan.isEmpty());

        // Nobody foresaw that it is taken back before anybody could have answered.
        QVERIFY(journey_->desk.request(id, u"rollback"_qs));
        QVERIFY(journey_->desk.awaitStatus(id, kernel::Status::RolledBack));
        const api::RolloutDetail detail = journey_->desk.detail(id);
        QVERIFY2(!detail.left_fan.isEmpty(), journey_->desk.story(id));
        const auto told =
            std::ranges::count(detail.happenings, u"rehearsal"_qs, &api::Happening::who);
        QCOMPARE(told, 1);
        const auto again = journey_->desk.aviary({u"rehearse"_qs, u"--from-now"_qs, id});
        QCOMPARE(again.code, 1);
        QVERIFY(again.err.contains(u"has ended"));
    }

    void aLiveRecordTeaches() {
        const QString record = dir_.filePath(u"v1.run.jsonl"_qs);
        const QString scenario = dir_.filePath(u"learned.scenario.yaml"_qs);
        const QString id = journey_->desk.rows().front().id;
        QCOMPARE(aviary({u"run"_qs, u"export"_qs, id, u"-o"_qs, record}).code, 0);
        const auto fit =
            aviary({u"rehearse"_qs, u"fit"_qs, record, u"-o"_qs, scenario, u"--json"_qs});
        QCOMPARE(fit.code, 0);
        QCOMPARE(fit.json()[u"starts"][u"of"].toInt(), Ground::nodes);
        QVERIFY(fit.json()[u"starts"][u"median_ms"].toInt() > 0);
        QVERIFY(!startCanary().isEmpty());
        const auto ran = aviary({u"rehearse"_qs, u"--from-now"_qs, shop, u"--scenario"_qs, scenario,
                                 u"--futures"_qs, u"20"_qs});
        QCOMPARE(ran.code, 0);
        QVERIFY(ran.out.contains(u"learned"));
    }
};

QTEST_GUILESS_MAIN(TestRehearse)
#include "test_rehearse.moc"
