// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QNetworkAccessManager>
#include <QProcess>

namespace aviary::orchestrator {

// Takes alerts to where people are when no client looks: a command, a webhook, or both. Each is
// tried once for each alert and given up after its time; told() says how it went.
class AlertCourier : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const api::AlertDelivery &delivery() const { return delivery_; }
    void setDelivery(const api::AlertDelivery &delivery) { delivery_ = delivery; }
    // Invalid: the program's path is not absolute or cannot be run, the address is not http(s).
    static Result<void> check(const api::AlertDelivery &delivery);

    void deliver(const api::AlertRow &alert);

Q_SIGNALS:
    // "command: done", "webhook: answered 500"
    void told(const QString &alert, const QString &text);

private:
    void run(const api::AlertRow &alert);
    void post(const api::AlertRow &alert);

    api::AlertDelivery delivery_;
    QNetworkAccessManager network_;
};

} // namespace aviary::orchestrator
