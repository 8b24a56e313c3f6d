// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/check.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>

namespace aviary::health {

// One check, asked once. finished() comes exactly once, from the event loop, at the latest with the
// check's timeout (then the answer is Silent). Destroying the probe cancels it.
class Probe : public QObject {
    Q_OBJECT
public:
    explicit Probe(Check check);
    void start();

Q_SIGNALS:
    void finished(const aviary::health::CheckResult &result);

protected:
    virtual void ask() = 0;
    virtual void abandon() = 0; // it is over: let go of sockets and processes
    void answer(Health health, const QString &text);
    const Check &check() const { return check_; }

private:
    void late();

    Check check_;
    QTimer timeout_;
    QElapsedTimer since_;
    bool answered_ = false;
};

std::unique_ptr<Probe> makeProbe(const Check &check, const Endpoint &endpoint);

} // namespace aviary::health
