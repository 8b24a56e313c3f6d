// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sample/sampleserver.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstring>

namespace aviary {
namespace {

constexpr std::size_t leak_block_bytes = 64 * 1024;
constexpr int crash_code = 70;
constexpr std::int64_t stop_us_max = 10'000'000; // an unfinished request is cut off after this

std::int64_t nowUs() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string_view reason(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 500:
        return "Internal Server Error";
    default:
        return "Service Unavailable";
    }
}

void watch(int epoll, int descriptor, std::uint32_t events, int operation = EPOLL_CTL_ADD) {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    ::epoll_ctl(epoll, operation, descriptor, &event);
}

} // namespace

SampleServer::SampleServer(Behaviour behaviour)
    : behaviour_(std::move(behaviour)), random_(std::random_device{}()) {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    ::sigprocmask(SIG_BLOCK, &stops, nullptr);
    signals_ = ::signalfd(-1, &stops, SFD_NONBLOCK | SFD_CLOEXEC);
    watch(epoll_, signals_, EPOLLIN);
    begun_us_ = nowUs();
}

SampleServer::~SampleServer() {
    for (const auto &[socket, connection] : connections_) {
        ::close(socket);
    }
    for (const int descriptor : {listener_, signals_, epoll_}) {
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    }
}

bool SampleServer::listen() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(behaviour_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    if (::bind(listener_, generic, sizeof address) != 0 || ::listen(listener_, 1024) != 0) {
        return false;
    }
    socklen_t size = sizeof address;
    ::getsockname(listener_, generic, &size);
    behaviour_.port = ntohs(address.sin_port);
    watch(epoll_, listener_, EPOLLIN);
    return true;
}

int SampleServer::run() {
    std::array<epoll_event, 64> events;
    while (!stopping_ || !connections_.empty()) {
        const int count =
            ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), waitMs());
        for (int i = 0; i < count; ++i) {
            const epoll_event &event = events[static_cast<std::size_t>(i)];
            if (event.data.fd == listener_) {
                accept();
            } else if (event.data.fd == signals_) {
                beginStop();
            } else {
                serve(event.data.fd, event.events);
            }
        }
        sendDue();
        leak();
        if (stopping_ && nowUs() - stopping_since_us_ > stop_us_max) {
            return 0;
        }
        const std::int64_t age_ms = (nowUs() - begun_us_) / 1000;
        if (behaviour_.exit_after_ms > 0 && age_ms >= behaviour_.exit_after_ms) {
            return crash_code;
        }
    }
    return 0;
}

int SampleServer::waitMs() const {
    std::int64_t wait_us = behaviour_.leak_mib_per_minute > 0 ? 100'000 : 1'000'000;
    const std::int64_t now = nowUs();
    if (!due_.empty()) {
        wait_us = std::min(wait_us, due_.front().at_us - now);
    }
    if (behaviour_.exit_after_ms > 0) {
        wait_us = std::min(wait_us, begun_us_ + behaviour_.exit_after_ms * 1000 - now);
    }
    return static_cast<int>(std::max<std::int64_t>(0, (wait_us + 999) / 1000));
}

void SampleServer::accept() {
    while (listener_ >= 0) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket < 0) {
            return;
        }
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections_[socket].generation = ++generations_;
        watch(epoll_, socket, EPOLLIN);
    }
}

