// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/rollout/rolloutscene.h"
#include "ui/rollout/chartvalues.h"
#include "ui/rollout/decisionfacts.h"
#include "ui/rollout/rolloutreport.h"
#include "ui/rollout/targetcells.h"
#include "ui/rollout/trackvalue.h"
#include "ui/rollout/trafficcard.h"
#include "ui/samples/rolloutstates.h"

#include <QTest>

using namespace aviary;

class TestValues : public QObject {
    Q_OBJECT

    static QString plain(QString text) { return text.replace(QChar(0x00a0), u' '); }
    static QStringList facts(const RolloutValue &value) {
        QStringList lines;
        for (const FactValue &fact : factsOf(value)) {
            lines << plain(fact.label + u" | "_qs + fact.headline + u" | "_qs + fact.text);
        }
        return lines;
    }

private Q_SLOTS:
    void factsSayWhatADecisionRestsOn() {
        QCOMPARE(facts(scene::of(samples::waitingRollout())),
                 (QStringList{
                     u"Verdict on errors | Not worse | v42 0.34 %, v41 0.32 %; between -0.05 and "
                     u"0.31 points worse, 12,402 requests"_qs,
                     u"Nodes on v42 | 4 of 4 healthy | worst site eu-south: 13 of 14 up, floor is "
                     u"12"_qs,
                     u"Traffic on v42 | 10 % | about 2,094 of 20,948 requests a minute"_qs,
                     u"What is next | Update 8 nodes, ~2 min | then shift to 25 %, check 5 min, "
                     u"hold for you"_qs}));
    }

    // The steps of the plan that were still ahead do not come any more.
    void onTheWayBackNothingElseIsNext() {
        api::RolloutDetail detail = samples::rollingBackRollout();
        QCOMPARE(facts(scene::of(detail)).last(),
                 u"What is next | Back on v41 | 2 nodes being brought back"_qs);
        detail.row.from.clear();
        detail.phases.clear();
        QCOMPARE(facts(scene::of(detail)).last(),
                 u"What is next | The way back | what was changed is taken back"_qs);
    }

    void rehearsedChancesTakeThePlaceOfTheTraffic() {
        RolloutValue value = scene::of(samples::waitingRollout());
        value.rehearsed = u"09:41"_qs;
        value.chances = {{u"good"_qs, u"99 % complete"_qs, u"in 41 min"_qs},
                         {u"errs 2 % more"_qs, u"caught in 94 %"_qs, u"in 3 min"_qs}};
        const QStringList lines = facts(value);
        QCOMPARE(lines.size(), 5);
        QCOMPARE(lines[2], u"Rehearsed 09:41: good | 99 % complete | in 41 min"_qs);
        QCOMPARE(sliderOf(value).chances,
                 u"rehearsed 09:41, going on as planned: good 99 % complete; errs 2 % more caught "
                 u"in 94 %"_qs);
        QVERIFY(sliderOf(scene::of(samples::waitingRollout())).chances.isEmpty());
    }

    void anAnswerThatIsNoneIsNeverGood() {
        for (const kernel::Ruling ruling :
             {kernel::Ruling::Undecided, kernel::Ruling::NoTraffic, kernel::Ruling::NoData,
              kernel::Ruling::ZeroBaseline, kernel::Ruling::Fail}) {
            api::RolloutDetail detail = samples::waitingRollout();
            detail.verdict.ruling = ruling;
            QVERIFY(factsOf(scene::of(detail)).front().tone != Tone::Good);
        }
    }

    void theBandIsAboveTheGateExactlyWhereTheRuleSaysWorse() {
        api::RolloutDetail detail = samples::waitingRollout();
        const ErrorBandValue good = rateOf(detail, Measure::Errors, samples::sampled_wall_ms);
        QVERIFY(good.gate && !good.band.empty());
        QVERIFY(good.band.back().low < *good.gate);
        for (api::TrafficPoint &point : detail.traffic) {
            point.band = {detail.gate + 0.001, detail.gate + 0.02};
        }
        const ErrorBandValue worse = rateOf(detail, Measure::Errors, samples::sampled_wall_ms);
        QVERIFY(worse.band.back().low > *worse.gate);
        QVERIFY(!rateOf(detail, Measure::Slow, samples::sampled_wall_ms).gate);
    }

