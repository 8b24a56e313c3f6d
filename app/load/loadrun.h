// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/load/loadoptions.h"
#include "app/load/tally.h"

#include <deque>
#include <string>
#include <vector>

namespace aviary {

// Sends GET requests over kept-alive connections: one thread, one epoll loop. SIGTERM and SIGINT
// end it early; requests under way are still awaited.
class LoadRun {
public:
    explicit LoadRun(LoadOptions options);
    ~LoadRun();
    LoadRun(const LoadRun &) = delete;
    LoadRun &operator=(const LoadRun &) = delete;

    std::string run(); // the tally as one line of JSON
    bool lostNone() const { return tally_.losses() == 0; }

private:
    struct Connection {
        int socket = -1;
        bool busy = false;
        std::int64_t due_us = 0;  // when the present request should have been sent
        std::int64_t sent_us = 0; // when it was
        std::size_t sent_bytes = 0;
        std::string received;
    };

    void beginDue();
    bool moreToSend() const;
    void send(Connection &connection, std::int64_t due_us);
    bool open(Connection &connection);
    void push(Connection &connection);
    void receive(Connection &connection);
    void readAnswers(Connection &connection, bool ended);
    void finish(Connection &connection, bool keep);
    void lose(Connection &connection, const std::string &why);
    void checkTimeouts();
    int waitMs() const;

    LoadOptions options_;
    std::string request_;
    Tally tally_;
    int epoll_ = -1, signals_ = -1;
    std::vector<Connection> connections_;
    std::vector<std::size_t> idle_; // a stack of positions in connections_
    std::deque<std::int64_t> late_; // due, and no connection was free
    std::int64_t begun_us_ = 0;
    std::uint64_t sent_ = 0; // requests that fell due
    bool stopped_ = false;
};

} // namespace aviary
