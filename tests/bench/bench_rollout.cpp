// SPDX-License-Identifier: GPL-3.0-or-later
// How long the rollout view takes, offscreen, as large as in a window of 1440 by 900, while 5,000
// nodes change a second. Ends with 1 where a promised figure is missed: from the mouse event to the
// end of paint 16 ms at the 99th percentile, also where a changed rollout arrived right before the
// event; and the charts' points replaced at most 30 times a second.
#include "core/api/valuesjson.h"
#include "ui/rollout/rolloutcharts.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/rollout/rolloutview.h"
#include "ui/rollout/trafficcard.h"
#include "ui/samples/rolloutstates.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QMouseEvent>

#include <algorithm>
#include <cstdio>

using namespace aviary;

namespace {

constexpr double budget_ms = 16;
constexpr int nodes = 4'096;      // what one detail carries
constexpr int changes = 167;      // 5,000 a second at 30 a second
constexpr double mouse_ms = 8;    // 125 a second
constexpr double feed_ms = 33.34; // 30 a second

struct Times {
    std::vector<double> each_ms;

    double at(double share) {
        std::sort(each_ms.begin(), each_ms.end());
        return each_ms[static_cast<std::size_t>(share * static_cast<double>(each_ms.size() - 1))];
    }
    void print(const char *what) {
        std::printf("%-54s median %6.2f ms   p99 %6.2f ms   max %6.2f ms\n", what, at(0.5),
                    at(0.99), at(1));
    }
};

void change(api::RolloutDetail &detail, int round) {
    for (int i = 0; i < changes; ++i) {
        const auto node = static_cast<std::size_t>((round * 7'919 + i * 104'729) % nodes);
        api::TargetRow &target = detail.targets[node];
        target.phase = target.phase == kernel::Phase::Untouched ? kernel::Phase::Updating
                                                                : kernel::Phase::Untouched;
    }
    for (api::TrafficPoint &point : detail.traffic) {
        point.wall_ms += 33;
    }
    detail.traffic.back().share = 0.1 + (round % 10) / 1'000.0;
}

RolloutValue valueOf(api::RolloutDetail detail) {
    RolloutValue value;
    value.chosen = detail.row.id;
    value.now_wall_ms = detail.traffic.back().wall_ms;
    value.detail = std::make_shared<const api::RolloutDetail>(std::move(detail));
    value.age.age_ms = 100;
    value.cluster_name = QStringLiteral("edge-eu");
    return value;
}

double milliseconds(const QElapsedTimer &timer) {
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

} // namespace

int main(int argc, char **argv) {
    QApplication app(argc, argv);
    QFont font = QApplication::font();
    font.setPixelSize(13);
    QApplication::setFont(font);
    Theme theme(app, ThemeChoice::Dark);
    api::RolloutDetail detail = samples::largeRollout(nodes);
    RolloutView view;
    view.resize(1'200, 830);
    view.setValue(valueOf(detail));
    view.show();
    QCoreApplication::processEvents();

    // As they arrive: text of a socket.
    std::vector<QByteArray> messages;
    for (int round = 0; round < 40; ++round) {
        change(detail, round);
        messages.push_back(QJsonDocument(api::toJson(detail)).toJson(QJsonDocument::Compact));
    }
    TrafficSlider *slider = view.page()->traffic()->slider();
    Times reading, showing, ghost;
    const int before = view.page()->charts()->replacements();
    QElapsedTimer clock;
    clock.start();
    double feed_at = feed_ms;
    for (int event = 1; event <= 1'500; ++event) {
        const double due = event * mouse_ms;
        while (milliseconds(clock) < due) {
            QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
        }
        QElapsedTimer work;
        work.start();
        if (due >= feed_at) {
            feed_at += feed_ms;
            const auto round = static_cast<std::size_t>(event) % messages.size();
            const auto told = api::fromJson<api::RolloutDetail>(
                QJsonDocument::fromJson(messages[round]).object());
            reading.each_ms.push_back(milliseconds(work));
            QElapsedTimer show;
            show.start();
            view.setValue(valueOf(*told));
            showing.each_ms.push_back(milliseconds(show));
        }
        const QPointF at(slider->xOf(1'100 + event * 9 % 3'800), slider->knobRect().center().y());
        const auto type = event == 1 ? QEvent::MouseButtonPress : QEvent::MouseMove;
        QMouseEvent mouse(type, at, slider->mapToGlobal(at), Qt::LeftButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(slider, &mouse);
        QCoreApplication::processEvents();
        ghost.each_ms.push_back(milliseconds(work));
    }
    const double seconds = milliseconds(clock) / 1'000;
    const double replaced = (view.page()->charts()->replacements() - before) / seconds;
    std::printf("a rollout of 4,096 nodes is %lld kB\n",
                static_cast<long long>(messages[0].size() / 1'000));
    reading.print("reading it from text");
    showing.print("giving it to the view");
    ghost.print("slider ghost, mouse event to end of paint");
    std::printf("charts replaced %.1f times a second\n", replaced);
    const bool kept = ghost.at(0.99) <= budget_ms && replaced <= 30;
    std::puts(kept ? "within the promises" : "over a promise");
    return kept ? 0 : 1;
}
