// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>
#include <vector>

namespace aviary::clusters {

// One point of a connection test: what was tried, and what would mend it.
struct Check {
    QString text;
    bool ok = false;
    QString remedy = {};
    bool operator==(const Check &) const = default;
};

// What a driver offers that can try its connection now, point by point.
class ConnectionTest {
public:
    using Checked = std::function<void(const std::vector<Check> &)>;

    virtual ~ConnectionTest() = default;
    // Answered once, unless the driver goes first; with nothing when all that matters is tried all
    // the time.
    virtual void check(const Checked &answer) = 0;
};

} // namespace aviary::clusters
