// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/words.h"
#include "ui/theme/icon.h"
#include "ui/theme/scale.h"
#include "ui/theme/sign.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>

using namespace aviary;

namespace {

constexpr QChar gap(0x00a0);

QImage greySign(Sign sign, const Tokens &tokens, int side) {
    QImage image(side, side, QImage::Format_RGB32);
    image.fill(tokens(Role::Card));
    QPainter painter(&image);
    paintSign(painter, image.rect(), sign, tokens);
    painter.end();
    return image.convertToFormat(QImage::Format_Grayscale8);
}

// Share of the pixels that differ by more than an eye can overlook.
double difference(const QImage &a, const QImage &b) {
    int count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            count += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y))) > 48 ? 1 : 0;
        }
    }
    return static_cast<double>(count) / (a.width() * a.height());
}

} // namespace

class TestTheme : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textIsReadable_data() {
        QTest::addColumn<Role>("text");
        QTest::addColumn<Role>("under");
        const auto row = [](const char *name, Role text, Role under) {
            QTest::newRow(name) << text << under;
        };
        for (const Role under :
             {Role::Window, Role::Card, Role::Raised, Role::Field, Role::Selected}) {
            row("text", Role::Text, under);
            row("dim", Role::Dim, under);
        }
        for (const Role under : {Role::Window, Role::Card}) {
            row("accent", Role::Accent, under);
            row("good", Role::Good, under);
            row("attention", Role::Attention, under);
            row("bad", Role::Bad, under);
        }
        row("on accent", Role::OnAccent, Role::Accent);
        row("on attention", Role::OnAttention, Role::Attention);
    }

    void textIsReadable() {
        QFETCH(Role, text);
        QFETCH(Role, under);
        QVERIFY2(contrast(darkTokens()(text), darkTokens()(under)) >= 4.5, "dark");
        QVERIFY2(contrast(lightTokens()(text), lightTokens()(under)) >= 4.5, "light");
    }

    void contrastIsThatOfWcag() {
        QCOMPARE(contrast(Qt::white, Qt::black), 21.0);
        QCOMPARE(contrast(Qt::black, Qt::white), 21.0);
        QVERIFY(std::abs(contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
    }

    void labelOnAnAreaTakesTheReadableSide() {
        for (const Tokens *tokens : {&darkTokens(), &lightTokens()}) {
            for (const Role area : {Role::Accent, Role::OldFill, Role::Good, Role::Attention}) {
                const QColor colour = (*tokens)(area);
                QVERIFY(contrast(readableOn(colour, *tokens), colour) >= 4.5);
            }
        }
    }

    void signsDifferWithoutColour_data() {
        QTest::addColumn<QList<Sign>>("signs");
        const auto list = [](std::span<const Sign> signs) {
            return QList<Sign>(signs.begin(), signs.end());
        };
        QTest::newRow("rollouts") << list(rolloutSigns());
        QTest::newRow("clusters") << list(clusterSigns());
        QTest::newRow("nodes") << list(nodeSigns());
        QTest::newRow("outcomes") << list(outcomeSigns());
    }

    void signsDifferWithoutColour() {
        QFETCH(QList<Sign>, signs);
        for (const Tokens *tokens : {&darkTokens(), &lightTokens()}) {
            for (qsizetype i = 0; i < signs.size(); ++i) {
                QVERIFY(!nameOf(signs[i]).isEmpty());
                for (qsizetype k = i + 1; k < signs.size(); ++k) {
                    const double apart = difference(greySign(signs[i], *tokens, 14),
                                                    greySign(signs[k], *tokens, 14));
                    QVERIFY2(apart > 0.06,
                             qPrintable(nameOf(signs[i]) + u" / " + nameOf(signs[k])));
                }
            }
        }
    }

    void everyIconDrawsSomethingInsideItsBox() {
        const QStringList names = iconNames();
        QVERIFY(names.size() >= 60);
        for (const QString &name : names) {
            QImage image(24, 24, QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            paintIcon(painter, QRectF(4, 4, 16, 16), name, Qt::white);
            painter.end();
            int inside = 0;
            int outside = 0;
            for (int y = 0; y < 24; ++y) {
                for (int x = 0; x < 24; ++x) {
                    const bool drawn = qAlpha(image.pixel(x, y)) > 40;
                    const bool box = x >= 4 && x < 20 && y >= 4 && y < 20;
                    (box ? inside : outside) += drawn ? 1 : 0;
                }
            }
            QVERIFY2(inside >= 8, qPrintable(name));
            QVERIFY2(outside == 0, qPrintable(name));
        }
    }

    void iconFollowsAChangeOfTheme() {
        Theme theme(*qApp, ThemeChoice::Dark);
        const QIcon icon = lineIcon(u"pause"_qs, Role::Text);
        const auto brightest = [&icon] {
            const QImage image = icon.pixmap(16, 16).toImage();
            int grey = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    const QRgb pixel = image.pixel(x, y);
                    grey = qAlpha(pixel) > 200 ? std::max(grey, qGray(pixel)) : grey;
                }
            }
            return grey;
        };
        QVERIFY(brightest() > 200);
        theme.choose(ThemeChoice::Light);
        QVERIFY(brightest() < 80);
    }

    void themeFollowsTheDesktopOrTheChoice() {
        Theme theme(*qApp);
        const bool desktop_dark = theme.isDark();
        QSignalSpy changed(&theme, &Theme::changed);
        theme.choose(desktop_dark ? ThemeChoice::Light : ThemeChoice::Dark);
        QCOMPARE(changed.size(), 1);
        QWidget widget;
        QCOMPARE(&tokensOf(&widget), desktop_dark ? &lightTokens() : &darkTokens());
        theme.choose(ThemeChoice::FollowDesktop);
        QCOMPARE(theme.isDark(), desktop_dark);
        QCOMPARE(changed.size(), 2);
    }

    void styleSheetNamesOnlyWhatExists() {
        for (const Tokens *tokens : {&darkTokens(), &lightTokens()}) {
            const QString sheet = styleSheetFrom(*tokens, Scale(qApp->font()));
            QVERIFY(!sheet.contains(u"@"));
            QVERIFY(!sheet.contains(u": ;"));
            QVERIFY(!sheet.contains(u"%"));
        }
    }

    void lengthsGrowWithTheFont() {
        QFont small = qApp->font();
        small.setPixelSize(13);
        QFont large = small;
        large.setPixelSize(26);
        QVERIFY(std::abs(Scale(large)(100) - 2 * Scale(small)(100)) < 8);
        QCOMPARE(Scale(large).whole(0.01), 1);
        QVERIFY(Scale(small).font(TextSize::Title).pixelSize() == 18);
    }

    void numbersAreWrittenForPeople() {
        QLocale::setDefault(QLocale::c());
        QCOMPARE(percentText(2500), u"25"_qs + gap + u'%');
        QCOMPARE(percentText(1250), u"12.5"_qs + gap + u'%');
        QCOMPARE(percentText(1), u"0.01"_qs + gap + u'%');
        QCOMPARE(rateText(0.0034), u"0.34"_qs + gap + u'%');
        QCOMPARE(clockText(42'900), u"0:42"_qs);
        QCOMPARE(clockText(728'000), u"12:08"_qs);
        QCOMPARE(clockText(3'723'000), u"1:02:03"_qs);
        QCOMPARE(clockText(-5), u"0:00"_qs);
        QCOMPARE(aboutText(120'000), u"~2"_qs + gap + u"min");
        QCOMPARE(ageText(240), u"0.2"_qs + gap + u's');
        QCOMPARE(ageText(31'000), u"31"_qs + gap + u's');
        QCOMPARE(ageText(4 * 60'000), u"4"_qs + gap + u"min");
        QCOMPARE(ageText(2 * 24 * 3'600'000), u"2"_qs + gap + u'd');
    }

    void textFromOutsideIsOneBoundedLine() {
        QCOMPARE(boundedText(u"a\nb\tc"_qs), u"a b c"_qs);
        QCOMPARE(boundedText(u"safe\u202Egnp.exe\u2066"_qs), u"safegnp.exe"_qs);
        QCOMPARE(boundedText(u"\x1b[31mred"_qs), u"[31mred"_qs);
        QCOMPARE(boundedText(QString(10'000, u'x'), 10), QString(10, u'x') + u'\u2026');
        QCOMPARE(boundedText(u"<b>plain</b>"_qs), u"<b>plain</b>"_qs);
    }
};

QTEST_MAIN(TestTheme)
#include "test_theme.moc"
