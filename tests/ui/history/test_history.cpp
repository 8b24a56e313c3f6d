// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/valuesjson.h"
#include "tests/ui/history/historysamples.h"
#include "tests/ui/textprobe.h"
#include "ui/history/deploymentsmodel.h"
#include "ui/history/historyexport.h"
#include "ui/history/historyview.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace aviary;
using namespace Qt::Literals;

namespace {

template <class Widget>
Widget *named(QWidget &in, const QString &name) {
    for (Widget *widget : in.findChildren<Widget *>()) {
        if (widget->accessibleName() == name) {
            return widget;
        }
    }
    return nullptr;
}

QString textOf(const QTableView &table, int row, int column) {
    return table.model()->index(row, column).data().toString();
}

// The fields of one line of a CSV file (RFC 4180).
QStringList fieldsOf(const QString &line) {
    QStringList fields{QString()};
    bool quoted = false;
    for (qsizetype i = 0; i < line.size(); ++i) {
        if (line[i] == u'"') {
            if (quoted && i + 1 < line.size() && line[i + 1] == u'"') {
                fields.last() += line[++i];
            } else {
                quoted = !quoted;
            }
        } else if (line[i] == u',' && !quoted) {
            fields << QString();
        } else {
            fields.last() += line[i];
        }
    }
    return fields;
}

} // namespace

class TestHistory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void theModelKeepsItsPromises();
    void rowsAreFilteredAndSorted();
    void columnsGoWhereThereIsNoRoom();
    void selectionSurvivesWhatIsTold();
    void timeIsAskedFor();
    void thePaneSaysWhatItWas();
    void comparingTakesThePlaceOfThePane();
    void csvCannotCalculate();
    void jsonReadsBack();
    void htmlIsOneInertFile();
    void nothingIsCutOff_data();
    void nothingIsCutOff();
    void everythingHasAName();

private:
    std::unique_ptr<Theme> theme_;
};

void TestHistory::initTestCase() {
    QFont font = QApplication::font();
    font.setPixelSize(13);
    QApplication::setFont(font);
    theme_ = std::make_unique<Theme>(*qobject_cast<QApplication *>(QCoreApplication::instance()),
                                     ThemeChoice::Dark);
}

void TestHistory::theModelKeepsItsPromises() {
    DeploymentsModel model;
    DeploymentsFilter filter;
    filter.setSourceModel(&model);
    const QAbstractItemModelTester source(&model);
    const QAbstractItemModelTester proxy(&filter);
    const HistoryValue value = samples::history(true);
    model.setLines(value.lines, value.instant_wall_ms);
    filter.setWords(u"canary"_qs);
    QCOMPARE(filter.rowCount(), 3);
    model.setLines({value.lines.begin(), value.lines.begin() + 2}, value.instant_wall_ms);
    filter.setWords({});
    QCOMPARE(filter.rowCount(), 2);
    model.setLines({}, 0);
    QCOMPARE(filter.rowCount(), 0);
}

void TestHistory::rowsAreFilteredAndSorted() {
    HistoryView view;
    view.setValue(samples::history(true));
    auto *table = named<QTableView>(view, u"Deployments"_qs);
    auto *filter = named<QLineEdit>(view, u"Filter of the deployments"_qs);
    QVERIFY(table && filter);
    QCOMPARE(textOf(*table, 0, DeploymentsModel::Service), u"gateway"_qs); // the newest
    filter->setText(u"Checkout v4"_qs);
    QCOMPARE(table->model()->rowCount(), 3);
    QCOMPARE(view.shown().size(), 3u);
    filter->setText(u"rolled back"_qs);
    QCOMPARE(table->model()->rowCount(), 1);
    QCOMPARE(textOf(*table, 0, DeploymentsModel::Revision), u"v40"_qs);
    filter->setText(u"no such words"_qs);
    QVERIFY(table->isHidden());
    filter->clear();
    table->sortByColumn(DeploymentsModel::Revision, Qt::AscendingOrder);
    QCOMPARE(textOf(*table, 0, DeploymentsModel::Service), u"gateway"_qs); // v9 is before v17
    QCOMPARE(textOf(*table, 1, DeploymentsModel::Service), u"camera-agent"_qs);
}

