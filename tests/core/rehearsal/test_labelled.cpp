// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/rehearsal/worlds.h"

#include <QTest>

#include <set>

using namespace aviary;
using namespace aviary::rehearsal;
using namespace aviary::rehearsal::testing;

namespace {

constexpr std::size_t nodes = 12;
const std::set<std::string> arms{"n2", "n7", "n11"};

// Twelve nodes, three of them of another architecture, on which the second hypothesis always fails.
Setup labelled(kernel::Strategy strategy, kernel::Ppm threshold) {
    kernel::PlanRequest request = kernel::testing::request(std::move(strategy));
    request.policy.max_parallel = nodes;
    request.policy.success_threshold = threshold;
    Scenario scenario = faultless();
    Hypothesis arm;
    arm.name = "fails on arm64";
    arm.label = "arch";
    arm.label_value = "arm64";
    arm.label_fails = 1'000'000;
    scenario.hypotheses.push_back(arm);
    Setup setup = setupOf(request, nodes, scenario);
    for (kernel::Node &node : setup.fleet.nodes) {
        node.labels["arch"] = arms.contains(node.id) ? "arm64" : "x86";
    }
    setup.futures = 40;
    return setup;
}

// Names of the nodes on which something failed in future k.
std::set<std::string> failedIn(const Setup &setup, std::uint32_t k) {
    const auto run = Rehearsal::prepare(setup)->openFuture(k);
    std::set<std::string> names;
    for (const record::SealedEntry &sealed : run->entries) {
        record::EntryReader reader(sealed.bytes);
        kernel::Event event;
        kernel::Command command;
        for (auto kind = reader.next(event, command); kind != record::Kind::None;
             kind = reader.next(event, command)) {
            const auto *failed = std::get_if<kernel::NodeFailed>(&event);
            if (kind == record::Kind::Event && failed != nullptr) {
                names.insert(setup.plan->targets[failed->target].node);
            }
        }
    }
    return names;
}

bool assumes(const Answers &answers, const std::string &words) {
    return std::ranges::any_of(answers.assumptions, [&words](const std::string &line) {
        return line.find(words) != std::string::npos;
    });
}

} // namespace

// "It fails where arch is arm64": on those nodes, and on no other.
class TestLabelled : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void failsWhereTheLabelIs() {
        const Setup setup = labelled(kernel::Rolling{}, 500'000);
        const Answers answers = answered(setup);
        QCOMPARE(failedIn(setup, 0), std::set<std::string>()); // the good one
        QCOMPARE(failedIn(setup, 1), arms);
        // Nine of twelve nodes are as far as it comes, in each future.
        QCOMPARE(answers.hypotheses[0].fans.nodes.bands.back().low, 1.0);
        QCOMPARE(answers.hypotheses[1].fans.nodes.bands.back().low, 0.75);
        QCOMPARE(answers.hypotheses[1].fans.nodes.bands.back().high, 0.75);
        QVERIFY(assumes(answers, "100 % of starts fail where arch is arm64"));
    }

    void theAnswerSaysWhere() {
        const Setup setup = labelled(kernel::Rolling{}, 1'000'000);
        const Answers answers = answered(setup);
        QCOMPARE(answers.hypotheses[0].endings[0].portion.share, 1.0);
        const EndingShare &back = answers.hypotheses[1].endings[std::size_t(Ending::RolledBack)];
        QCOMPARE(back.portion.share, 1.0);
        QCOMPARE(answers.worst.front().hypothesis, 1U);
        const QString because = QString::fromStdString(answers.worst.front().because);
        QVERIFY2(because.contains(QStringLiteral("where arch is arm64")), qPrintable(because));
        QVERIFY2(because.contains(QStringLiteral("too few nodes were healthy")),
                 qPrintable(because));
    }

    // A site is a label like any other, and needs no line of its own in the fleet.
    void aSiteIsALabel() {
        Setup setup = labelled(kernel::Rolling{}, 500'000);
        setup.scenario.hypotheses[1].label = "site";
        setup.scenario.hypotheses[1].label_value = "b";
        QCOMPARE(failedIn(setup, 1), (std::set<std::string>{"n1", "n4", "n7", "n10"}));
    }

    // What has no labels fails nowhere: a target that the fleet lacks has none.
    void anotherValueFailsNowhere() {
        Setup setup = labelled(kernel::Rolling{}, 1'000'000);
        setup.scenario.hypotheses[1].label_value = "riscv";
        QCOMPARE(failedIn(setup, 1), std::set<std::string>());
        setup.scenario.hypotheses[1].label_value = "arm64";
        setup.fleet = {};
        QCOMPARE(failedIn(setup, 1), std::set<std::string>());
    }
};

QTEST_GUILESS_MAIN(TestLabelled)
#include "test_labelled.moc"
