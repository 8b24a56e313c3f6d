// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/probe.h"

#include "core/health/commandprobe.h"
#include "core/health/httpprobe.h"
#include "core/health/machineprobe.h"
#include "core/health/tcpprobe.h"

namespace aviary::health {

Probe::Probe(Check check) : check_(std::move(check)) {
    timeout_.setSingleShot(true);
    timeout_.setTimerType(Qt::PreciseTimer);
    connect(&timeout_, &QTimer::timeout, this, &Probe::late);
}

void Probe::start() {
    since_.start();
    timeout_.start(check_.timeout_ms);
    ask();
}

void Probe::late() {
    answer(Health::Silent, QStringLiteral("no answer within %1 ms").arg(check_.timeout_ms));
    abandon();
}

void Probe::answer(Health health, const QString &text) {
    if (answered_) {
        return;
    }
    answered_ = true;
    timeout_.stop();
    const CheckResult result{check_.name, health, check_.critical, text.left(500),
                             since_.elapsed()};
    // Never from inside start() or a socket's signal: the receiver may destroy the probe.
    QMetaObject::invokeMethod(
        this, [this, result] { Q_EMIT finished(result); }, Qt::QueuedConnection);
}

std::unique_ptr<Probe> makeProbe(const Check &check, const Endpoint &endpoint) {
    if (const auto *http = std::get_if<HttpCheck>(&check.question)) {
        return std::make_unique<HttpProbe>(check, *http, endpoint);
    }
    if (const auto *tcp = std::get_if<TcpCheck>(&check.question)) {
        return std::make_unique<TcpProbe>(check, *tcp, endpoint);
    }
    if (const auto *command = std::get_if<CommandCheck>(&check.question)) {
        return std::make_unique<CommandProbe>(check, *command, endpoint);
    }
    return std::make_unique<MachineProbe>(check);
}

} // namespace aviary::health
