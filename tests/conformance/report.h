// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"
#include "tests/conformance/family.h"

#include <QMap>
#include <QStringList>

namespace aviary::conformance {

struct Tally {
    int agree = 0;
    int deviate = 0;
    int fail = 0;
    QMap<QString, int> by_deviation;
    QStringList failures; // one text a failed case
};

// What became of one case. A rule that applies to a case that agrees is a failure of the rule.
enum class Standing : quint8 { Agrees, Deviates, Fails };
struct Judgement {
    Standing standing = Standing::Agrees;
    QStringList rules; // that apply
    QString text;      // of a failure
};
Judgement judge(const Family &family, const Case &recorded);

// Runs every *.jsonl in `folder`. Cases of a kind that no family knows fail.
Result<void> runFolder(const QString &folder, const std::vector<Family> &families,
                       QMap<QString, Tally> &tallies);

} // namespace aviary::conformance
