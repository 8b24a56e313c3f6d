// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/ownplaces.h"
#include "core/orchestrator/ownrows.h"

#include <QTest>

#include <algorithm>

using namespace aviary;
using namespace aviary::clusters;
using namespace aviary::orchestrator;
using namespace Qt::Literals;
using kernel::Status;

namespace {

OwnRollout rollout(Status status, qint64 healthy, bool promoted = false) {
    OwnPart part;
    part.name = u"web"_qs;
    part.canaries = 2;
    part.canaries_healthy = std::min<qint64>(healthy, 2);
    part.wanted = 6;
    part.placed = 2;
    part.healthy = healthy;
    part.promoted = promoted;
    OwnRollout made;
    made.id = u"d1"_qs;
    made.service = u"web"_qs;
    made.from = u"1"_qs;
    made.to = u"2"_qs;
    made.status = status;
    made.text = u"as the cluster says"_qs;
    made.parts = {part};
    made.began_wall_ms = 1'000;
    return made;
}

// Looks at a cluster, a second apart; what was written down for them.
struct Looks {
    OwnRollouts own;
    std::vector<journal::Fact> facts;
    qint64 now_ms = 10'000;

    std::size_t look(const std::vector<OwnRollout> &shown) {
        now_ms += 1'000;
        const auto news = own.compare(u"edge"_qs, shown, now_ms);
        for (const journal::Fact &fact : news) {
            if (!own.fold(fact)) {
                QTest::qFail("a fact that is none", __FILE__, __LINE__);
            }
            facts.push_back(fact);
        }
        return news.size();
    }
};

const api::Permission &permission(const std::vector<api::Permission> &all, const QString &verb) {
    return *std::ranges::find(all, verb, &api::Permission::verb);
}

} // namespace

