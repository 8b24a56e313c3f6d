// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/desks.h"

#include <optional>

namespace aviary {

// "aviary://CLUSTER", "aviary://CLUSTER/SERVICE", "aviary://CLUSTER/SERVICE/ROLLOUT": a place in
// the window. It opens and never acts; whatever else such a link says is passed over.
struct DeepLink {
    QString cluster, service, rollout;
    bool operator==(const DeepLink &) const = default;
};

// Nothing where it is no such link, or says more than a place can.
std::optional<DeepLink> deepLinkFrom(const QString &text);
QString toText(const DeepLink &link);

// Where it leads: to a rollout, else to a cluster. Of a service the rollout under way, else the
// newest. Nothing while no desk knows of it.
struct LinkTarget {
    Desk *desk;
    QString cluster, rollout; // rollout: empty where only a cluster is meant
};
std::optional<LinkTarget> targetOf(const Desks &desks, const DeepLink &link);

} // namespace aviary
