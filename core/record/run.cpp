// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/run.h"

#include "core/record/fieldsjson.h"

#include <QJsonDocument>
#include <QSaveFile>

namespace aviary::record {

namespace {

QByteArray compact(const QJsonObject &object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonObject footerToJson(const RunFooter &footer) {
    return {{QStringLiteral("end"), true},
            {QStringLiteral("entries"), json(footer.entries)},
            {QStringLiteral("hash"), hexOf(footer.head)},
            {QStringLiteral("state"), json(footer.state_hash)}};
}

} // namespace

QByteArray headerLine(const RunHeader &header) {
    QJsonObject out{{QStringLiteral("aviary_run"), run_format},
                    {QStringLiteral("rollout"), header.rollout},
                    {QStringLiteral("cluster"), header.cluster},
                    {QStringLiteral("plan"), toJson(header.plan)},
                    {QStringLiteral("who"), header.who},
                    {QStringLiteral("made_by"), json(header.made_by)},
                    {QStringLiteral("begun_wall_ms"), json(std::int64_t{header.begun_wall_ms})},
                    {QStringLiteral("version"), header.version}};
    putMember(out, "seed", header.seed);
    if (!header.context.isEmpty()) {
        out.insert(QStringLiteral("context"), header.context);
    }
    return compact(out);
}

Run beginRun(RunHeader header) {
    Run run;
    run.genesis = genesisOf(headerLine(header));
    run.header = std::move(header);
    return run;
}

Result<void> addEntry(Run &run, Entry entry) {
    entry.sequence = run.entries.size() + 1;
    auto sealed = seal(entry, run.head());
    if (!sealed) {
        return tl::unexpected(sealed.error());
    }
    run.entries.push_back(std::move(*sealed));
    return {};
}

RunWriter::RunWriter(QIODevice &device, QByteArrayView header_line) : device_(device) {
    footer_.head = genesisOf(header_line);
    line(header_line.toByteArray());
}

void RunWriter::line(const QByteArray &text) {
    if (!error_ && device_.write(text + '\n') != text.size() + 1) {
        error_ = Error{ErrorCode::Storage, device_.errorString(), {}, {}};
    }
}

void RunWriter::write(const SealedEntry &sealed) {
    if (error_) {
        return;
    }
    const auto entry = decodeEntry(sealed.bytes);
    if (!entry) {
        error_ = entry.error();
        return;
    }
    line(compact(toJson(*entry, sealed)));
    footer_ = {entry->sequence, sealed.hash, entry->state_hash};
}

Result<void> RunWriter::finish() {
    line(compact(footerToJson(footer_)));
    if (error_) {
        return tl::unexpected(*error_);
    }
    return {};
}

Result<void> saveRun(const QString &path, const Run &run) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly)) {
        return fail(ErrorCode::Storage, file.errorString(), path);
    }
    RunWriter writer(file, headerLine(run.header));
    for (const SealedEntry &entry : run.entries) {
        writer.write(entry);
    }
    auto written = writer.finish();
    if (written && !file.commit()) {
        written = fail(ErrorCode::Storage, file.errorString());
    }
    if (!written) {
        file.cancelWriting();
        written.error().where = path;
    }
    return written;
}

} // namespace aviary::record
