// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/driver.h"
#include "core/clusters/nomad/connection.h"
#include "core/clusters/nomad/picture.h"
#include "core/clusters/selfrunning.h"

#include <QJsonObject>

namespace aviary::clusters::nomad {

// Why it is not even asked, judged from the counts; empty: it is.
QString refusalOf(const OwnRequest &request, const Deployment &deployment, const Picture &picture);

// Asks Nomad, and then what became of it: its 200 alone is no proof. Answered once, unless the
// connection goes first.
void act(Connection &connection, const OwnRequest &request, const Deployment &deployment,
         const QString &from, const SelfRunning::Answered &answer);

// What registers `versions` (an answer of /job/ID/versions) as it was in `revision`, without a
// canary phase, only if nobody registered meanwhile. Fails when that version is forgotten.
Result<QJsonObject> wayBack(const QByteArray &versions, const QString &revision);

// Sets what Nomad knows of a node's flags; `done` says why not.
void setFlags(Connection &connection, const Node &node, kernel::NodeFlags flags,
              const std::function<void(const Outcome<Answer> &)> &done);

} // namespace aviary::clusters::nomad
