// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxyservice.h"

#include "core/support/freeport.h"
#include "core/support/wholefile.h"

#include <QFile>
#include <QTimer>

#include <utility>

namespace aviary::routing {
namespace {

constexpr int greet_ms = 20;
constexpr int greet_ms_max = 10'000;
constexpr BackoffLimits haproxy_restarts{1'000'000, 10'000, 100};

quint16 rememberedPort(const QString &directory) {
    QFile file(directory + u"/port");
    return file.open(QIODevice::ReadOnly) ? file.read(16).trimmed().toUShort() : quint16{0};
}

} // namespace

HaproxyService::HaproxyService(QString program, const QString &directory, QString service,
                               quint16 wanted_port, QObject *parent)
    : HaproxyRoute(directory, std::move(service), wanted_port, directory + u"/sock",
                   QStringLiteral("it is started again by itself"), parent)
    , program_(std::move(program))
    , process_(directory_ + u"/pid")
    , backoff_(haproxy_restarts) {
    connect(&process_, &Process::ended, this, &HaproxyService::restart);
    logs_.keep(directory_ + u"/log");
}

Result<void> HaproxyService::open() {
    const quint16 remembered = rememberedPort(directory_);
    port_ = port_ != 0 ? port_ : remembered;
    since_.start();
    if (process_.adopt()) {
        port_ = remembered;
        greet();
        return {};
    }
    port_ = port_ != 0 ? port_ : freePort();
    return start();
}

Result<void> HaproxyService::start() {
    if (const Result<void> written = writeFiles(); !written) {
        return written;
    }
    Launch launch;
    launch.command = QStringList{program_, QStringLiteral("-q"), QStringLiteral("-db"),
                                 QStringLiteral("-f"), QStringLiteral("haproxy.cfg")};
    launch.environment = inheritedEnvironment();
    launch.directory = directory_;
    launch.log = directory_ + u"/log";
    since_.start();
    const Result<void> started = process_.start(launch);
    if (started) {
        greet();
    }
    return started;
}

Result<void> HaproxyService::keep() {
    const Result<void> written = writeWhole(directory_ + u"/slots.map", slotLines(last_));
    return written ? writeWhole(directory_ + u"/split.map", splitLine(last_)) : written;
}

Result<void> HaproxyService::writeFiles() {
    Result<void> written = writeWhole(directory_ + u"/port", QByteArray::number(port_));
    if (written) {
        written = writeWhole(directory_ + u"/haproxy.cfg", haproxyConfig(port_));
    }
    return written ? keep() : written;
}

void HaproxyService::greet() {
    look([this](const Result<HaproxyView> &view) {
        if (!view) {
            if (process_.isRunning() && since_.elapsed() < greet_ms_max) {
                QTimer::singleShot(greet_ms, this, &HaproxyService::greet);
            } else {
                process_.stop(1'000); // it runs and does not listen: restart() follows
            }
            return;
        }
        putBack(std::exchange(last_, *view).servers);
        goOn();
    });
}

void HaproxyService::restart() {
    interrupt(); // what is under way is done again by the next process
    const int wait_ms = backoff_.next(QDeadlineTimer::current().deadline()).value_or(10'000);
    QTimer::singleShot(wait_ms, this, [this] {
        if (!process_.isRunning() && !start()) {
            restart();
        }
    });
}

} // namespace aviary::routing
