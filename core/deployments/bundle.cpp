// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/bundle.h"

#include "core/support/exactjson.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace aviary {
namespace {

QCborMap without(QCborMap map, const QStringList &names) {
    for (const QString &name : names) {
        map.remove(name);
    }
    return map;
}

// An object that lost its last member is as if it had never been there.
void replaceMember(QCborMap &map, const QString &name, const QCborMap &member) {
    if (member.isEmpty()) {
        map.remove(name);
    } else {
        map[name] = member;
    }
}

class PayloadReader {
public:
    PayloadReader(Bundle &bundle, const BundleLimits &limits) : bundle_(bundle), limits_(limits) {}

    Result<void> read(const QDir &folder, const QString &prefix, int depth) {
        if (depth > limits_.depth_max) {
            return fail(ErrorCode::Invalid, u"folders are nested too deep"_qs, folder.path(),
                        QStringLiteral("at most %1").arg(limits_.depth_max));
        }
        const auto entries = folder.entryInfoList(
            QDir::AllEntries | QDir::System | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
        for (const QFileInfo &entry : entries) {
            const QString path = prefix + entry.fileName();
            auto done = readEntry(entry, path, depth);
            if (!done) {
                return done;
            }
        }
        return {};
    }

private:
    Result<void> readEntry(const QFileInfo &entry, const QString &path, int depth) {
        if (entry.isSymLink()) {
            return fail(ErrorCode::Invalid, u"a symbolic link stands in the payload"_qs,
                        entry.filePath(), u"put the file itself there"_qs);
        }
        if (entry.isDir()) {
            return read(QDir(entry.filePath()), path + u'/', depth + 1);
        }
        if (!entry.isFile()) {
            return fail(ErrorCode::Invalid, u"not a plain file"_qs, entry.filePath());
        }
        if (static_cast<int>(bundle_.files.size()) >= limits_.files_max) {
            return fail(ErrorCode::Invalid, u"too many payload files"_qs, entry.filePath(),
                        QStringLiteral("at most %1").arg(limits_.files_max));
        }
        return readFile(entry, path);
    }

    Result<void> readFile(const QFileInfo &entry, const QString &path) {
        QFile file(entry.filePath());
        if (!file.open(QIODevice::ReadOnly)) {
            return fail(ErrorCode::Storage, file.errorString(), entry.filePath());
        }
        QCryptographicHash hash(QCryptographicHash::Sha256);
        qint64 bytes = 0;
        QByteArray block(1 << 16, Qt::Uninitialized);
        for (qint64 got = 0; (got = file.read(block.data(), block.size())) > 0;) {
            hash.addData(QByteArrayView(block.constData(), got));
            bytes += got;
            bundle_.bytes += got;
            if (bundle_.bytes > limits_.bytes_max) { // also of a file that grows while it is read
                return fail(ErrorCode::Invalid, u"the payload is too large"_qs, entry.filePath(),
                            QStringLiteral("at most %1 bytes").arg(limits_.bytes_max));
            }
        }
        if (file.error() != QFileDevice::NoError) {
            return fail(ErrorCode::Storage, file.errorString(), entry.filePath());
        }
        bundle_.files.push_back({path, bytes, entry.isExecutable(), hash.result()});
        return {};
    }

    Bundle &bundle_;
    BundleLimits limits_;
};

Result<Manifest> readManifestFile(const QString &path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        const auto code = file.exists() ? ErrorCode::Storage : ErrorCode::NotFound;
        return fail(code, file.errorString(), path,
                    u"give a manifest file, or a folder that holds manifest.json"_qs);
    }
    return readManifest(file.read(manifest_bytes_max + 1), path);
}

} // namespace

Result<Bundle> readBundle(const QString &path, const BundleLimits &limits) {
    Bundle bundle;
    const QFileInfo given(path);
    bundle.manifest_path = given.isDir() ? QDir(path).filePath(u"manifest.json"_qs) : path;
    auto manifest = readManifestFile(bundle.manifest_path);
    if (!manifest) {
        return tl::unexpected(manifest.error());
    }
    bundle.manifest = std::move(*manifest);
    const QFileInfo folder(QFileInfo(bundle.manifest_path).absoluteDir().filePath(u"payloads"_qs));
    if (folder.isSymLink()) {
        return fail(ErrorCode::Invalid, u"payloads is a symbolic link"_qs, folder.filePath(),
                    u"make it a folder"_qs);
    }
    if (folder.isDir()) {
        bundle.payload_folder = folder.absoluteFilePath();
        const auto read = PayloadReader(bundle, limits).read(QDir(folder.filePath()), {}, 1);
        if (!read) {
            return tl::unexpected(read.error());
        }
    }
    std::sort(bundle.files.begin(), bundle.files.end(),
              [](const auto &a, const auto &b) { return a.path < b.path; });
    bundle.fingerprint = fingerprintOf(bundle.manifest, bundle.files);
    return bundle;
}

QCborMap contentOf(const Manifest &manifest) {
    QCborMap content = without(manifest.content, {u"deployment"_qs});
    const QCborMap policies = content.value(u"policies"_qs).toMap();
    replaceMember(content, u"policies"_qs, without(policies, {u"update"_qs, u"deployment_key"_qs}));
    QCborMap metadata = content.value(u"metadata"_qs).toMap();
    const QCborMap cli = metadata.value(u"mn_cli"_qs).toMap();
    replaceMember(metadata, u"mn_cli"_qs, without(cli, {u"deployment_key"_qs}));
    replaceMember(content, u"metadata"_qs,
                  without(metadata, {u"deployment_key"_qs, u"mn_deployment_key"_qs}));
    return withPlainNumbers(content).toMap();
}

QString fingerprintOf(const Manifest &manifest, const std::vector<Bundle::File> &files) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(writeJson(contentOf(manifest)));
    for (const auto &file : files) {
        // Lengths stand before what varies, so that no two lists of files read alike.
        const QByteArray path = file.path.toUtf8();
        const QByteArray entry = QByteArray::number(path.size()) + ':' + path +
                                 QByteArray::number(file.bytes) + (file.executable ? 'x' : '-') +
                                 file.sha256.toHex();
        hash.addData(entry);
    }
    return u"sha256:" + QString::fromLatin1(hash.result().toHex());
}

} // namespace aviary
