// SPDX-License-Identifier: GPL-3.0-or-later
// How long the console's busiest pieces take to draw, offscreen, in a window of 1440 by 900.
// Ends with 1 where a promised figure is missed: the heat map of 100,000 nodes in 16 ms at the
// median, the slider's ghost in 16 ms at the 99th percentile from the mouse event to the end of
// paint while 5,000 nodes change a second.
#include "tests/ui/samples.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QVBoxLayout>

#include <algorithm>
#include <cstdio>

using namespace aviary;

namespace {

constexpr double budget_ms = 16;

struct Times {
    std::vector<double> each_ms;

    double at(double share) {
        std::sort(each_ms.begin(), each_ms.end());
        const auto last = static_cast<double>(each_ms.size() - 1);
        return each_ms[static_cast<std::size_t>(share * last)];
    }
    void print(const char *what) {
        std::printf("%-46s median %6.2f ms   p99 %6.2f ms   max %6.2f ms\n", what, at(0.5),
                    at(0.99), at(1));
    }
};

template <class Work>
Times measured(int rounds, Work work) {
    Times times;
    for (int i = 0; i < rounds; ++i) {
        QElapsedTimer timer;
        timer.start();
        work(i);
        times.each_ms.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    return times;
}

std::vector<FleetCellChange> changesOf(const FleetMapValue &value, int round, std::size_t count) {
    std::vector<FleetCellChange> changes;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t node =
            (static_cast<std::size_t>(round) * 7'919 + i * 104'729) % value.cells.size();
        FleetCell cell = value.cells[node];
        cell.tint = static_cast<std::uint16_t>((round + static_cast<int>(i)) % 2);
        changes.push_back({node, cell});
    }
    return changes;
}

} // namespace

int main(int argc, char **argv) {
    QApplication app(argc, argv);
    QFont font = QApplication::font();
    font.setPixelSize(13);
    QApplication::setFont(font);
    Theme theme(app, ThemeChoice::Dark);

    QWidget window;
    auto *rows = new QVBoxLayout(&window);
    auto *slider = new TrafficSlider;
    auto *map = new FleetMap;
    rows->addWidget(slider);
    rows->addWidget(map, 1);
    slider->setValue(samples::slider());
    const FleetMapValue fleet = samples::largeFleet(100'000, false);
    map->setValue(fleet);
    window.resize(1'440, 900);
    window.show();
    QCoreApplication::processEvents();

    Times whole = measured(60, [&](int round) {
        FleetMapValue value = fleet;
        value.cells[0].tint = static_cast<std::uint16_t>(round % 2);
        map->setValue(std::move(value));
        map->repaint();
    });
    whole.print("heat map of 100,000 nodes, all new");
    Times changed = measured(200, [&](int round) {
        map->setCells(changesOf(fleet, round, 167));
        map->repaint();
    });
    changed.print("heat map, 167 changes (5,000/s at 30 a second)");
    Times ghost = measured(400, [&](int round) {
        if (round % 2 == 0) {
            map->setCells(changesOf(fleet, round, 167));
        }
        const QPointF at(slider->xOf(1'100 + round * 9 % 3'800), slider->knobRect().center().y());
        const auto type = round == 0 ? QEvent::MouseButtonPress : QEvent::MouseMove;
        QMouseEvent event(type, at, slider->mapToGlobal(at), Qt::LeftButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(slider, &event);
        QCoreApplication::processEvents();
    });
    ghost.print("slider ghost, mouse event to end of paint");
    const bool kept = whole.at(0.5) <= budget_ms && ghost.at(0.99) <= budget_ms;
    std::puts(kept ? "within 16 ms" : "over 16 ms");
    return kept ? 0 : 1;
}
