// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/filter.h"
#include "tests/ui/models/fleetsamples.h"
#include "ui/models/fleetstore.h"
#include "ui/models/signs.h"

#include <QSignalSpy>
#include <QTest>

using namespace aviary;

namespace {

// What the store must say, told in the simplest way.
struct Expected {
    std::map<QString, SignCounts> sites;
    std::map<QString, std::map<QString, quint32>> services;
};

Expected expectedOf(const std::map<QString, api::NodeRow> &rows) {
    Expected expected;
    for (const auto &[id, row] : rows) {
        SignCounts &site = expected.sites[row.site];
        ++site.nodes;
        ++site.of[static_cast<std::size_t>(signOf(row))];
        for (const api::ServiceOnNode &one : row.services) {
            ++expected.services[one.service][one.revision];
        }
    }
    return expected;
}

void compare(const FleetStore &store, const std::map<QString, api::NodeRow> &rows) {
    QCOMPARE(store.count(), quint32(rows.size()));
    for (const auto &[id, row] : rows) {
        const auto node = store.find(id);
        QVERIFY(node);
        QVERIFY(store.row(*node) == row);
        QCOMPARE(store.words()[store.healthWord(*node)], api::healthWord(row));
    }
    const Expected expected = expectedOf(rows);
    QVERIFY(store.sites() == expected.sites);
    QVERIFY(store.services() == expected.services);
}

} // namespace

class TestFleetStore : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rowsComeOutAsTheyWentIn() {
        FleetStore store;
        QVERIFY(!store.told());
        std::map<QString, api::NodeRow> rows;
        store.begin();
        for (const api::NodeRow &row : samples::nodes(1'000)) {
            rows[row.id] = row;
        }
        store.apply(samples::nodes(1'000));
        compare(store, rows);
        const NodeIndex seventh = *store.find(samples::node(7).id);
        QCOMPARE(store.revision(seventh, u"camera-agent"_qs), u"v7"_qs);
        QCOMPARE(store.revision(seventh, {}), u"v41"_qs);
        QVERIFY(store.revision(seventh, u"no-such"_qs).isNull());
        QCOMPARE(store.label(seventh, u"rack"_qs), u"r7"_qs);
        QVERIFY(store.label(seventh, u"floor"_qs).isNull());
    }

    void countsFollowChangesAndLeavingNodes() {
        FleetStore store;
        std::map<QString, api::NodeRow> rows;
        for (quint32 round = 0; round < 3'000; ++round) {
            const quint32 number = (round * 7'919) % 200;
            const api::NodeRow row = samples::changedNode(number, round);
            if (round % 4 == 3) {
                store.apply({}, {row.id, u"never was"_qs});
                rows.erase(row.id);
            } else {
                store.apply({row});
                rows[row.id] = row;
            }
        }
        QVERIFY(!rows.empty());
        compare(store, rows);
        QCOMPARE(store.totals().nodes, quint32(rows.size()));
    }

    void aWholeForgetsWhatItDoesNotTell() {
        FleetStore store;
        store.apply(samples::nodes(100));
        const NodeIndex kept = *store.find(samples::node(60).id);
        store.begin();
        QCOMPARE(store.count(), 0U);
        QVERIFY(store.sites().empty());
        store.apply(samples::nodes(50, 50));
        QCOMPARE(store.count(), 50U);
        QVERIFY(!store.find(samples::node(3).id));
        // Who is told again keeps its place, so that a selection stays.
        QCOMPARE(store.find(samples::node(60).id), std::optional(kept));
    }

    void manyChangesAreOneAnnouncement() {
        FleetStore store;
        store.apply(samples::nodes(100));
        QSignalSpy spy(&store, &FleetStore::changed);
        QVERIFY(spy.wait());
        QVERIFY(spy.front().front().value<FleetChange>().structure);
        spy.clear();
        for (quint32 round = 0; round < 1'000; ++round) {
            store.apply({samples::changedNode(round % 10, round)});
        }
        store.apply({}, {samples::node(4).id});
        QCOMPARE(spy.size(), 0);
        QVERIFY(spy.wait());
        QCOMPARE(spy.size(), 1);
        const auto change = spy.front().front().value<FleetChange>();
        QVERIFY(change.structure);
        QCOMPARE(change.nodes.size(), std::size_t(9));
        QVERIFY(change.given.empty());
    }

    void nothingToTellIsNotTold() {
        FleetStore store;
        store.apply(samples::nodes(3));
        QSignalSpy spy(&store, &FleetStore::changed);
        QVERIFY(spy.wait());
        store.apply({});
        QVERIFY(!spy.wait(120));
        QCOMPARE(spy.size(), 1);
    }

    void placesAndWordsDoNotGrowWithNodesThatComeAndGo() {
        FleetStore store;
        for (quint32 round = 0; round < 30; ++round) {
            api::NodeRow row;
            std::vector<api::NodeRow> rows;
            QStringList gone;
            for (quint32 i = 0; i < 1'000; ++i) {
                row = samples::changedNode(round * 1'000 + i, round * 1'000 + i);
                row.services[0].text = row.id;
                row.labels.emplace_back(u"serial"_qs, row.id);
                gone.append(row.id);
                rows.push_back(row);
            }
            store.apply(rows);
            store.apply({}, gone);
        }
        QCOMPARE(store.count(), 0U);
        QVERIFY(store.end() < 6'000);
        QVERIFY(store.words().end() < 10'000);
        QVERIFY(store.labelSets().end() <= 1'000);
    }

    void whoGetsThePlaceOfAnotherIsNamed() {
        FleetStore store;
        QSignalSpy spy(&store, &FleetStore::changed);
        store.apply(samples::nodes(5'000));
        store.begin();
        store.apply(samples::nodes(5'000, 100'000));
        QVERIFY(spy.wait());
        const auto change = spy.front().front().value<FleetChange>();
        QVERIFY(!change.given.empty());
        for (const NodeIndex node : change.given) {
            QVERIFY(node < 5'000);
            QCOMPARE(store.find(store.id(node)), std::optional(node));
        }
    }
};

QTEST_GUILESS_MAIN(TestFleetStore)
#include "test_fleetstore.moc"
