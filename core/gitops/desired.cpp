// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gitops/desired.h"

#include "core/deployments/bundle.h"
#include "core/deployments/servicedefinition.h"
#include "core/plans/planfile.h"
#include "core/support/words.h"

#include <QCryptographicHash>
#include <QObject>

#include <map>

namespace aviary::gitops {

namespace {

constexpr qint64 plan_bytes_max = 1024 * 1024;
constexpr qint64 payload_bytes_max = 256LL * 1024 * 1024;
constexpr int trouble_length_max = 600;

QString textOf(const Flaws &flaws, const QString &file) {
    return boundedText(toText(toError(flaws, file)), trouble_length_max);
}

// The line of the first mark that an unfinished merge leaves; 0: none.
qsizetype mergeMarkIn(const QByteArray &text) {
    if (text.startsWith("<<<<<<< ")) {
        return 1;
    }
    const qsizetype at = text.indexOf("\n<<<<<<< ");
    return at < 0 ? 0 : text.first(at).count('\n') + 2;
}

void breakIt(Desired &wanted, const QString &trouble) {
    wanted.fit = Desired::Fit::Broken;
    wanted.trouble = trouble;
}

Desired ofPlan(const QByteArray &text, const QString &file) {
    Desired wanted;
    wanted.file = file;
    const plans::PlanReading reading = plans::readPlan(text);
    if (!reading.file) {
        breakIt(wanted, textOf(reading.flaws, file));
        return wanted;
    }
    const auto *request = std::get_if<kernel::PlanRequest>(&reading.file->content);
    if (!request) {
        breakIt(wanted, QObject::tr("%1 is compiled already, for other nodes; give the request "
                                    "that it was compiled from")
                            .arg(file));
        return wanted;
    }
    wanted.key = QString::fromStdString(request->service);
    wanted.request = *request;
    wanted.manifest = manifestText(wanted.key, reading.file->service_definition);
    const auto manifest = readManifest(wanted.manifest, file);
    const Flaws flaws = manifest ? readDefinition(*manifest).flaws : Flaws();
    if (!manifest || !flaws.empty()) {
        breakIt(wanted, manifest ? textOf(flaws, file) : toText(manifest.error()));
        return wanted;
    }
    wanted.fingerprint = fingerprintOf(*manifest);
    return wanted;
}

Result<std::vector<Bundle::File>>
payloadsOf(const CommitTree &tree, const std::vector<TreeFile> &files, const QString &folder) {
    std::vector<Bundle::File> payloads;
    for (const TreeFile &file : files) {
        if (!file.path.startsWith(folder)) {
            continue;
        }
        const auto content = tree.content(file, payload_bytes_max);
        if (!content) {
            return tl::unexpected(content.error());
        }
        payloads.push_back({file.path.mid(folder.size()), file.bytes, file.executable,
                            QCryptographicHash::hash(*content, QCryptographicHash::Sha256)});
    }
    return payloads;
}

Desired ofManifest(const CommitTree &tree, const std::vector<TreeFile> &files,
                   const QByteArray &text, const QString &file) {
    Desired wanted;
    wanted.file = file;
    const auto manifest = readManifest(text, file);
    if (!manifest) {
        breakIt(wanted, toText(manifest.error()));
        return wanted;
    }
    wanted.key = deploymentKey(*manifest);
    Flaws flaws = flawsOf(*manifest);
    const Flaws more = readDefinition(*manifest).flaws;
    flaws.insert(flaws.end(), more.begin(), more.end());
    if (!flaws.empty()) {
        breakIt(wanted, textOf(flaws, file));
        return wanted;
    }
    if (wanted.key.isEmpty()) {
        breakIt(wanted, QObject::tr("%1 has no key; give it deployment.key").arg(file));
        return wanted;
    }
    const QString folder = file.left(file.lastIndexOf(u'/') + 1) + u"payloads/";
    const auto payloads = payloadsOf(tree, files, folder);
    if (!payloads) {
        breakIt(wanted, toText(payloads.error()));
        return wanted;
    }
    for (const Bundle::File &payload : *payloads) {
        wanted.bundle_bytes += payload.bytes;
    }
    wanted.manifest = manifest->text;
    wanted.fingerprint = fingerprintOf(*manifest, *payloads);
    return wanted;
}

std::optional<Desired> ofFile(const CommitTree &tree, const std::vector<TreeFile> &files,
                              const TreeFile &file) {
    const QString name = file.path.section(u'/', -1);
    const bool plan = name.endsWith(u".plan.yaml"_qs);
    const bool inside =
        QString(u'/' + file.path).contains(u"/payloads/"_qs); // a payload is no plan
    if (inside || (!plan && name != u"manifest.json")) {
        return std::nullopt;
    }
    Desired wanted;
    wanted.file = file.path;
    const auto text = tree.content(file, plan ? plan_bytes_max : manifest_bytes_max);
    if (!text) {
        breakIt(wanted, toText(text.error()));
        return wanted;
    }
    if (const qsizetype line = mergeMarkIn(*text)) {
        wanted.fit = Desired::Fit::Conflict;
        wanted.trouble =
            QObject::tr("%1 has the marks of a merge that was not finished, from line %2")
                .arg(file.path)
                .arg(line);
        return wanted;
    }
    return plan ? ofPlan(*text, file.path) : ofManifest(tree, files, *text, file.path);
}

void markRivals(std::vector<Desired> &all) {
    std::map<QString, QStringList> files;
    for (const Desired &wanted : all) {
        files[wanted.key] << wanted.file;
    }
    for (Desired &wanted : all) {
        if (!wanted.key.isEmpty() && files[wanted.key].size() > 1) {
            wanted.fit = Desired::Fit::Conflict;
            wanted.trouble = QObject::tr("%1 stands in %2; keep one of them")
                                 .arg(wanted.key, files[wanted.key].join(QObject::tr(" and ")));
        }
    }
}

} // namespace

std::vector<Desired> desiredOf(const CommitTree &tree, const std::vector<TreeFile> &files) {
    std::vector<Desired> all;
    for (const TreeFile &file : files) {
        if (auto wanted = ofFile(tree, files, file)) {
            all.push_back(*std::move(wanted));
        }
    }
    markRivals(all);
    return all;
}

} // namespace aviary::gitops
