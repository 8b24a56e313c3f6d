// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/connectiontest.h"
#include "core/clusters/ownrollout.h"
#include "core/support/error.h"

#include <functional>

namespace aviary::clusters {

// What the driver of a cluster offers that runs rollouts itself
// (Capabilities::runs_rollouts_itself), beside what every driver does. Each question is answered
// once, unless the driver goes first.
class SelfRunning : public ConnectionTest {
public:
    using Answered = std::function<void(const OwnAnswer &)>;
    using Kept = std::function<void(const Result<QString> &)>;

    // As of the last observed(), the oldest first.
    virtual std::vector<OwnRollout> rollouts() const = 0;
    virtual void ask(const OwnRequest &request, const Answered &answer) = 0;

    // Why the way this computer signs in may not ask that about a service; empty: it may, or
    // nothing is known of it, and the cluster itself refuses then.
    virtual QString mayNot(OwnRequest::Verb verb, const QString &service) const = 0;

    // Tries the connection now, point by point.
    virtual void check(const Checked &answer) = 0;
    // The same of a driver that was not opened, with a token that is kept nowhere; empty: without.
    virtual void checkWith(const QString &token, const Checked &answer) = 0;
    // The secret that this computer signs in with; empty: it is forgotten. Answered with where it
    // is kept.
    virtual void keepToken(const QString &token, const Kept &answer) = 0;
};

} // namespace aviary::clusters
