// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/record/entry.h"
#include "core/record/planjson.h"
#include "core/record/replay.h"

#include <QIODevice>
#include <QStringList>

#include <optional>

// One rollout as a file, live or rehearsed: `.run.jsonl`. Line 1 is the header; each line after it
// is one entry, so entry n is line n + 1; the last line is the footer. Opening one never acts.
namespace aviary::record {

inline constexpr int run_format = 1;

struct RunHeader {
    QString rollout; // its ULID
    QString cluster; // id of the cluster; empty for a rehearsal without one
    kernel::Plan plan;
    QString who;
    MadeBy made_by = MadeBy::Live;
    std::optional<std::uint64_t> seed; // of a rehearsal
    qint64 begun_wall_ms = 0;
    QString version;     // of the program that wrote it
    QJsonObject context; // what the writer needs beside it: deployment, definitions; opaque here
    bool operator==(const RunHeader &) const = default;
};

// The header line without its line feed. The chain begins with these very bytes.
QByteArray headerLine(const RunHeader &header);
Result<RunHeader> headerFromLine(QByteArrayView line, const QString &where);

struct RunFooter {
    std::uint64_t entries = 0;
    Hash head{};                  // hash of the last entry, or the genesis
    std::uint64_t state_hash = 0; // after the last entry; 0 without one
    bool operator==(const RunFooter &) const = default;
};

struct RunLimits {
    qint64 line_bytes_max = 256LL * 1024 * 1024;
    qint64 bytes_max = 4LL * 1024 * 1024 * 1024;
    std::uint64_t entries_max = 10'000'000;
};

// A run that was made, or read: chain and sequence are whole, but nothing was replayed.
struct Run {
    RunHeader header;
    Hash genesis{};
    std::vector<SealedEntry> entries;
    std::optional<RunFooter> footer;
    QStringList warnings; // what is missing at the end

    const Hash &head() const { return entries.empty() ? genesis : entries.back().hash; }
};
// Of a run that is being made.
Run beginRun(RunHeader header);
Result<void> addEntry(Run &run, Entry entry); // its sequence is given here

// Writes line by line; finish() adds the footer and tells the first
// failure, after which nothing more was written.
class RunWriter {
public:
    // Neither is owned; the header line is written at once.
    RunWriter(QIODevice &device, QByteArrayView header_line);
    void write(const SealedEntry &entry);
    Result<void> finish();

private:
    void line(const QByteArray &text);
    QIODevice &device_;
    RunFooter footer_;
    std::optional<Error> error_;
};

// Writes the whole file or leaves the old one.
Result<void> saveRun(const QString &path, const Run &run);

// Errors name the line: "NAME:LINE". A last line that is cut, and a footer that is missing, are
// warnings: what is before them is whole.
Result<Run> readRun(QIODevice &device, const QString &name, const RunLimits &limits = {});
Result<Run> openRun(const QString &path, const RunLimits &limits = {});

struct RunCheck {
    std::uint64_t entries = 0;
    std::uint64_t state_hash = 0;
    kernel::Status status = kernel::Status::Draft;
    QStringList warnings;
};
// Replays the run; every entry must lead to the state that it recorded.
Result<RunCheck> checkRun(const Run &run, Decisions decisions = Decisions::Recorded,
                          const QString &name = {});
// For time travel. The plan is copied.
Result<Replay> replayOf(const Run &run);

} // namespace aviary::record
