// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QStringList>

#include <vector>

namespace aviary {

// One thing that is wrong with a document that somebody gave. All of them are collected; none stops
// the next from being found.
struct Flaw {
    QStringList path; // members and positions from the top: {"policies", "update", "canary"}
    QString message;  // "policies.update.canary must be a non-negative integer"
    QString allowed;  // "0, 1, 2, ..."; empty where the message says it
    int line = 0;     // in the document, from 1; 0 where there is no document
    int column = 0;   // in the line, from 1; 0 where only the line is known

    QString field() const { return path.join(u'.'); }
    bool operator==(const Flaw &) const = default;
};
using Flaws = std::vector<Flaw>;

// One error for all of them, as the command line shows it: one line a flaw.
Error toError(const Flaws &flaws, const QString &document);

} // namespace aviary
