// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCborMap>
#include <QMap>
#include <QSet>
#include <QString>

#include <optional>
#include <vector>

namespace aviary::conformance {

// What a scripted callback of a recorded case answers for each target.
class Script {
public:
    explicit Script(const QCborValue &description);
    bool given() const { return given_; }
    // '+' it works, '-' it answers no, '!' it throws. Counts the calls of each target.
    char call(int target);

private:
    bool given_ = false;
    QSet<int> fails_;
    QSet<int> raises_;
    QMap<int, qint64> first_fails_;
    QMap<int, qint64> calls_;
};

// The input of a target_* case, read.
struct TargetCase {
    explicit TargetCase(const QCborMap &input);

    int n = 0;
    QString version;
    bool rolls_back = false;
    std::vector<QString> initial; // by target; empty: none
    QSet<int> unhealthy;
    std::vector<int> order; // as the caller lists them
    Script deploy;
    Script health;
    QCborMap params;
    QString turn; // blue-green: ok, false, raise; empty: there is no switch

    bool carries(int target) const; // the version, healthy
};

// ---- Facts about a case, for the rules

bool listsNobody(const QCborMap &input);
bool listsTwice(const QCborMap &input);
bool someCarryTheVersion(const QCborMap &input);

} // namespace aviary::conformance
