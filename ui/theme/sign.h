// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QIcon>
#include <QString>

#include <cstdint>
#include <span>

class QPainter;
class QRectF;

namespace aviary {

// What a state looks like: a shape and a colour that belong to it alone among its kind, so that it
// is told apart without colour too. None draws nothing.
enum class Sign : std::uint8_t {
    None,
    // rollouts
    Draft,
    Approved,
    Pending,
    InProgress,
    Waiting,
    Paused,
    RollingBack,
    Completed,
    RolledBack,
    Failed,
    Superseded,
    // clusters
    ClusterLive,
    ClusterConnecting,
    ClusterStale,
    ClusterLost,
    ClusterFile,
    // nodes
    NodeHealthy,
    NodeUpdating,
    NodeDegraded,
    NodeOffline,
    NodeFailed,
    NodeDraining,
    NodeMaintenance,
    NodeExcluded,
    NodeBehind,
    NodeUnknown,
    // what became of a request
    Asked,
    Applied,
    Refused,
    OutcomeUnknown,
};

// The signs that may stand beside each other in one column, by kind.
std::span<const Sign> rolloutSigns();
std::span<const Sign> clusterSigns();
std::span<const Sign> nodeSigns();
std::span<const Sign> outcomeSigns();

Role roleOf(Sign sign);
// In words, for screen readers, tool tips and legends: "waiting for you", "offline".
QString nameOf(Sign sign);

// Draws the sign in the largest square in the middle of `rect`, which lies on `background`.
// For delegates and pieces alike.
void paintSign(QPainter &painter, const QRectF &rect, Sign sign, const Tokens &tokens,
               Role background = Role::Card);
// The same in one colour, where the area around already has the sign's colour.
void paintSign(QPainter &painter, const QRectF &rect, Sign sign, const QColor &colour,
               const QColor &background);

// The sign as an icon that follows the desktop's colours.
QIcon signIcon(Sign sign);

} // namespace aviary
