// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/requestchange.h"

#include <QTest>

using namespace aviary;
using namespace aviary::plans;
using namespace aviary::kernel;
using namespace Qt::Literals;

namespace {

const QByteArray document = "# ours\n"
                            "format: aviary-plan/1\n"
                            "service: shop\n"
                            "from: v1\n"
                            "to: v2\n"
                            "strategy:\n"
                            "  kind: canary # careful\n"
                            "  stages: [10 %, 50 %, 100 %]\n"
                            "  bake: 1 min\n"
                            "judges: [{judge: not_worse, margin: 1 %}]\n"
                            "router: weights\n";

Fleet fleetOf(int count) {
    Fleet fleet;
    for (int i = 0; i < count; ++i) {
        Node node;
        node.id = "n" + std::to_string(i);
        node.name = node.id;
        node.revisions["shop"] = "v1";
        fleet.nodes.push_back(node);
    }
    return fleet;
}

PlanRequest requestIn(const QByteArray &text) {
    return std::get<PlanRequest>(readPlan(text).file->content);
}

Plan planOf(const PlanRequest &request) {
    return std::get<Plan>(compile(request, fleetOf(20)));
}

QStringList changesFor(const Plan &wanted) {
    const auto like = requestLike(requestIn(document), wanted, fleetOf(20));
    if (!like) {
        return {toText(like.error())};
    }
    const auto changed = withRequest(document, *like);
    if (!changed) {
        return {toText(changed.error())};
    }
    if (planOf(requestIn(changed->text)).steps != wanted.steps ||
        !changed->text.startsWith("# ours\n") || !changed->text.contains("careful")) {
        return {QString::fromUtf8(changed->text)};
    }
    QStringList lines;
    for (const MemberChange &change : changed->changes) {
        lines << change.member + u": "_qs + change.before + u" -> "_qs + change.after;
    }
    return lines;
}

} // namespace

class TestRequestChange : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aHoldThatLastsLongerIsAListOfHolds() {
        Plan wanted = planOf(requestIn(document));
        for (Step &step : wanted.steps) {
            if (auto *hold = std::get_if<HoldStep>(&step)) {
                hold->time_ms = 600'000; // the first of two
                break;
            }
        }
        QCOMPARE(changesFor(wanted),
                 QStringList{u"strategy.holds:  -> [10 min, until promoted]"_qs});
    }

    void allChecksThatBakeLongerAreOneBake() {
        Plan wanted = planOf(requestIn(document));
        for (Step &step : wanted.steps) {
            if (auto *check = std::get_if<CheckStep>(&step)) {
                check->bake_ms = 180'000;
            }
        }
        QCOMPARE(changesFor(wanted), QStringList{u"strategy.bake: 1 min -> 3 min"_qs});
    }

    void aSmallerFirstStageIsOneStageMore() {
        PlanRequest smaller = requestIn(document);
        std::get<Canary>(smaller.strategy).stages = {500, 1'000, 5'000, 10'000};
        QCOMPARE(
            changesFor(planOf(smaller)),
            QStringList{u"strategy.stages: [10 %, 50 %, 100 %] -> [5 %, 10 %, 50 %, 100 %]"_qs});
    }

    void stricterJudgesAreWrittenWhole() {
        PlanRequest strict = requestIn(document);
        std::get<NotWorse>(strict.judges->front()).margin /= 2;
        const QStringList changes = changesFor(planOf(strict));
        QCOMPARE(changes.size(), 1);
        QVERIFY2(changes[0].contains(u"margin: 1 %") && changes[0].contains(u"margin: 0.5 %"),
                 qPrintable(changes[0]));
    }

    void plansDifferInTheirMembers() {
        const Plan before = planOf(requestIn(document));
        PlanRequest other = requestIn(document);
        other.to = "v3";
        other.policy.max_parallel = 4;
        other.judges.reset();
        QStringList lines;
        for (const MemberChange &change : differencesOf(before, planOf(other))) {
            lines << change.member + u": "_qs + change.before.left(24) + u" -> "_qs +
                         change.after.left(24);
        }
        QCOMPARE(lines, (QStringList{u"to: v2 -> v3"_qs, u"policy.max_parallel: 1 -> 4"_qs,
                                     u"judges: [{judge: not_worse, marg -> [{judge: "
                                     u"health_share, t"_qs}));
        QVERIFY(differencesOf(before, before).empty());
    }

    void whatNoRequestSaysIsRefused() {
        Plan wanted = planOf(requestIn(document));
        wanted.steps.insert(wanted.steps.begin(), HoldStep{Millis{1'000}});
        QVERIFY(!requestLike(requestIn(document), wanted, fleetOf(20)));
    }
};

QTEST_APPLESS_MAIN(TestRequestChange)
#include "test_requestchange.moc"
