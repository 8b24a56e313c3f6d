// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QJsonObject>
#include <QSet>
#include <QStringList>

namespace aviary::api {

// What one client has still to be told of one topic. Changes of the same row become one, so that a
// slow client gets fewer messages, never old ones, and the feed is never longer than the topic.
class ChangeFeed {
public:
    // Rows go in one message at most this many; with rows of at most 16 KiB a line fits.
    static constexpr int message_rows_max = 512;

    explicit ChangeFeed(const QString &topic) : topic_(topic) {}

    // {"whole": bool, "rows": [{"id", ...}], "gone": [ids]}; rows are told apart by "id".
    void add(const QJsonObject &change);
    bool isEmpty() const { return !whole_ && rows_.isEmpty() && gone_.isEmpty(); }
    // The next message; a whole that is too long goes on in further messages that are not whole.
    QJsonObject take();

private:
    QString topic_;
    bool whole_ = false;
    QStringList order_; // ids of rows_, first come first; may hold ids that are gone again
    QHash<QString, QJsonObject> rows_;
    QSet<QString> gone_;
};

} // namespace aviary::api
