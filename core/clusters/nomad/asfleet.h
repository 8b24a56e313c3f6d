// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/driver.h"
#include "core/clusters/nomad/picture.h"

// What Nomad knows, in our words.
namespace aviary::clusters::nomad {

// The ids of nodes as people see them, by Nomad's own: the name, with the first 8 characters of
// Nomad's id where several have the name.
std::map<QString, QString> nodeNames(const Picture &picture);

// A job is a service: its id, with its namespace before it where all are watched. A version is a
// revision. Sites are "datacenter", or "datacenter/pool" outside the pool "default".
Observation asFleet(const Picture &picture, bool with_space);

QString serviceOf(const QString &space, const QString &job, bool with_space);

} // namespace aviary::clusters::nomad
