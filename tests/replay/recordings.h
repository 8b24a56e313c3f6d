// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace aviary::tests {

// One recorded answer of a real server, and what was asked.
struct Recording {
    int number = 0; // of the recording; stands at the front of its file
    QByteArray method, path;
    int status = 0;
    QList<std::pair<QByteArray, QByteArray>> headers;
    QByteArray body;
};

// All that tests/replay/recordings holds, in the order in which it was recorded.
const QList<Recording> &recordings();
// The body of one; empty, and a failure of the test, when there is none.
QByteArray recorded(int number);

} // namespace aviary::tests
