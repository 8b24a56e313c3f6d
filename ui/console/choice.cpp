// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/choice.h"

namespace aviary {

const api::ClusterRow *Choice::clusterRow() const {
    return desk_ ? desk_->cluster(cluster_) : nullptr;
}

const api::RolloutRow *Choice::rolloutRow() const {
    return desk_ ? desk_->rollout(rollout_) : nullptr;
}

const api::RolloutDetail *Choice::detail() const {
    return desk_ ? desk_->detail(rollout_) : nullptr;
}

bool Choice::takeDesk(Desk *desk) {
    if (desk_ == desk) {
        return false;
    }
    watchRollout({});
    if (desk_) {
        disconnect(desk_, nullptr, this, nullptr);
    }
    desk_ = desk;
    cluster_.clear();
    node_.clear();
    if (desk) {
        connect(desk, &Desk::sessionChanged, this, &Choice::sessionChanged);
        connect(desk, &Desk::linkChanged, this, &Choice::linkChanged);
        connect(desk, &Desk::daemonChanged, this, &Choice::daemonChanged);
        connect(desk, &Desk::clustersChanged, this, &Choice::clustersChanged);
        connect(desk, &Desk::rolloutsChanged, this, &Choice::rolloutsChanged);
        connect(desk, &Desk::waitingChanged, this, &Choice::waitingChanged);
        connect(desk, &Desk::requestsChanged, this, &Choice::requestsChanged);
        connect(desk, &Desk::deploymentsChanged, this, &Choice::deploymentsChanged);
        connect(desk, &Desk::detailChanged, this, &Choice::detailChanged);
    }
    return true;
}

void Choice::watchRollout(const QString &rollout) {
    if (rollout_ == rollout) {
        return;
    }
    if (desk_ && !rollout_.isEmpty()) {
        desk_->unwatchRollout(rollout_);
    }
    rollout_ = rollout;
    if (desk_ && !rollout_.isEmpty()) {
        desk_->watchRollout(rollout_);
    }
}

void Choice::chooseDesk(Desk *desk) {
    if (takeDesk(desk)) {
        Q_EMIT chosen();
    }
}

void Choice::chooseCluster(Desk *desk, const QString &cluster) {
    const bool other = takeDesk(desk);
    if (!other && cluster_ == cluster) {
        return;
    }
    watchRollout({});
    cluster_ = cluster;
    node_.clear();
    Q_EMIT chosen();
}

void Choice::chooseRollout(Desk *desk, const QString &rollout) {
    const bool other = takeDesk(desk);
    const api::RolloutRow *row = desk ? desk->rollout(rollout) : nullptr;
    const QString cluster = row ? row->cluster : cluster_;
    if (!other && rollout_ == rollout && cluster_ == cluster) {
        return;
    }
    if (cluster_ != cluster) {
        node_.clear();
    }
    cluster_ = cluster;
    watchRollout(rollout);
    Q_EMIT chosen();
}

void Choice::chooseNode(const QString &node) {
    if (node_ != node) {
        node_ = node;
        Q_EMIT chosen();
    }
}

} // namespace aviary
