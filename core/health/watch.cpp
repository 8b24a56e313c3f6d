// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/watch.h"

namespace aviary::health {

Watch::Watch(std::vector<Check> checks, Endpoint endpoint, QObject *parent)
    : QObject(parent)
    , endpoint_(std::move(endpoint))
    , health_(checks.empty() ? Health::NoCheck : Health::Unknown) {
    for (Check &check : checks) {
        asked_.push_back({std::move(check), std::nullopt, nullptr, std::make_unique<QTimer>()});
    }
    for (std::size_t i = 0; i < asked_.size(); ++i) {
        asked_[i].again->setSingleShot(true);
        connect(asked_[i].again.get(), &QTimer::timeout, this, [this, i] { ask(i); });
    }
}

Watch::~Watch() = default;

void Watch::start() {
    for (std::size_t i = 0; i < asked_.size(); ++i) {
        ask(i);
    }
}

void Watch::ask(std::size_t index) {
    Asked &asked = asked_[index];
    asked.probe = makeProbe(asked.check, endpoint_);
    connect(asked.probe.get(), &Probe::finished, this,
            [this, index](const CheckResult &result) { note(index, result); });
    asked.probe->start();
}

void Watch::note(std::size_t index, const CheckResult &result) {
    Asked &asked = asked_[index];
    asked.last = result;
    asked.probe.release()->deleteLater(); // it is still inside its signal
    asked.again->start(asked.check.interval_ms);
    const std::vector<CheckResult> known = results();
    const Health so_far = aggregate(known);
    const bool complete = known.size() == asked_.size();
    const bool bad = so_far == Health::Unhealthy || so_far == Health::Silent;
    const Health now = complete || bad ? so_far : Health::Unknown;
    Q_EMIT this->asked();
    if (now != health_) {
        health_ = now;
        Q_EMIT changed(now);
    }
}

QString Watch::reason() const {
    return reasonOf(results());
}

std::vector<CheckResult> Watch::results() const {
    std::vector<CheckResult> known;
    for (const Asked &asked : asked_) {
        if (asked.last) {
            known.push_back(*asked.last);
        }
    }
    return known;
}

} // namespace aviary::health
