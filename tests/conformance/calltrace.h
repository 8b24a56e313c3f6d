// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCborValue>
#include <QString>
#include <QStringList>

namespace aviary::conformance {

// The recorded notation of what was called, tokens parted by blanks: D3+ H3- P25 W1.5 S:v2+ Un7+.
class CallTrace {
public:
    void call(QLatin1StringView kind, const QString &who, QLatin1StringView end);
    void wait(qint64 milliseconds);
    void stage(const QString &percent);
    void turn(const QString &revision, QLatin1StringView end);
    QString text() const { return tokens_.join(u' '); }

private:
    QStringList tokens_;
};

// What is compared: inside one stage, between two waits, only the calls of each target keep their
// order; who comes first of two targets is nobody's promise.
QCborValue canonicalCalls(const QString &text);

} // namespace aviary::conformance