class TestOwnRollouts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyWhatChangedIsWrittenDown() {
        Looks looks;
        QCOMPARE(looks.look({rollout(Status::InProgress, 0)}), 1u);
        QCOMPARE(looks.look({rollout(Status::InProgress, 0)}), 0u);
        QCOMPARE(looks.look({rollout(Status::Waiting, 2)}), 1u);
        const KnownRollout *known = looks.own.find(u"d1"_qs);
        QCOMPARE(known->changes, 2u);
        QCOMPARE(known->changed_wall_ms, 13'000);
        QStringList told;
        for (const api::Happening &one : known->told) {
            told << one.text;
        }
        QVERIFY2(told[0].contains(u"2 of web begins, in place of 1"), qPrintable(told.join(u'\n')));
        QVERIFY(told.contains(u"web: 2 of 6 are healthy"_qs));
        QVERIFY(told.last().startsWith(u"waits for promotion"));
    }
    void theFactsGiveTheSameAgain() {
        Looks looks;
        looks.look({rollout(Status::InProgress, 0)});
        looks.look({rollout(Status::Waiting, 2)});
        looks.look({rollout(Status::InProgress, 3, true)});
        looks.look({rollout(Status::Completed, 6, true)});
        OwnRollouts again;
        for (const journal::Fact &fact : looks.facts) {
            QVERIFY(again.fold(fact).has_value());
        }
        QCOMPARE(ownDetail(*again.find(u"d1"_qs)), ownDetail(*looks.own.find(u"d1"_qs)));
        const api::RolloutRow row = ownRow(*again.find(u"d1"_qs));
        QCOMPARE(row.status, Status::Completed);
        QCOMPARE(row.ended_wall_ms, 14'000);
        QCOMPARE(row.nodes_done, 6u);
        QVERIFY(again.compare(u"edge"_qs, {rollout(Status::Completed, 6, true)}, 1).empty());
    }
    // The cluster chooses nodes as it goes: they are where its instances are.
    void whereItStandsOnTheNodes() {
        Looks looks;
        looks.look({rollout(Status::Waiting, 2)});
        const KnownRollout &known = *looks.own.find(u"d1"_qs);
        kernel::Fleet fleet;
        for (const char *id : {"a", "b", "c", "d", "idle"}) {
            kernel::Node node;
            node.id = id;
            node.site = "dc1";
            fleet.nodes.push_back(node);
        }
        const auto instance = [](const QString &node, const QString &revision, bool ready,
                                 bool running) {
            Instance one;
            one.node = node;
            one.service = u"web"_qs;
            one.revision = revision;
            one.ready = ready;
            one.running = running;
            one.text = u"web, canary"_qs;
            return one;
        };
        Instance other = instance(u"idle"_qs, u"2"_qs, true, true);
        other.service = u"other"_qs;
        api::RolloutDetail detail = ownDetail(known);
        placeOwn(detail, known,
                 {instance(u"a"_qs, u"2"_qs, true, true), instance(u"a"_qs, u"1"_qs, true, true),
                  instance(u"b"_qs, u"2"_qs, false, true), instance(u"c"_qs, u"2"_qs, false, false),
                  instance(u"d"_qs, u"1"_qs, true, true), other},
                 fleet);
        QCOMPARE(detail.targets_total, 4u);
        using kernel::Phase;
        const Phase phases[]{Phase::Healthy, Phase::Updating, Phase::Failed, Phase::Untouched};
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(detail.targets[i].phase, phases[i]);
            QCOMPARE(detail.phases[static_cast<std::size_t>(phases[i])], 1u);
        }
        QCOMPARE(detail.targets[0].previous, u"1"_qs);
        QCOMPARE(detail.targets[2].text, u"web, canary"_qs);
    }
    // The cluster's own judgement, in the place of ours.
    void theVerdictIsTheClusters() {
        Looks looks;
        const auto ruling = [&looks](Status status, qint64 healthy) {
            looks.look({rollout(status, healthy, true)});
            return ownDetail(*looks.own.find(u"d1"_qs)).verdict.ruling;
        };
        QCOMPARE(ruling(Status::InProgress, 1), kernel::Ruling::Undecided);
        QCOMPARE(ruling(Status::Waiting, 2), kernel::Ruling::Pass);
        QCOMPARE(ruling(Status::Failed, 2), kernel::Ruling::Fail);
    }
    void whatTheClusterForgetsStays() {
        Looks looks;
        looks.look({rollout(Status::Completed, 6, true)});
        QCOMPARE(looks.look({}), 0u); // it had ended, and its record stays
        OwnRollout forgetful = rollout(Status::Completed, 0, true);
        forgetful.from.clear();
        forgetful.began_wall_ms = 0;
        QCOMPARE(looks.look({forgetful}), 0u);
        QCOMPARE(ownDeployment(*looks.own.find(u"d1"_qs)).from, u"1"_qs);
    }
    void whatVanishesWhileItGoesOnIsNotShownAsGoingOn() {
        Looks looks;
        looks.look({rollout(Status::Waiting, 2)});
        QCOMPARE(looks.look({}), 1u);
        const api::RolloutRow row = ownRow(*looks.own.find(u"d1"_qs));
        QVERIFY(kernel::isEnd(row.status));
        QVERIFY2(row.headline.contains(u"not known"), qPrintable(row.headline));
        QVERIFY(looks.own.compare(u"elsewhere"_qs, {}, 1).empty());
    }
    void whatMayBeAskedFollowsFromHowItStands() {
        Looks looks;
        const auto permissions = [&looks] { return ownPermissions(*looks.own.find(u"d1"_qs)); };
        looks.look({rollout(Status::InProgress, 1)});
        QVERIFY(!permission(permissions(), u"promote"_qs).allowed);
        QVERIFY(permission(permissions(), u"promote"_qs).reason.contains(u"not healthy yet"));
        QVERIFY(permission(permissions(), u"pause"_qs).allowed);
        looks.look({rollout(Status::Waiting, 2)});
        QVERIFY(permission(permissions(), u"promote"_qs).allowed);
        QVERIFY(permission(permissions(), u"rollback"_qs).allowed);
        looks.look({rollout(Status::Paused, 2)});
        QVERIFY(!permission(permissions(), u"promote"_qs).allowed);
        QVERIFY(permission(permissions(), u"resume"_qs).allowed);
        looks.look({rollout(Status::Failed, 2)});
        QVERIFY(!permission(permissions(), u"resume"_qs).allowed);
        for (const QString &verb : {u"lower"_qs, u"skip"_qs, u"start"_qs}) {
            QVERIFY(!permission(permissions(), verb).allowed);
            QVERIFY(!permission(permissions(), verb).reason.isEmpty());
        }
    }
    void anEffectThatChangedHasAnotherToken() {
        Looks looks;
        looks.look({rollout(Status::Paused, 2)});
        const KnownRollout *known = looks.own.find(u"d1"_qs);
        const api::EffectRow before = ownEffect(*known, {u"resume"_qs});
        QVERIFY(before.raises_exposure && before.refusal.isEmpty());
        OwnRollout moved = rollout(Status::Paused, 2);
        moved.parts[0].unhealthy = 1;
        looks.look({moved});
        QVERIFY(ownEffect(*known, {u"resume"_qs}).token != before.token);
        QVERIFY(!ownEffect(*known, {u"lower"_qs}).refusal.isEmpty());
        QVERIFY(ownEffect(*known, {u"rollback"_qs, u"0"_qs})
                    .sentences.join(u' ')
                    .contains(u"canaries run again"));
    }
    void partsThatAreReadyMayGoOnAlone() {
        OwnRollout two = rollout(Status::InProgress, 2);
        OwnPart other = two.parts[0];
        other.name = u"late"_qs;
        other.canaries_healthy = other.healthy = 0;
        two.parts.push_back(other);
        Looks looks;
        looks.look({two});
        const KnownRollout &known = *looks.own.find(u"d1"_qs);
        QVERIFY(!ownEffect(known, {u"promote"_qs}).refusal.isEmpty());
        const api::EffectRow web = ownEffect(known, {u"promote"_qs, {}, {u"web"_qs}});
        QCOMPARE(web.refusal, QString());
        QCOMPARE(web.sentences, QStringList{u"web: 4 of 6 instances are replaced"_qs});
        QVERIFY(
            ownEffect(known, {u"promote"_qs, {}, {u"late"_qs}}).refusal.contains(u"not healthy"));
        QVERIFY(ownEffect(known, {u"promote"_qs, {}, {u"nope"_qs}}).refusal.contains(u"no part"));
    }
    void stepsTellHowFarItIs() {
        Looks looks;
        looks.look({rollout(Status::Waiting, 2)});
        const auto signs = [&looks] {
            std::vector<api::StepSign> all;
            for (const api::StepRow &step : ownDetail(*looks.own.find(u"d1"_qs)).steps) {
                all.push_back(step.sign);
            }
            return all;
        };
        using Sign = api::StepSign;
        QCOMPARE(signs(), (std::vector{Sign::Done, Sign::Now, Sign::ToCome}));
        looks.look({rollout(Status::InProgress, 4, true)});
        QCOMPARE(signs(), (std::vector{Sign::Done, Sign::Done, Sign::Now}));
        looks.look({rollout(Status::Completed, 6, true)});
        QCOMPARE(signs(), (std::vector{Sign::Done, Sign::Done, Sign::Done}));
    }
};

QTEST_GUILESS_MAIN(TestOwnRollouts)
#include "test_ownrollouts.moc"