void SampleServer::serve(int socket, std::uint32_t happened) {
    const auto found = connections_.find(socket);
    if (found == connections_.end()) {
        return;
    }
    Connection &connection = found->second;
    if ((happened & EPOLLOUT) != 0 && !flush(socket, connection)) {
        return;
    }
    if ((happened & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) {
        return;
    }
    std::array<char, 16 * 1024> buffer;
    const ssize_t size = ::read(socket, buffer.data(), buffer.size());
    if (size == 0 || (size < 0 && errno != EAGAIN)) {
        close(socket);
        return;
    }
    if (size > 0) {
        connection.received.append(buffer.data(), static_cast<std::size_t>(size));
        answerRequests(socket, connection);
    }
}

void SampleServer::answerRequests(int socket, Connection &connection) {
    while (!connection.waiting && !connection.closing) {
        const std::optional<HttpRequest> request = firstRequest(connection.received);
        if (!request) {
            break;
        }
        connection.received.erase(0, request->size);
        connection.closing = !request->keep_alive || stopping_;
        answer(socket, connection, *request);
    }
    flush(socket, connection);
}

void SampleServer::answer(int socket, Connection &connection, const HttpRequest &request) {
    const bool ready = !stopping_ && nowUs() - begun_us_ >= behaviour_.start_delay_ms * 1000;
    if (!request.understood) {
        connection.to_send += response(request, 400, "bad request\n");
    } else if (request.path == "/health") {
        connection.to_send += response(request, 200, "ok\n");
    } else if (request.path == "/ready") {
        connection.to_send +=
            response(request, ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
    } else if (request.path != "/") {
        connection.to_send += response(request, 404, "there are /, /health and /ready\n");
    } else {
        const bool started = ready || stopping_;
        const bool bad = std::uniform_real_distribution<>(0, 1)(random_) < behaviour_.error_rate;
        const std::string body = behaviour_.revision + " on " + behaviour_.node + "\n";
        std::string text = response(request, !started ? 503 : bad ? 500 : 200, body);
        const std::int64_t wait_us = latencyUs();
        if (wait_us == 0) {
            connection.to_send += text;
            return;
        }
        connection.waiting = true;
        due_.push_back({nowUs() + wait_us, socket, connection.generation, std::move(text)});
        std::push_heap(due_.begin(), due_.end());
    }
}

std::int64_t SampleServer::latencyUs() {
    if (behaviour_.latency_ms <= 0) {
        return 0;
    }
    constexpr double spread = 0.4; // sigma of the logarithm: p99 is 2.5 times the median
    const double factor = std::exp(spread * std::normal_distribution<>(0, 1)(random_));
    return static_cast<std::int64_t>(behaviour_.latency_ms * 1000 * factor);
}

std::string SampleServer::response(const HttpRequest &request, int status,
                                   std::string_view body) const {
    std::string text = "HTTP/1.1 " + std::to_string(status) + ' ';
    text += reason(status);
    text += "\r\nContent-Type: text/plain\r\nX-Revision: " + behaviour_.revision;
    text += "\r\nX-Node: " + behaviour_.node;
    text += "\r\nContent-Length: " + std::to_string(body.size());
    text += request.keep_alive && !stopping_ ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
    if (!request.head_only) {
        text += body;
    }
    return text;
}

bool SampleServer::flush(int socket, Connection &connection) {
    while (!connection.to_send.empty()) {
        const ssize_t size =
            ::send(socket, connection.to_send.data(), connection.to_send.size(), MSG_NOSIGNAL);
        if (size < 0 && errno == EAGAIN) {
            watch(epoll_, socket, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
            return true;
        }
        if (size < 0) {
            close(socket);
            return false;
        }
        connection.to_send.erase(0, static_cast<std::size_t>(size));
        if (connection.to_send.empty()) {
            watch(epoll_, socket, EPOLLIN, EPOLL_CTL_MOD);
        }
    }
    if (!connection.waiting && (connection.closing || (stopping_ && connection.received.empty()))) {
        close(socket);
        return false;
    }
    return true;
}

void SampleServer::sendDue() {
    const std::int64_t now = nowUs();
    while (!due_.empty() && due_.front().at_us <= now) {
        std::pop_heap(due_.begin(), due_.end());
        const Due due = std::move(due_.back());
        due_.pop_back();
        const auto found = connections_.find(due.socket);
        if (found == connections_.end() || found->second.generation != due.generation) {
            continue; // the client left
        }
        found->second.waiting = false;
        found->second.to_send += due.answer;
        answerRequests(due.socket, found->second);
    }
}

void SampleServer::beginStop() {
    signalfd_siginfo signal{};
    if (::read(signals_, &signal, sizeof signal) != sizeof signal || stopping_) {
        return;
    }
    accept(); // who was connected already is still served
    ::close(listener_);
    listener_ = -1;
    stopping_ = true;
    stopping_since_us_ = nowUs();
    std::vector<int> idle;
    for (const auto &[socket, connection] : connections_) {
        // One last look: a request may have arrived together with the signal.
        char byte = 0;
        const bool silent = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
        if (silent && !connection.waiting && connection.received.empty() &&
            connection.to_send.empty()) {
            idle.push_back(socket);
        }
    }
    std::for_each(idle.begin(), idle.end(), [this](int socket) { close(socket); });
}

void SampleServer::leak() {
    const double minutes = static_cast<double>(nowUs() - begun_us_) / 60e6;
    const double wanted = behaviour_.leak_mib_per_minute * minutes * 1024 * 1024;
    while (static_cast<double>(leaked_.size() * leak_block_bytes) + leak_block_bytes <= wanted) {
        leaked_.push_back(std::make_unique<char[]>(leak_block_bytes));
        std::memset(leaked_.back().get(), 1, leak_block_bytes);
    }
}

void SampleServer::close(int socket) {
    ::close(socket);
    connections_.erase(socket);
}

} // namespace aviary
