// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/orchestrator/liveprovider.h"
#include "tests/understudies/simulateddriver.h"

#include <QTemporaryDir>

namespace aviary::tests {

// A daemon in the test's own process: a real journal, the real provider, and one simulated cluster
// named "sim". Crash and restart it with stop() and start(); journal and cluster stay.
class DaemonUnderstudy {
public:
    // `directory`: kept when it is given, and gone on with when something is there. `opened` is
    // called whenever the journal was opened, before anything else is done with it.
    explicit DaemonUnderstudy(int nodes = 6, const QString &directory = {},
                              std::function<void()> opened = {});

    void start();
    void stop();
    bool running() const { return provider_ != nullptr; }

    // Who asks from now on.
    void setUser(const QString &user, const QString &as = {}) { caller_ = {user, as, 1}; }
    Result<QJsonObject> call(const QString &verb, QJsonObject parameters = {});
    // As call, and the test fails when it is refused.
    QJsonObject must(const QString &verb, QJsonObject parameters = {});

    // Deploys a manifest with quick deadlines under `key`. Answers the rollout's id.
    QString deploy(const QString &key, const QString &image, QJsonObject update = {});
    QJsonObject rollout(const QString &id); // RolloutDetail
    QString status(const QString &id);
    bool waitFor(const QString &rollout, const QString &status, int timeout_ms = 5'000);

    SimulatedDriver &cluster() { return *driver_; }
    orchestrator::LiveProvider &provider() { return *provider_; }
    QString path(const QString &name) const; // of its directory, in which "state" is the journal's

private:
    api::Caller caller_{QStringLiteral("ops"), {}, 1};
    QTemporaryDir temporary_;
    QString directory_; // empty: the temporary one
    int nodes_;
    std::function<void()> opened_;
    orchestrator::SystemClock clock_;
    std::unique_ptr<journal::Journal> journal_;
    std::unique_ptr<orchestrator::LiveProvider> provider_;
    SimulatedDriver *driver_ = nullptr;
};

} // namespace aviary::tests
