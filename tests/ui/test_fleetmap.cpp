// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/samples.h"
#include "ui/charts/fleetmap.h"

#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <set>

using namespace aviary;

namespace {

QColor colourAt(QWidget &widget, QPointF at) {
    return widget.grab().toImage().pixelColor(at.toPoint());
}

} // namespace

class TestFleetMap : public QObject {
    Q_OBJECT

    static void ready(FleetMap &map, const FleetMapValue &value, QSize size = {900, 300}) {
        map.resize(size);
        map.setValue(value);
        map.show();
        QVERIFY(QTest::qWaitForWindowExposed(&map));
    }

private Q_SLOTS:
    void everyNodeHasItsOwnPlaceInsideTheMap_data() {
        QTest::addColumn<int>("nodes");
        QTest::addColumn<bool>("mirrored");
        for (const int nodes : {12, 1'000, 100'000}) {
            QTest::addRow("%d", nodes) << nodes << false;
            QTest::addRow("%d mirrored", nodes) << nodes << true;
        }
    }

    void everyNodeHasItsOwnPlaceInsideTheMap() {
        QFETCH(int, nodes);
        QFETCH(bool, mirrored);
        const std::size_t third = static_cast<std::size_t>(nodes) / 3;
        const std::vector<std::size_t> counts{third, 0, third * 2};
        FleetMeasures measures;
        measures.viewport = {1'100, 440};
        measures.mirrored = mirrored;
        const FleetLayout layout = fitFleet(counts, measures);
        const QRect all({0, 0}, measures.viewport);
        std::set<std::pair<int, int>> taken;
        for (std::size_t node = 0; node < third * 3; ++node) {
            const QRect cell = layout.cell(node);
            QVERIFY(all.contains(cell));
            QVERIFY(taken.emplace(cell.x(), cell.y()).second);
            QCOMPARE(layout.nodeAt(cell.center()), std::optional(node));
        }
    }

    void oneHundredThousandNodesAreTwoToThreePixelsAndLabelled() {
        const std::vector<std::size_t> counts{26'000, 19'000, 29'000, 16'000, 10'000};
        FleetMeasures measures;
        measures.viewport = {1'123, 420};
        const FleetLayout layout = fitFleet(counts, measures);
        QVERIFY(layout.square >= 2 && layout.square <= 3);
        for (const FleetBlock &block : layout.blocks) {
            QVERIFY(!block.label.isEmpty());
        }
    }

    void oneHundredThousandNodesAreShownInASmallWindowToo() {
        const std::vector<std::size_t> counts{33'333, 29'167, 37'500};
        for (const QSize viewport : {QSize(1'105, 295), QSize(720, 190)}) {
            FleetMeasures measures;
            measures.viewport = viewport;
            const FleetLayout layout = fitFleet(counts, measures);
            QVERIFY(layout.size.width() <= viewport.width());
            QVERIFY(layout.size.height() <= viewport.height());
        }
    }

    void aSmallFleetsLabelsAreWhole() {
        const std::vector<std::size_t> counts{4, 3, 5};
        FleetMeasures measures;
        measures.viewport = {1'105, 295};
        measures.label_width = 140;
        const FleetLayout layout = fitFleet(counts, measures);
        QCOMPARE(layout.square, measures.square_max);
        for (const FleetBlock &block : layout.blocks) {
            QVERIFY(block.label.width() >= measures.label_width);
        }
        QCOMPARE(zoomFleet(layout, layout.square, measures).blocks, layout.blocks);
        // Where room is short, it is the label that gives way, not the squares.
        measures.viewport = {330, 295};
        const FleetLayout narrow = fitFleet(counts, measures);
        QCOMPARE(narrow.square, measures.square_max);
        QVERIFY(narrow.size.width() <= 330);
    }

    void aThousandSitesAreShownTogether() {
        const std::vector<std::size_t> counts(1'000, 20);
        FleetMeasures measures;
        measures.viewport = {1'123, 420};
        const FleetLayout layout = fitFleet(counts, measures);
        QVERIFY(layout.size.width() <= 1'123);
        QVERIFY(layout.size.height() <= 420);
    }

    void colourIsTheRevisionAndShapeTheTrouble() {
        FleetMap map;
        ready(map, samples::smallFleet());
        const Tokens &tokens = tokensOf(&map);
        QCOMPARE(colourAt(map, map.cellRect(0).center()), tokens(Role::Accent));
        QCOMPARE(colourAt(map, map.cellRect(5).center()), tokens(Role::OldFill));
        // Offline is hollow: the card shows through beside the cross.
        const QRectF offline = map.cellRect(41);
        QCOMPARE(colourAt(map, QPointF(offline.center().x(), offline.top() + 5)),
                 tokens(Role::Card));
    }

    void aChangeIsSeenWithoutANewMap() {
        FleetMap map;
        ready(map, samples::smallFleet());
        FleetCell cell;
        cell.tint = 1;
        map.setCells({{5, cell}, {9'999, cell}});
        QCOMPARE(colourAt(map, map.cellRect(5).center()), tokensOf(&map)(Role::Accent));
        QCOMPARE(map.value().cells[5].tint, std::uint16_t(1));
    }

    void hoverAsksForTheCardAndShowsIt() {
        FleetMap map;
        ready(map, samples::smallFleet());
        QSignalSpy hovered(&map, &FleetMap::nodeHovered);
        const QImage before = map.grab().toImage();
        QTest::mouseMove(&map, map.cellRect(28).center().toPoint());
        QCOMPARE(hovered.size(), 1);
        QCOMPARE(hovered.front().front().toULongLong(), 28U);
        map.setCard(28, {u"eu-north-n11"_qs, u"draining, v41"_qs});
        QVERIFY(map.grab().toImage() != before);
    }

    void draggingSelectsWhatTheBandTouches() {
        FleetMap map;
        ready(map, samples::smallFleet());
        QSignalSpy changed(&map, &FleetMap::selectionChanged);
        const QPoint from = map.cellRect(0).center().toPoint();
        const QPoint to = map.cellRect(1).center().toPoint();
        QTest::mousePress(&map, Qt::LeftButton, {}, from);
        QTest::mouseMove(&map, to);
        QTest::mouseRelease(&map, Qt::LeftButton, {}, to);
        QCOMPARE(map.selection(), (std::vector<std::size_t>{0, 1}));
        QVERIFY(changed.size() > 0);
        // With Ctrl one more joins them; Esc lets all go.
        QTest::mouseClick(&map, Qt::LeftButton, Qt::ControlModifier,
                          map.cellRect(20).center().toPoint());
        QCOMPARE(map.selection(), (std::vector<std::size_t>{0, 1, 20}));
        QTest::keyClick(&map, Qt::Key_Escape);
        QVERIFY(map.selection().empty());
    }

    void keysReachEveryBlock() {
        FleetMap map;
        ready(map, samples::smallFleet());
        QSignalSpy activated(&map, &FleetMap::nodeActivated);
        QTest::keyClick(&map, Qt::Key_Right);
        QCOMPARE(map.current(), std::optional<std::size_t>(0));
        std::set<std::size_t> seen;
        for (int i = 0; i < 30; ++i) {
            seen.insert(*map.current());
            QTest::keyClick(&map, Qt::Key_Right);
        }
        // Along the first row, through all three sites.
        QVERIFY(seen.count(0) && seen.count(18) && seen.count(34));
        QTest::keyClick(&map, Qt::Key_Home);
        QTest::keyClick(&map, Qt::Key_Down);
        QVERIFY(*map.current() > 0 && *map.current() < 18);
        QTest::keyClick(&map, Qt::Key_Return);
        QCOMPARE(activated.size(), 1);
        QCOMPARE(activated.front().front().toULongLong(), *map.current());
    }

    void shiftAndArrowsSelectARange() {
        FleetMap map;
        ready(map, samples::smallFleet());
        map.setCurrent(1);
        QTest::keyClick(&map, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&map, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(map.selection(), (std::vector<std::size_t>{1, 2, 3}));
    }

    void zoomKeepsTheNodeUnderThePointer() {
        FleetMap map;
        ready(map, samples::largeFleet(10'000, false));
        const QPointF pointer(300, 150);
        // As long as everything fits there is nothing to scroll; then the node holds its place.
        while (map.layoutOfNodes().size.width() < 2 * map.width()) {
            map.zoomBy(1.25, pointer);
        }
        const auto node = map.nodeAt(pointer);
        QVERIFY(node);
        const double before = map.zoom();
        for (int i = 0; i < 4; ++i) {
            map.zoomBy(1.25, pointer);
        }
        QVERIFY(map.zoom() > 1.5 * before);
        QVERIFY(map.cellRect(*node).adjusted(-1, -1, 1, 1).contains(pointer));
        QTest::keyClick(&map, Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(map.zoom(), 1.0);
    }

    void selectionStaysWhenOnlyStatesChange() {
        FleetMap map;
        FleetMapValue value = samples::smallFleet();
        ready(map, value);
        map.select({3, 4});
        value.cells[3].sign = Sign::NodeOffline;
        map.setValue(value);
        QCOMPARE(map.selection(), (std::vector<std::size_t>{3, 4}));
        value.sites[0].count = 17;
        map.setValue(value);
        QVERIFY(map.selection().empty());
    }

    void anEmptyFleetHarmsNothing() {
        FleetMap map;
        ready(map, {});
        QTest::keyClick(&map, Qt::Key_Right);
        QTest::keyClick(&map, Qt::Key_End);
        QTest::keyClick(&map, Qt::Key_Space);
        QTest::keyClick(&map, Qt::Key_Return);
        QVERIFY(!map.current());
    }
};

QTEST_MAIN(TestFleetMap)
#include "test_fleetmap.moc"
