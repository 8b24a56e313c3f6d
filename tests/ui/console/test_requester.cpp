// SPDX-License-Identifier: GPL-3.0-or-later
// A request leaves the window only as a person confirmed it, and is never told as more than it is.
#include "tests/ui/console/consolehouse.h"
#include "ui/samples/rolloutstates.h"

#include <QTest>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

api::RequestRow rowOf(const QString &id, api::Outcome outcome, const QString &text) {
    api::RequestRow row;
    row.id = id;
    row.cluster = u"edge-eu"_qs;
    row.outcome = outcome;
    row.text = text;
    return row;
}

} // namespace

class TestRequester : public QObject {
    Q_OBJECT

    // A house with a question on the first rollout, complete.
    void ask(ConsoleHouse &house, const QString &verb, const QJsonObject &more = {}) {
        QVERIFY(house.chooseRollout());
        house.console().requester().ask(house.desk(), verb, house.console().choice().rollout(),
                                        more);
        QVERIFY(house.console().requester().question());
        QTRY_VERIFY(house.console().requester().question()->complete);
    }

    OutcomeLine line(ConsoleHouse &house) {
        const auto lines = house.console().requester().outcomes().lines();
        return lines.empty() ? OutcomeLine{} : lines.front();
    }

private Q_SLOTS:
    void statesTheEffect() {
        ConsoleHouse house;
        ask(house, u"promote"_qs, {{u"to"_qs, 2'500}});
        const Question &question = *house.console().requester().question();
        QCOMPARE(question.title, u"Promote checkout-api to 25\u00a0%?"_qs);
        QCOMPARE(question.button, u"Promote to 25\u00a0%"_qs);
        QCOMPARE(question.facts.size(), 4U);
        QCOMPARE(question.facts[0].text,
                 u"10\u00a0% \u2192 25\u00a0%, about 3,120 more requests a minute"_qs);
        QCOMPARE(question.facts[1].text, u"8 nodes: eu-west 3, eu-north 3, eu-south 2"_qs);
        QCOMPARE(question.facts[2].text, u"eu-south has 13 up and never fewer than 12"_qs);
        QCOMPARE(house.asked(u"request"_qs), 0);
    }

    void productionWantsTheName() {
        ConsoleHouse house;
        ask(house, u"promote"_qs, {{u"to"_qs, 2'500}});
        Requester &requester = house.console().requester();
        QCOMPARE(requester.question()->word, u"checkout-api"_qs);
        requester.confirm(u"checkout-ap"_qs, {});
        QVERIFY(requester.question()); // not that
        requester.confirm(u"checkout-api"_qs, u"looks well"_qs);
        QVERIFY(!requester.question());
        QTRY_COMPARE(house.asked(u"request"_qs), 1);
        const QJsonObject sent = house.lastAsked(u"request"_qs);
        QCOMPARE(sent[u"verb"].toString(), u"promote"_qs);
        QCOMPARE(sent[u"to"].toInt(), 2'500);
        QCOMPARE(sent[u"confirm"].toString(), u"checkout-api"_qs);
        QCOMPARE(sent[u"effect"].toString(), samples::promoteEffect().token);
        QCOMPARE(sent[u"epoch"].toInt(), int(samples::promoteEffect().epoch));
        QCOMPARE(sent[u"reason"].toString(), u"looks well"_qs);
        QCOMPARE(sent[u"request_id"].toString().size(), 26);
    }

    void whatLowersTakesOnePlainConfirmation() {
        ConsoleHouse house(u"stale"_qs);
        ask(house, u"pause"_qs);
        Requester &requester = house.console().requester();
        QCOMPARE(requester.question()->word, QString());
        QCOMPARE(requester.question()->blocked, QString());
        requester.confirm({}, {});
        QTRY_COMPARE(house.asked(u"request"_qs), 1);
        QVERIFY(!house.lastAsked(u"request"_qs).contains(u"effect"));
    }

    void whatLowersDoesNotWaitForItsEffect() {
        ConsoleHouse house;
        QVERIFY(house.chooseRollout());
        house.provider().hold(u"effect"_qs);
        Requester &requester = house.console().requester();
        requester.ask(house.desk(), u"rollback"_qs, house.console().choice().rollout());
        QVERIFY(!requester.question()->complete);
        requester.confirm({}, {});
        QTRY_COMPARE(house.asked(u"request"_qs), 1);
    }

    void oldDataBlocksWhatRaises() {
        ConsoleHouse house(u"stale"_qs);
        ask(house, u"promote"_qs, {{u"to"_qs, 2'500}});
        Requester &requester = house.console().requester();
        QVERIFY2(requester.question()->blocked.contains(u"old"),
                 qPrintable(requester.question()->blocked));
        requester.confirm(u"checkout-api"_qs, {});
        QVERIFY(requester.question());
        // It answers again: the same question may be asked.
        api::ClusterRow edge = *house.desk().cluster(u"edge-eu"_qs);
        edge.contact = api::Contact::Live;
        edge.heard_wall_ms += 48'000;
        house.provider().tell(edge);
        QTRY_COMPARE(requester.question()->blocked, QString());
        requester.confirm(u"checkout-api"_qs, {});
        QTRY_COMPARE(house.asked(u"request"_qs), 1);
    }

    void aReadOnlyClusterSaysSo() {
        ConsoleHouse house;
        ask(house, u"promote"_qs, {{u"to"_qs, 2'500}});
        api::ClusterRow edge = *house.desk().cluster(u"edge-eu"_qs);
        edge.unlocked = false;
        house.provider().tell(edge);
        QTRY_VERIFY(house.console().requester().question()->blocked.contains(u"unlock it first"));
    }

    void voidOnceTheEffectChanged() {
        ConsoleHouse house;
        ask(house, u"promote"_qs, {{u"to"_qs, 2'500}});
        Requester &requester = house.console().requester();
        const QString rollout = house.console().choice().rollout();
        api::EffectRow effect = house.provider().world().effects.at(rollout);
        effect.epoch = 18; // an event came, and nothing of what was shown changed
        house.provider().tellEffect(rollout, effect);
        QTRY_VERIFY(house.asked(u"effect"_qs) >= 2);
        effect.epoch = 19; // the third is asked once the second was heard
        house.provider().tellEffect(rollout, effect);
        QTRY_VERIFY(house.asked(u"effect"_qs) >= 3);
        QCOMPARE(requester.question()->changed, QString());
        effect.token = u"b7"_qs;
        effect.nodes = 6;
        effect.sites[0].nodes = 1;
        house.provider().tellEffect(rollout, effect);
        QTRY_VERIFY(!requester.question()->changed.isEmpty());
        QVERIFY2(requester.question()->changed.contains(u"8 nodes: eu-west 3"),
                 qPrintable(requester.question()->changed));
        QVERIFY2(requester.question()->changed.contains(u"now 6 nodes: eu-west 1"),
                 qPrintable(requester.question()->changed));
        requester.confirm(u"checkout-api"_qs, {});
        QVERIFY(requester.question()); // void
        requester.lookAgain();
        requester.confirm(u"checkout-api"_qs, {});
        QTRY_COMPARE(house.lastAsked(u"request"_qs)[u"effect"].toString(), u"b7"_qs);
    }

    void greenOnlyByTheDaemonsWord() {
        ConsoleHouse house;
        house.provider().answer(u"request"_qs, [](const QJsonObject &parameters) {
            const auto row = rowOf(parameters[u"request_id"].toString(), api::Outcome::Asked,
                                   u"asked, not confirmed yet"_qs);
            return QJsonObject{{u"request"_qs, api::toJson(row)}};
        });
        ask(house, u"pause"_qs);
        house.console().requester().confirm({}, {});
        QCOMPARE(line(house).outcome, api::Outcome::Asked);
        QTRY_COMPARE(line(house).text, u"asked, not confirmed yet"_qs);
        QCOMPARE(line(house).outcome, api::Outcome::Asked);
        house.provider().tell(
            rowOf(line(house).id, api::Outcome::Applied, u"written to the journal"_qs));
        QTRY_COMPARE(line(house).outcome, api::Outcome::Applied);
    }

    void aRefusalSaysWhy() {
        ConsoleHouse house;
        house.provider().answer(u"request"_qs, [](const QJsonObject &) {
            return fail(ErrorCode::Conflict, u"what it would do changed after you looked"_qs, {},
                        u"look again"_qs);
        });
        ask(house, u"pause"_qs);
        house.console().requester().confirm({}, {});
        QTRY_COMPARE(line(house).outcome, api::Outcome::Refused);
        QVERIFY(line(house).text.contains(u"look again"));
    }

    void unknownUntilItIsTold() {
        ConsoleHouse house;
        house.provider().hold(u"request"_qs);
        house.provider().hold(u"request.get"_qs);
        ask(house, u"pause"_qs);
        house.console().requester().confirm({}, {});
        QTRY_COMPARE(house.asked(u"request"_qs), 1);
        house.provider().release(u"request"_qs, fail(ErrorCode::TimedOut, u"the link broke"_qs));
        QTRY_COMPARE(line(house).outcome, api::Outcome::Unknown);
        QTRY_COMPARE(house.asked(u"request.get"_qs), 1);
        QCOMPARE(line(house).outcome, api::Outcome::Unknown);
        const QString id = line(house).id;
        QCOMPARE(house.lastAsked(u"request.get"_qs)[u"id"].toString(), id);
        house.provider().release(
            u"request.get"_qs,
            fail(ErrorCode::NotFound, u"no such request was made"_qs, {}, u"ask again"_qs));
        QTRY_COMPARE(line(house).outcome, api::Outcome::Refused);
    }

    void timeTravelAsksNothing() {
        ConsoleHouse house;
        QVERIFY(house.chooseRollout());
        api::InProcessSession past(house.provider(), {});
        house.desk().travelTo(&past, u"09:48:12"_qs);
        QTRY_VERIFY(!house.desk().rollouts().empty());
        Requester &requester = house.console().requester();
        requester.ask(house.desk(), u"pause"_qs, house.desk().rollouts().front().id);
        QVERIFY(requester.question()->blocked.contains(u"live"));
        requester.confirm({}, {});
        QVERIFY(requester.question());
        QCOMPARE(house.asked(u"request"_qs), 0);
        house.desk().backToLive();
        QVERIFY(!requester.question());
    }
};

QTEST_MAIN(TestRequester)
#include "test_requester.moc"
