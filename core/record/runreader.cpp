// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/fieldsjson.h"
#include "core/record/run.h"

#include <QFile>
#include <QJsonDocument>

#include <algorithm>

namespace aviary::record {
namespace {

Result<QJsonObject> objectOf(QByteArrayView line, const QString &where) {
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(line.toByteArray(), &error);
    if (error.error != QJsonParseError::NoError) {
        return fail(ErrorCode::Invalid,
                    QStringLiteral("column %1: %2").arg(error.offset + 1).arg(error.errorString()),
                    where, QStringLiteral("each line is one JSON object"));
    }
    if (!document.isObject()) {
        return fail(ErrorCode::Invalid, QStringLiteral("is no JSON object"), where);
    }
    return document.object();
}

Result<RunFooter> footerFromJson(const QJsonObject &json, const QString &where) {
    JsonReader in(json, where);
    RunFooter footer;
    bool end = false;
    QString head;
    in.member(QLatin1StringView("end"), end);
    in.member(QLatin1StringView("entries"), footer.entries);
    in.member(QLatin1StringView("hash"), head);
    in.member(QLatin1StringView("state"), footer.state_hash);
    if (const auto hash = hashFromHex(head)) {
        footer.head = *hash;
    } else {
        in.refuse(QLatin1StringView("hash"), QStringLiteral("is no hash"));
    }
    return in.end(footer);
}

// Reads line after line; each step answers an error or goes on.
class RunReader {
public:
    RunReader(QIODevice &device, const QString &name, const RunLimits &limits)
        : device_(device), name_(name), limits_(limits) {}

    Result<Run> read() {
        Result<void> good = nextLine();
        if (good) {
            good = header();
        }
        while (good) {
            good = nextLine();
            if (!good || line_.isEmpty()) {
                break;
            }
            good = afterHeader();
        }
        if (!good) {
            return tl::unexpected(good.error());
        }
        if (!run_.footer) {
            run_.warnings += QStringLiteral("%1: the end is missing; %2 entries are whole")
                                 .arg(name_)
                                 .arg(run_.entries.size());
        }
        return std::move(run_);
    }

private:
    QString place() const { return QStringLiteral("%1:%2").arg(name_).arg(number_); }

    // The line without its line feed; empty at the end of the file.
    Result<void> nextLine() {
        ++number_;
        // readLine() takes room for all that it may read, so what is left is the bound where it is
        // known. It takes no less than two.
        const qint64 left =
            device_.isSequential() ? limits_.line_bytes_max : device_.size() - device_.pos();
        line_ = device_.readLine(std::clamp<qint64>(left, 1, limits_.line_bytes_max) + 1);
        bytes_ += line_.size();
        whole_ = line_.endsWith('\n');
        if (line_.isEmpty() && !device_.atEnd()) {
            return fail(ErrorCode::Storage, device_.errorString(), place());
        }
        if (line_.size() > limits_.line_bytes_max || bytes_ > limits_.bytes_max) {
            return fail(ErrorCode::Invalid, QStringLiteral("the line or the file is too long"),
                        place(),
                        QStringLiteral("a line has at most %1 bytes, a file %2")
                            .arg(limits_.line_bytes_max)
                            .arg(limits_.bytes_max));
        }
        if (whole_) {
            line_.chop(1);
            if (line_.isEmpty()) {
                return fail(ErrorCode::Invalid, QStringLiteral("the line is empty"), place());
            }
        }
        return {};
    }

    Result<void> header() {
        auto header = headerFromLine(line_, place());
        if (!header) {
            return tl::unexpected(header.error());
        }
        run_.header = std::move(*header);
        run_.genesis = genesisOf(line_);
        return {};
    }

    Result<void> afterHeader() {
        if (run_.footer) {
            return fail(ErrorCode::Invalid, QStringLiteral("something follows the end"), place());
        }
        const auto object = objectOf(line_, place());
        if (!object) {
            return whole_ ? tl::unexpected(object.error()) : torn();
        }
        return object->contains(QLatin1StringView("end")) ? footer(*object) : entry(*object);
    }

