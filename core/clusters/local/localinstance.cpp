// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/local/localinstance.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QPointer>

#include <unistd.h>

namespace aviary::clusters {
namespace {

constexpr int survival_ms = 2'000;
constexpr int route_again_ms = 500;
constexpr int drain_ms_max = 30'000;

BackoffLimits limitsOf(const RestartPolicy &restart) {
    return {restart.attempts, restart.window_ms, restart.delay_ms};
}

health::Check listens() {
    health::Check check;
    check.name = QStringLiteral("listens");
    check.question = health::TcpCheck{};
    check.timeout_ms = 1'000;
    check.interval_ms = 250;
    return check;
}

Launch launchOf(const InstanceRecord &record, const QString &directory, const QString &log) {
    const ServiceDefinition &definition = record.definition;
    Launch launch;
    launch.command = QStringList{definition.command} + definition.args;
    launch.environment = inheritedEnvironment();
    for (auto variable = definition.env.begin(); variable != definition.env.end(); ++variable) {
        launch.environment += variable.key() + u'=' + variable.value();
    }
    launch.environment += {u"PORT=" + QString::number(record.port), u"NODE=" + record.node,
                           u"REVISION=" + record.revision, u"SERVICE=" + record.service};
    launch.directory = directory;
    launch.log = log;
    return launch;
}

} // namespace

LocalInstance::LocalInstance(InstanceRecord record, QString directory, Surroundings &surroundings,
                             QObject *parent)
    : QObject(parent)
    , record_(std::move(record))
    , directory_(std::move(directory))
    , surroundings_(surroundings)
    , process_(directory_ + u"/pid")
    , backoff_(limitsOf(record_.definition.restart))
    , unchecked_(record_.definition.checks.empty()) {
    again_.setSingleShot(true);
    survival_.setSingleShot(true);
    connect(&process_, &Process::started, this, &LocalInstance::noteStarted);
    connect(&process_, &Process::ended, this, &LocalInstance::noteEnded);
    connect(&again_, &QTimer::timeout, this, &LocalInstance::start);
    connect(&survival_, &QTimer::timeout, this, [this] {
        survived_ = true;
        settle();
    });
    surroundings_.ports.insert(record_.port);
    surroundings_.logs->keep(logPath());
}

LocalInstance::~LocalInstance() {
    surroundings_.ports.remove(record_.port);
    surroundings_.logs->forget(logPath());
}

bool LocalInstance::isTroubled() const {
    return !isRetiring() && !ready_ && record_.was_ready;
}

QString LocalInstance::text() const {
    if (isFailed()) {
        return record_.failure;
    }
    if (isRetiring()) {
        return QStringLiteral("is being stopped");
    }
    if (ready_) {
        return {};
    }
    const QString reason = watch_ ? watch_->reason() : QString();
    return !trouble_.isEmpty() ? trouble_ : reason.isEmpty() ? QStringLiteral("starts") : reason;
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

Instance LocalInstance::view() const {
    return {.node = record_.node,
            .service = record_.service,
            .revision = record_.revision,
            .address = QStringLiteral("127.0.0.1:%1").arg(record_.port),
            .ticket = record_.ticket,
            .ready = ready_,
            .running = isRunning(),
            .text = text()};
}

routing::Server LocalInstance::server() const {
    return {record_.service, record_.revision, record_.node, QStringLiteral("127.0.0.1"),
            record_.port};
}

void LocalInstance::save() {
    const Result<void> written = writeInstanceRecord(directory_ + u"/instance.json", record_);
    if (!written) {
        qWarning("local: %s", qPrintable(toText(written.error())));
    }
}

Result<void> LocalInstance::begin() {
    const Result<void> written = writeInstanceRecord(directory_ + u"/instance.json", record_);
    if (written) {
        routed_ = false;
        start();
    }
    return written;
}

void LocalInstance::resume() {
    const bool running = process_.adopt();
    if (isRetiring()) {
        record_.wanted = true; // so that it is not taken for done
        retire();
    } else if (running) {
        noteStarted();
    } else if (!isFailed()) {
        start();
    }
}

Result<void> LocalInstance::renew(const Ticket &ticket, bool stop_others) {
    const bool hopeless = ticket != record_.ticket && isRunning() && !record_.was_ready;
    InstanceRecord next = record_;
    next.ticket = ticket;
    next.stop_others = stop_others;
    next.failure.clear();
    next.cause = kernel::Cause::None;
    next.was_ready = record_.was_ready && !isFailed();
    if (next != record_) {
        if (const Result<void> written = writeInstanceRecord(directory_ + u"/instance.json", next);
            !written) {
            return written;
        }
    }
    record_ = next;
    if (hopeless) {
        anew_ = true;
        process_.stop(static_cast<int>(record_.definition.stop_grace_ms));
    } else if (!isRunning() && !again_.isActive()) {
        backoff_ = Backoff(limitsOf(record_.definition.restart));
        start();
    }
    return {};
}

void LocalInstance::start() {
    trouble_.clear();
    const Result<void> started = process_.start(launchOf(record_, directory_, logPath()));
    if (!started) {
        failForGood(kernel::Cause::StartFailed, toText(started.error()));
    }
}

void LocalInstance::noteStarted() {
    std::vector<health::Check> checks = health::checksOf(record_.definition);
    if (unchecked_) {
        checks = {listens()};
        survival_.start(survival_ms);
    }
    const health::Endpoint endpoint{QStringLiteral("127.0.0.1"), record_.port, record_.node,
                                    record_.revision, directory_};
    watch_ = std::make_unique<health::Watch>(std::move(checks), endpoint);
    connect(watch_.get(), &health::Watch::changed, this, &LocalInstance::weigh);
    watch_->start();
}

void LocalInstance::noteEnded(const ProcessEnd &end) {
    watch_.reset();
    survival_.stop();
    survived_ = false;
    if (isRetiring()) {
        vanish();
        return;
    }
    if (std::exchange(anew_, false)) {
        start();
        return;
    }
    const QStringList last = tailOf(logPath(), 1);
    const QString why = toText(end) + (last.isEmpty() ? QString() : u": " + last.first().left(300));
    weigh();
    if (!record_.was_ready) {
        failForGood(kernel::Cause::StartFailed, why);
        return;
    }
    const std::optional<int> wait_ms = backoff_.next(QDeadlineTimer::current().deadline());
    if (!wait_ms) {
        failForGood(kernel::Cause::Exited, why + QStringLiteral("; no more restarts"));
        return;
    }
    trouble_ = why + QStringLiteral("; started again in %1 ms").arg(*wait_ms);
    again_.start(*wait_ms);
    settle();
}

void LocalInstance::failForGood(kernel::Cause cause, const QString &why) {
    record_.cause = cause;
    record_.failure = why;
    save();
    settle();
    Q_EMIT changed();
}

void LocalInstance::weigh() {
    const health::Health health = watch_ ? watch_->health() : health::Health::Unknown;
    serves_ = health == health::Health::Healthy || health == health::Health::Degraded;
    route();
    settle();
}

void LocalInstance::setRouted(bool routed) {
    if (allowed_ != routed) {
        allowed_ = routed;
        route();
        settle();
    }
}

void LocalInstance::route() {
    const bool wanted = serves_ && allowed_;
    if (routing_ || isRetiring() || routed_ == wanted) {
        return;
    }
    routing_ = true;
    const auto reply = [self = QPointer(this), wanted](const Result<void> &result) {
        if (!self) {
            return;
        }
        self->routing_ = false;
        if (result) {
            self->routed_ = wanted;
            self->route();
        } else {
            self->trouble_ = u"router: " + toText(result.error());
            QTimer::singleShot(route_again_ms, self.data(), &LocalInstance::route);
        }
        self->settle();
    };
    if (wanted) {
        surroundings_.router->add(server(), reply);
    } else {
        surroundings_.router->remove(server(), reply);
    }
}

void LocalInstance::settle() {
    const bool healthy = isRunning() && (serves_ || (unchecked_ && survived_));
    const bool in_place = routed_.value_or(false) || !allowed_ || (unchecked_ && !serves_);
    const bool ready = healthy && in_place && !isRetiring() && !isFailed();
    if (ready && !record_.was_ready) {
        record_.was_ready = true;
        save();
    }
    if (ready != ready_) {
        ready_ = ready;
        if (ready) {
            trouble_.clear();
        }
        Q_EMIT changed();
    }
}

void LocalInstance::retire() {
    if (isRetiring()) {
        return;
    }
    record_.wanted = false;
    save();
    again_.stop();
    survival_.stop();
    watch_.reset();
    settle();
    surroundings_.router->drain(
        server(), drain_ms_max, [self = QPointer(this)](const Result<void> &drained) {
            if (!self) {
                return;
            }
            if (!drained) { // it is stopped all the same, and may finish what is open by itself
                qWarning("local: %s", qPrintable(toText(drained.error())));
            }
            self->surroundings_.router->remove(self->server(), [self](const Result<void> &) {
                if (self) {
                    self->stopProcess();
                }
            });
        });
}

void LocalInstance::stopProcess() {
    if (process_.isRunning()) {
        process_.stop(static_cast<int>(record_.definition.stop_grace_ms));
    } else {
        vanish();
    }
}

void LocalInstance::vanish() {
    QDir(directory_).removeRecursively();
    Q_EMIT gone();
}

} // namespace aviary::clusters
