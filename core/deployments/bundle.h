// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/deployments/manifest.h"

#include <QStringList>

namespace aviary {

// A manifest with what belongs to it: a directory that holds manifest.json and payloads/**, or a
// manifest file with payloads/ beside it.
struct Bundle {
    struct File {
        QString path; // below payloads/, with /
        qint64 bytes = 0;
        bool executable = false;
        QByteArray sha256;
        bool operator==(const File &) const = default;
    };
    Manifest manifest;
    QString manifest_path;
    QString payload_folder;  // absolute; empty when there is none
    std::vector<File> files; // sorted by path
    qint64 bytes = 0;        // of all payload files
    QString fingerprint;     // "sha256:" and 64 digits, of content and payload

    bool operator==(const Bundle &) const = default;
};

struct BundleLimits {
    int files_max = 10'000;
    int depth_max = 32;
    qint64 bytes_max = 4LL * 1024 * 1024 * 1024;
};

// Reads and hashes; runs for as long as the files are large. A symbolic link, a device or anything
// else that is not a plain file or folder is refused: it could lead outside. So are more or deeper
// files than the limits.
Result<Bundle> readBundle(const QString &path, const BundleLimits &limits = {});

// The content that runs: the manifest without what only says how to roll it out (deployment,
// policies.update, policies.deployment_key and the deployment keys in metadata), with numbers that
// are equal written alike.
QCborMap contentOf(const Manifest &manifest);

// Of the content and the payload files; the same for equal ones, whatever the order of keys.
QString fingerprintOf(const Manifest &manifest, const std::vector<Bundle::File> &files = {});

} // namespace aviary
