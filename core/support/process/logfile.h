// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>

namespace aviary {

struct LogLimit {
    qint64 bytes_max = 4 * 1024 * 1024; // of the file that is written now
    int kept = 2;                       // older ones: NAME.1 is the newest
};

// Cuts a log that grew over its limit: copied to NAME.1, then emptied. The process that writes it
// holds it open for appending and never notices; a line that it writes between the two steps is
// lost. False when the disk would not do it.
bool rotateIfOver(const QString &path, const LogLimit &limit);

// The last `lines` of a log, with those of the file before when there are too few; each at most
// 4,096 characters, control characters shown as U+FFFD.
QStringList tailOf(const QString &path, int lines);

// Looks after logs while we run. They are not bounded while no daemon runs.
class LogKeeper : public QObject {
    Q_OBJECT
public:
    explicit LogKeeper(LogLimit limit = {}, QObject *parent = nullptr);
    void keep(const QString &path);
    void forget(const QString &path);

private:
    LogLimit limit_;
    QStringList paths_;
    QTimer timer_;
};

} // namespace aviary
