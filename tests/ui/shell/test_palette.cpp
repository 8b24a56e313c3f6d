// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/shell/shellsamples.h"
#include "ui/shell/palette.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace aviary;

class TestPalette : public QObject {
    Q_OBJECT

    static void fill(PaletteModel &model) {
        model.setSource(samples::waitingRollout(), samples::otherRollouts(), samples::places());
    }
    static QStringList titles(const PaletteModel &model) {
        QStringList list;
        for (int row = 0; row < model.rowCount(); ++row) {
            list += model.entry(row).title;
        }
        return list;
    }

private Q_SLOTS:
    void beginningsCountMoreThanLetters_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("better");
        QTest::addColumn<QString>("worse");
        QTest::newRow("title") << u"pa"_qs << u"Pause checkout"_qs << u"Open the palette"_qs;
        QTest::newRow("word") << u"che"_qs << u"Pause checkout"_qs << u"Attached"_qs;
        QTest::newRow("inside") << u"out"_qs << u"checkout"_qs << u"one upper tier"_qs;
        QTest::newRow("initials") << u"pc"_qs << u"Pause checkout"_qs << u"Open a place"_qs;
        QTest::newRow("two words") << u"pause che"_qs << u"Pause checkout"_qs << u"Pause ache"_qs;
    }

    void beginningsCountMoreThanLetters() {
        QFETCH(QString, query);
        QFETCH(QString, better);
        QFETCH(QString, worse);
        QVERIFY(paletteScore(query, better) > paletteScore(query, worse));
        QCOMPARE(paletteScore(u"zzz"_qs, better), 0);
        QVERIFY(paletteScore({}, better) > 0);
    }

    void verbsAreFoundOnEveryRollout() {
        PaletteModel model;
        QAbstractItemModelTester tester(&model);
        fill(model);
        model.setQuery(u"pause che"_qs);
        QVERIFY(model.rowCount() >= 2);
        QCOMPARE(model.entry(0).title, u"Pause checkout-api"_qs);
        QCOMPARE(model.entry(0).command, u"aviary pause checkout-api --cluster edge-eu"_qs);
        QVERIFY(model.entry(0).enabled);
        const qsizetype other = titles(model).indexOf(u"Pause checkout-worker"_qs);
        QVERIFY(other > 0);
        QVERIFY(!model.entry(static_cast<int>(other)).enabled);
        QCOMPARE(model.entry(static_cast<int>(other)).effect, u"off: it is completed"_qs);
    }

    void nodesAndRolloutsAreFoundToo() {
        PaletteModel model;
        fill(model);
        model.setQuery(u"n0311"_qs);
        QCOMPARE(titles(model), QStringList{u"eu-north-n0311"_qs});
        QCOMPARE(model.entry(0).link, u"node:eu-north-n0311"_qs);
    }

    void whatIsOffStaysAwayUntilAskedFor() {
        PaletteModel model;
        fill(model);
        QVERIFY(!titles(model).contains(u"Pause checkout-worker"_qs));
        QVERIFY(model.rowCount() <= PaletteModel::entries_max);
        model.setQuery(u"nothing like this"_qs);
        QCOMPARE(model.rowCount(), 0);
    }

    void keysChooseAndEscapeCloses() {
        QWidget window;
        window.resize(1'000, 600);
        Palette palette(&window);
        fill(*palette.model());
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        palette.open();
        auto *query = palette.findChild<QLineEdit *>();
        QSignalSpy chosen(&palette, &Palette::chosen);
        QSignalSpy copied(&palette, &Palette::commandCopied);
        QSignalSpy closed(&palette, &Palette::closed);
        QTest::keyClicks(query, u"pause"_qs);
        QTest::keyClick(query, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(copied.front().front().toString(),
                 u"aviary pause checkout-api --cluster edge-eu"_qs);
        // An entry that is off is shown, says why, and cannot be chosen.
        QTest::keyClick(query, Qt::Key_PageDown);
        QTest::keyClick(query, Qt::Key_Return);
        QCOMPARE(chosen.size(), 0);
        QTest::keyClick(query, Qt::Key_PageUp);
        QTest::keyClick(query, Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.front().front().value<PaletteEntry>().action, u"rollout.pause"_qs);
        QVERIFY(palette.isHidden());
        palette.open();
        QVERIFY(query->text().isEmpty());
        QTest::keyClick(query, Qt::Key_Escape);
        QVERIFY(palette.isHidden());
        QCOMPARE(closed.size(), 2);
        QCOMPARE(chosen.size(), 1);
    }
};

QTEST_MAIN(TestPalette)
#include "test_palette.moc"
