// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sample/behaviour.h"
#include "app/sample/httprequest.h"

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace aviary {

// A small HTTP/1.1 service on 127.0.0.1: one thread, one epoll loop.
//   /        200 (or 500 at the error rate), revision and node in body and headers
//   /health  200 as long as it runs
//   /ready   200 once the start delay is over and until it was asked to stop, else 503
// SIGTERM and SIGINT: finish open requests, refuse new connections, exit 0.
class SampleServer {
public:
    explicit SampleServer(Behaviour behaviour);
    ~SampleServer();
    SampleServer(const SampleServer &) = delete;
    SampleServer &operator=(const SampleServer &) = delete;

    // False when the port is taken; errno says why. Afterwards port() is the real one.
    bool listen();
    std::uint16_t port() const { return behaviour_.port; }
    int run(); // until stopped; returns the exit code

private:
    struct Connection {
        std::string received;
        std::string to_send;
        bool waiting = false; // an answer is due later
        bool closing = false; // close when everything is sent
        std::uint64_t generation = 0;
    };
    struct Due {
        std::int64_t at_us;
        int socket;
        std::uint64_t generation;
        std::string answer;
        bool operator<(const Due &other) const { return at_us > other.at_us; }
    };

    void accept();
    void serve(int socket, std::uint32_t happened);
    void answerRequests(int socket, Connection &connection);
    void answer(int socket, Connection &connection, const HttpRequest &request);
    bool flush(int socket, Connection &connection); // false when the connection is gone
    void sendDue();
    void beginStop();
    void leak();
    void close(int socket);
    int waitMs() const;
    std::int64_t latencyUs();
    std::string response(const HttpRequest &request, int status, std::string_view body) const;

    Behaviour behaviour_;
    int epoll_ = -1, listener_ = -1, signals_ = -1;
    std::int64_t begun_us_ = 0;
    bool stopping_ = false;
    std::int64_t stopping_since_us_ = 0;
    std::uint64_t generations_ = 0;
    std::map<int, Connection> connections_;
    std::vector<Due> due_; // a heap, the earliest first
    std::vector<std::unique_ptr<char[]>> leaked_;
    std::mt19937_64 random_;
};

} // namespace aviary
