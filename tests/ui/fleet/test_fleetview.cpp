// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/models/fleetsamples.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/fleettable.h"
#include "ui/fleet/fleetview.h"
#include "ui/fleet/nodepage.h"
#include "ui/fleet/selectionbar.h"

#include <QAbstractButton>
#include <QAction>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

#include <numeric>
#include <set>

using namespace aviary;
using namespace Qt::Literals;

namespace {

FleetValue valueOf() {
    FleetValue value;
    value.scene.focus = {u"checkout-api"_qs, u"v42"_qs, u"v41"_qs};
    value.scene.now_wall_ms = 1'790'000'060'000;
    return value;
}

// The view over a store of its own.
struct Looked {
    FleetStore store;
    FleetView view;

    explicit Looked(quint32 count) {
        view.resize(1'200, 860);
        view.setStore(&store);
        view.setValue(valueOf());
        view.show();
        store.begin();
        store.apply(samples::nodes(count));
        settle(count);
    }
    ~Looked() { view.setStore(nullptr); }
    void settle(quint32 count) {
        QTRY_COMPARE(view.map()->value().cells.size(), std::size_t(count));
    }
    void type(const QString &text) {
        QLineEdit *edit = view.filterField()->edit();
        edit->clear();
        QTest::keyClicks(edit, text);
    }
    QStringList names(const std::vector<NodeIndex> &nodes) const {
        QStringList names;
        for (const NodeIndex node : nodes) {
            names += store.name(node);
        }
        return names;
    }
};

std::ptrdiff_t brightCells(const FleetMap &map) {
    return std::ranges::count(map.value().cells, false, &FleetCell::dimmed);
}

} // namespace

class TestFleetView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sitesAreBlocksWithTheShareOfTheNewRevision() {
        Looked looked(300);
        const auto &sites = looked.view.map()->value().sites;
        QCOMPARE(sites.size(), std::size_t(5));
        QCOMPARE(sites[0].name, u"ap-south"_qs);
        QVERIFY(sites[0].note.startsWith(u"v42 "_qs));
        QCOMPARE(looked.view.map()->value().tints[0].role, Role::Accent);
    }

    void theFirstRowsComeWithTheFirstSquares() {
        Looked looked(0);
        QSignalSpy changed(&looked.store, &FleetStore::changed);
        QVERIFY(changed.wait()); // it is known that the cluster answers, and no node yet
        looked.store.apply(samples::nodes(300));
        looked.settle(300);
        QCOMPARE(looked.view.table()->model()->rowCount(), 300);
    }

    void theFilterDimsTheMapAndHidesRows() {
        Looked looked(300);
        looked.type(u"revision:v42"_qs);
        QCOMPARE(looked.view.table()->model()->rowCount(), 28);
        QCOMPARE(brightCells(*looked.view.map()), 28);
        QVERIFY(looked.view.filterField()->message().startsWith(u"28 of 300 match"_qs));
        QTest::keyClick(looked.view.filterField()->edit(), Qt::Key_Escape);
        QTest::keyClick(looked.view.filterField()->edit(), Qt::Key_Escape);
        QCOMPARE(looked.view.table()->model()->rowCount(), 300);
        QCOMPARE(brightCells(*looked.view.map()), 300);
    }

    void anUnreadableFilterSaysWhereAndKeepsTheLastGoodOne() {
        Looked looked(300);
        looked.type(u"revision:v42 helth:x"_qs);
        const FilterField *field = looked.view.filterField();
        QCOMPARE(field->errorPlace(), std::optional(13));
        QVERIFY(field->message().contains(u"helth"_qs));
        QVERIFY(looked.view.table()->model()->rowCount() < 300);
        looked.view.filterField()->setText({});
        QVERIFY(!field->errorPlace());
    }

