// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/process/logfile.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace aviary {
namespace {

constexpr qint64 tail_bytes_max = 1024 * 1024;
constexpr qsizetype line_max = 4'096;

QString numbered(const QString &path, int number) {
    return path + u'.' + QString::number(number);
}

QString plain(const QByteArray &line) {
    QString text = QString::fromUtf8(line).left(line_max);
    std::replace_if(
        text.begin(), text.end(),
        [](QChar c) { return c != u'\t' && c.category() == QChar::Other_Control; },
        QChar(QChar::ReplacementCharacter));
    return text;
}

QList<QByteArray> lastLines(const QString &path, int lines) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const bool cut = file.size() > tail_bytes_max;
    file.seek(std::max<qint64>(0, file.size() - tail_bytes_max));
    QList<QByteArray> found = file.read(tail_bytes_max).split('\n');
    if (found.last().isEmpty()) {
        found.removeLast();
    }
    if (cut && !found.isEmpty()) {
        found.removeFirst();
    }
    return found.mid(std::max<qsizetype>(0, found.size() - lines));
}

} // namespace

bool rotateIfOver(const QString &path, const LogLimit &limit) {
    if (QFileInfo(path).size() <= limit.bytes_max) {
        return true;
    }
    for (int i = limit.kept; i > 1; --i) {
        QFile::remove(numbered(path, i));
        QFile::rename(numbered(path, i - 1), numbered(path, i));
    }
    QFile::remove(numbered(path, 1));
    const bool copied = limit.kept == 0 || QFile::copy(path, numbered(path, 1));
    // On a full disk the old lines are given up, not the bound.
    return QFile::resize(path, 0) && copied;
}

QStringList tailOf(const QString &path, int lines) {
    QList<QByteArray> found = lastLines(path, lines);
    if (found.size() < lines) {
        found = lastLines(numbered(path, 1), lines - static_cast<int>(found.size())) + found;
    }
    QStringList texts;
    for (const QByteArray &line : found) {
        texts += plain(line);
    }
    return texts;
}

LogKeeper::LogKeeper(LogLimit limit, QObject *parent) : QObject(parent), limit_(limit) {
    timer_.setInterval(1'000);
    connect(&timer_, &QTimer::timeout, this, [this] {
        for (const QString &path : paths_) {
            rotateIfOver(path, limit_);
        }
    });
}

void LogKeeper::keep(const QString &path) {
    if (!paths_.contains(path)) {
        paths_ += path;
        timer_.start();
    }
}

void LogKeeper::forget(const QString &path) {
    paths_.removeAll(path);
    if (paths_.isEmpty()) {
        timer_.stop();
    }
}

} // namespace aviary
