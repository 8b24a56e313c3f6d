// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/textprobe.h"
#include "ui/theme/actionbutton.h"
#include "ui/theme/card.h"
#include "ui/theme/chip.h"
#include "ui/theme/label.h"
#include "ui/theme/theme.h"
#include "ui/theme/viewheader.h"

#include <QAction>
#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

using namespace aviary;

class TestParts : public QObject {
    Q_OBJECT

    Theme theme_{*qApp, ThemeChoice::Dark};

private Q_SLOTS:
    void buttonShowsItsActionAndItsKeys() {
        QAction action(u"Promote to 25 %"_qs);
        action.setShortcut(QKeySequence(u"Ctrl+P"_qs));
        ActionButton button(&action, ActionButton::Kind::Primary);
        button.resize(button.sizeHint());
        QStringList words;
        for (const DrawnText &text : drawnTexts(button)) {
            words += text.text;
        }
        QVERIFY(words.contains(u"Promote to 25 %"_qs));
        QVERIFY(words.contains(u"Ctrl P"_qs));
        QCOMPARE(button.accessibleName(), u"Promote to 25 %"_qs);
        QSignalSpy triggered(&action, &QAction::triggered);
        QTest::mouseClick(&button, Qt::LeftButton);
        QCOMPARE(triggered.size(), 1);
    }

    void buttonIsOffWithItsActionAndGrowsWithItsWords() {
        QAction action(u"Pause"_qs);
        ActionButton button(&action);
        const int narrow = button.sizeHint().width();
        action.setText(u"Pause checkout-api"_qs);
        QVERIFY(button.sizeHint().width() > narrow);
        action.setEnabled(false);
        action.setToolTip(u"it is completed"_qs);
        QVERIFY(!button.isEnabled());
        QCOMPARE(button.toolTip(), u"it is completed"_qs);
    }

    void aTitleIsKeptWhereItsSubtitleGivesWay() {
        QAction first(u"Rehearse from now"_qs);
        QAction second(u"Run the rehearsal again"_qs);
        ViewHeader header;
        header.setTitle(u"Rehearsal"_qs);
        header.setSubtitle(u"checkout-api to v43 on edge-eu, from its beginning"_qs);
        header.setChips({{u"1,000 futures, seed 1"_qs, Role::Dim, Sign::None, false}});
        header.addAction(&first);
        header.addAction(&second, ActionButton::Kind::Primary);
        header.resize(760, header.sizeHint().height());
        header.show();
        QStringList words;
        for (const DrawnText &text : drawnTexts(header)) {
            words += text.text;
        }
        QVERIFY2(words.contains(u"Rehearsal"_qs), qPrintable(words.join(u" | "_qs)));
        QVERIFY(!words.contains(u"checkout-api to v43 on edge-eu, from its beginning"_qs));
    }

    void everyButtonIsReadable_data() {
        QTest::addColumn<ActionButton::Kind>("kind");
        QTest::newRow("plain") << ActionButton::Kind::Plain;
        QTest::newRow("primary") << ActionButton::Kind::Primary;
        QTest::newRow("danger") << ActionButton::Kind::Danger;
    }

    void everyButtonIsReadable() {
        QFETCH(ActionButton::Kind, kind);
        for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
            theme_.choose(choice);
            QAction action(u"Roll back to v41"_qs);
            action.setShortcut(QKeySequence(u"Ctrl+B"_qs));
            QWidget window;
            ActionButton button(&action, kind, &window);
            button.resize(button.sizeHint());
            window.resize(300, 60);
            window.setAttribute(Qt::WA_DontShowOnScreen);
            window.show();
            const QImage image = window.grab().toImage();
            const QColor behind = image.pixelColor(8, button.height() / 2);
            for (const DrawnText &text : drawnTexts(button)) {
                QVERIFY2(contrast(text.colour, behind) >= 4.5, qPrintable(text.text));
            }
        }
    }

    void labelNeverReadsHtml() {
        Label label(u"<b>bold</b>"_qs);
        const std::vector<DrawnText> texts = drawnTexts(label);
        QCOMPARE(texts.size(), 1U);
        QCOMPARE(texts.front().text, u"<b>bold</b>"_qs);
    }

    void chipIsBoundedAndHidesWhenEmpty() {
        Chip chip({QString(10'000, u'x'), Role::Bad, Sign::Failed, false});
        QVERIFY(chip.value().text.size() <= 61);
        chip.setValue({});
        QVERIFY(chip.isHidden());
    }

    void cardHoldsItsContentUnderItsTitle() {
        Card card(u"Traffic share"_qs, u"counted by HAProxy"_qs);
        auto *inside = new Label(u"content"_qs);
        card.body()->addWidget(inside);
        card.resize(400, 120);
        card.setAttribute(Qt::WA_DontShowOnScreen);
        card.show();
        QCOMPARE(faultsOf(drawnTexts(card), card.rect()), QStringList());
        QVERIFY(inside->y() > 20);
        QCOMPARE(card.accessibleName(), u"Traffic share"_qs);
    }
};

QTEST_MAIN(TestParts)
#include "test_parts.moc"
