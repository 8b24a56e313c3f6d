// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/failures.h"
#include "core/clusters/nomad/picture.h"

#include <array>
#include <optional>

namespace aviary::clusters::nomad {

// What watching asks of the network.
struct OpenStream {
    Index from = 0; // resume here; 0: whatever the server still has
    bool operator==(const OpenStream &) const = default;
};
struct CloseStream {
    bool operator==(const CloseStream &) const = default;
};
// Takes the place of a list of that table that is under way.
struct List {
    Table table = Table::Nodes;
    Index after = 0; // 0: at once; else when the table has moved on from there
    bool operator==(const List &) const = default;
};
using Command = std::variant<OpenStream, CloseStream, List>;
using Commands = std::vector<Command>;

// How a cluster is followed with the least load, decided without network or clock: nodes, jobs and
// deployments by the event stream, or by queries that wait where the server gives no stream;
// allocations always by queries that wait, since their events are a hundred times as large; nodes
// too where the stream is silent about drains.
// On every stream, once it is open, the tables are listed: a server tells nobody what it forgot.
// Times are monotonic milliseconds. Every member answers with what is to be done now.
class Watching {
public:
    static constexpr int silence_ms = 75'000;       // a heartbeat comes every 30 s
    static constexpr int wait_ms = 60'000;          // of a query that waits
    static constexpr int stream_again_ms = 600'000; // after the server refused it
    static constexpr int again_ms_max = 60'000;
    static constexpr int pause_ms_min = 1'000; // between two lists of one table

    explicit Watching(quint32 seed) : chance_(seed) {} // of the delay before trying again

    // What is known of the servers. Before 1.1 they say nothing when a drain begins. Empty:
    // unknown.
    void setVersion(qint64 now_ms, const QString &version);
    Commands begin(qint64 now_ms);
    Commands streamSaid(qint64 now_ms, const Result<StreamLine> &line);
    Commands streamEnded(qint64 now_ms, const Failure &why);
    Commands listed(qint64 now_ms, Table table, Index index, const Rows &rows);
    Commands listFailed(qint64 now_ms, Table table, const Failure &why);
    // A look at the table alone: it stands at `index`; it was known to be at `before` when the look
    // was sent.
    Commands seen(qint64 now_ms, Table table, Index index, Index before);
    // What the cluster said of a row when it was changed from here, before it is told or listed.
    void noted(const Change &change) { changed_ = picture_.apply(change) || changed_; }
    Commands advance(qint64 now_ms); // at nextDeadline()
    std::optional<qint64> nextDeadline() const;

    const Picture &picture() const { return picture_; }
    bool takeChanged() { return std::exchange(changed_, false); }
    bool isComplete() const; // all tables were read
    bool streams() const { return phase_ == Phase::Open; }
    // When all of the picture was last known to be true; none: it is not complete.
    std::optional<qint64> trueAt() const;
    // What went wrong last and is not mended; none: all is well.
    const std::optional<Failure> &trouble() const { return trouble_; }
    Index indexOf(Table table) const { return state(table).index; }
    // What an operator should know, in order: "the cluster's history began anew: ...".
    QStringList takeNotices() { return std::exchange(notices_, {}); }

private:
    enum class Phase : quint8 { Idle, Opening, Open, Refused, Waiting };
    struct State {
        Index index = 0;    // as last listed, or told
        Index before = 0;   // the same when the list under way was asked for
        bool known = false; // it was listed
        bool asked = false; // a list is under way
        bool waits = false; // for a change
        bool again = false; // it is out of date already
        int tries = 0;      // that failed in a row
        std::optional<qint64> due_ms;
        qint64 read_ms = 0;
    };

    State &state(Table table) { return states_[static_cast<std::size_t>(table)]; }
    const State &state(Table table) const { return states_[static_cast<std::size_t>(table)]; }
    bool waitsItself(Table table) const; // it is followed by queries that wait
    void list(Table table, Index after, Commands &commands);
    void listAll(Commands &commands);
    void openLater(qint64 now_ms, int delay_ms);
    int backOff(int &tries);
    void forget(Commands &commands, Index from, Index to);
    void over(qint64 now_ms, const Failure &why, Commands &commands);

    Picture picture_;
    std::array<State, 4> states_;
    Phase phase_ = Phase::Idle;
    Index line_index_ = 0;   // of the last line of any stream
    Index stream_index_ = 0; // of the last line of this one
    bool began_ = false;     // this stream said something
    bool tells_drains_ = true;
    int unheard_ = 0; // streams in a row that ended without a word
    int tries_ = 0;   // to open a stream
    quint32 chance_;
    qint64 stream_ms_ = 0; // when it was last heard
    std::optional<qint64> open_ms_;
    std::optional<Failure> trouble_;
    QStringList notices_;
    bool changed_ = false;
};

} // namespace aviary::clusters::nomad
