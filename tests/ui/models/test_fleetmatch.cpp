// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/models/fleetsamples.h"
#include "ui/models/fleetmatch.h"

#include <QSignalSpy>
#include <QTest>

using namespace aviary;

class TestFleetMatch : public QObject {
    Q_OBJECT

    static void filters() {
        QTest::addColumn<QString>("text");
        for (const char *text : {"",
                                 "n0007",
                                 "10.0.1",
                                 "DEPOTS",
                                 "site:eu-* health:!healthy",
                                 "revision:v42",
                                 "service:camera-agent revision:!v41",
                                 "revision:v41 site:eu-* behind:>0",
                                 "ready:no",
                                 "label.rack:r7,r8",
                                 "label.rack:!r7",
                                 "flag:draining,excluded",
                                 "flag:!maintenance status:degraded",
                                 "cpu:>0.05",
                                 "memory:<50 disk:>=1",
                                 "health:unknown,offline,flapping,failing",
                                 "id:*5 name:eu*",
                                 "address:10.0.0.1?",
                                 "instances:2",
                                 "behind:!0"}) {
            QTest::newRow(text) << QString::fromLatin1(text);
        }
    }

    static void compare(const FleetStore &store, const FleetMatch &match) {
        quint32 count = 0;
        for (NodeIndex node = 0; node < store.end(); ++node) {
            const bool expected = store.has(node) && match.filter().matches(store.row(node));
            QCOMPARE(match.at(node), expected);
            count += expected;
        }
        QCOMPARE(match.count(), count);
    }

private Q_SLOTS:
    void itAnswersAsTheFilterDoesOfEachRow_data() { filters(); }
    void itAnswersAsTheFilterDoesOfEachRow() {
        QFETCH(QString, text);
        FleetStore store;
        store.apply(samples::nodes(2'000));
        FleetMatch match(store);
        match.setFilter(*api::Filter::parse(text));
        compare(store, match);
        QVERIFY(match.count() > 0);
    }

    void itFollowsWhatChanges_data() { filters(); }
    void itFollowsWhatChanges() {
        QFETCH(QString, text);
        FleetStore store;
        store.apply(samples::nodes(300));
        FleetMatch match(store);
        match.setFilter(*api::Filter::parse(text));
        QObject::connect(&store, &FleetStore::changed, &store,
                         [&match](const FleetChange &change) { match.update(change); });
        QSignalSpy spy(&store, &FleetStore::changed);
        QVERIFY(spy.wait());
        for (quint32 turn = 0; turn < 8; ++turn) {
            for (quint32 i = 0; i < 40; ++i) {
                const quint32 round = turn * 40 + i;
                store.apply({samples::changedNode((round * 17) % 310, round)});
            }
            if (turn % 3 == 2) {
                store.apply({}, {samples::node(turn).id, samples::changedNode(turn, 13).id});
            }
            QVERIFY(spy.wait());
            compare(store, match);
        }
    }
};

QTEST_GUILESS_MAIN(TestFleetMatch)
#include "test_fleetmatch.moc"
