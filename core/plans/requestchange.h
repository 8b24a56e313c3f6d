// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/planfile.h"

// Plans beside each other: what differs, and a plan that was changed step by step said again as a
// request, so that what a rehearsal found to help is written into the document of a person.
namespace aviary::plans {

// The request that compiles, for these nodes, to the steps and judges of `wanted`: `request` with
// the stages, bake and hold times and judges that are read off that plan. An Error where no request
// says what the plan does.
Result<kernel::PlanRequest> requestLike(const kernel::PlanRequest &request,
                                        const kernel::Plan &wanted, const kernel::Fleet &fleet);

// A member of a document and how it is written there; empty: absent.
struct MemberChange {
    QString member; // "strategy.bakes"
    QString before, after;
    bool operator==(const MemberChange &) const = default;
};
struct ChangedDocument {
    QByteArray text;
    std::vector<MemberChange> changes;
};

// The document of a request, with the members of its strategy and its judges as `wanted` has them.
// Everything else stays as it was written.
Result<ChangedDocument> withRequest(const QByteArray &text, const kernel::PlanRequest &wanted);

// What two compiled plans of a service do differently, member by member: revisions, strategy, mode,
// nodes, policy and judges. Their steps follow from it.
std::vector<MemberChange> differencesOf(const kernel::Plan &before, const kernel::Plan &after);

} // namespace aviary::plans
