// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QByteArray>

namespace aviary::clusters::nomad {

// Why a request came to nothing, as far as it can be told apart.
struct Failure {
    enum class Kind : quint8 {
        Unreachable, // nobody answers, or the answer broke off
        Tls,         // the certificates do not fit
        NotNomad,    // somebody else answers
        Redirected,  // it points elsewhere; nothing was sent there
        NoToken,     // it wants one, or another one: unknown, expired, malformed
        Denied,      // the token may not
        WrongRegion,
        NoLeader, // the servers elect one now
        TooMany,  // asked too often
        NotFound, // no such job, deployment, node, allocation
        Conflict, // somebody was first
        Refused,  // understood, and not possible as things stand
        Broken,   // Nomad failed at it
        Unknown,  // sent, and no answer came: it may have been done
    };
    Kind kind = Kind::Broken;
    Error error;
    int retry_after_ms = 0; // 0: it did not say
};
// True: what was asked to be done may have been done all the same.
bool mayBeDone(Failure::Kind kind);

template <class T>
using Outcome = tl::expected<T, Failure>;

// An answer of a status other than 2xx. Nomad answers in plain text, and the text decides: the same
// thing is 404 to one call, 500 to another. `retry_after`: the header, seconds; else empty.
// `location`: where it redirects to.
Failure failureOf(int status, const QByteArray &body, const QByteArray &retry_after = {},
                  const QByteArray &location = {});

} // namespace aviary::clusters::nomad
