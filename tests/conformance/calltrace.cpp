// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/calltrace.h"

#include <QCborArray>
#include <QMap>

namespace aviary::conformance {
namespace {

QString numberText(double number) {
    return QString::number(number, 'g', 12);
}

bool partsSegments(const QString &token) {
    return token.startsWith(u'W') || token.startsWith(u'P') || token.startsWith(u'S');
}

// "D12+" is about 12, "Un7-" about n7.
QString subjectOf(const QString &token) {
    return token.mid(1, token.size() - 2);
}

} // namespace

void CallTrace::call(QLatin1StringView kind, const QString &who, QLatin1StringView end) {
    tokens_.append(kind + who + end);
}

void CallTrace::wait(qint64 milliseconds) {
    tokens_.append(u'W' + numberText(static_cast<double>(milliseconds) / 1'000));
}

void CallTrace::stage(const QString &percent) {
    tokens_.append(u'P' + percent);
}

void CallTrace::turn(const QString &revision, QLatin1StringView end) {
    tokens_.append(u"S:" + revision + end);
}

QCborValue canonicalCalls(const QString &text) {
    QCborArray segments;
    QMap<QString, QString> by_subject;
    const auto close = [&] {
        segments.append(QCborArray::fromStringList(by_subject.values()));
        by_subject.clear();
    };
    for (const QString &token : text.split(u' ', Qt::SkipEmptyParts)) {
        if (partsSegments(token)) {
            close();
            segments.append(token);
        } else {
            by_subject[subjectOf(token)] += token + u' ';
        }
    }
    close();
    return segments;
}

} // namespace aviary::conformance
