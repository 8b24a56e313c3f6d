// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/kernel/fleets.h"

#include <QTest>

#include <rapidcheck.h>

#include <cmath>
#include <functional>
#include <limits>

using namespace aviary::kernel;
using namespace aviary::kernel::testing;

using Change = std::function<void(PlanRequest &)>;
Q_DECLARE_METATYPE(Change)

// What compile refuses, where it says the fault is, and that it finds all of them.
class TestLint : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refused_data();
    void refused();
    void allowed_data();
    void allowed();
    void everythingIsFound();
    void loadIsRefusedWhereItIsTooHigh();
    void loadIsCountedPerSite();
    void aFloodOfProblemsIsBounded();
    void noRequestBreaksIt();
    void names();
};

namespace {

std::vector<Problem> problemsOf(const PlanRequest &asked, const Fleet &among) {
    const Compiled compiled = compile(asked, among);
    const auto *problems = std::get_if<std::vector<Problem>>(&compiled);
    return problems ? *problems : std::vector<Problem>{};
}

QStringList fieldsOf(const std::vector<Problem> &problems) {
    QStringList fields;
    for (const Problem &problem : problems) {
        fields << QString::fromStdString(problem.field);
    }
    return fields;
}

} // namespace

void TestLint::refused_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("said"); // a part of what is said
    const auto row = [](const char *name, const char *field, const char *said, Change change) {
        QTest::newRow(name) << std::move(change) << QString::fromUtf8(field)
                            << QString::fromUtf8(said);
    };
    using R = PlanRequest;
    const auto stages = [](std::vector<Weight> given) {
        return [given](R &r) { r.strategy = Canary{given, 0, 0}; };
    };
    row("no service", "service", "missing", [](R &r) { r.service.clear(); });
    row("blank in service", "service", "blank", [](R &r) { r.service = "a b"; });
    row("endless service", "service", "300 bytes", [](R &r) { r.service = std::string(300, 'a'); });
    row("no revision", "to", "missing", [](R &r) { r.to.clear(); });
    row("the same revision", "to", "stable revision already", [](R &r) { r.to = "v1"; });

    row("empty stages", "strategy.stages", "empty", stages({}));
    row("stage of zero", "strategy.stages[0]", "0 % is below 0.01 %", stages({0, 10'000}));
    row("negative stage", "strategy.stages[0]", "-10 %", stages({-1'000, 10'000}));
    row("stage over 100", "strategy.stages[1]", "120 % is over 100 %", stages({1'000, 12'000}));
    row("unordered stages", "strategy.stages[1]", "does not rise", stages({5'000, 1'000, 10'000}));
    row("the same stage twice", "strategy.stages[1]", "does not rise", stages({100, 100, 10'000}));
    row("stages that end early", "strategy.stages[1]", "last stage is 60 %", stages({100, 6'000}));
    row("huge stage", "strategy.stages[0]", "over 100 %",
        stages({std::numeric_limits<Weight>::max(), 10'000}));
    row("too many stages", "strategy.stages", "1,001", stages(std::vector<Weight>(1'001, 10'000)));
    row("bake below zero", "strategy.bake", "-1 ms", [](R &r) {
        r.strategy = Canary{{10'000}, -1, 0};
    });
    row("hold of an age", "strategy.hold", "over 366 d", [](R &r) {
        r.strategy = Canary{{10'000}, 0, duration_ms_max + 1};
    });
    row("a hold too few", "strategy.holds", "has 1 times", [](R &r) {
        r.strategy = Canary{{1'000, 2'000, 10'000}, 0, 0, {Millis{0}}};
    });
    row("a stage's hold of an age", "strategy.holds[0]", "over 366 d", [](R &r) {
        r.strategy = Canary{{1'000, 10'000}, 0, 0, {duration_ms_max + 1}};
    });
    row("canary of nothing", "strategy.canary_percent", "0 %", [](R &r) {
        r.strategy = CanarySingle{0, 0, 0, 0};
    });
    row("canary of too many nodes", "strategy.canary_nodes", "over 1,000,000", [](R &r) {
        r.strategy = CanarySingle{1'000, 2'000'000, 0, 0};
    });
    row("no batches", "strategy.batch_count", "0 is below 1", [](R &r) {
        r.strategy = RollingTraffic{0, 0};
    });
    row("traffic step of zero", "strategy.step", "0 %", [](R &r) {
        r.strategy = CanaryTraffic{1'000, 0, 5, 0, 0};
    });
    row("traffic step down", "strategy.step", "-5 %", [](R &r) {
        r.strategy = CanaryTraffic{1'000, -500, 5, 0, 0};
    });
    row("traffic from nothing", "strategy.initial", "-10 %", [](R &r) {
        r.strategy = CanaryTraffic{-1'000, 500, 5, 0, 0};
    });
    row("no traffic steps", "strategy.max_steps", "0 is below 1", [](R &r) {
        r.strategy = CanaryTraffic{1'000, 500, 0, 0, 0};
    });
    row("negative delay", "strategy.delay", "-5 s", [](R &r) { r.strategy = Rolling{-5'000}; });
    row("endless retire delay", "strategy.retire_delay", "over 366 d", [](R &r) {
        r.strategy = BlueGreen{false, 0, std::numeric_limits<Millis>::max()};
    });
    row("flag over 100", "strategy.initial_rollout", "over 100 %", [](R &r) {
        r.strategy = FeatureFlag{"", 10'001, {}, 0, {}};
    });
    row("ramp below its start", "strategy.ramp[0]", "does not rise", [](R &r) {
        r.strategy = FeatureFlag{"", 5'000, {4'000}, 0, {}};
    });
    row("flag name with a line feed", "strategy.flag_name", "no name", [](R &r) {
        r.strategy = FeatureFlag{"a\nb", 0, {}, 0, {}};
    });

    row("no parallel", "policy.max_parallel", "0 is below 1",
        [](R &r) { r.policy.max_parallel = 0; });
    row("deadline before health", "policy.healthy_deadline", "over before",
        [](R &r) { r.policy.healthy_deadline_ms = 10'000; });
    row("progress before health", "policy.progress_deadline", "over before",
        [](R &r) { r.policy.progress_deadline_ms = 5'000; });
    row("negative min_healthy", "policy.min_healthy", "-1 ms",
        [](R &r) { r.policy.min_healthy_ms = -1; });
    row("unavailable over 100 %", "policy.max_unavailable", "101", [](R &r) {
        r.policy.max_unavailable = NodeLimit{101, true};
    });
    row("nothing unavailable", "policy.max_unavailable", "0 is below 1", [](R &r) {
        r.policy.max_unavailable = NodeLimit{0, false};
    });
    row("load below the usual", "policy.max_load", "99 %",
        [](R &r) { r.policy.max_load_percent = 99; });
    row("threshold over 100 %", "policy.success_threshold", "over 100 %",
        [](R &r) { r.policy.success_threshold = 1'010'000; });
    row("retries without end", "policy.retries", "over 100", [](R &r) { r.policy.retries = 101; });

    row("empty target list", "targets", "empty", [](R &r) { r.targets.emplace(); });
    row("unknown target", "targets[1]", "no node \"n99\"", [](R &r) {
        r.targets = std::vector<std::string>{"n0", "n99"};
    });
    row("target twice", "targets[2]", "listed already, as targets[0]", [](R &r) {
        r.targets = std::vector<std::string>{"n0", "n1", "n0"};
    });
    row("nothing capable", "targets", "none of the nodes may be touched",
        [](R &r) { r.needs.capabilities = {"gpu"}; });

    row("blue-green in place", "mode", "keeps the old", [](R &r) {
        r.strategy = BlueGreen{};
        r.mode = UpdateMode::InPlace;
    });
    row("blue-green by flag", "router", "no slots", [](R &r) {
        r.strategy = BlueGreen{};
        r.router = RouterKind::Flag;
    });
    row("traffic without a router", "router", "without a router", [](R &r) {
        r.strategy = RollingTraffic{};
        r.router = RouterKind::None;
    });
    row("traffic from no revision", "from", "no stable revision", [](R &r) {
        r.strategy = CanaryTraffic{};
        r.from.clear();
    });

    row("not-worse without a router", "judges[0]", "nobody counts", [](R &r) {
        r.router = RouterKind::None;
        r.judges = std::vector<Judge>{NotWorse{}};
    });
    row("no alpha", "judges[0].alpha", "no chance", [](R &r) {
        r.judges = std::vector<Judge>{NotWorse{5'000, 0, 200, true}};
    });
    row("no sample", "judges[0].sample_min", "is 0", [](R &r) {
        r.judges = std::vector<Judge>{NotWorse{5'000, 50'000, 0, true}};
    });
    row("no metrics", "judges[1].metrics", "0 is below 1", [](R &r) {
        r.judges = std::vector<Judge>{HealthShare{}, Tolerance{}};
    });
    row("a metric twice", "judges[0].metrics", "twice", [](R &r) {
        r.judges = std::vector<Judge>{Tolerance{{"a", "a"}, 0.1, {}, 0.9, 0.5}};
    });
    row("tolerance is no number", "judges[0].tolerance", "no number", [](R &r) {
        r.judges = std::vector<Judge>{Tolerance{{"a"}, std::nan(""), {}, 0.9, 0.5}};
    });
    row("rates that cross", "judges[0].promote_rate", "do not fit", [](R &r) {
        r.judges = std::vector<Judge>{Tolerance{{"a"}, 0.1, {}, 0.5, 0.9}};
    });
    row("health over 100 %", "judges[0].threshold", "over 100 %",
        [](R &r) { r.judges = std::vector<Judge>{HealthShare{1'000'001}}; });
    row("latency limit of zero", "latency_limit", "below 1 ms",
        [](R &r) { r.latency_limit_ms = 0; });
    row("negative check limit", "check_limit", "-1 ms", [](R &r) { r.check_limit_ms = -1; });
    row("negative needs", "needs", "negative", [](R &r) { r.needs.memory_mib = -1; });
}

void TestLint::refused() {
    QFETCH(Change, change);
    QFETCH(QString, field);
    QFETCH(QString, said);
    PlanRequest asked = request(Rolling{});
    change(asked);
    const std::vector<Problem> problems = problemsOf(asked, fleet(12, 3));
    bool found = false;
    for (const Problem &problem : problems) {
        QVERIFY(!problem.what.empty());
        QVERIFY2(!problem.allowed.empty(), problem.field.c_str());
        found = found || (QString::fromStdString(problem.field) == field &&
                          QString::fromStdString(problem.what).contains(said));
    }
    QVERIFY2(found, qPrintable(fieldsOf(problems).join(u' ')));
}

void TestLint::allowed_data() {
    QTest::addColumn<Change>("change");
    const auto row = [](const char *name, Change change) {
        QTest::newRow(name) << std::move(change);
    };
    using R = PlanRequest;
    row("as it is", [](R &) {});
    row("no delays at all", [](R &r) { r.strategy = Rolling{0}; });
    row("progress deadline of 0", [](R &r) { r.policy.progress_deadline_ms = 0; });
    row("healthy at once", [](R &r) { r.policy.min_healthy_ms = 0; });
    row("threshold of 0", [](R &r) { r.policy.success_threshold = 0; });
    row("one stage", [](R &r) { r.strategy = Canary{{10'000}, 0, 0}; });
    row("more parallel than nodes", [](R &r) { r.policy.max_parallel = 100; });
    row("a year of patience", [](R &r) {
        r.strategy = Canary{{10'000}, duration_ms_max, duration_ms_max};
    });
}

void TestLint::allowed() {
    QFETCH(Change, change);
    PlanRequest asked = request(Rolling{});
    change(asked);
    QCOMPARE(fieldsOf(problemsOf(asked, fleet(12, 3))).join(u' '), QString());
}

void TestLint::everythingIsFound() {
    PlanRequest asked = request(Canary{{5'000, 1'000}, -1, 0});
    asked.service.clear();
    asked.policy.max_parallel = 0;
    asked.targets = std::vector<std::string>{"n0", "n0", "n77"};
    asked.judges = std::vector<Judge>{NotWorse{5'000, 0, 0, true}};
    const QStringList fields = fieldsOf(problemsOf(asked, fleet(4)));
    for (const char *field :
         {"service", "strategy.stages[1]", "strategy.bake", "policy.max_parallel", "targets[1]",
          "targets[2]", "judges[0].alpha", "judges[0].sample_min"}) {
        QVERIFY2(fields.contains(QString::fromUtf8(field)), field);
    }
}

// 60 % of the traffic on the one new node of three would be 1.8 times its usual share.
void TestLint::loadIsRefusedWhereItIsTooHigh() {
    PlanRequest asked = request(Canary{{6'000, 10'000}, 0, 0});
    QVERIFY(problemsOf(asked, fleet(3)).empty());
    asked.policy.max_load_percent = 150;
    const std::vector<Problem> problems = problemsOf(asked, fleet(3));
    QCOMPARE(problems.size(), std::size_t(1));
    QCOMPARE(problems[0].field, std::string("strategy.stages[0]"));
    QCOMPARE(problems[0].what, std::string("60 % gives the healthy nodes of the new revision more "
                                           "than 1.5 times their usual share (max_load)"));
    QCOMPARE(problems[0].allowed, std::string("from 0 % to 50 % with these nodes, or more nodes, "
                                              "or a higher max_load"));

    // Eight of ten run v2 already: 10 % would leave 90 % to the two that still run v1.
    Fleet mixed = fleet(10);
    for (std::size_t i = 0; i < 8; ++i) {
        mixed.nodes[i].revisions["web"] = "v2";
    }
    const std::vector<Problem> old = problemsOf(request(Canary{{1'000, 10'000}, 0, 0}), mixed);
    QCOMPARE(fieldsOf(old), QStringList{QStringLiteral("strategy.stages[0]")});
    QVERIFY(old[0].what.find("old revision") != std::string::npos);
    // In place no step sets a weight, and a flag moves no load.
    asked.mode = UpdateMode::InPlace;
    QVERIFY(problemsOf(asked, fleet(3)).empty());
    asked.router = RouterKind::Flag;
    QVERIFY(problemsOf(asked, fleet(3)).empty());
}

void TestLint::loadIsCountedPerSite() {
    PlanRequest asked = request(Canary{{3'000, 10'000}, 0, 0});
    asked.scope = RouterScope::Site;
    QVERIFY(problemsOf(asked, fleet(10, 1)).empty());
    // n0 n1 n2 of three sites: a third of three nodes each; 30 % fits.
    QVERIFY(problemsOf(asked, fleet(9, 3)).empty());
    // n0 alone in a, with ten nodes of which it takes 30 %.
    Fleet lopsided = fleet(13, 1);
    for (std::size_t i = 0; i < 3; ++i) {
        lopsided.nodes[i].site = "b";
    }
    QCOMPARE(fieldsOf(problemsOf(asked, lopsided)), // 3 nodes: b is full at 3, none is left for a
             QStringList{});
    lopsided.nodes[2].site = "a"; // b two nodes, and one of eleven in a
    QCOMPARE(fieldsOf(problemsOf(asked, lopsided)),
             QStringList{QStringLiteral("strategy.stages[0]")});
    asked.scope = RouterScope::Cluster;
    QVERIFY(problemsOf(asked, lopsided).empty());
}

void TestLint::aFloodOfProblemsIsBounded() {
    PlanRequest asked = request(Rolling{});
    asked.targets = std::vector<std::string>(5'000, "nowhere");
    const std::vector<Problem> problems = problemsOf(asked, fleet(2));
    QCOMPARE(problems.size(), std::size_t(101));
    QVERIFY(problems.back().what.find("more problems") != std::string::npos);
    Fleet twins{{node("n0"), node("n0")}};
    QCOMPARE(fieldsOf(problemsOf(request(Rolling{}), twins)), QStringList{QStringLiteral("fleet")});
}

void TestLint::noRequestBreaksIt() {
    const bool holds = rc::check("any canary either compiles to a sound plan or is refused", [] {
        const auto weights = rc::gen::inRange<Weight>(-100, 12'000);
        Canary canary;
        canary.stages = *rc::gen::container<std::vector<Weight>>(weights);
        if (*rc::gen::arbitrary<bool>()) {
            std::sort(canary.stages.begin(), canary.stages.end());
            canary.stages.push_back(full_weight);
        }
        canary.bake_ms = *rc::gen::arbitrary<Millis>();
        if (*rc::gen::arbitrary<bool>()) {
            canary.hold_ms = *rc::gen::arbitrary<Millis>();
        }
        const auto kinds =
            rc::gen::element(RouterKind::None, RouterKind::Weights, RouterKind::Flag);
        PlanRequest asked = request(canary, *kinds);
        asked.policy.max_parallel = *rc::gen::inRange(0U, 20U);
        const auto nodes = *rc::gen::inRange<std::size_t>(0, 40);
        const Compiled compiled = compile(asked, fleet(nodes, 3));
        const auto *plan = std::get_if<Plan>(&compiled);
        if (!plan) {
            RC_ASSERT(!std::get<std::vector<Problem>>(compiled).empty());
            return;
        }
        RC_ASSERT(!plan->steps.empty());
        TargetIndex next = 0;
        Weight weight = 0;
        for (const Step &step : plan->steps) {
            if (const auto *update = std::get_if<UpdateStep>(&step)) {
                RC_ASSERT(update->begin == next && update->end > update->begin);
                RC_ASSERT(update->wave_size > 0U && update->parallel > 0U);
                next = update->end;
            } else if (const auto *shift = std::get_if<ShiftStep>(&step)) {
                RC_ASSERT(shift->weight > weight && shift->weight <= full_weight);
                weight = shift->weight;
            }
        }
        RC_ASSERT(next == plan->pending);
        RC_ASSERT(!std::holds_alternative<HoldStep>(plan->steps.back()));
    });
    QVERIFY(holds);
}

void TestLint::names() {
    for (const char *name :
         {"rolling", "canary", "blue-green", "blue_green", "feature-flag", "feature_flag"}) {
        const auto strategy = strategyByName(name);
        QVERIFY2(strategy.has_value(), name);
        QString word = QString::fromUtf8(name);
        QCOMPARE(QString::fromUtf8(nameOf(kindOf(*strategy)).data()), word.replace(u'_', u'-'));
    }
    for (const char *name : {"", "Canary", "canary ", "recreate"}) {
        QVERIFY2(!strategyByName(name).has_value(), name);
    }
    QCOMPARE(weightText(1'234), std::string("12.34 %"));
    QCOMPARE(weightText(1'050), std::string("10.5 %"));
    QCOMPARE(weightText(-5), std::string("-0.05 %"));
    QCOMPARE(durationText(90'000), std::string("90 s"));
    QCOMPARE(durationText(7'200'000), std::string("2 h"));
    QCOMPARE(durationText(0), std::string("0 s"));
    QCOMPARE(durationText(1'500), std::string("1500 ms"));
    QCOMPARE(toText(Judge{HealthShare{}}), std::string("health share of at least 95 %"));
    QCOMPARE(toText(Judge{NotWorse{}}),
             std::string("not worse by more than 0.5 %, false alarms at most 5 %"));
}

QTEST_GUILESS_MAIN(TestLint)
#include "test_lint.moc"
