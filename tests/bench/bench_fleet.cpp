// SPDX-License-Identifier: GPL-3.0-or-later
// What the fleet view promises of 100,000 nodes, measured offscreen at 1440 by
// 900 with the real view. Ends with 1 where a figure is missed: the heat map
// repaints in 16 ms (median); a filter keystroke takes 50 ms, from the key to
// the end of paint; 5,000 changes a second make at most 30 view updates and
// leave the thread over half idle; all of it in under 250 MB, without growth
// over 1,000,000 changes.
#include "tests/ui/models/fleetsamples.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/fleetview.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTimer>

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>

using namespace aviary;
using namespace Qt::Literals;

namespace {

constexpr quint32 nodes = 100'000;
constexpr qint64 now_wall_ms = 1'790'000'012'000;
bool kept_all = true;

void tell(const char *what, double figure, const char *unit, double limit) {
    const bool kept = figure <= limit;
    kept_all = kept_all && kept;
    std::printf("%-58s %9.2f %-4s  limit %6.0f  %s\n", what, figure, unit, limit,
                kept ? "kept" : "MISSED");
}

double at(std::vector<double> each, double share) {
    std::sort(each.begin(), each.end());
    return each[static_cast<std::size_t>(share * static_cast<double>(each.size() - 1))];
}

double sinceMs(const QElapsedTimer &timer) {
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

void settle(int ms) {
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < ms) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    }
}

double residentMb() {
    QFile status(u"/proc/self/status"_qs);
    if (!status.open(QIODevice::ReadOnly)) {
        return 1e9;
    }
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmRSS:")) {
            return line.mid(6).trimmed().split(' ').first().toDouble() / 1024;
        }
    }
    return 1e9;
}

double threadMs() {
    rusage usage{};
    getrusage(RUSAGE_THREAD, &usage);
    const auto ms = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

void benchRepaint(FleetView &view) {
    std::vector<double> each;
    FleetMapValue value = view.map()->value();
    for (int i = 0; i < 60; ++i) {
        value.cells[0].dimmed = !value.cells[0].dimmed;
        QElapsedTimer timer;
        timer.start();
        view.map()->setValue(value);
        view.map()->repaint();
        each.push_back(sinceMs(timer));
    }
    tell("heat map, everything drawn anew, median", at(each, 0.5), "ms", 16);
}

void benchKeystrokes(FleetView &view) {
    std::vector<double> each;
    QLineEdit *edit = view.filterField()->edit();
    for (const QString &text : {u"n0007"_qs, u"site:eu-* health:!healthy"_qs,
                                u"revision:v42 behind:>0"_qs, u"10.1.2"_qs}) {
        for (const QChar key : text) {
            QKeyEvent press(QEvent::KeyPress, 0, Qt::NoModifier, QString(key));
            QElapsedTimer timer;
            timer.start();
            QCoreApplication::sendEvent(edit, &press);
            QCoreApplication::processEvents();
            each.push_back(sinceMs(timer));
        }
        edit->clear();
        settle(50);
    }
    tell("filter keystroke to the end of paint, median", at(each, 0.5), "ms", 50);
    tell("filter keystroke to the end of paint, slowest", at(each, 1), "ms", 50);
}

// `rate` changes a second, in portions as a session brings them.
void benchChanges(FleetView &view, FleetStore &store) {
    constexpr int seconds = 10, portions = 100, portion = 50;
    const quint32 updates = view.updates();
    const double busy = threadMs();
    double spent_making = 0;
    quint32 round = 0;
    QTimer wake; // processEvents() with a limit of time would not wait but turn, and look busy
    wake.start(2);
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < seconds * portions; ++i) {
        const double making = threadMs();
        std::vector<api::NodeRow> rows;
        for (int k = 0; k < portion; ++k, ++round) {
            rows.push_back(samples::changedNode((round * 7'919) % nodes, round));
        }
        spent_making += threadMs() - making;
        store.apply(rows);
        while (timer.elapsed() < (i + 1) * 1'000 / portions) {
            QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
        }
    }
    const double wall_s = sinceMs(timer) / 1e3;
    tell("view updates a second under 5,000 changes a second", (view.updates() - updates) / wall_s,
         "", 30);
    tell("busy share of the thread then", 100 * (threadMs() - busy - spent_making) / wall_s / 1e3,
         "%", 50);
}

void benchGrowth(FleetStore &store) {
    double before = 0;
    for (quint32 round = 0; round < 1'000'000; ++round) {
        store.apply({samples::changedNode((round * 7'919) % nodes, round)});
        if (round % 1'000 == 0) {
            QCoreApplication::processEvents();
        }
        if (round == 200'000) {
            before = residentMb();
        }
    }
    settle(600);
    tell("growth over the last 800,000 of 1,000,000 changes", residentMb() - before, "MB", 8);
}

} // namespace

int main(int argc, char **argv) {
    QApplication app(argc, argv);
    QFont font = QApplication::font();
    font.setPixelSize(13);
    QApplication::setFont(font);
    Theme theme(app, ThemeChoice::Dark);
    FleetStore store;
    FleetView view;
    view.setStore(&store);
    view.resize(1'440, 900);
    view.show();
    FleetValue value;
    value.scene.focus = {u"checkout-api"_qs, u"v42"_qs, u"v41"_qs};
    value.scene.now_wall_ms = now_wall_ms;
    view.setValue(value);
    store.begin();
    for (quint32 first = 0; first < nodes; first += 500) {
        store.apply(samples::nodes(500, first));
    }
    settle(1'500);
    std::printf("%u nodes in %.0f MB\n", store.count(), residentMb());
    benchRepaint(view);
    benchKeystrokes(view);
    benchChanges(view, store);
    benchGrowth(store);
    tell("resident memory at the end", residentMb(), "MB", 250);
    view.setStore(nullptr);
    return kept_all ? 0 : 1;
}
