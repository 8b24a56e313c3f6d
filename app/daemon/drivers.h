// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/orchestrator/clusterset.h"

namespace aviary::daemon {

// Makes drivers from what a person configured. The work of a local cluster stands in
// DIRECTORY/ID, with settings
//   nodes, sites    numbers: so many nodes n1, n2, ... over so many sites (default 3 and 1)
//   cluster         or all of it, as cluster.json has it
//   directory       elsewhere; an absolute path
//   haproxy         its program (default: looked for)
//   router          or an HAProxy that the operator runs (core/clusters/hosting/clusterfields.h)
// A docker cluster has
//   contexts        of the Docker CLI, a node each
//   cluster         or all of it, as cluster.json has it (core/clusters/docker/dockercluster.h)
//   directory, haproxy, router    as above
// A nomad cluster has
//   address, region, namespace, ca, ...   core/clusters/nomad/settings.h; what is not given when it
//                   is added comes from NOMAD_ADDR and the other variables of the daemon
//   directory       as above
orchestrator::DriverFactory driversIn(const QString &directory);

} // namespace aviary::daemon
