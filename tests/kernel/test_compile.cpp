// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/kernel/fleets.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace aviary::kernel;
using namespace aviary::kernel::testing;

// What each strategy becomes, as an operator reads it.
class TestCompile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void steps_data();
    void steps();
    void standing_data();
    void standing();
    void aNodeThatRunsItCountsTowardsTheStages();
    void aFirstDeploymentShiftsOnce();
    void lastCheckHasNothingToCompareWith();
    void flagsHaveADefaultName();
    void trafficOnlyTakesBothRevisionsForGranted();
    void policyDefaultsFollowTheStrategy();
    void maxUnavailableIsCountedPerSite();
    void stageCountsAgreeWithTheReference();
    void aMillionNodes();
};

namespace {

struct Case {
    PlanRequest request;
    std::size_t nodes = 12;
    std::size_t sites = 3;
};

Plan planOf(const PlanRequest &request, const Fleet &fleet) {
    const Compiled compiled = compile(request, fleet);
    if (const auto *problems = std::get_if<std::vector<Problem>>(&compiled)) {
        for (const Problem &problem : *problems) {
            qWarning("%s %s; %s", problem.field.c_str(), problem.what.c_str(),
                     problem.allowed.c_str());
        }
        return {};
    }
    return std::get<Plan>(compiled);
}

bool remarked(const Plan &plan, Remark::Kind kind, const std::string &subject = {}) {
    for (const Remark &remark : plan.remarks) {
        if (remark.kind == kind && (subject.empty() || remark.subject == subject)) {
            return !remark.text.empty();
        }
    }
    return false;
}

} // namespace

Q_DECLARE_METATYPE(Case)

