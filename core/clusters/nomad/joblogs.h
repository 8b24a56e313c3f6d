// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/driver.h"
#include "core/clusters/nomad/connection.h"

#include <deque>

namespace aviary::clusters::nomad {

// One of the streams that an allocation writes.
struct LogSource {
    QString allocation, task, stream; // "stdout" or "stderr"
    bool operator<(const LogSource &other) const {
        return std::tie(allocation, task, stream) <
               std::tie(other.allocation, other.task, other.stream);
    }
};

// What the allocations of a job wrote on a node, in the order in which it was read: Nomad keeps a
// file for each stream, without times. Ends of files are read anew each time, and what was in the
// end before is known again by its lines.
class LogBook {
public:
    static constexpr std::size_t lines_max = 5'000;

    // `end`: the end of the file; `is_whole`: all of it. Its last line counts once it is finished.
    void take(const LogSource &source, const QByteArray &end, bool is_whole);
    std::vector<LogLine> last(int lines) const;

private:
    std::map<LogSource, QStringList> known_; // as they were read last
    std::deque<LogLine> lines_;
};

// The allocations of a job on a node that are worth reading, the newest first, at most
// allocations_max of them.
inline constexpr std::size_t allocations_max = 4;
std::vector<Allocation> loggedOn(const std::map<QString, Allocation> &all, const QString &node,
                                 const QString &space, const QString &job);

// Reads the ends of all their streams into the book. Answered once, with why nothing could be read.
void readLogs(Connection &connection, const std::vector<Allocation> &allocations,
              const std::shared_ptr<LogBook> &book,
              const std::function<void(const Result<void> &)> &answer);

} // namespace aviary::clusters::nomad
