// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/process/identity.h"
#include "core/support/process/launch.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <memory>

namespace aviary {

// How a process ended. What it exited with is known only of our own children: an adopted process is
// the child of another.
struct ProcessEnd {
    bool known = false;
    bool by_signal = false;
    int code = 0;       // exit code or signal
    bool asked = false; // stop() was called before
    QString failure;    // why the program could not be run; empty when it ran
    bool operator==(const ProcessEnd &) const = default;
};
QString toText(const ProcessEnd &end); // "exited with 1", "killed by signal 9", "ended"

// One process that outlives us and is found again by its record: started here, or adopted.
// Destroying the object lets the process run on.
class Process : public QObject {
    Q_OBJECT
public:
    explicit Process(QString record, QObject *parent = nullptr);
    ~Process() override;

    // Returns at once; started() or ended() follows. Refused while the recorded process runs.
    Result<void> start(Launch launch); // `record` of the launch is set here
    // True when the recorded process still runs; ended() comes once it does not.
    bool adopt();
    // SIGTERM to all of its group, SIGKILL to those that are left after `grace_ms`.
    void stop(int grace_ms);

    bool isRunning() const { return identity_.pid != 0; }
    pid_t pid() const { return identity_.pid; } // 0 when it does not run

Q_SIGNALS:
    void started(); // the program itself runs
    void ended(const aviary::ProcessEnd &end);

private:
    void watch(int pidfd);
    void noteEnd();
    void readFailure();
    void signalGroup(int signal);

    QString record_;
    ProcessIdentity identity_;
    bool asked_ = false;
    QString program_, failure_;
    int pidfd_ = -1, failure_pipe_ = -1;
    std::unique_ptr<QSocketNotifier> end_notice_, failure_notice_;
    QTimer grace_;
};

} // namespace aviary
