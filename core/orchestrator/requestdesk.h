// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "core/orchestrator/liverollout.h"

#include <QObject>

#include <map>

namespace aviary::orchestrator {

// A request as it is kept: what was asked and up to where the rollout had ordered by then.
struct KeptRequest {
    api::RequestRow row;
    std::optional<kernel::Request> request; // none: nothing is waited for
    kernel::Order last_order = kernel::unasked;
};

// Every request that a person made, under the id that the client gave it, and what became of it.
// Applied is said only on the cluster's word, or, where a request moves nothing but the rollout
// itself (pause, approve), once it is in the journal.
class RequestDesk : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const api::RequestRow *find(const QString &id) const; // null: never seen
    std::vector<api::RequestRow> recent() const;          // newest first, at most recent_max

    // Written down as asked, and journalled by the caller.
    void open(const KeptRequest &kept);
    // Written down as refused at once, or as done at once.
    void close(api::RequestRow row, api::Outcome outcome, const QString &text, qint64 wall_ms);
    void restore(const KeptRequest &kept);

    // Looks whether what was asked of this rollout is settled now.
    void lookAt(const LiveRollout &rollout, qint64 wall_ms);
    // The cluster does not answer: what was asked and not confirmed is unknown, until it does.
    void clusterLost(const QString &cluster, const QString &why);
    void clusterBack(const QString &cluster);

    static constexpr std::size_t recent_max = 200;

Q_SIGNALS:
    void changed(const aviary::api::RequestRow &row);

private:
    void put(const api::RequestRow &row);

    std::map<QString, api::RequestRow> rows_;
    std::vector<QString> order_; // oldest first
    std::map<QString, KeptRequest> open_;
};

} // namespace aviary::orchestrator
