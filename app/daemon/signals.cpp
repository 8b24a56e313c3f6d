// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace aviary::daemon {

namespace {

constexpr std::array<int, 3> endings{SIGTERM, SIGINT, SIGHUP};
std::atomic<int> pipe_end{-1}; // a signal handler can be given nothing

void note(int signal) {
    const int saved = errno;
    const auto byte = static_cast<unsigned char>(signal);
    [[maybe_unused]] const ssize_t written = write(pipe_end, &byte, 1); // full: one is on its way
    errno = saved;
}
void passOver(int) {}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigaction(signal, &action, nullptr);
}

} // namespace

Signals::Signals() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        qFatal("no pipe for signals: %s", strerror(errno));
    }
    pipe_end = ends[1];
    notifier_ = std::make_unique<QSocketNotifier>(ends[0], QSocketNotifier::Read);
    connect(notifier_.get(), &QSocketNotifier::activated, this, &Signals::readOne);
    for (const int signal : endings) {
        handle(signal, note);
    }
    handle(SIGPIPE, passOver); // a client that went away is an error of its write, no more
}

Signals::~Signals() {
    for (const int signal : endings) {
        handle(signal, SIG_DFL);
    }
    close(int(notifier_->socket()));
    notifier_.reset();
    close(pipe_end.exchange(-1));
}

void Signals::readOne() {
    unsigned char signal = 0;
    while (read(int(notifier_->socket()), &signal, 1) == 1) {
        Q_EMIT received(QString::fromLatin1(sigabbrev_np(signal)));
    }
}

} // namespace aviary::daemon
