// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/wholefile.h"

#include <QCoreApplication>
#include <QFile>
#include <QSaveFile>

namespace aviary {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(WholeFile)
};

QString sizeText(qint64 bytes) {
    constexpr qint64 kib = 1'024;
    constexpr qint64 mib = kib * kib;
    return bytes % mib == 0   ? QStringLiteral("%1 MiB").arg(bytes / mib)
           : bytes % kib == 0 ? QStringLiteral("%1 KiB").arg(bytes / kib)
                              : QStringLiteral("%1 B").arg(bytes);
}

} // namespace

Result<QByteArray> readWhole(const QString &path, qint64 bytes_max) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(file.exists() ? ErrorCode::Storage : ErrorCode::NotFound, file.errorString(),
                    path);
    }
    // A pipe has no size, and some files of the system say that they have none.
    QByteArray bytes;
    if (file.isSequential() || file.size() <= bytes_max) {
        bytes = file.size() == 0 ? file.read(bytes_max + 1) : file.readAll();
        if (file.error() != QFileDevice::NoError) {
            return fail(ErrorCode::Storage, file.errorString(), path);
        }
        if (bytes.size() <= bytes_max) {
            return bytes;
        }
    }
    return fail(ErrorCode::Invalid, Words::tr("the file is too large"), path,
                Words::tr("at most %1").arg(sizeText(bytes_max)));
}

Result<void> writeWhole(const QString &path, const QByteArray &bytes) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        return fail(ErrorCode::Storage, file.errorString(), path,
                    Words::tr("make the directory writable and free some space"));
    }
    return {};
}

} // namespace aviary
