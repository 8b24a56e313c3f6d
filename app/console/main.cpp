// SPDX-License-Identifier: GPL-3.0-or-later
// aviary-console: the window. A client of aviaryd, and a reader of files.
#include "ui/console/console.h"
#include "ui/console/links.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QProcessEnvironment>

#include <CLI/CLI.hpp>

namespace {

using namespace aviary;

struct Options {
    std::string state_dir, host, as, open;
};

void describe(CLI::App &line, Options &options) {
    line.add_option("--state-dir", options.state_dir, "Directory of the daemon of this computer");
    line.add_option("--host", options.host, "Show the daemon of this host too, over ssh");
    line.add_option("--as", options.as, "Your name, for the record");
    line.add_option("FILE", options.open,
                    "A file, or a link such as aviary://edge-eu/checkout-api");
}

int run(QApplication &app, const Options &options) {
    const auto places = api::placesOf(QString::fromStdString(options.state_dir),
                                      QProcessEnvironment::systemEnvironment());
    if (!places) {
        qCritical("%s", qPrintable(toText(places.error())));
        return 1;
    }
    QSettings kept;
    Settings settings(kept);
    const QString as =
        options.as.empty() ? settings.displayName() : QString::fromStdString(options.as);
    Theme theme(app);
    Desks desks;
    Console console(desks, settings, theme);
    addLocalDesk(desks, *places, as);
    const QString ssh = qEnvironmentVariable("AVIARY_SSH");
    if (!options.host.empty()) {
        const auto added = addHostDesk(desks, ssh, QString::fromStdString(options.host), as);
        if (!added) {
            qCritical("%s", qPrintable(toText(added.error())));
            return 2;
        }
    }
    console.window().show();
    if (!options.open.empty()) {
        console.open(QString::fromStdString(options.open));
    }
    return QApplication::exec();
}

} // namespace

int main(int argc, char **argv) {
    QApplication app(argc, argv);
    QApplication::setApplicationName(QStringLiteral("aviary-console"));
    QApplication::setApplicationVersion(QStringLiteral(AVIARY_VERSION));
    QApplication::setOrganizationName(QStringLiteral("aviary"));
    QApplication::setDesktopFileName(QStringLiteral("org.aviary.Console"));
    CLI::App line{"The console of Aviary: rollouts on edge clusters", "aviary-console"};
    line.set_version_flag("--version", std::string(AVIARY_VERSION));
    Options options;
    describe(line, options);
    try {
        line.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return line.exit(error) == 0 ? 0 : 2;
    }
    return run(app, options);
}
