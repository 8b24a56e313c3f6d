// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/hosting/hostedinstance.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QPointer>

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

QString recordPath(const QString &directory) {
    return directory + u"/instance.json";
}

} // namespace

HostedInstance::HostedInstance(InstanceRecord record, QString directory, routing::Router &router,
                               QObject *parent)
    : QObject(parent)
    , record_(std::move(record))
    , directory_(std::move(directory))
    , router_(router)
    , backoff_(limitsOf(record_.definition.restart))
    , unchecked_(record_.definition.checks.empty()) {
    endpoint_ = {QStringLiteral("127.0.0.1"), record_.port, record_.node, record_.revision,
                 directory_};
    again_.setSingleShot(true);
    survival_.setSingleShot(true);
    connect(&again_, &QTimer::timeout, this, [this] {
        trouble_.clear();
        launch();
    });
    connect(&survival_, &QTimer::timeout, this, [this] {
        survived_ = true;
        settle();
    });
}

HostedInstance::~HostedInstance() = default;

bool HostedInstance::isTroubled() const {
    return !isRetiring() && !ready_ && record_.was_ready;
}

QString HostedInstance::text() const {
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
    for (const QString &why : {trouble_, objection_, reason}) {
        if (!why.isEmpty()) {
            return why;
        }
    }
    return QStringLiteral("starts");
}

Instance HostedInstance::view() const {
    return {.node = record_.node,
            .service = record_.service,
            .revision = record_.revision,
            .address = endpoint_.host + u':' + QString::number(endpoint_.port),
            .ticket = record_.ticket,
            .ready = ready_,
            .running = isRunning(),
            .text = text()};
}

routing::Server HostedInstance::server() const {
    return {record_.service, record_.revision, record_.node, endpoint_.host, endpoint_.port};
}

std::vector<health::Check> HostedInstance::checks() const {
    return health::checksOf(record_.definition);
}

void HostedInstance::setEndpoint(const QString &host, quint16 port) {
    endpoint_.host = host;
    endpoint_.port = port;
}

void HostedInstance::changePort(quint16 port) {
    record_.port = port;
    endpoint_.port = port;
    save();
}

void HostedInstance::save() {
    const Result<void> written = writeInstanceRecord(recordPath(directory_), record_);
    if (!written) {
        qWarning("instance: %s", qPrintable(toText(written.error())));
    }
}

Result<void> HostedInstance::begin() {
    const Result<void> written = writeInstanceRecord(recordPath(directory_), record_);
    if (written) {
        routed_ = false;
        launch();
    }
    return written;
}

void HostedInstance::resumeRetiring() {
    record_.wanted = true; // so that it is not taken for done
    retire();
}

Result<void> HostedInstance::renew(const Ticket &ticket, bool stop_others) {
    const bool hopeless = ticket != record_.ticket && isRunning() && !record_.was_ready;
    InstanceRecord next = record_;
    next.ticket = ticket;
    next.stop_others = stop_others;
    next.failure.clear();
    next.cause = kernel::Cause::None;
    next.was_ready = record_.was_ready && !isFailed();
    if (next != record_) {
        if (const Result<void> written = writeInstanceRecord(recordPath(directory_), next);
            !written) {
            return written;
        }
    }
    record_ = next;
    if (hopeless) {
        anew_ = true;
        terminate();
    } else if (!isRunning() && !again_.isActive()) {
        backoff_ = Backoff(limitsOf(record_.definition.restart));
        trouble_.clear();
        launch();
    }
    return {};
}

void HostedInstance::noteStarted() {
    std::vector<health::Check> asked = checks();
    if (unchecked_) {
        asked = {listens()};
        survival_.start(survival_ms);
    }
    watch_ = std::make_unique<health::Watch>(std::move(asked), endpoint_);
    connect(watch_.get(), &health::Watch::changed, this, &HostedInstance::weigh);
    watch_->start();
}

void HostedInstance::noteEnded(const QString &why) {
    watch_.reset();
    survival_.stop();
    survived_ = false;
    if (isRetiring()) {
        vanish();
        return;
    }
    if (std::exchange(anew_, false)) {
        trouble_.clear();
        launch();
        return;
    }
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
    if (restartsByItself()) {
        trouble_ = why + QStringLiteral("; is being started again");
    } else {
        trouble_ = why + QStringLiteral("; started again in %1 ms").arg(*wait_ms);
        again_.start(*wait_ms);
    }
    settle();
}

void HostedInstance::failForGood(kernel::Cause cause, const QString &why) {
    record_.cause = cause;
    record_.failure = why;
    save();
    settle();
    Q_EMIT changed();
}

void HostedInstance::setObjection(const QString &objection) {
    if (objection_ != objection) {
        objection_ = objection;
        weigh();
    }
}

void HostedInstance::setTrouble(const QString &trouble) {
    trouble_ = trouble;
}

void HostedInstance::weigh() {
    const health::Health health = watch_ ? watch_->health() : health::Health::Unknown;
    serves_ = objection_.isEmpty() &&
              (health == health::Health::Healthy || health == health::Health::Degraded);
    route();
    settle();
}

void HostedInstance::setRouted(bool routed) {
    if (allowed_ != routed) {
        allowed_ = routed;
        route();
        settle();
    }
}

void HostedInstance::route() {
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
            QTimer::singleShot(route_again_ms, self.data(), &HostedInstance::route);
        }
        self->settle();
    };
    if (wanted) {
        router_.add(server(), reply);
    } else {
        router_.remove(server(), reply);
    }
}

void HostedInstance::settle() {
    const bool survives = unchecked_ && survived_ && objection_.isEmpty();
    const bool healthy = isRunning() && (serves_ || survives);
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

void HostedInstance::retire() {
    if (isRetiring()) {
        return;
    }
    record_.wanted = false;
    save();
    again_.stop();
    survival_.stop();
    watch_.reset();
    settle();
    router_.drain(server(), drain_ms_max, [self = QPointer(this)](const Result<void> &drained) {
        if (!self) {
            return;
        }
        if (!drained) { // it is ended all the same, and may finish what is open by itself
            qWarning("instance: %s", qPrintable(toText(drained.error())));
        }
        self->router_.remove(self->server(), [self](const Result<void> &) {
            if (self) {
                self->terminate();
            }
        });
    });
}

void HostedInstance::vanish() {
    erase([self = QPointer(this)] {
        if (self) {
            QDir(self->directory_).removeRecursively();
            Q_EMIT self->gone();
        }
    });
}

} // namespace aviary::clusters
