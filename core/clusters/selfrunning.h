// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/connectiontest.h"
#include "core/clusters/ownrollout.h"
#include "core/clusters/ownstart.h"
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
    using Planned = std::function<void(const Result<OwnPlan> &)>;

    // As of the last observed(), the oldest first.
    virtual std::vector<OwnRollout> rollouts() const = 0;
    virtual void ask(const OwnRequest &request, const Answered &answer) = 0;

    // Why the way this computer signs in may not ask that about a service; empty: it may, or
    // nothing is known of it, and the cluster itself refuses then.
    virtual QString mayNot(OwnRequest::Verb verb, const QString &service) const = 0;

    // Has the cluster plan a version; nothing is changed.
    virtual void planStart(const OwnStart &wanted, const Planned &answer) = 0;
    // Starts what was planned, only if what is there is what it was planned against.
    virtual void start(const OwnPlan &plan, const Answered &answer) = 0;
    // What became of a start that was not answered. Unknown: nothing is to be seen of it yet.
    virtual void settleStart(const OwnPlan &plan, const Answered &answer) = 0;
    // Stops a service. What it was stays known to the cluster, and can be started again.
    virtual void stopService(const QString &service, const Answered &answer) = 0;

    // Tries the connection now, point by point.
    virtual void check(const Checked &answer) = 0;
    // The same of a driver that was not opened, with a token that is kept nowhere; empty: without.
    virtual void checkWith(const QString &token, const Checked &answer) = 0;
    // The secret that this computer signs in with; empty: it is forgotten. Answered with where it
    // is kept.
    virtual void keepToken(const QString &token, const Kept &answer) = 0;
};

} // namespace aviary::clusters