    void chartsDrawAFewPointsOfManyAndKeepTheirMean() {
        api::RolloutDetail detail = samples::waitingRollout();
        detail.traffic.clear();
        for (int second = 1'200; second > 0; --second) {
            api::TrafficPoint point;
            point.wall_ms = samples::sampled_wall_ms - second * 1'000;
            point.requests = second % 2 == 0 ? 300 : 100;
            point.share = second % 2 == 0 ? 0.1 : 0.5;
            detail.traffic.push_back(point);
        }
        const TrafficShareValue share = shareOf(detail, samples::sampled_wall_ms);
        QVERIFY(share.points.size() <= std::size_t(chart_points_max));
        double mean = 0;
        for (const SharePoint &point : share.points) {
            QVERIFY(point.at_s <= 0 && point.at_s >= -1'200);
            mean += point.share / static_cast<double>(share.points.size());
        }
        QVERIFY(std::abs(mean - 0.2) < 0.01); // 80 of 400 requests
    }

    void confirmedShiftsAreMarked() {
        const TrafficShareValue share =
            shareOf(samples::waitingRollout(), samples::sampled_wall_ms);
        QCOMPARE(share.marks.size(), std::size_t(1));
        QCOMPARE(plain(share.marks.front().text), u"to 10 %"_qs);
        QCOMPARE(share.marks.front().at_s, -1'000.0);
    }

    void aRefusedGhostSaysWhy() {
        const api::RolloutDetail detail = samples::waitingRollout();
        api::EffectRow effect = samples::promoteEffect();
        effect.refusal = u"it waits for nobody now"_qs;
        QCOMPARE(plain(ghostText(detail, {2'500, effect, {}})),
                 u"10 % \u2192 25 % is off: it waits for nobody now"_qs);
        effect = {};
        effect.weight_from = 1'000;
        effect.weight_to = 500;
        QCOMPARE(plain(ghostText(detail, {500, effect, {}})),
                 u"10 % \u2192 5 %: nodes stay as they are"_qs);
    }

    void nodesAreColouredByRevisionAndSignedByTrouble() {
        TargetCells cells;
        cells.setValue(scene::of(samples::waitingRollout()));
        QCOMPARE(cells.map().sites.size(), std::size_t(3));
        QStringList legend;
        for (const LegendEntry &entry : cells.legend()) {
            legend << entry.text;
        }
        QCOMPARE(legend, (QStringList{u"v42, 4"_qs, u"v41, 44"_qs, u"degraded, 2"_qs,
                                      u"offline, 1: eu-south-n08, catches up on return"_qs}));
        QCOMPARE(cells.card(0).front(), u"eu-west-n01"_qs);
    }

    void stagesOfTheTrackFoldTogether() {
        const StepTrackValue track = trackOf(samples::waitingRollout(), samples::sampled_wall_ms);
        QCOMPARE(track.steps[3].taken_ms, std::optional<std::int64_t>(728'000)); // no event since
        QCOMPARE(track.steps[3].phase, TrackStep::Phase::Now);
        QCOMPARE(track.steps[4].group, track.steps[7].group); // update to hold of 25 %
        QVERIFY(track.steps[7].group != track.steps[8].group);
        QVERIFY(track.steps.back().group.isEmpty());
    }

    void thePausedStepsTimeStandsStill() {
        const api::RolloutDetail detail = samples::pausedRollout();
        const auto taken = [&](qint64 later_ms) {
            return trackOf(detail, samples::sampled_wall_ms + later_ms).steps[4].taken_ms;
        };
        QCOMPARE(taken(60'000), taken(0));
        const api::RolloutDetail running = samples::runningRollout();
        QCOMPARE(*trackOf(running, samples::sampled_wall_ms + 60'000).steps[4].taken_ms,
                 *trackOf(running, samples::sampled_wall_ms).steps[4].taken_ms + 60'000);
    }

    void theReportSaysTheSameInBothForms() {
        const RolloutReport report =
            reportOf(samples::rolledBackRollout(), u"edge-eu"_qs, samples::sampled_wall_ms);
        const QString text = plain(report.text);
        QVERIFY(text.startsWith(u"checkout-api v41 \u2192 v43: rolled back\n"
                                u"v43 answered 21 % errors where v41 answered 0.32 %"_qs));
        for (const QString &part : {u"2,318 requests"_qs, u"started, reason: price rounding fix"_qs,
                                    u"Check 5 min"_qs, u"eu-south-n08"_qs}) {
            QVERIFY2(text.contains(part), qPrintable(part));
            QVERIFY2(plain(report.html).contains(part), qPrintable(part));
        }
        // Oldest first.
        QVERIFY(text.indexOf(u"price rounding") < text.indexOf(u"4 nodes restored"));
    }

    void aReportOfHostileTextsIsHarmless() {
        const RolloutReport report =
            reportOf(samples::hostileRollout(), samples::hostileText(0), samples::sampled_wall_ms);
        QVERIFY(!report.html.contains(u"<img") && !report.html.contains(u"<script"));
        QVERIFY(!report.html.contains(u"<a "));
        QVERIFY(!report.text.contains(QChar(0x1b)) && !report.text.contains(QChar(0x202e)));
        QVERIFY(report.text.size() < 40'000);
    }
};

QTEST_GUILESS_MAIN(TestValues)
#include "test_values.moc"
