// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/haproxyconfig.h"
#include "core/routing/router.h"

#include <QByteArrayList>

#include <array>
#include <optional>

namespace aviary::routing {

// Any name as a word that HAProxy takes for a server and the file system for a directory: letters,
// digits, - and _ stay, other bytes become :HH.
QByteArray wordOf(const QString &name);
std::optional<QString> nameOfWord(const QByteArray &word);

// Counters of a slot, as HAProxy shows them or as they were when its present revision came.
struct SlotCounters {
    std::array<qint64, 4> values{}; // answers, errors, timed, slow
    bool operator==(const SlotCounters &) const = default;
};
struct Slot {
    QString revision; // empty: free
    SlotCounters base;
    SlotCounters counters;
    bool operator==(const Slot &) const = default;
    kernel::Sample sample() const;
};
// Slots of the two revisions; -1: none.
struct SlotSplit {
    int stable = -1, fresh = -1;
    kernel::Weight weight = 0;
    kernel::Millis latency_limit_ms = 500;
    bool spill = false; // without a ready stable server everything goes to the fresh one
    bool operator==(const SlotSplit &) const = default;
};
struct SlotServer {
    int slot = 0;
    QString node, host;
    quint16 port = 0;
    ServerState state = ServerState::Off;
    quint32 open_requests = 0;
    int weight = 0; // in an operator's backend
    bool operator==(const SlotServer &) const = default;
};

// Everything about one service that its HAProxy tells.
struct HaproxyView {
    // The backend of an operator's HAProxy where the servers of all slots stand, and what the names
    // of ours begin with; empty: it is our own, with a backend for each slot.
    QByteArray backend, prefix;
    std::array<Slot, haproxy_slots> slots;
    SlotSplit split;
    std::vector<SlotServer> servers;

    int slotOf(const QString &revision) const; // -1: none
    // A slot for one more revision: a free one, else one without servers and traffic; -1: none.
    int freeSlot() const;
    const SlotServer *find(int slot, const QString &node) const;
    bool anyReady(int slot) const;
    QByteArray wordFor(int slot, const QString &node) const; // "slot3/n1", "web/aviary.v1.n1"
};

// The name of a server of ours in an operator's backend: "PREFIX.REVISION.NODE".
QByteArray nameOf(const QByteArray &prefix, const QString &revision, const QString &node);

// What to ask for a view, and the view in what HAProxy says to that. An answer of another shape
// gives an error that quotes it.
QByteArrayList viewQuestions();
Result<HaproxyView> readView(const QByteArray &answer);

QByteArray splitText(const SlotSplit &split); // as in split.map
QByteArray slotText(const Slot &slot);        // as in slots.map
bool readSplit(const QByteArray &text, SlotSplit &split);
bool readSlot(const QByteArray &text, Slot &slot);

// The lines of slots.map and split.map, for a process that is started again: it counts from zero,
// and its revisions go on from where they were.
QByteArray slotLines(const HaproxyView &view);
QByteArray splitLine(const HaproxyView &view);

// One line of "show stat", by column name.
class StatLine {
public:
    StatLine(const QByteArrayList &columns, const QByteArray &line)
        : columns_(columns), values_(line.split(',')) {}
    QByteArray text(const char *column) const;
    qint64 number(const char *column) const { return text(column).toLongLong(); }
    qint64 answers() const; // whatever their status

private:
    const QByteArrayList &columns_;
    QByteArrayList values_;
};

} // namespace aviary::routing
