// SPDX-License-Identifier: GPL-3.0-or-later
// aviaryd: owns the work. Started by a client on demand, by systemd, or by hand.
#include "app/daemon/daemon.h"
#include "app/daemon/log.h"
#include "app/daemon/signals.h"
#include "core/api/socketsession.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>

namespace {

using namespace aviary;

struct Options {
    std::string state_dir, group, socket;
    bool foreground = false;
};

int complain(const Error &error) {
    qCritical().noquote() << toText(error);
    return error.code == ErrorCode::Invalid ? 2 : 1;
}

int serve(const api::Places &places, const Options &options) {
    daemon::Signals signals;
    daemon::Daemon daemon(places, QString::fromStdString(options.group));
    const auto stop = [&daemon](const QString &reason) {
        qInfo().noquote() << "stopping:" << reason;
        daemon.close(reason);
        QCoreApplication::quit();
    };
    QObject::connect(&signals, &daemon::Signals::received, &daemon,
                     [stop](const QString &name) { stop(QStringLiteral("signal ") + name); });
    QObject::connect(&daemon, &daemon::Daemon::stopAsked, &daemon, stop, Qt::QueuedConnection);
    if (const Result<void> opened = daemon.open(); !opened) {
        return complain(opened.error());
    }
    qInfo().noquote() << "aviaryd" << AVIARY_VERSION << "serves" << places.state << "on"
                      << places.socket;
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv) {
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("aviaryd"));
    QCoreApplication::setApplicationVersion(QStringLiteral(AVIARY_VERSION));
    daemon::logToStandardError();
    Options options;
    CLI::App line("Owns the journal, the clusters and the rollouts of one state directory.",
                  "aviaryd");
    line.add_option("--state-dir", options.state_dir,
                    "Directory of its work (default: $AVIARY_STATE_DIR, or ~/.local/state/aviary)");
    line.add_flag("--foreground", options.foreground, "Stay here and log to standard error");
    line.add_option("--group", options.group, "Members of this group may connect too");
    line.add_option("--socket", options.socket, "Path of the socket (default: see aviaryd(1))");
    line.set_version_flag("--version", "aviaryd " AVIARY_VERSION);
    try {
        line.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return line.exit(error) == 0 ? 0 : 2;
    }
    auto places = api::placesOf(QString::fromStdString(options.state_dir),
                                QProcessEnvironment::systemEnvironment());
    if (!places) {
        return complain(places.error());
    }
    if (!options.socket.empty()) {
        places->socket = QString::fromStdString(options.socket);
    }
    if (!options.foreground) {
        const Result<void> started = api::startDaemon(*places);
        return started ? 0 : complain(started.error());
    }
    return serve(*places, options);
}
