// SPDX-License-Identifier: GPL-3.0-or-later
// Draws every piece in both themes, at scale 1 and 2, with small and large fonts, from left to
// right and from right to left: nothing cut off, nothing on top of another, every text readable.
#include "tests/ui/samples.h"
#include "tests/ui/textprobe.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QHash>
#include <QTest>

#include <functional>

using namespace aviary;

namespace {

struct Subject {
    const char *name;
    std::function<std::unique_ptr<QWidget>()> make;
    QSize size_px; // at a body font of 13 px
};

template <class Widget, class Value>
std::function<std::unique_ptr<QWidget>()> fed(Value value) {
    return [value] {
        auto widget = std::make_unique<Widget>();
        widget->setValue(value);
        return widget;
    };
}

std::unique_ptr<QWidget> sliderWithGhost(int ghost) {
    auto slider = std::make_unique<TrafficSlider>();
    slider->setValue(samples::slider());
    slider->moveGhost(ghost);
    slider->setEffect(samples::sliderEffect());
    return slider;
}

DataAgeValue aged(std::optional<std::int64_t> age_ms, const QString &as_of = {}) {
    DataAgeValue value;
    value.age_ms = age_ms;
    value.as_of = as_of;
    return value;
}

std::vector<Subject> subjects() {
    return {
        {"step track", fed<StepTrack>(samples::stepTrack()), {1'100, 62}},
        {"step track, narrow", fed<StepTrack>(samples::stepTrack(Sign::Paused)), {420, 62}},
        {"slider", fed<TrafficSlider>(samples::slider()), {1'100, 84}},
        {"slider, ghost", [] { return sliderWithGhost(2'500); }, {1'100, 84}},
        {"slider, ghost near the knob", [] { return sliderWithGhost(1'200); }, {520, 84}},
        {"slider, ghost at the end", [] { return sliderWithGhost(0); }, {420, 84}},
        {"fleet, small", fed<FleetMap>(samples::smallFleet()), {640, 160}},
        {"fleet, large", fed<FleetMap>(samples::largeFleet(10'000, true)), {1'100, 400}},
        {"scrubber, live", fed<Scrubber>(samples::scrubber(true)), {1'100, 150}},
        {"scrubber, then", fed<Scrubber>(samples::scrubber(false)), {1'100, 150}},
        {"fan", fed<FanChart>(samples::fan(false)), {600, 300}},
        {"fan, live", fed<FanChart>(samples::fan(true)), {600, 300}},
        {"share", fed<TrafficShareChart>(samples::share()), {520, 160}},
        {"share, empty", fed<TrafficShareChart>(TrafficShareValue{}), {520, 160}},
        {"errors", fed<ErrorBandChart>(samples::errors()), {520, 160}},
        {"errors, empty", fed<ErrorBandChart>(ErrorBandValue{}), {520, 160}},
        {"outcome", fed<OutcomeBar>(samples::outcomes(0.5, 0.3, 0.2)), {150, 16}},
        {"sparkline", fed<Sparkline>(samples::sparkline()), {96, 18}},
        {"age, live", fed<DataAge>(aged(240)), {140, 18}},
        {"age, old", fed<DataAge>(aged(48'000)), {140, 18}},
        {"age, then", fed<DataAge>(aged(0, u"09:48:12"_qs)), {160, 18}},
    };
}

QColor commonest(const QImage &image, const QRect &rect) {
    QHash<QRgb, int> counts;
    QRgb best = 0;
    for (int y = std::max(0, rect.top()); y <= std::min(image.height() - 1, rect.bottom()); ++y) {
        for (int x = std::max(0, rect.left()); x <= std::min(image.width() - 1, rect.right());
             ++x) {
            const QRgb pixel = image.pixel(x, y);
            if (++counts[pixel] > counts.value(best)) {
                best = pixel;
            }
        }
    }
    return best;
}

QImage pictured(QWidget &widget, int scale) {
    QImage image(widget.size() * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    image.fill(tokensOf(&widget)(Role::Card));
    widget.render(&image, {}, {}, QWidget::DrawChildren);
    return image;
}

} // namespace

class TestPictures : public QObject {
    Q_OBJECT

    Theme theme_{*qApp, ThemeChoice::Dark};

private Q_SLOTS:
    void pieceIsWholeAndReadable_data() {
        QTest::addColumn<int>("subject");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<int>("font_px");
        QTest::addColumn<bool>("mirrored");
        const std::vector<Subject> all = subjects();
        for (std::size_t i = 0; i < all.size(); ++i) {
            for (const bool dark : {true, false}) {
                const char *theme = dark ? "dark" : "light";
                const int subject = static_cast<int>(i);
                QTest::addRow("%s %s", all[i].name, theme) << subject << dark << 13 << false;
                QTest::addRow("%s %s large", all[i].name, theme) << subject << dark << 26 << false;
                QTest::addRow("%s %s mirrored", all[i].name, theme)
                    << subject << dark << 13 << true;
            }
        }
    }

    void pieceIsWholeAndReadable() {
        QFETCH(int, subject);
        QFETCH(bool, dark);
        QFETCH(int, font_px);
        QFETCH(bool, mirrored);
        theme_.choose(dark ? ThemeChoice::Dark : ThemeChoice::Light);
        const Subject one = subjects()[static_cast<std::size_t>(subject)];
        const auto widget = one.make();
        QFont font = QApplication::font();
        font.setPixelSize(font_px);
        widget->setFont(font);
        widget->setLayoutDirection(mirrored ? Qt::RightToLeft : Qt::LeftToRight);
        const QSize size = one.size_px * font_px / 13;
        widget->resize(size.expandedTo(widget->minimumSizeHint()));
        widget->setAttribute(Qt::WA_DontShowOnScreen);
        widget->show();
        QCoreApplication::processEvents();

        const std::vector<DrawnText> texts = drawnTexts(*widget);
        const QStringList faults = faultsOf(texts, QRectF(widget->rect()));
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u"; ")));
        const QImage image = pictured(*widget, 1);
        for (const DrawnText &text : texts) {
            const QColor behind = commonest(image, text.rect.toAlignedRect());
            QVERIFY2(contrast(text.colour, behind) >= 4.5,
                     qPrintable(text.text + u" on " + behind.name()));
        }
        QVERIFY(!widget->accessibleName().isEmpty());
        const QDir directory(QStringLiteral(AVIARY_BINARY_DIR "/pictures"));
        QVERIFY(directory.mkpath(u"."_qs));
        const QString name = QString::fromLatin1(QTest::currentDataTag()).replace(u' ', u'-');
        const int scale_max = font_px == 13 && !mirrored ? 2 : 1;
        for (int scale = 1; scale <= scale_max; ++scale) {
            const QString file = QStringLiteral("piece-%1-%2.png").arg(name).arg(scale);
            QVERIFY(pictured(*widget, scale).save(directory.filePath(file)));
        }
    }

    void outcomesAreToldApartWithoutColour() {
        for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
            theme_.choose(choice);
            OutcomeBar bar;
            bar.setValue(samples::outcomes(0.34, 0.33, 0.33));
            bar.resize(300, 16);
            const QImage grey = pictured(bar, 1).convertToFormat(QImage::Format_Grayscale8);
            // How much a row changes inside each third: plain, slanted, crossed.
            const auto changes = [&grey](int from, int to) {
                int count = 0;
                for (int y = 3; y < 13; ++y) {
                    for (int x = from + 4; x < to - 4; ++x) {
                        const int step = qGray(grey.pixel(x, y)) - qGray(grey.pixel(x - 1, y));
                        count += std::abs(step) > 12 ? 1 : 0;
                    }
                }
                return count;
            };
            const int plain = changes(0, 100);
            const int slanted = changes(102, 200);
            const int crossed = changes(202, 300);
            QCOMPARE(plain, 0);
            QVERIFY(slanted > 100);
            QVERIFY(crossed > slanted * 5 / 4);
        }
    }
};

QTEST_MAIN(TestPictures)
#include "test_pictures.moc"
