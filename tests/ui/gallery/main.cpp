// SPDX-License-Identifier: GPL-3.0-or-later
// Writes pictures of every piece, in both themes at scale 1 and 2, to be looked at beside each
// other. Usage: gallery DIRECTORY [rollout]: the rollout view's states alone.
#include "tests/ui/gallery/rolloutpages.h"
#include "tests/ui/samples.h"
#include "tests/ui/shell/shellsamples.h"
#include "ui/shell/keysoverlay.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/palette.h"
#include "ui/theme/actionbutton.h"
#include "ui/theme/card.h"
#include "ui/theme/chip.h"
#include "ui/theme/icon.h"
#include "ui/theme/label.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QGridLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <cstdio>
#include <memory>

using namespace aviary;

namespace {

Card *card(const QString &title, const QString &note, QWidget *inside) {
    auto *card = new Card(title, note);
    card->body()->addWidget(inside, 1);
    return card;
}

// All signs, icons and buttons.
class Specimens : public Piece {
public:
    using Piece::Piece;
    QSize sizeHint() const override { return {scale().whole(1'360), scale().whole(300)}; }

protected:
    void paintEvent(QPaintEvent *) override {
        QPainter painter(this);
        const Scale scale = this->scale();
        painter.setFont(scale.font(TextSize::Axis));
        qreal top = 0;
        for (const auto signs : {rolloutSigns(), clusterSigns(), nodeSigns(), outcomeSigns()}) {
            qreal left = 0;
            for (const Sign sign : signs) {
                paintSign(painter, {left, top, scale(14), scale(14)}, sign, tokens());
                painter.setPen(tokens()(Role::Text));
                painter.drawText(QPointF(left + scale(20), top + scale(12)), nameOf(sign));
                left += scale(122);
            }
            top += scale(24);
        }
        qreal left = 0;
        for (const QString &name : iconNames()) {
            paintIcon(painter, {left, top, scale(20), scale(20)}, name, tokens()(Role::Text));
            paintIcon(painter, {left, top + scale(26), scale(16), scale(16)}, name,
                      tokens()(Role::Dim));
            painter.setPen(tokens()(Role::Dim));
            painter.save();
            painter.translate(left, top + scale(58));
            painter.scale(0.8, 0.8);
            painter.drawText(QPointF(0, 0), name.left(9));
            painter.restore();
            left += scale(52);
            if (left > width() - scale(50)) {
                left = 0;
                top += scale(66);
            }
        }
    }
};

QWidget *buttons() {
    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    layout->addWidget(new Label(u"checkout-api"_qs, TextSize::Title));
    layout->addWidget(new Label(u"v41 \u2192 v42"_qs, TextSize::Subtitle, Tone::Dim));
    layout->addWidget(new Chip({u"canary"_qs, Role::Dim, Sign::None, false}));
    layout->addWidget(new Chip({u"waiting for you"_qs, Role::Attention, Sign::None, false}));
    layout->addWidget(new Chip({u"rolled back"_qs, Role::Bad, Sign::RolledBack, false}));
    layout->addWidget(new Chip({u"2"_qs, Role::Attention, Sign::None, true}));
    layout->addStretch();
    const auto add = [layout, row](const QString &text, const QString &keys,
                                   ActionButton::Kind kind, bool enabled) {
        auto *action = new QAction(text, row);
        action->setShortcut(QKeySequence(keys));
        action->setEnabled(enabled);
        layout->addWidget(new ActionButton(action, kind));
    };
    using Kind = ActionButton::Kind;
    add(u"Rehearse from now"_qs, u"Ctrl+R"_qs, Kind::Plain, true);
    add(u"Pause"_qs, u"Ctrl+."_qs, Kind::Plain, false);
    add(u"Roll back to v41"_qs, u"Ctrl+B"_qs, Kind::Danger, true);
    add(u"Promote to 25 %\u2026"_qs, u"Ctrl+P"_qs, Kind::Primary, true);
    add(u"Start\u2026"_qs, {}, Kind::Primary, false);
    return row;
}

QWidget *smallPieces() {
    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    for (const auto &[good, attention, bad] :
         {std::array{0.989, 0.008, 0.003}, std::array{0.058, 0.941, 0.001},
          std::array{0.31, 0.5, 0.19}}) {
        auto *bar = new OutcomeBar;
        bar->setValue(samples::outcomes(good, attention, bad));
        layout->addWidget(bar);
    }
    auto *line = new Sparkline;
    line->setValue(samples::sparkline());
    layout->addWidget(line);
    for (const DataAgeValue &value :
         {DataAgeValue{240, 10'000, {}, false}, DataAgeValue{48'000, 10'000, {}, false},
          DataAgeValue{{}, 10'000, {}, false}, DataAgeValue{0, 10'000, u"09:48:12"_qs, false},
          DataAgeValue{0, 10'000, {}, true}}) {
        auto *age = new DataAge;
        age->setValue(value);
        layout->addWidget(age);
    }
    return row;
}

template <class Widget, class Value>
Widget *fed(const Value &value) {
    auto *widget = new Widget;
    widget->setValue(value);
    return widget;
}

std::unique_ptr<QWidget> rolloutPage() {
    auto page = std::make_unique<QWidget>();
    auto *grid = new QGridLayout(page.get());
    grid->addWidget(buttons(), 0, 0, 1, 2);
    grid->addWidget(card(u"Steps"_qs, {}, fed<StepTrack>(samples::stepTrack())), 1, 0, 1, 2);
    auto *slider = fed<TrafficSlider>(samples::slider());
    slider->moveGhost(2'500);
    slider->setEffect(samples::sliderEffect());
    grid->addWidget(
        card(u"Traffic on v42"_qs, u"drag or arrow keys, Enter proposes, Esc withdraws"_qs, slider),
        2, 0, 1, 2);
    grid->addWidget(card(u"Traffic share"_qs, u"counted by HAProxy"_qs,
                         fed<TrafficShareChart>(samples::share())),
                    3, 0);
    auto *errors = fed<ErrorBandChart>(samples::errors());
    grid->addWidget(card(u"Errors, band valid at every look"_qs, u"latency, requests"_qs, errors),
                    3, 1);
    auto *map = fed<FleetMap>(samples::smallFleet());
    grid->addWidget(card(u"Nodes by site"_qs, {}, map), 4, 0);
    grid->addWidget(card(u"Small pieces"_qs, {}, smallPieces()), 5, 0, 1, 2);
    auto *bars = new StepTrack;
    bars->setValue(samples::stepTrack(Sign::RollingBack));
    grid->addWidget(card(u"Steps, narrow"_qs, {}, bars), 4, 1);
    return page;
}

std::unique_ptr<QWidget> fleetPage() {
    auto page = std::make_unique<QWidget>();
    auto *grid = new QGridLayout(page.get());
    auto *large = fed<FleetMap>(samples::largeFleet(10'000, true));
    grid->addWidget(
        card(u"10,000 nodes, filtered"_qs, u"scroll zooms, drag selects, Enter opens"_qs, large), 0,
        0);
    grid->addWidget(
        card(u"100,000 nodes"_qs, {}, fed<FleetMap>(samples::largeFleet(100'000, false))), 1, 0);
    grid->setRowStretch(0, 1);
    grid->setRowStretch(1, 1);
    return page;
}

std::unique_ptr<QWidget> timePage() {
    auto page = std::make_unique<QWidget>();
    auto *grid = new QGridLayout(page.get());
    grid->addWidget(card(u"Today"_qs, u"Space plays, arrows step one event"_qs,
                         fed<Scrubber>(samples::scrubber(false))),
                    0, 0, 1, 2);
    grid->addWidget(card(u"Live"_qs, {}, fed<Scrubber>(samples::scrubber(true))), 1, 0, 1, 2);
    grid->addWidget(card(u"Nodes on v42 if it is good, plan A"_qs, u"traffic, health"_qs,
                         fed<FanChart>(samples::fan(false))),
                    2, 0);
    auto *live = fed<FanChart>(samples::fan(true));
    live->setCrosshair(30);
    grid->addWidget(card(u"The live run over its fan"_qs, {}, live), 2, 1);
    grid->setRowStretch(2, 1);
    return page;
}

std::unique_ptr<QWidget> specimenPage() {
    auto page = std::make_unique<QWidget>();
    auto *rows = new QVBoxLayout(page.get());
    rows->addWidget(card(u"Signs and icons"_qs, {}, new Specimens));
    return page;
}

std::unique_ptr<QWidget> windowPage() {
    auto window = std::make_unique<MainWindow>();
    samples::furnish(*window);
    return window;
}

std::unique_ptr<QWidget> travelPage() {
    auto window = std::make_unique<MainWindow>();
    samples::furnish(*window);
    ShellState state = samples::shellState();
    state.age.as_of = u"09:48:12"_qs;
    window->setState(state);
    ActionContext context = samples::waitingRollout();
    context.as_of = state.age.as_of;
    window->setContext(context);
    window->showView(u"view.fleet"_qs);
    return window;
}

void openPalette(QWidget &page) {
    auto *palette = page.findChild<Palette *>();
    palette->model()->setSource(samples::waitingRollout(), samples::otherRollouts(),
                                samples::places());
    palette->open();
    palette->setQuery(u"pause"_qs);
}

void openKeys(QWidget &page) {
    page.findChild<KeysOverlay *>()->open();
}

bool picture(QWidget &page, QSize size, int scale, const QString &path, void (*open)(QWidget &)) {
    page.resize(size);
    page.setAttribute(Qt::WA_DontShowOnScreen);
    page.show();
    QCoreApplication::processEvents();
    if (open) {
        open(page);
    }
    QImage image(size * scale, QImage::Format_RGB32);
    image.setDevicePixelRatio(scale);
    image.fill(page.palette().color(QPalette::Window));
    page.render(&image);
    return image.save(path);
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2 && argc != 3) {
        std::fputs("usage: gallery DIRECTORY [rollout]\n", stderr);
        return 2;
    }
    QApplication app(argc, argv);
    QFont font = QApplication::font();
    font.setPixelSize(13);
    QApplication::setFont(font);
    Theme theme(app, ThemeChoice::Dark);
    const QDir directory(QString::fromLocal8Bit(argv[1]));
    if (!directory.mkpath(u"."_qs)) {
        return 1;
    }
    if (!gallery::rolloutPictures(directory, theme)) {
        return 1;
    }
    if (argc == 3) {
        return 0;
    }
    struct Page {
        const char *name;
        std::unique_ptr<QWidget> (*make)();
        QSize size;
        void (*open)(QWidget &) = nullptr;
    };
    const Page pages[] = {{"rollout", rolloutPage, {1'280, 860}},
                          {"fleet", fleetPage, {1'180, 900}},
                          {"time", timePage, {1'180, 760}},
                          {"window", windowPage, {1'440, 900}},
                          {"window-small", windowPage, {1'024, 700}},
                          {"travel", travelPage, {1'440, 900}},
                          {"palette", windowPage, {1'440, 900}, openPalette},
                          {"keys", windowPage, {1'440, 900}, openKeys},
                          {"specimens", specimenPage, {1'440, 420}}};
    bool whole = true;
    for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
        theme.choose(choice);
        for (const Page &page : pages) {
            for (const int scale : {1, 2}) {
                const QString name = QStringLiteral("%1-%2-%3.png")
                                         .arg(QString::fromLatin1(page.name),
                                              theme.isDark() ? u"dark"_qs : u"light"_qs)
                                         .arg(scale);
                whole =
                    picture(*page.make(), page.size, scale, directory.filePath(name), page.open) &&
                    whole;
            }
        }
    }
    return whole ? 0 : 1;
}