    void keysAndValuesOfTheFleetAreOffered() {
        Looked looked(300);
        const auto keys = completeFilter(looked.store, u"si"_qs, 2);
        QCOMPARE(keys.candidates.front().word, u"site:"_qs);
        const QString text = u"behind:>0 site:eu"_qs;
        const auto values = completeFilter(looked.store, text, int(text.size()));
        QCOMPARE(values.candidates.size(), std::size_t(2));
        QCOMPARE(values.from, 15);
        QCOMPARE(values.length, 2);
        QVERIFY(values.candidates[0].note.contains(u"60"_qs));
        const auto labels = completeFilter(looked.store, u"label.rack:"_qs, 11);
        QCOMPARE(labels.candidates.size(), FilterCompletion::candidates_max);
        QVERIFY(completeFilter(looked.store, u"health:"_qs, 7).candidates.size() == 6);
        QVERIFY(completeFilter(looked.store, u"\"site"_qs, 5).candidates.empty());
    }

    void offeredValuesAreReadBack() {
        FleetStore store;
        api::NodeRow row = samples::node(1);
        row.site = u"a \"b\", c*"_qs;
        store.apply({row});
        const auto offered = completeFilter(store, u"site:"_qs, 5);
        QCOMPARE(offered.candidates.size(), std::size_t(1));
        const auto filter = api::Filter::parse(u"site:"_qs + offered.candidates[0].word);
        QVERIFY(filter && filter->matches(row));
    }

    void aBandTakesOnlyWhatMatches() {
        Looked looked(300);
        looked.type(u"health:!healthy"_qs);
        std::vector<std::size_t> all(300);
        std::iota(all.begin(), all.end(), 0U);
        looked.view.map()->select(all);
        QCOMPARE(looked.view.selection().size(),
                 std::size_t(looked.view.table()->model()->rowCount()));
        QCOMPARE(looked.view.map()->selection().size(), looked.view.selection().size());
    }

    void mapAndTableChooseTheSame() {
        Looked looked(100);
        looked.view.table()->selectRow(0);
        QCOMPARE(looked.view.selection().size(), std::size_t(1));
        QCOMPARE(looked.view.map()->selection().size(), std::size_t(1));
        QSignalSpy changed(&looked.view, &FleetView::selectionChanged);
        looked.view.map()->select({3, 4, 5});
        QVERIFY(changed.size() > 0);
        const auto rows = looked.view.table()->selectedNodes();
        QCOMPARE(std::set(rows.begin(), rows.end()).size(), std::size_t(3));
        QVERIFY(looked.view.selectionBar()->text().startsWith(u"3 nodes"_qs));
    }

    void theSelectionStaysWithItsNodes() {
        Looked looked(100);
        const auto chosen = std::vector{*looked.store.find(samples::node(60).id),
                                        *looked.store.find(samples::node(70).id)};
        looked.view.select(chosen);
        looked.store.apply(samples::nodes(20, 500), {samples::node(70).id, samples::node(1).id});
        looked.settle(118);
        QCOMPARE(looked.names(looked.view.selection()), QStringList(samples::node(60).name));
        QCOMPARE(looked.view.map()->selection().size(), std::size_t(1));
    }

    void theEffectOfAnActionIsOfAllThatAreChosen() {
        Looked looked(100);
        looked.view.select({0, 5, 10}); // eu-west; node 5 drains already
        QSignalSpy wanted(&looked.view, &FleetView::flagWanted);
        QVERIFY(looked.view.selectionBar()->action(FlagChange::Undrain)->isVisible());
        looked.view.selectionBar()->action(FlagChange::Drain)->trigger();
        const auto effect = wanted.front().front().value<FlagEffect>();
        QCOMPARE(effect.ids.size(), 2);
        QCOMPARE(effect.title, u"Drain 2 nodes?"_qs);
        QVERIFY(!effect.raises_exposure);
        QVERIFY(std::ranges::count(effect.lines, u"eu-west 18 of 20"_qs, &FlagEffect::Line::text) ==
                1);
        FleetValue travelling = valueOf();
        travelling.off = u"this is 09:48"_qs;
        looked.view.setValue(travelling);
        QVERIFY(!looked.view.selectionBar()->action(FlagChange::Drain)->isEnabled());
    }