// Who and how are shown where there is room, and the sentence can be read where there is not.
void TestHistory::columnsGoWhereThereIsNoRoom() {
    HistoryView view;
    view.setValue(samples::history(true));
    view.resize(1'400, 780);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    auto *table = named<QTableView>(view, u"Deployments"_qs);
    QTRY_VERIFY(!table->isColumnHidden(DeploymentsModel::By));
    QVERIFY(!table->isColumnHidden(DeploymentsModel::Strategy));
    view.resize(780, 590);
    QTRY_VERIFY(table->isColumnHidden(DeploymentsModel::Began));
    QVERIFY(!table->isColumnHidden(DeploymentsModel::Nodes));
    QTRY_VERIFY(table->columnWidth(DeploymentsModel::Outcome) >= 100);
    QCOMPARE(textOf(*table, 0, DeploymentsModel::Nodes), u"4 of 48"_qs);
}

void TestHistory::selectionSurvivesWhatIsTold() {
    HistoryView view;
    HistoryValue value = samples::history(true);
    view.setValue(value);
    view.select({u"v41"_qs});
    value.lines[0].state = u"at 25 %"_qs;
    value.instant_wall_ms += 1'000;
    view.setValue(value);
    QCOMPARE(view.selected(), QStringList{u"v41"_qs});
    value.lines.erase(value.lines.begin()); // a row is gone: the others are still chosen
    view.setValue(value);
    QCOMPARE(view.selected(), QStringList{u"v41"_qs});
}

void TestHistory::timeIsAskedFor() {
    HistoryView view;
    view.setValue(samples::history(false));
    view.resize(1'100, 700);
    auto *scrubber = view.findChild<Scrubber *>();
    QSignalSpy instant(&view, &HistoryView::instantWanted);
    QSignalSpy live(&view, &HistoryView::liveWanted);
    QSignalSpy play(&view, &HistoryView::playWanted);
    QTest::keyClick(scrubber, Qt::Key_Right);
    QCOMPARE(instant.size(), 1);
    QVERIFY(instant[0][0].toLongLong() > *samples::history(false).scrubber.playhead_ms);
    QTest::keyClick(scrubber, Qt::Key_Space);
    QCOMPARE(play.size(), 1);
    QVERIFY(play[0][0].toBool());
    QTest::keyClick(scrubber, Qt::Key_End);
    QCOMPARE(live.size(), 1);
}

void TestHistory::thePaneSaysWhatItWas() {
    HistoryView view;
    view.setValue(samples::history(true));
    view.setPane(samples::pane());
    view.resize(1'400, 800);
    QStringList texts;
    for (const QLabel *label : view.findChildren<QLabel *>()) {
        if (label->isVisibleTo(&view)) {
            texts << label->text();
        }
    }
    QVERIFY(texts.contains(u"certificate renewal"_qs));
    QVERIFY(texts.contains(u"go back to live first"_qs));
    QVERIFY(texts.contains(u"gate: n11 is not ready"_qs));
    const auto *back = named<QPushButton>(view, u"Roll back to v9\u2026"_qs);
    QVERIFY(back && !back->isEnabled());
    QSignalSpy compare(&view, &HistoryView::compareWanted);
    named<QPushButton>(view, u"Compare with v8"_qs)->click();
    QCOMPARE(compare[0][0].toStringList(), QStringList{u"gateway"_qs});
    view.setPane({});
    QVERIFY(named<QPushButton>(view, u"Compare with v8"_qs) == nullptr);
}

void TestHistory::comparingTakesThePlaceOfThePane() {
    HistoryView view;
    view.resize(1'400, 800);
    view.showComparison(samples::comparison());
    const auto *difference = named<QPlainTextEdit>(view, u"What differs in the manifests"_qs);
    QVERIFY(difference->isVisibleTo(&view));
    QVERIFY(difference->toPlainText().contains(u"+   \"image\": \"gateway:9\""));
    QStringList texts;
    for (const QLabel *label : view.findChildren<QLabel *>()) {
        texts << label->text().replace(QChar::Nbsp, u' ');
    }
    QVERIFY(texts.contains(u"65 s, rehearsed 58 s"_qs) ||
            texts.contains(u"1 min, rehearsed 58 s"_qs));
    named<QPushButton>(view, u"Close the comparison"_qs)->click();
    QVERIFY(!difference->isVisibleTo(&view));
}

void TestHistory::csvCannotCalculate() {
    const QString text = QString::fromUtf8(csvOf(samples::hostileHistory().lines));
    QStringList lines = text.split(u"\r\n"_qs, Qt::SkipEmptyParts);
    QCOMPARE(fieldsOf(lines[0])[1], u"service"_qs);
    QCOMPARE(lines.size(), 6);
    for (const QString &line : lines.mid(1)) {
        for (const QString &field : fieldsOf(line)) {
            QVERIFY2(field.isEmpty() || !u"=+-@\t\r"_qs.contains(field[0]), qPrintable(field));
        }
    }
    QCOMPARE(fieldsOf(lines[2])[1], u"'=HYPERLINK(\"http://example.org\",\"x\")"_qs);
    QCOMPARE(fieldsOf(lines[2])[11],
             u"'+1\n\"quoted\", and <script>alert(1)</script>"_qs); // nothing is lost
}

void TestHistory::jsonReadsBack() {
    const auto lines = samples::hostileHistory().lines;
    const QJsonObject json = QJsonDocument::fromJson(jsonOf(lines, 7)).object();
    QCOMPARE(json[u"as_of_wall_ms"].toInteger(), 7);
    const auto rows = api::listFromJson<api::DeploymentRow>(json[u"deployments"]);
    QVERIFY(rows);
    QCOMPARE(rows->size(), lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) {
        QCOMPARE((*rows)[i], lines[i].row);
    }
}

void TestHistory::htmlIsOneInertFile() {
    const QString text =
        QString::fromUtf8(htmlOf(samples::hostileHistory().lines, 7, {samples::comparison()}));
    QVERIFY(!text.contains(u"<script"));
    QVERIFY(!text.contains(u"src="));
    QVERIFY(!text.contains(u"href="));
    QVERIFY(text.contains(u"&lt;b&gt;bold&lt;/b&gt;"));
    QVERIFY(text.contains(u"gateway v8 beside gateway v9"));
}

void TestHistory::nothingIsCutOff_data() {
    QTest::addColumn<bool>("dark");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("what");
    for (const bool dark : {true, false}) {
        for (const QSize &size : {QSize(1'160, 780), QSize(780, 590)}) {
            for (const int what : {0, 1, 2, 3}) {
                QTest::addRow("%s %d, %d", dark ? "dark" : "light", size.width(), what)
                    << dark << size << what;
            }
        }
    }
}
void TestHistory::nothingIsCutOff() {
    QFETCH(bool, dark);
    QFETCH(QSize, size);
    QFETCH(int, what);
    theme_->choose(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    HistoryView view;
    view.setValue(what == 0   ? samples::history(false)
                  : what == 1 ? HistoryValue{}
                  : what == 2 ? samples::hostileHistory()
                              : samples::history(true));
    if (what == 3) {
        view.showComparison(samples::comparison());
    } else if (what == 0) {
        view.select({u"gateway"_qs});
        view.setPane(samples::pane());
    }
    view.resize(size);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    if (const QString folder = qEnvironmentVariable("AVIARY_PICTURES"); !folder.isEmpty()) {
        view.grab().save(folder + u'/' + QString::fromLatin1(QTest::currentDataTag()) + u".png");
    }
    const QStringList faults = faultsOf(drawnTexts(view), view.rect());
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    QVERIFY(view.minimumSizeHint().width() <= size.width());
}

void TestHistory::everythingHasAName() {
    HistoryView view;
    view.setValue(samples::history(true));
    view.setPane(samples::pane());
    for (const QWidget *widget : view.findChildren<QWidget *>()) {
        if (widget->focusPolicy() != Qt::NoFocus && widget->isVisibleTo(&view) &&
            !widget->objectName().startsWith(u"qt_")) {
            QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
        }
    }
}

QTEST_MAIN(TestHistory)
#include "test_history.moc"
