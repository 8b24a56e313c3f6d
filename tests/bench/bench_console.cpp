// SPDX-License-Identifier: GPL-3.0-or-later
// The promises of the window, in the real window: any instant of a run of 100,000 events over
// 10,000 nodes on screen within 100 ms and stepping at 30 a second (33 ms), and 1,000 futures that
// converge without a frame over 50 ms. QT_QPA_PLATFORM=offscreen bin/bench_console
#include "tests/core/travel/recorded.h"
#include "ui/console/console.h"
#include "ui/console/documents.h"
#include "ui/console/historypresenter.h"
#include "ui/console/rehearsalpresenter.h"
#include "ui/history/historyview.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QPixmap>
#include <QSettings>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <random>

namespace {

using namespace aviary;
using namespace Qt::Literals;

constexpr std::uint32_t nodes = 10'000;
constexpr int entries = 40'000; // of one to four events: 100,000

double quantile(std::vector<double> &values, double share) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

void tell(const char *what, std::vector<double> times_ms) {
    std::printf("%-44s median %7.1f ms, 95 %% %7.1f ms, worst %7.1f ms (%zu)\n", what,
                quantile(times_ms, 0.5), quantile(times_ms, 0.95), quantile(times_ms, 1.0),
                times_ms.size());
    std::fflush(stdout);
}

bool spinUntil(const std::function<bool()> &so, qint64 wait_ms) {
    QElapsedTimer timer;
    timer.start();
    while (!so() && timer.elapsed() < wait_ms) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    }
    return so();
}

struct House {
    QTemporaryDir folder;
    QSettings kept{folder.filePath(u"settings.ini"_qs), QSettings::IniFormat};
    Theme theme{*qApp, ThemeChoice::Dark};
    Desks desks;
    Console console{desks, Settings(kept), theme};
    House() { console.complete(); }
};

// From the wish until the rows are those of the instant and the window was painted with them.
double goTo(House &house, qint64 wall_ms) {
    auto *history = house.console.findChild<HistoryPresenter *>();
    QElapsedTimer timer;
    timer.start();
    Q_EMIT history->view().instantWanted(wall_ms);
    spinUntil(
        [&] {
            const api::RolloutRow *row = house.console.choice().rolloutRow();
            return history->travel().instantWallMs() == wall_ms && row &&
                   row->changed_wall_ms <= wall_ms;
        },
        10'000);
    (void)house.console.window().grab(); // all of it, where a screen would only get what changed
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

void scrub(House &house) {
    const auto run = *travel::RecordedRun::of(tests::recordedRun(nodes, 11, entries));
    const std::vector<qint64> walls = run->entryWallsMs();
    Desk &desk = addDocumentDesk(house.desks, u"file:bench"_qs,
                                 travel::Document{u"bench"_qs, run, run->warnings()});
    house.console.choice().chooseRollout(&desk, run->header().rollout);
    house.console.window().resize(1'440, 900);
    house.console.window().show();
    spinUntil([&] { return house.console.choice().detail() != nullptr; }, 60'000);
    house.console.window().showView(u"view.history"_qs);
    std::printf("the first instant, with the record read:     %.0f ms\n",
                goTo(house, walls[walls.size() / 2]));
    for (const QString &view : {u"view.history"_qs, u"view.rollouts"_qs, u"view.fleet"_qs}) {
        house.console.window().showView(view);
        spinUntil([] { return false; }, 1'000); // the view is built
        std::mt19937_64 chance(3);
        std::vector<double> any, next;
        for (int i = 0; i < 100; ++i) {
            any.push_back(goTo(house, walls[chance() % walls.size()]));
        }
        std::size_t at = walls.size() / 3;
        for (int i = 0; i < 200; ++i) {
            at = (at + 1) % walls.size();
            next.push_back(goTo(house, walls[at]));
        }
        tell(qPrintable(u"any instant, "_qs + view), std::move(any));
        tell(qPrintable(u"next event, "_qs + view), std::move(next));
    }
}

double threadMs() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

// The longest that the window did not listen while futures were run and shown; and how much of it
// the window worked, where the rest is a processor that others had.
void converge(House &house) {
    auto *rehearsal = house.console.findChild<RehearsalPresenter *>();
    const record::Run recorded = tests::recordedRun(48, 3, 10);
    bool done = false;
    QObject::connect(rehearsal, &RehearsalPresenter::rehearsed, rehearsal, [&] { done = true; });
    std::vector<double> gaps, worst, work;
    for (int round = 0; round < 5; ++round) {
        done = false;
        rehearsal->rehearsePlan(std::make_shared<const kernel::Plan>(recorded.header.plan),
                                u"the bench"_qs, {});
        QElapsedTimer frame;
        frame.start();
        double longest = 0;
        double used_ms = threadMs();
        double most_ms = 0;
        QElapsedTimer all;
        all.start();
        while (!done && all.elapsed() < 120'000) {
            QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
            const double gap = static_cast<double>(frame.nsecsElapsed()) / 1e6;
            frame.restart();
            gaps.push_back(gap);
            longest = std::max(longest, gap);
            const double now_ms = threadMs();
            most_ms = std::max(most_ms, now_ms - used_ms);
            used_ms = now_ms;
        }
        worst.push_back(longest);
        work.push_back(most_ms);
    }
    tell("1,000 futures converge: turns of the window", std::move(gaps));
    tell("1,000 futures converge: longest turn a run", std::move(worst));
    tell("1,000 futures converge: most work in a turn", std::move(work));
}

} // namespace

int main(int count, char **arguments) {
    const QApplication app(count, arguments);
    House house;
    scrub(house);
    converge(house);
    return 0;
}
