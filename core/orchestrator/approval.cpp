// SPDX-License-Identifier: GPL-3.0-or-later
// Where plans need approval, the one who made a plan does not approve it, and nobody starts it
// before another person did. Ways back and catching up bring what was approved once.
#include "core/api/requests.h"
#include "core/orchestrator/liveprovider.h"

namespace aviary::orchestrator {

using namespace kernel;

namespace {

// The operating system's user of "user" or "name (user)"; a user's name has no brackets.
QString userOf(const QString &who) {
    const qsizetype open = who.lastIndexOf(u'(');
    return who.endsWith(u')') && open >= 0 ? who.mid(open + 1, who.size() - open - 2) : who;
}

} // namespace

bool LiveProvider::awaitsApproval(const LiveRollout &rollout) const {
    const auto desk = clusters_.find(rollout.card().cluster);
    return desk && (*desk)->row().needs_approval && rollout.state().status == Status::Draft;
}

Result<void> LiveProvider::approvalAllows(const LiveRollout &rollout, const Request &request,
                                          const Call &call) const {
    if (!awaitsApproval(rollout)) {
        return {};
    }
    const QString maker = rollout.card().who;
    if (std::holds_alternative<Start>(request)) {
        return fail(ErrorCode::Refused,
                    tr("this plan for %1 is not approved").arg(api::text(rollout.plan().service)),
                    QStringLiteral("rollout"),
                    tr("another person than %1 approves it: aviary approve %2")
                        .arg(maker, rollout.card().id));
    }
    if (std::holds_alternative<Approve>(request) && userOf(maker) == call.caller.user) {
        return fail(ErrorCode::Refused, tr("you made this plan; approving it takes another person"),
                    QStringLiteral("rollout"),
                    tr("any other user of this daemon than %1 may approve it").arg(userOf(maker)));
    }
    return {};
}

// As the kernel allows it, and as approval does.
std::vector<api::Permission> LiveProvider::permissionsOf(const LiveRollout &rollout) const {
    std::vector<api::Permission> all = api::permissionsOf(rollout.plan(), rollout.state());
    if (awaitsApproval(rollout)) {
        for (api::Permission &one : all) {
            if (one.verb == u"start" && one.allowed) {
                one.allowed = false;
                one.reason = tr("another person than %1 approves it first").arg(rollout.card().who);
            }
        }
    }
    return all;
}

} // namespace aviary::orchestrator
