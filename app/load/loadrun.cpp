// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/load/loadrun.h"

#include "app/load/answer.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

namespace aviary {
namespace {

constexpr std::uint64_t signals_key = ~std::uint64_t{0};

std::int64_t nowUs() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

void watch(int epoll, int descriptor, std::uint64_t key, std::uint32_t events, int operation) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = key;
    ::epoll_ctl(epoll, operation, descriptor, &event);
}

} // namespace

LoadRun::LoadRun(LoadOptions options)
    : options_(std::move(options))
    , request_("GET " + options_.path + " HTTP/1.1\r\nHost: " + options_.host +
               "\r\nUser-Agent: aviary-load\r\n\r\n")
    , connections_(options_.connections) {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    ::sigprocmask(SIG_BLOCK, &stops, nullptr);
    signals_ = ::signalfd(-1, &stops, SFD_NONBLOCK | SFD_CLOEXEC);
    watch(epoll_, signals_, signals_key, EPOLLIN, EPOLL_CTL_ADD);
    for (std::size_t i = connections_.size(); i > 0; --i) {
        idle_.push_back(i - 1);
    }
}

LoadRun::~LoadRun() {
    for (const Connection &connection : connections_) {
        if (connection.socket >= 0) {
            ::close(connection.socket);
        }
    }
    ::close(signals_);
    ::close(epoll_);
}

std::string LoadRun::run() {
    begun_us_ = nowUs();
    std::array<epoll_event, 64> events;
    while (moreToSend() || idle_.size() < connections_.size() || !late_.empty()) {
        beginDue();
        const int count =
            ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), waitMs());
        for (int i = 0; i < count; ++i) {
            const epoll_event &event = events[static_cast<std::size_t>(i)];
            if (event.data.u64 == signals_key) {
                stopped_ = true;
                late_.clear();
                ::close(std::exchange(signals_, -1));
            } else {
                Connection &connection = connections_[event.data.u64];
                if ((event.events & EPOLLOUT) != 0) {
                    push(connection);
                }
                receive(connection);
            }
        }
        checkTimeouts();
    }
    return tally_.json(tally_.answers() + tally_.losses(), (nowUs() - begun_us_) / 1000);
}

bool LoadRun::moreToSend() const {
    const bool in_count = options_.requests_max == 0 || sent_ < options_.requests_max;
    const bool in_time =
        options_.time_ms_max == 0 || nowUs() - begun_us_ < options_.time_ms_max * 1000;
    return !stopped_ && in_count && in_time;
}

void LoadRun::beginDue() {
    const std::int64_t now = nowUs();
    while (moreToSend()) {
        std::int64_t due_us = now;
        if (options_.rate > 0) {
            due_us = begun_us_ +
                     static_cast<std::int64_t>(static_cast<double>(sent_) * 1e6 / options_.rate);
            if (due_us > now) {
                break;
            }
        } else if (late_.size() >= idle_.size()) {
            break;
        }
        ++sent_;
        late_.push_back(due_us);
    }
    while (!late_.empty() && !idle_.empty()) {
        Connection &connection = connections_[idle_.back()];
        idle_.pop_back();
        const std::int64_t due_us = late_.front();
        late_.pop_front();
        send(connection, due_us);
    }
}

void LoadRun::send(Connection &connection, std::int64_t due_us) {
    connection.busy = true;
    connection.due_us = due_us;
    connection.sent_us = nowUs();
    connection.sent_bytes = 0;
    connection.received.clear();
    if (connection.socket < 0 && !open(connection)) {
        lose(connection, std::strerror(errno));
        return;
    }
    push(connection);
}

bool LoadRun::open(Connection &connection) {
    connection.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (connection.socket < 0) {
        return false;
    }
    const int on = 1;
    ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    ::inet_pton(AF_INET, options_.host.c_str(), &address.sin_addr);
    const auto *generic = reinterpret_cast<const sockaddr *>(&address);
    if (::connect(connection.socket, generic, sizeof address) != 0 && errno != EINPROGRESS) {
        return false;
    }
    const auto key = static_cast<std::uint64_t>(&connection - connections_.data());
    watch(epoll_, connection.socket, key, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
    return true;
}

void LoadRun::push(Connection &connection) {
    while (connection.socket >= 0 && connection.busy && connection.sent_bytes < request_.size()) {
        const ssize_t size = ::send(connection.socket, request_.data() + connection.sent_bytes,
                                    request_.size() - connection.sent_bytes, MSG_NOSIGNAL);
        if (size < 0 && errno == EAGAIN) {
            return; // EPOLLOUT is still watched until the whole request went out once
        }
        if (size < 0) {
            lose(connection, std::strerror(errno));
            return;
        }
        connection.sent_bytes += static_cast<std::size_t>(size);
    }
    if (connection.socket >= 0) {
        const auto key = static_cast<std::uint64_t>(&connection - connections_.data());
        watch(epoll_, connection.socket, key, EPOLLIN, EPOLL_CTL_MOD);
    }
}

void LoadRun::receive(Connection &connection) {
    std::array<char, 64 * 1024> buffer;
    while (connection.socket >= 0) {
        const ssize_t size = ::read(connection.socket, buffer.data(), buffer.size());
        if (size < 0 && errno == EAGAIN) {
            return;
        }
        if (size <= 0) {
            const std::string why = size == 0 ? "connection closed" : std::strerror(errno);
            readAnswers(connection, size == 0);
            if (connection.busy) {
                lose(connection, why);
            } else if (connection.socket >= 0) {
                ::close(std::exchange(connection.socket, -1)); // idle: nothing is lost
            }
            return;
        }
        connection.received.append(buffer.data(), static_cast<std::size_t>(size));
        readAnswers(connection, false);
    }
}

void LoadRun::readAnswers(Connection &connection, bool ended) {
    if (!connection.busy || connection.received.empty()) {
        return;
    }
    const std::optional<Answer> answer = readAnswer(connection.received, options_.revision_header);
    if (!answer || (answer->to_the_end && !ended)) {
        return;
    }
    if (answer->status == 0) {
        lose(connection, "not HTTP");
        return;
    }
    tally_.answered(answer->status, answer->revision, nowUs() - connection.due_us);
    finish(connection, answer->keep_alive && !ended);
}

void LoadRun::finish(Connection &connection, bool keep) {
    connection.busy = false;
    connection.received.clear();
    if (!keep && connection.socket >= 0) {
        ::close(std::exchange(connection.socket, -1));
    }
    idle_.push_back(static_cast<std::size_t>(&connection - connections_.data()));
}

void LoadRun::lose(Connection &connection, const std::string &why) {
    tally_.lost(why);
    finish(connection, false);
}

void LoadRun::checkTimeouts() {
    const std::int64_t oldest_us = nowUs() - options_.timeout_ms * 1000;
    for (Connection &connection : connections_) {
        if (connection.busy && connection.sent_us < oldest_us) {
            lose(connection, "timed out");
        }
    }
}

int LoadRun::waitMs() const {
    if (!moreToSend() || idle_.empty()) {
        return 100; // only answers and timeouts are awaited
    }
    if (options_.rate <= 0) {
        return 0;
    }
    const double due_us = static_cast<double>(sent_) * 1e6 / options_.rate;
    const std::int64_t wait_us = begun_us_ + static_cast<std::int64_t>(due_us) - nowUs();
    return static_cast<int>(std::clamp<std::int64_t>((wait_us + 999) / 1000, 0, 100));
}

} // namespace aviary
