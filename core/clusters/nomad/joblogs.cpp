// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/joblogs.h"

#include "core/support/words.h"

#include <algorithm>

namespace aviary::clusters::nomad {
namespace {

constexpr int end_bytes = 64 * 1024; // of each stream
constexpr int line_length_max = 4'096;
constexpr qsizetype short_id = 8;

// The lines of the end of a file, without the one that it cuts and the one that is not finished.
QStringList linesIn(const QByteArray &end, bool is_whole) {
    QStringList lines = QString::fromUtf8(end).split(u'\n');
    lines.removeLast();
    if (!is_whole && !lines.isEmpty()) {
        lines.removeFirst();
    }
    return lines;
}

// How many of `now` were in `before` already: the end of the one is the begin of the other.
qsizetype known(const QStringList &before, const QStringList &now) {
    for (qsizetype from = 0; from < before.size(); ++from) {
        const qsizetype count = before.size() - from;
        if (count <= now.size() && std::equal(before.begin() + from, before.end(), now.begin())) {
            return count;
        }
    }
    return 0;
}

// One reading; it keeps itself until the last stream was answered.
class Reading : public std::enable_shared_from_this<Reading> {
public:
    Reading(Connection &connection, std::shared_ptr<LogBook> book,
            std::function<void(const Result<void> &)> answer)
        : connection_(connection), book_(std::move(book)), answer_(std::move(answer)) {}

    void begin(const std::vector<LogSource> &sources) {
        left_ = sources.size();
        for (const LogSource &source : sources) {
            const Request request{
                .path = QStringLiteral("/v1/client/fs/logs/") + source.allocation,
                .query = {{QStringLiteral("task"), source.task},
                          {QStringLiteral("type"), source.stream},
                          {QStringLiteral("plain"), QStringLiteral("true")},
                          {QStringLiteral("origin"), QStringLiteral("end")},
                          {QStringLiteral("offset"), QString::number(end_bytes)}}};
            connection_.ask(request, [self = shared_from_this(), source](const auto &given) {
                self->take(source, given);
            });
        }
    }

private:
    void take(const LogSource &source, const Outcome<Answer> &given) {
        if (given) {
            any_ = true;
            book_->take(source, given->body, given->body.size() < end_bytes);
        } else {
            why_ = given.error().error;
        }
        if (--left_ == 0) {
            answer_(any_ ? Result<void>() : tl::unexpected(why_));
        }
    }

    Connection &connection_;
    std::shared_ptr<LogBook> book_;
    std::function<void(const Result<void> &)> answer_;
    std::size_t left_ = 0;
    bool any_ = false;
    Error why_;
};

} // namespace

void LogBook::take(const LogSource &source, const QByteArray &end, bool is_whole) {
    const QStringList now = linesIn(end, is_whole);
    QStringList &before = known_[source];
    const QString head = QStringLiteral("%1 %2 %3: ")
                             .arg(source.allocation.left(short_id), source.task, source.stream);
    for (qsizetype i = known(before, now); i < now.size(); ++i) {
        lines_.push_back({0, boundedText(head + now[i], line_length_max)});
    }
    before = now;
    while (lines_.size() > lines_max) {
        lines_.pop_front();
    }
}

std::vector<LogLine> LogBook::last(int lines) const {
    const auto count = std::min(lines_.size(), static_cast<std::size_t>(std::max(0, lines)));
    return {lines_.end() - static_cast<std::ptrdiff_t>(count), lines_.end()};
}

std::vector<Allocation> loggedOn(const std::map<QString, Allocation> &all, const QString &node,
                                 const QString &space, const QString &job) {
    std::vector<Allocation> found;
    for (const auto &[id, one] : all) {
        if (one.node == node && one.space == space && one.job == job && !one.tasks.isEmpty()) {
            found.push_back(one);
        }
    }
    std::ranges::sort(found, std::greater{}, &Allocation::created_ns);
    found.resize(std::min(found.size(), allocations_max));
    return found;
}

void readLogs(Connection &connection, const std::vector<Allocation> &allocations,
              const std::shared_ptr<LogBook> &book,
              const std::function<void(const Result<void> &)> &answer) {
    std::vector<LogSource> sources;
    for (const Allocation &one : allocations) {
        for (const QString &task : one.tasks) {
            for (const char *stream : {"stderr", "stdout"}) {
                sources.push_back({one.id, task, QLatin1StringView(stream)});
            }
        }
    }
    if (sources.empty()) {
        answer(fail(ErrorCode::NotFound,
                    QObject::tr("no task of it has written anything on this node")));
        return;
    }
    std::make_shared<Reading>(connection, book, answer)->begin(sources);
}

} // namespace aviary::clusters::nomad