void TestCompile::steps_data() {
    QTest::addColumn<Case>("given");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, PlanRequest request, QStringList expected,
                        std::size_t nodes = 12) {
        QTest::newRow(name) << Case{std::move(request), nodes, 3} << std::move(expected);
    };
    const RouterKind none = RouterKind::None;
    const QString check = u"check by 2 judges for 1 min"_qs;
    const QString last = u"check by 1 judge for 1 min"_qs;
    const QString wait = u"hold until promoted"_qs;

    row("rolling", request(Rolling{}),
        {u"update 0-11, waves of 1, 1 at once, 5 s between, retiring as it goes"_qs});
    row("rolling without a router", request(Rolling{}, none),
        {u"update 0-11, waves of 1, 1 at once, 5 s between"_qs});
    row("rolling with only a flag router", request(Rolling{}, RouterKind::Flag),
        {u"update 0-11, waves of 1, 1 at once, 5 s between"_qs});
    PlanRequest four = request(Rolling{0});
    four.policy.max_parallel = 4;
    four.mode = UpdateMode::InPlace;
    row("rolling in place, four at once", four, {u"update 0-11, waves of 4, 4 at once"_qs});
    PlanRequest judged = request(Rolling{});
    judged.judges = std::vector<Judge>{HealthShare{900'000}};
    row("rolling with a judge", judged,
        {u"update 0-11, waves of 1, 1 at once, 5 s between, retiring as it goes"_qs,
         u"check by 1 judge"_qs});

    row("rolling, traffic only", request(RollingTraffic{}),
        {u"shift 25 %"_qs, u"shift 50 %"_qs, u"shift 75 %"_qs, u"shift 100 %"_qs});
    row("rolling, traffic only, thirds with pauses", request(RollingTraffic{3, 1'500}),
        {u"shift 33.33 %"_qs, u"hold 1500 ms"_qs, u"shift 66.66 %"_qs, u"hold 1500 ms"_qs,
         u"shift 100 %"_qs});

    row("canary", request(Canary{}),
        {u"update 0, waves of 1, 1 at once"_qs, u"shift 10 %"_qs, check, wait,
         u"update 1-2, waves of 2, 1 at once"_qs, u"shift 25 %"_qs, check, wait,
         u"update 3-5, waves of 3, 1 at once"_qs, u"shift 50 %"_qs, check, wait,
         u"update 6-11, waves of 6, 1 at once"_qs, u"shift 100 %"_qs, last, u"retire"_qs});
    row("canary without a router", request(Canary{{5'000, 10'000}, 0, 60'000}, none),
        {u"update 0-5, waves of 6, 1 at once"_qs, u"check by 1 judge"_qs, u"hold 1 min"_qs,
         u"update 6-11, waves of 6, 1 at once"_qs, u"check by 1 judge"_qs});
    PlanRequest in_place = request(Canary{{5'000, 10'000}, 0, 0});
    in_place.mode = UpdateMode::InPlace;
    row("canary in place: the weight follows the nodes, no shift, no retire", in_place,
        {u"update 0-5, waves of 6, 1 at once"_qs, u"check by 2 judges"_qs,
         u"update 6-11, waves of 6, 1 at once"_qs, u"check by 1 judge"_qs});
    row("canary of three nodes: a stage that adds none still shifts",
        request(Canary{{1'000, 4'000, 10'000}, 0, 0}),
        {u"update 0, waves of 1, 1 at once"_qs, u"shift 10 %"_qs, u"check by 2 judges"_qs,
         u"shift 40 %"_qs, u"check by 2 judges"_qs, u"update 1-2, waves of 2, 1 at once"_qs,
         u"shift 100 %"_qs, u"check by 1 judge"_qs, u"retire"_qs},
        3);
    PlanRequest own_holds =
        request(Canary{{2'500, 5'000, 10'000}, 0, 60'000, {std::nullopt, Millis{10'000}}}, none);
    row("canary with a hold of its own for each stage", own_holds,
        {u"update 0-2, waves of 3, 1 at once"_qs, u"check by 1 judge"_qs, wait,
         u"update 3-5, waves of 3, 1 at once"_qs, u"check by 1 judge"_qs, u"hold 10 s"_qs,
         u"update 6-11, waves of 6, 1 at once"_qs, u"check by 1 judge"_qs});
    PlanRequest unjudged = request(Canary{{5'000, 10'000}, 2'000, 0});
    unjudged.judges = std::vector<Judge>{};
    row("canary without judges keeps its bake time", unjudged,
        {u"update 0-5, waves of 6, 1 at once"_qs, u"shift 50 %"_qs, u"check by 0 judges for 2 s"_qs,
         u"update 6-11, waves of 6, 1 at once"_qs, u"shift 100 %"_qs,
         u"check by 0 judges for 2 s"_qs, u"retire"_qs});

    row("canary, single", request(CanarySingle{}),
        {u"update 0, waves of 1, 1 at once"_qs, u"shift 10 %"_qs, check, wait,
         u"update 1-11, waves of 11, 1 at once"_qs, u"shift 100 %"_qs, last, u"retire"_qs});
    row("canary, single, five nodes", request(CanarySingle{0, 5, 0, 0}),
        {u"update 0-4, waves of 5, 1 at once"_qs, u"shift 41.66 %"_qs, u"check by 2 judges"_qs,
         u"update 5-11, waves of 7, 1 at once"_qs, u"shift 100 %"_qs, u"check by 1 judge"_qs,
         u"retire"_qs});
    row("canary, single, all at once", request(CanarySingle{10'000, 0, 0, 0}),
        {u"update 0-11, waves of 12, 1 at once"_qs, u"shift 100 %"_qs, u"check by 1 judge"_qs,
         u"retire"_qs});

    row("canary, traffic only", request(CanaryTraffic{}),
        {u"shift 10 %"_qs, u"check by 1 judge"_qs, u"shift 30 %"_qs, u"check by 1 judge"_qs,
         u"shift 50 %"_qs, u"check by 1 judge"_qs, u"shift 70 %"_qs, u"check by 1 judge"_qs,
         u"shift 90 %"_qs, u"check by 1 judge"_qs, u"shift 100 %"_qs});
    row("canary, traffic only, that passes 100 early", request(CanaryTraffic{6'000, 3'000, 9}),
        {u"shift 60 %"_qs, u"check by 1 judge"_qs, u"shift 90 %"_qs, u"check by 1 judge"_qs,
         u"shift 100 %"_qs});

    row("blue-green", request(BlueGreen{}),
        {u"update 0-11, waves of 12, 1 at once"_qs, u"check by 1 judge"_qs, u"switch"_qs,
         u"retire after 30 s"_qs});
    row("blue-green with preview and warm-up", request(BlueGreen{true, 20'000, 0}),
        {u"update 0-11, waves of 12, 1 at once"_qs, u"hold 20 s"_qs, u"check by 1 judge"_qs,
         u"hold until promoted"_qs, u"switch"_qs, u"retire"_qs});
    row("blue-green without a router", request(BlueGreen{}, none),
        {u"update 0-11, waves of 12, 1 at once"_qs, u"check by 1 judge"_qs,
         u"retire after 30 s"_qs});

    row("feature flag", request(FeatureFlag{}, RouterKind::Flag),
        {u"update 0-11, waves of 1, 1 at once"_qs, u"shift 0 %"_qs, wait});
    row("feature flag on a cluster that can do weights too", request(FeatureFlag{}),
        {u"update 0-11, waves of 1, 1 at once"_qs, u"shift 0 %"_qs, wait});
    row("feature flag with a ramp",
        request(FeatureFlag{"dark", 500, {5'000, 10'000}, 0, 1'000}, RouterKind::Flag),
        {u"update 0-11, waves of 1, 1 at once"_qs, u"shift 5 %"_qs, u"check by 1 judge"_qs,
         u"hold 1 s"_qs, u"shift 50 %"_qs, u"check by 1 judge"_qs, u"hold 1 s"_qs,
         u"shift 100 %"_qs});
    row("feature flag without a router", request(FeatureFlag{}, none),
        {u"update 0-11, waves of 1, 1 at once"_qs});
}

void TestCompile::steps() {
    QFETCH(Case, given);
    QFETCH(QStringList, expected);
    const Plan plan = planOf(given.request, fleet(given.nodes, given.sites));
    QCOMPARE(stepTexts(plan).join(u"\n"), expected.join(u"\n"));
    QCOMPARE(plan.service, std::string("web"));
    QCOMPARE(plan.revisions, (std::vector<std::string>{"", "v1", "v2"}));
    QCOMPARE(plan.targets.size(), given.nodes);
    QCOMPARE(plan.sites.size(), std::min(given.sites, given.nodes));
    const bool splits = given.request.router != RouterKind::None;
    const bool rolls = std::holds_alternative<Rolling>(given.request.strategy);
    QCOMPARE(remarked(plan, Remark::Kind::NoRouter), !splits && !rolls);
    for (const Step &step : plan.steps) {
        if (const auto *check = std::get_if<CheckStep>(&step)) {
            QVERIFY(check->judges_begin <= check->judges_end);
            QVERIFY(check->judges_end <= plan.judges.size());
        }
    }
}

void TestCompile::standing_data() {
    QTest::addColumn<bool>("listed");
    QTest::addColumn<QString>("expected");
    QTest::newRow("without a list") << false
                                    << u"n0 n7 | n2 | n1:degraded n3:offline n4:draining "
                                       u"n5:maintenance n6:excluded n8:incapable"_qs;
    QTest::newRow("listed, in the order of the list")
        << true << u"n7 n1 n0 | n2 | n8:incapable n6:excluded n3:offline"_qs;
}

void TestCompile::standing() {
    QFETCH(bool, listed);
    QFETCH(QString, expected);
    Fleet mixed = fleet(9, 3);
    mixed.nodes[1].status = NodeStatus::Degraded;
    mixed.nodes[2].revisions["web"] = "v2";
    mixed.nodes[3].status = NodeStatus::Offline;
    mixed.nodes[4].flags.draining = true;
    mixed.nodes[5].flags.maintenance = true;
    mixed.nodes[6].flags.excluded = true;
    for (std::size_t i = 0; i < 8; ++i) {
        mixed.nodes[i].capabilities = {"gpu"};
    }
    PlanRequest asked = request(Rolling{});
    asked.needs.capabilities = {"gpu"};
    if (listed) {
        asked.targets = std::vector<std::string>{"n8", "n7", "n6", "n1", "n2", "n3", "n0"};
    }
    const Plan plan = planOf(asked, mixed);
    QStringList parts[3];
    for (TargetIndex i = 0; i < plan.targets.size(); ++i) {
        const Target &target = plan.targets[i];
        QString text = QString::fromStdString(target.node);
        if (target.standing == Standing::Behind) {
            text += u':' + QString::fromUtf8(nameOf(target.reach).data());
        }
        parts[i < plan.pending ? 0 : i < plan.active ? 1 : 2] << text;
        QCOMPARE(int(target.standing), i < plan.pending ? 0 : i < plan.active ? 1 : 2);
        QCOMPARE(plan.revisions[target.previous], target.node == "n2" ? "v2" : "v1");
        QCOMPARE(plan.sites[target.site].nodes, 3U);
    }
    const QStringList groups{parts[0].join(u' '), parts[1].join(u' '), parts[2].join(u' ')};
    QCOMPARE(groups.join(u" | "), expected);
    QVERIFY(remarked(plan, Remark::Kind::NodeDone, "n2"));
    QVERIFY(remarked(plan, Remark::Kind::NodeBehind, "n6"));
}

// Ten nodes of which five run v2 already: the stages of 10 and 25 % are full before they begin.
void TestCompile::aNodeThatRunsItCountsTowardsTheStages() {
    Fleet half = fleet(10);
    for (std::size_t i = 0; i < 5; ++i) {
        half.nodes[2 * i].revisions["web"] = "v2";
    }
    const Plan plan = planOf(request(Canary{{5'000, 8'000, 10'000}, 0, 0}, RouterKind::None), half);
    QCOMPARE(stepTexts(plan).filter(u"update"_qs).join(u"; "),
             u"update 0-2, waves of 3, 1 at once; update 3-4, waves of 2, 1 at once"_qs);
    QVERIFY(remarked(plan, Remark::Kind::StageAddsNothing, "strategy.stages[0]"));

    Fleet all = fleet(4);
    for (Node &node : all.nodes) {
        node.revisions["web"] = "v2";
    }
    QCOMPARE(stepTexts(planOf(request(Rolling{}, RouterKind::None), all)).join(u"; "),
             u"check by 1 judge"_qs);
    QCOMPARE(stepTexts(planOf(request(Rolling{}), all)).join(u"; "), u"shift 100 %"_qs);
}

void TestCompile::aFirstDeploymentShiftsOnce() {
    Fleet empty = fleet(4);
    for (Node &node : empty.nodes) {
        node.revisions.clear();
    }
    PlanRequest first = request(Canary{{5'000, 10'000}, 0, 0});
    first.from.clear();
    const Plan plan = planOf(first, empty);
    QCOMPARE(stepTexts(plan).join(u"; "),
             u"update 0-1, waves of 2, 1 at once; check by 1 judge; "
             "update 2-3, waves of 2, 1 at once; shift 100 %; check by 1 judge"_qs);
    QCOMPARE(plan.from, no_revision);
    QCOMPARE(plan.targets[0].previous, no_revision);
    QVERIFY(remarked(plan, Remark::Kind::Other, "traffic"));
}

void TestCompile::lastCheckHasNothingToCompareWith() {
    PlanRequest asked = request(Canary{{5'000, 10'000}, 0, 0});
    asked.judges = std::vector<Judge>{Tolerance{{"p99", "errors"}, 0.1, {0.2, 0.05}, 0.9, 0.5}};
    asked.check_limit_ms = 900'000;
    const Plan plan = planOf(asked, fleet(12));
    QCOMPARE(plan.judges.size(), std::size_t(2));
    const auto &tolerance = std::get<Tolerance>(plan.judges[0]);
    QCOMPARE(tolerance.metrics, (std::vector<std::string>{"errors", "p99"}));
    QCOMPARE(tolerance.tolerances, (std::vector<double>{0.05, 0.2}));
    QCOMPARE(std::get<HealthShare>(plan.judges[1]).threshold, 950'000U);
    const auto &first = std::get<CheckStep>(plan.steps[2]);
    QCOMPARE(first.judges_begin, 0U);
    QCOMPARE(first.judges_end, 1U);
    QCOMPARE(first.limit_ms, 900'000);
    const auto &last = std::get<CheckStep>(plan.steps[5]);
    QCOMPARE(last.judges_begin, 1U);
    QCOMPARE(last.judges_end, 2U);
    QVERIFY(remarked(plan, Remark::Kind::Other, "judges"));
}

void TestCompile::flagsHaveADefaultName() {
    const Plan plain = planOf(request(FeatureFlag{}), fleet(2));
    QCOMPARE(plain.flag, std::string("ff_web_v2"));
    QCOMPARE(int(plain.router), int(RouterKind::Flag));
    QCOMPARE(int(plain.mode), int(UpdateMode::InPlace));
    FeatureFlag named;
    named.flag_name = "dark_mode";
    QCOMPARE(planOf(request(named), fleet(2)).flag, std::string("dark_mode"));
    QVERIFY(planOf(request(Canary{}), fleet(2)).flag.empty());
}

void TestCompile::trafficOnlyTakesBothRevisionsForGranted() {
    const Plan plan = planOf(request(CanaryTraffic{}), fleet(3));
    QCOMPARE(plan.pending, 0U);
    QCOMPARE(plan.active, 3U);
    for (const Target &target : plan.targets) {
        QCOMPARE(int(target.standing), int(Standing::Done));
        QCOMPARE(target.previous, plan.from);
    }
    QVERIFY(!remarked(plan, Remark::Kind::NodeDone));
}

void TestCompile::policyDefaultsFollowTheStrategy() {
    QCOMPARE(planOf(request(Rolling{}), fleet(2)).successThreshold(), 1'000'000U);
    QCOMPARE(planOf(request(BlueGreen{}), fleet(2)).successThreshold(), 1'000'000U);
    QCOMPARE(planOf(request(Canary{}), fleet(2)).successThreshold(), 950'000U);
    PlanRequest own = request(Canary{});
    own.policy.success_threshold = 800'000;
    QCOMPARE(planOf(own, fleet(2)).successThreshold(), 800'000U);
    QVERIFY(planOf(request(Rolling{}), fleet(2)).weightFollowsNodes());
    QVERIFY(!planOf(request(Rolling{}, RouterKind::None), fleet(2)).weightFollowsNodes());
    QVERIFY(!planOf(request(Canary{}), fleet(2)).weightFollowsNodes());
}

void TestCompile::maxUnavailableIsCountedPerSite() {
    PlanRequest asked = request(Rolling{});
    asked.policy.max_parallel = 3;
    QCOMPARE(planOf(asked, fleet(12, 2)).maxUnavailable(0), 3U);
    asked.policy.max_unavailable = NodeLimit{25, true};
    QCOMPARE(planOf(asked, fleet(12, 2)).maxUnavailable(0), 1U); // 25 % of 6
    QCOMPARE(planOf(asked, fleet(24, 2)).maxUnavailable(1), 3U);
    QCOMPARE(planOf(asked, fleet(4, 2)).maxUnavailable(1), 1U); // never 0
}

// Recorded cases of the reference canary: where a stage takes no node at all there, ours takes one
// (PRODUCT: "cumulative, rounded down, at least one"); stages that do not rise are refused.
void TestCompile::stageCountsAgreeWithTheReference() {
    QFile file(QStringLiteral(AVIARY_SOURCE_DIR "/tests/kernel/vectors/target_canary_core.jsonl"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    int compared = 0;
    while (!file.atEnd()) {
        const QJsonObject record = QJsonDocument::fromJson(file.readLine()).object();
        const QJsonObject input = record[u"input"].toObject();
        const QJsonObject params = input[u"params"].toObject();
        Canary canary{{1'000, 2'500, 5'000, 10'000}, 0, 0};
        if (const QJsonArray stages = params[u"stages"].toArray(); !stages.isEmpty()) {
            canary.stages.clear();
            for (const QJsonValue &stage : stages) {
                canary.stages.push_back(static_cast<Weight>(qRound(stage.toDouble() * 100)));
            }
        }
        const bool rises = canary.stages.front() > 0 &&
                           std::adjacent_find(canary.stages.begin(), canary.stages.end(),
                                              std::greater_equal<>()) == canary.stages.end();
        const auto nodes = static_cast<std::size_t>(input[u"n"].toInt());
        const Compiled compiled = compile(request(canary, RouterKind::None), fleet(nodes));
        QCOMPARE(std::holds_alternative<Plan>(compiled), rises);
        if (!rises) {
            continue;
        }
        // "P10 D0+ H0+ W60 P25 D1+": the targets that the reference reached, stage by stage.
        const QString calls =
            record[u"expected"].toObject().begin().value().toObject()[u"calls"].toString();
        const auto &plan = std::get<Plan>(compiled);
        std::size_t step = 0;
        const QStringList reached = calls.split(u'P', Qt::SkipEmptyParts);
        for (qsizetype i = 0; i < reached.size(); ++i) {
            while (!std::holds_alternative<UpdateStep>(plan.steps.at(step))) {
                ++step;
            }
            const auto &update = std::get<UpdateStep>(plan.steps.at(step++));
            const auto deploys = reached[i].count(u'D');
            const bool stopped = i + 1 == reached.size();
            QVERIFY2(deploys == update.end - update.begin ||
                         (stopped && deploys < update.end - update.begin),
                     qPrintable(record[u"id"].toString()));
        }
        ++compared;
    }
    QVERIFY(compared >= 20);
}

void TestCompile::aMillionNodes() {
    const Fleet huge = fleet(targets_max, 20);
    const Plan plan = planOf(request(Canary{}), huge);
    QCOMPARE(plan.pending, targets_max);
    QCOMPARE(std::get<UpdateStep>(plan.steps[0]).end, 100'000U);
    QCOMPARE(plan.sites.size(), std::size_t(20));
}

QTEST_GUILESS_MAIN(TestCompile)
#include "test_compile.moc"
