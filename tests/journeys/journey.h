// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/journeys/operatordesk.h"
#include "tests/support/programs.h"

#include <QTest>

namespace aviary::tests {

// The ground, the operator at the desk, and the clients of the service.
struct Journey {
    std::unique_ptr<Ground> ground = someGround();
    OperatorDesk desk{*ground};

    // 200 requests a second until it is stopped.
    std::unique_ptr<Load> steady() const;
    // The share of `requests` more requests that this revision answered, in percent; -1 when one
    // was lost.
    double shareOf(const QString &revision, int requests) const;

    static QStringList nodes(); // n1, n2, ...
    // What runs when each node has this revision and nothing else.
    static QStringList everywhere(const QString &revision);
    // Why it is not true that every request was answered well; empty when it is.
    static QByteArray flawOf(const QJsonObject &tally);
};

// Where the ground cannot be had, the journey is skipped and says why.
#define SKIP_WITHOUT_GROUND(journey)                                                               \
    if (const QString why = (journey)->ground->whyNot(); !why.isEmpty()) {                         \
        QSKIP(qPrintable(why));                                                                    \
    }

#define VERIFY_NOTHING_LOST(tally)                                                                 \
    do {                                                                                           \
        const QByteArray flaw = aviary::tests::Journey::flawOf(tally);                             \
        QVERIFY2(flaw.isEmpty(), flaw.constData());                                                \
    } while (false)

} // namespace aviary::tests