    void groupsAndColoursCanBeChosen() {
        Looked looked(300);
        looked.view.group({FleetGrouping::By::Label, u"rack"_qs});
        QCOMPARE(looked.view.map()->value().sites.size(), std::size_t(40));
        QCOMPARE(looked.view.map()->value().sites[1].name, u"r1"_qs);
        looked.view.colour(FleetColouring::Health);
        const auto offline = *looked.store.find(samples::node(13).id);
        const FleetMapValue &value = looked.view.map()->value();
        const auto cell = std::ranges::find(value.cells, Sign::NodeOffline, &FleetCell::sign);
        QCOMPARE(value.tints[cell->tint].role, Role::Bad);
        QVERIFY(looked.store.has(offline));
        looked.view.group({FleetGrouping::By::Revision, {}});
        QCOMPARE(looked.view.map()->value().sites.size(), std::size_t(2));
    }

    void columnsAreKept() {
        Looked looked(10);
        FleetTable *table = looked.view.table();
        table->setColumnHidden(FleetTableModel::AddressColumn, false);
        table->setColumnWidth(FleetTableModel::AddressColumn, 150);
        FleetLook look = looked.view.look();
        look.colouring = FleetColouring::Memory;
        Looked other(10);
        QVERIFY(other.view.table()->isColumnHidden(FleetTableModel::AddressColumn));
        other.view.setLook(look);
        QVERIFY(!other.view.table()->isColumnHidden(FleetTableModel::AddressColumn));
        QCOMPARE(other.view.look().colouring, FleetColouring::Memory);
        other.view.setLook({{}, {}, "no columns", "no split"});
        QVERIFY(!other.view.table()->isColumnHidden(FleetTableModel::NodeColumn));
    }

    void enterOpensTheNodeAndEscapeLeadsBack() {
        Looked looked(30);
        QSignalSpy opened(&looked.view, &FleetView::nodeOpened);
        QTest::keyClick(looked.view.map(), Qt::Key_Right);
        QTest::keyClick(looked.view.map(), Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QVERIFY(looked.view.page()->isVisible());
        QTest::keyClick(looked.view.page(), Qt::Key_Escape);
        QVERIFY(looked.view.map()->isVisible());
        looked.view.table()->setCurrentIndex(looked.view.table()->model()->index(2, 1));
        QTest::keyClick(looked.view.table(), Qt::Key_Return);
        QCOMPARE(opened.size(), 2);
    }

    void aThousandChangesAreFewUpdates() {
        Looked looked(200);
        const quint32 before = looked.view.updates();
        for (quint32 round = 0; round < 1'000; ++round) {
            looked.store.apply({samples::changedNode(round % 200, round)});
        }
        QTRY_VERIFY(looked.view.updates() > before);
        QVERIFY(looked.view.updates() - before <= 2);
    }

    void emptyLoadingAndUnreachableSaySo() {
        FleetStore store;
        FleetView view;
        view.show();
        view.setStore(&store);
        QVERIFY(!view.map()->isVisible());
        FleetValue value;
        value.trouble = u"<b>no route</b> to edge-eu"_qs;
        view.setValue(value);
        QVERIFY(!view.map()->isVisible());
        store.apply(samples::nodes(3));
        QTRY_VERIFY(view.map()->isVisible());
        view.setStore(nullptr);
        QVERIFY(!view.map()->isVisible());
    }

    void everyPartHasANameForScreenReaders() {
        Looked looked(20);
        for (const QWidget *widget : looked.view.findChildren<QWidget *>()) {
            if (widget->focusPolicy() != Qt::NoFocus && widget->isVisibleTo(&looked.view)) {
                const auto *button = qobject_cast<const QAbstractButton *>(widget);
                const bool named =
                    !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()) ||
                    widget->inherits("QHeaderView") || widget->inherits("QToolButton");
                QVERIFY2(named, widget->metaObject()->className());
            }
        }
    }
};

QTEST_MAIN(TestFleetView)
#include "test_fleetview.moc"
