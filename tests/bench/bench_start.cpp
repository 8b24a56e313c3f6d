// SPDX-License-Identifier: GPL-3.0-or-later
// From the start of a process to its first complete paint: the console, and an empty window with
// one chart (bench_window), in turn. Ends with 1 where the console takes more than 1.5 times as
// long. QT_QPA_PLATFORM=offscreen bin/bench_start
#include "ui/console/console.h"
#include "ui/console/links.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace {

using namespace aviary;
using namespace Qt::Literals;

constexpr int rounds = 15;
constexpr double times_max = 1.5;

// Says so once the window was painted with all that is in it.
class FirstPaint : public QObject {
public:
    explicit FirstPaint(QWidget &window) : window_(window) { window.installEventFilter(this); }

protected:
    bool eventFilter(QObject *, QEvent *event) override {
        if (event->type() == QEvent::Paint) {
            QTimer::singleShot(0, this, [this] {
                std::printf("painted %dx%d\n", window_.width(), window_.height());
                std::fflush(stdout);
                QApplication::quit();
            });
        }
        return false;
    }

private:
    QWidget &window_;
};

// What aviary-console does, where no daemon answers yet.
int showConsole(int count, char **arguments) {
    const QApplication app(count, arguments);
    const QTemporaryDir folder;
    const auto places = api::placesOf(folder.path(), QProcessEnvironment());
    if (!places) {
        return 2;
    }
    QSettings kept(folder.filePath(u"settings.ini"_qs), QSettings::IniFormat);
    Theme theme(*qApp, ThemeChoice::Dark);
    Desks desks;
    Console console(desks, Settings(kept), theme);
    addLocalDesk(desks, *places, u"bench"_qs, api::SocketSession::Starting::Never);
    console.window().resize(1'440, 900);
    const FirstPaint paint(console.window());
    console.window().show();
    return QApplication::exec();
}

// Milliseconds until the program says that it was painted; 0: it did not.
double startMs(const QString &program, const QStringList &arguments) {
    QProcess process;
    QElapsedTimer timer;
    timer.start();
    process.start(program, arguments);
    QByteArray said;
    while (!said.startsWith("painted") && process.waitForReadyRead(60'000)) {
        said += process.readAllStandardOutput();
    }
    const double took_ms = static_cast<double>(timer.nsecsElapsed()) / 1e6;
    process.waitForFinished();
    return said.startsWith("painted 1440x900") ? took_ms : 0;
}

double median(std::vector<double> times_ms) {
    std::ranges::sort(times_ms);
    return times_ms[times_ms.size() / 2];
}

int compare() {
    const QString here = QCoreApplication::applicationDirPath();
    std::vector<double> console_ms, window_ms;
    for (int round = 0; round <= rounds; ++round) {
        const double console = startMs(here + u"/bench_start"_qs, {u"--console"_qs});
        const double window = startMs(here + u"/bench_window"_qs, {});
        if (console <= 0 || window <= 0) {
            std::printf("a window was not painted at 1440x900\n");
            return 2;
        }
        if (round > 0) { // the first one reads the programs from the disk
            console_ms.push_back(console);
            window_ms.push_back(window);
        }
    }
    const double times = median(console_ms) / median(window_ms);
    std::printf("first complete paint, medians of %d: console %.0f ms, a window with a chart %.0f "
                "ms: %.2f times, limit %.2f  %s\n",
                rounds, median(console_ms), median(window_ms), times, times_max,
                times <= times_max ? "kept" : "MISSED");
    return times <= times_max ? 0 : 1;
}

} // namespace

int main(int count, char **arguments) {
    if (count > 1 && QByteArray(arguments[1]) == "--console") {
        return showConsole(count, arguments);
    }
    const QCoreApplication app(count, arguments);
    return compare();
}
