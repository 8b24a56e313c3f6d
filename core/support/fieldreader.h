// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/flaw.h"

#include <QCborArray>
#include <QCborMap>

namespace aviary {

// Reads the members of one object strictly: each wrong one becomes a flaw and leaves the default.
// finish() tells which members nobody asked for.
class FieldReader {
public:
    FieldReader(const QCborMap &map, QStringList path, Flaws &flaws);

    QString text(const QString &name, const QString &by_default, qsizetype length_max);
    qint64 integer(const QString &name, qint64 by_default, qint64 min, qint64 max);
    bool boolean(const QString &name, bool by_default);
    QStringList texts(const QString &name, qsizetype count_max, qsizetype length_max);
    // Empty when it is absent or wrong.
    QCborMap object(const QString &name, qsizetype members_max);
    QCborArray list(const QString &name, qsizetype count_max);
    bool has(const QString &name) const;

    void flaw(const QString &name, const QString &what, const QString &allowed);
    void finish();

private:
    QCborValue take(const QString &name);

    QCborMap map_;
    QStringList path_;
    QStringList known_;
    Flaws &flaws_;
};

} // namespace aviary
