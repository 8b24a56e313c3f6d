// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/clusters/clusterform.h"

#include <QProcessEnvironment>

namespace aviary {

// A cluster that this computer knows of already, and where that was seen.
struct FoundCluster {
    ClusterWish wish;
    QString seen_in; // "kubeconfig", "NOMAD_ADDR", "Docker contexts"
};

// The contexts of kubeconfig ($KUBECONFIG, else ~/.kube/config), NOMAD_ADDR, and the contexts of
// Docker. Files that cannot be read count as none. Nothing is connected, and no secret is read.
std::vector<FoundCluster> foundClusters(const QProcessEnvironment &environment,
                                        const QString &home);

// Why it cannot be connected; empty where it can.
QString refusalOf(const FoundCluster &found);

} // namespace aviary
