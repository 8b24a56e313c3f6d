// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/models/fleetsamples.h"
#include "ui/fleet/logpane.h"
#include "ui/fleet/nodepage.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTest>

using namespace aviary;
using namespace Qt::Literals;

namespace {

std::vector<api::LogRow> lines(int first, int count) {
    std::vector<api::LogRow> rows;
    for (int i = first; i < first + count; ++i) {
        rows.push_back({1'000 + i, u"line %1"_qs.arg(i)});
    }
    return rows;
}

NodePageValue pageOf(const api::NodeRow &node) {
    NodePageValue value;
    value.id = node.id;
    value.node = node;
    value.now_wall_ms = 1'790'000'060'000;
    return value;
}

} // namespace

class TestNodePage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsNotToldYetSaysSo() {
        NodePage page;
        page.resize(1'024, 700);
        page.show();
        page.setValue(pageOf(samples::node(7)));
        QStringList seen;
        for (const QLabel *label : page.findChildren<QLabel *>()) {
            seen += label->text();
        }
        QCOMPARE(seen.count(u"asking\u2026"_qs), 2);
        NodePageValue gone;
        gone.id = u"n9"_qs;
        page.setValue(gone);
        QCOMPARE(page.log()->service(), QString());
    }

    void servicesChecksAndHistoryAreShown() {
        NodePage page;
        NodePageValue value = pageOf(samples::node(7));
        api::HealthRow check;
        check.check = u"GET /health"_qs;
        check.health = api::Health::Unhealthy;
        check.text = u"503 in 4 ms"_qs;
        value.health = api::HealthReport{api::Health::Unhealthy, u"1 of 1 fails"_qs, {check}};
        value.happenings =
            std::vector<api::Happening>{{4, 1'790'000'000'000, u"you"_qs, u"drained"_qs}};
        page.setValue(value);
        QStringList cells;
        for (const QTableWidget *table : page.findChildren<QTableWidget *>()) {
            for (int row = 0; row < table->rowCount(); ++row) {
                for (int column = 0; column < table->columnCount(); ++column) {
                    cells += table->item(row, column)->text();
                }
            }
        }
        for (const char *text : {"checkout-api", "not ready; 2 of 3 checks pass", "GET /health",
                                 "503 in 4 ms", "drained", "label rack"}) {
            QVERIFY2(cells.contains(QString::fromLatin1(text)), text);
        }
        QCOMPARE(page.log()->service(), u"checkout-api"_qs);
    }

    void theLogFollowsItsEndUntilAPersonScrolls() {
        LogPane pane;
        pane.resize(500, 200);
        pane.show();
        pane.setLatest(lines(0, 200));
        QScrollBar *bar = pane.text()->verticalScrollBar();
        QCOMPARE(bar->value(), bar->maximum());
        pane.setLatest(lines(100, 200));
        QCOMPARE(pane.text()->blockCount(), 300);
        QCOMPARE(bar->value(), bar->maximum());
        bar->setValue(10);
        pane.setLatest(lines(312, 200));
        QCOMPARE(bar->value(), 10);
        QVERIFY(pane.unseen() > 0);
        QVERIFY(pane.text()->toPlainText().contains(u"were missed"_qs));
        QTest::mouseClick(pane.newButton(), Qt::LeftButton);
        QCOMPARE(pane.unseen(), 0);
        QCOMPARE(bar->value(), bar->maximum());
    }

    void aFrozenLogKeepsWhatCame() {
        LogPane pane;
        pane.show();
        pane.setLatest(lines(0, 10));
        pane.freeze(true);
        pane.setLatest(lines(5, 317));
        QCOMPARE(pane.text()->blockCount(), 10);
        QCOMPARE(pane.newButton()->text(), u"+312 new"_qs);
        pane.freeze(false);
        QCOMPARE(pane.text()->blockCount(), 322);
        QVERIFY(pane.newButton()->isHidden());
    }

    void theLogIsBounded() {
        LogPane pane;
        for (int i = 0; i < 40; ++i) {
            pane.setLatest(lines(i * 500, 500));
        }
        QVERIFY(pane.text()->blockCount() <= LogPane::lines_max);
        pane.freeze(true);
        for (int i = 100; i < 140; ++i) {
            pane.setLatest(lines(i * 500, 500));
        }
        pane.freeze(false);
        QVERIFY(pane.text()->blockCount() <= LogPane::lines_max);
    }

    void logLinesArePlain_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("plain");
        QTest::newRow("colour") << u"\x1b[1;31mred\x1b[0m"_qs << u"red"_qs;
        QTest::newRow("title") << u"\x1b]0;evil\x07text"_qs << u"text"_qs;
        QTest::newRow("title, ST") << u"\x1b]0;evil\x1b\\text"_qs << u"text"_qs;
        QTest::newRow("html") << u"<b>x</b>"_qs << u"<b>x</b>"_qs;
        QTest::newRow("bidi") << u"a\u202eb"_qs << u"ab"_qs;
        QTest::newRow("bell") << u"a\x07"
                                 "b\rc"_qs
                              << u"abc"_qs;
        QTest::newRow("cut") << u"a\x1b["_qs << u"a"_qs;
        QTest::newRow("end") << u"a\x1b"_qs << u"a"_qs;
    }
    void logLinesArePlain() {
        QFETCH(QString, line);
        QFETCH(QString, plain);
        QCOMPARE(plainLogLine(line), plain);
        QVERIFY(plainLogLine(QString(100'000, u'x')).size() <= LogPane::line_length_max + 1);
    }
};

QTEST_MAIN(TestNodePage)
#include "test_nodepage.moc"
