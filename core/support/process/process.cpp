// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/process/process.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace aviary {

QString toText(const ProcessEnd &end) {
    if (!end.failure.isEmpty()) {
        return end.failure;
    }
    if (!end.known) {
        return QStringLiteral("ended");
    }
    return end.by_signal ? QStringLiteral("killed by signal %1").arg(end.code)
                         : QStringLiteral("exited with %1").arg(end.code);
}

Process::Process(QString record, QObject *parent) : QObject(parent), record_(std::move(record)) {
    grace_.setSingleShot(true);
    connect(&grace_, &QTimer::timeout, this, [this] { signalGroup(SIGKILL); });
}

Process::~Process() {
    end_notice_.reset();
    failure_notice_.reset();
    for (const int descriptor : {pidfd_, failure_pipe_}) {
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    }
}

Result<void> Process::start(Launch launch) {
    const std::optional<ProcessIdentity> recorded = readProcessRecord(record_);
    if (isRunning() || (recorded && isAlive(*recorded))) {
        return fail(ErrorCode::Conflict, QStringLiteral("it runs already"), record_,
                    QStringLiteral("stop it first"));
    }
    launch.record = record_;
    program_ = launch.command.value(0);
    const Result<Forked> forked = forkProcess(launch);
    if (!forked) {
        return tl::unexpected(forked.error());
    }
    asked_ = false;
    failure_.clear();
    identity_ = {forked->pid, 0, bootId()};
    failure_pipe_ = forked->failure;
    failure_notice_ = std::make_unique<QSocketNotifier>(failure_pipe_, QSocketNotifier::Read);
    connect(failure_notice_.get(), &QSocketNotifier::activated, this, &Process::readFailure);
    watch(forked->pidfd);
    return {};
}

bool Process::adopt() {
    const std::optional<ProcessIdentity> recorded = readProcessRecord(record_);
    if (!recorded || isRunning()) {
        return isRunning();
    }
    const auto pidfd = static_cast<int>(::syscall(SYS_pidfd_open, recorded->pid, 0));
    // The descriptor was opened first: whoever answers to it now is still the same one later.
    if (pidfd < 0 || !isAlive(*recorded)) {
        if (pidfd >= 0) {
            ::close(pidfd);
        }
        return false;
    }
    asked_ = false;
    identity_ = *recorded;
    watch(pidfd);
    return true;
}

void Process::watch(int pidfd) {
    pidfd_ = pidfd;
    end_notice_ = std::make_unique<QSocketNotifier>(pidfd_, QSocketNotifier::Read);
    connect(end_notice_.get(), &QSocketNotifier::activated, this, &Process::noteEnd);
}

void Process::stop(int grace_ms) {
    if (!isRunning()) {
        return;
    }
    asked_ = true;
    signalGroup(SIGTERM);
    grace_.start(grace_ms);
}

// While the leader is not waited for, its pid, and so the group's, belongs to nobody else.
void Process::signalGroup(int signal) {
    if (isRunning() && ::kill(-identity_.pid, signal) != 0 && errno == ESRCH) {
        ::syscall(SYS_pidfd_send_signal, pidfd_, signal, nullptr, 0); // not yet a session leader
    }
}

void Process::readFailure() {
    if (failure_pipe_ < 0) {
        return;
    }
    pollfd ready{failure_pipe_, POLLIN, 0};
    if (::poll(&ready, 1, 0) <= 0) {
        return;
    }
    int error = 0;
    const bool failed = ::read(failure_pipe_, &error, sizeof error) == sizeof error;
    failure_notice_->setEnabled(false);
    failure_notice_.release()->deleteLater(); // it may be the one that called
    ::close(std::exchange(failure_pipe_, -1));
    if (failed) {
        failure_ = QStringLiteral("cannot run \"%1\": %2").arg(program_, qt_error_string(error));
    } else {
        Q_EMIT started();
    }
}

void Process::noteEnd() {
    readFailure();
    end_notice_->setEnabled(false);
    end_notice_.release()->deleteLater();
    signalGroup(SIGKILL); // what it left behind would hold its port
    ProcessEnd end;
    int status = 0;
    if (::waitpid(identity_.pid, &status, WNOHANG) == identity_.pid) {
        end.known = true;
        end.by_signal = WIFSIGNALED(status);
        end.code = end.by_signal ? WTERMSIG(status) : WEXITSTATUS(status);
    }
    end.asked = asked_;
    end.failure = failure_;
    grace_.stop();
    ::close(std::exchange(pidfd_, -1));
    identity_ = {};
    Q_EMIT ended(end);
}

} // namespace aviary