    // The writer was cut off in its last line. Nothing can follow it.
    Result<void> torn() {
        run_.warnings += QStringLiteral("%1: the last line is cut and was left out").arg(place());
        return {};
    }

    Result<void> entry(const QJsonObject &object) {
        auto sealed = entryFromJson(object, place());
        if (!sealed) {
            return tl::unexpected(sealed.error());
        }
        const std::uint64_t sequence = EntryReader(sealed->bytes).head().sequence;
        const std::uint64_t expected = run_.entries.size() + 1;
        if (sequence != expected) {
            return fail(ErrorCode::Invalid,
                        QStringLiteral("entry %1 stands where %2 belongs: a line was lost, "
                                       "added or moved")
                            .arg(sequence)
                            .arg(expected),
                        place());
        }
        if (sealed->previous != run_.head()) {
            return fail(ErrorCode::Invalid,
                        QStringLiteral("entry %1 does not follow the line before it: the chain "
                                       "is broken")
                            .arg(sequence),
                        place());
        }
        if (expected > limits_.entries_max) {
            return fail(ErrorCode::Invalid,
                        QStringLiteral("over %1 entries").arg(limits_.entries_max), place());
        }
        run_.entries.push_back(std::move(*sealed));
        return {};
    }

    Result<void> footer(const QJsonObject &object) {
        const auto footer = footerFromJson(object, place());
        if (!footer) {
            return tl::unexpected(footer.error());
        }
        if (footer->entries != run_.entries.size() || footer->head != run_.head()) {
            return fail(ErrorCode::Invalid,
                        QStringLiteral("the end tells of %1 entries, and %2 are here, or another "
                                       "chain")
                            .arg(footer->entries)
                            .arg(run_.entries.size()),
                        place());
        }
        run_.footer = *footer;
        return {};
    }

    QIODevice &device_;
    const QString name_;
    const RunLimits limits_;
    Run run_;
    QByteArray line_;
    bool whole_ = false;
    qint64 number_ = 0, bytes_ = 0;
};

} // namespace

Result<RunHeader> headerFromLine(QByteArrayView line, const QString &where) {
    const auto object = objectOf(line, where);
    if (!object) {
        return tl::unexpected(object.error());
    }
    JsonReader in(*object, where);
    std::int64_t format = 0, begun = 0;
    RunHeader header;
    in.member(QLatin1StringView("aviary_run"), format);
    if (in.ok() && format != run_format) {
        return fail(
            ErrorCode::Invalid,
            QStringLiteral("a run of format %1; this version reads %2").arg(format).arg(run_format),
            where, QStringLiteral("open it with a newer Aviary"));
    }
    in.member(QLatin1StringView("rollout"), header.rollout);
    in.member(QLatin1StringView("cluster"), header.cluster);
    in.nested(QLatin1StringView("plan"), [&](JsonReader &plan) { get(plan, header.plan); });
    in.member(QLatin1StringView("who"), header.who);
    in.member(QLatin1StringView("made_by"), header.made_by);
    in.member(QLatin1StringView("begun_wall_ms"), begun);
    in.member(QLatin1StringView("version"), header.version);
    in.member(QLatin1StringView("seed"), header.seed);
    in.object(QLatin1StringView("context"), header.context);
    header.begun_wall_ms = begun;
    auto read = in.end(std::move(header));
    if (read) {
        if (const auto good = checkPlan(read->plan, where); !good) {
            return tl::unexpected(good.error());
        }
    }
    return read;
}

Result<Run> readRun(QIODevice &device, const QString &name, const RunLimits &limits) {
    return RunReader(device, name, limits).read();
}

Result<Run> openRun(const QString &path, const RunLimits &limits) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(file.exists() ? ErrorCode::Storage : ErrorCode::NotFound, file.errorString(),
                    path);
    }
    return readRun(file, path, limits);
}

} // namespace aviary::record
