// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/local/localinstance.h"

#include <QFile>

#include <unistd.h>

namespace aviary::clusters {
namespace {

Launch launchOf(const InstanceRecord &record, const QString &directory, const QString &log) {
    const ServiceDefinition &definition = record.definition;
    Launch launch;
    launch.command = QStringList{definition.command} + definition.args;
    launch.environment = inheritedEnvironment() + environmentOf(record, record.port);
    launch.directory = directory;
    launch.log = log;
    return launch;
}

} // namespace

LocalInstance::LocalInstance(InstanceRecord record, QString directory, Surroundings &surroundings,
                             QObject *parent)
    : HostedInstance(std::move(record), std::move(directory), *surroundings.router, parent)
    , surroundings_(surroundings)
    , process_(this->directory() + u"/pid") {
    connect(&process_, &Process::started, this, [this] { noteStarted(); });
    connect(&process_, &Process::ended, this, &LocalInstance::noteProcessEnded);
    surroundings_.ports.insert(this->record().port);
    surroundings_.logs->keep(logPath());
}

LocalInstance::~LocalInstance() {
    surroundings_.ports.remove(record().port);
    surroundings_.logs->forget(logPath());
}

// Resident memory of the process itself, from /proc/PID/statm (pages).
std::int64_t LocalInstance::memoryMib() const {
    QFile file(QStringLiteral("/proc/%1/statm").arg(process_.pid()));
    if (!isRunning() || !file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    const qint64 pages = file.readAll().split(' ').value(1).toLongLong();
    return pages * ::sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

void LocalInstance::resume() {
    const bool running = process_.adopt();
    if (isRetiring()) {
        resumeRetiring();
    } else if (running) {
        noteStarted();
    } else if (!isFailed()) {
        launch();
    }
}

void LocalInstance::launch() {
    const Result<void> started = process_.start(launchOf(record(), directory(), logPath()));
    if (!started) {
        failForGood(kernel::Cause::StartFailed, toText(started.error()));
    }
}

void LocalInstance::noteProcessEnded(const ProcessEnd &end) {
    const QStringList last = tailOf(logPath(), 1);
    noteEnded(toText(end) + (last.isEmpty() ? QString() : u": " + last.first().left(300)));
}

void LocalInstance::terminate() {
    if (process_.isRunning()) {
        process_.stop(static_cast<int>(record().definition.stop_grace_ms));
    } else {
        noteEnded({});
    }
}

} // namespace aviary::clusters
