// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <tl/expected.hpp>

namespace aviary {

// What kind of refusal or failure it is; the CLI's exit code and the console's sign follow from it.
enum class ErrorCode {
    Invalid,     // the input is wrong: fix it and ask again (exit 2 on the command line)
    Refused,     // understood, and not allowed in this state; `remedy` says what would allow it
    NotFound,    // no such node, service, rollout, file
    Conflict,    // somebody was first, or the stated effect is no longer true
    Unreachable, // the daemon, the cluster or the router does not answer
    TimedOut,    // it was sent and nothing came back: the outcome is unknown
    Storage,     // disk full, read-only, corrupt
    Internal,    // a defect of Aviary
};

// An error says what is wrong, where, and what would be right. All three are plain text.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString what;   // "stage 120 is over 100 %"
    QString where;  // "plan.yaml:7: strategy.stages[2]"; empty where there is no place
    QString remedy; // "give percentages from 1 to 100, rising, the last 100"

    bool operator==(const Error &) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, QString what, QString where = {},
                                  QString remedy = {}) {
    return tl::unexpected<Error>(Error{code, std::move(what), std::move(where), std::move(remedy)});
}

// One line for a log, a terminal or a status bar.
QString toText(const Error &error);

} // namespace aviary
