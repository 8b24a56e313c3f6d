// SPDX-License-Identifier: GPL-3.0-or-later
// aviary-console: the window. A client of aviaryd, and a reader of files.
#include "app/console/shots.h"
#include "ui/console/links.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QProcessEnvironment>
#include <QUrl>

#include <algorithm>
#include <CLI/CLI.hpp>
#include <string_view>

namespace {

using namespace aviary;
using namespace Qt::Literals;

struct Options {
    std::string state_dir, host, as, open, theme, shot, view, size = "1440x900";
    int scale = 1;
};

// Above and beyond a screen there is nothing to see, and a lot of memory to lose.
constexpr int length_max = 8'192;

QSize sizeOf(const QString &text) {
    const QStringList sides = text.split(u'x');
    return sides.size() == 2 ? QSize(sides[0].toInt(), sides[1].toInt()) : QSize();
}

// As CLI11 asks: what is wrong with it, or nothing.
std::string sizeTrouble(const std::string &text) {
    const QSize size = sizeOf(QString::fromStdString(text));
    const bool sound = !size.isEmpty() && size.width() <= length_max && size.height() <= length_max;
    return sound ? std::string()
                 : "is not WIDTHxHEIGHT, each from 1 to " + std::to_string(length_max);
}

void describe(CLI::App &line, Options &options) {
    line.add_option("--state-dir", options.state_dir, "Directory of the daemon of this computer");
    line.add_option("--host", options.host, "Show the daemon of this host too, over ssh");
    line.add_option("--as", options.as, "Your name, for the record");
    line.add_option("--theme", options.theme, "dark or light; else as the desktop has it")
        ->check(CLI::IsMember({"dark", "light"}));
    line.add_option("FILE", options.open,
                    "A file, or a link such as aviary://edge-eu/checkout-api");
    auto *shot = line.add_option("--shot", options.shot,
                                 "Write pictures with sample data to this directory, and end");
    line.add_option("--view", options.view, "Only this view, or this picture")->needs(shot);
    line.add_option("--size", options.size, "Of the window, as WIDTHxHEIGHT")
        ->needs(shot)
        ->check(CLI::Validator(sizeTrouble, "WIDTHxHEIGHT"));
    line.add_option("--scale", options.scale, "Pixels a point: 1 or 2")
        ->needs(shot)
        ->check(CLI::Range(1, 2));
}

// A path as a person types it becomes a file's URL; a link stays one.
QString linkOf(const QString &text) {
    return text.contains(u"://"_qs)
               ? text
               : QUrl::fromLocalFile(QDir::current().absoluteFilePath(text)).toString();
}

int takeShots(const Options &options) {
    Theme theme(*qApp, options.theme == "light" ? ThemeChoice::Light : ThemeChoice::Dark);
    Shots shots({QString::fromStdString(options.shot), QString::fromStdString(options.view),
                 sizeOf(QString::fromStdString(options.size))},
                theme);
    QObject::connect(&shots, &Shots::finished, qApp, &QCoreApplication::exit, Qt::QueuedConnection);
    shots.start();
    return QApplication::exec();
}

int run(const Options &options) {
    const auto places = api::placesOf(QString::fromStdString(options.state_dir),
                                      QProcessEnvironment::systemEnvironment());
    if (!places) {
        qCritical("%s", qPrintable(toText(places.error())));
        return 1;
    }
    QSettings kept;
    Settings settings(kept);
    Surroundings here;
    here.local_clusters = places->state + u"/clusters"_qs;
    here.ssh = qEnvironmentVariable("AVIARY_SSH");
    here.as = options.as.empty() ? settings.displayName() : QString::fromStdString(options.as);
    Theme theme(*qApp, themeFrom(options.theme.empty() ? settings.theme()
                                                       : QString::fromStdString(options.theme)));
    Desks desks;
    Console console(desks, settings, theme, here);
    addLocalDesk(desks, *places, here.as);
    QStringList hosts = settings.hosts();
    if (!options.host.empty() && !hosts.contains(QString::fromStdString(options.host))) {
        hosts << QString::fromStdString(options.host);
    }
    for (const QString &host : hosts) {
        if (const auto added = addHostDesk(desks, here.ssh, host, here.as); !added) {
            qCritical("%s", qPrintable(toText(added.error())));
            return 2;
        }
    }
    console.window().restoreGeometry(settings.geometry());
    console.window().show();
    if (!options.open.empty()) {
        console.open(linkOf(QString::fromStdString(options.open)));
    }
    const int code = QApplication::exec();
    settings.setGeometry(console.window().saveGeometry());
    return code;
}

// What opens no window needs no display. Qt reads these before there is an application.
void prepareWithoutWindow(int argc, char **argv) {
    const std::vector<std::string_view> words(argv, argv + argc);
    const auto given = [&](std::string_view word) {
        return std::ranges::find(words, word) != words.end();
    };
    if (given("--shot") || given("--help") || given("-h") || given("--version")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    if (!given("--shot")) {
        return;
    }
    const auto scale = std::ranges::find(words, "--scale");
    if (scale != words.end() && scale + 1 != words.end() && *(scale + 1) == "2") {
        qputenv("QT_SCALE_FACTOR", "2");
    }
}

} // namespace

int main(int argc, char **argv) {
    prepareWithoutWindow(argc, argv);
    QApplication app(argc, argv);
    QApplication::setApplicationName(u"aviary-console"_qs);
    QApplication::setApplicationVersion(QStringLiteral(AVIARY_VERSION));
    QApplication::setOrganizationName(u"aviary"_qs);
    QApplication::setDesktopFileName(u"org.aviary.Console"_qs);
    CLI::App line{"The console of Aviary: rollouts on edge clusters", "aviary-console"};
    line.set_version_flag("--version", std::string(AVIARY_VERSION));
    Options options;
    describe(line, options);
    try {
        line.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return line.exit(error) == 0 ? 0 : 2;
    }
    return options.shot.empty() ? run(options) : takeShots(options);
}
