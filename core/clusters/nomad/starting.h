// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/connection.h"
#include "core/clusters/nomad/picture.h"
#include "core/clusters/selfrunning.h"

// Versions of jobs, planned and registered; and jobs stopped. Each question is answered once,
// unless the connection goes first.
namespace aviary::clusters::nomad {

// The job of a service as people see it; null: none is known.
const Job *jobOf(const Picture &picture, const QString &service, bool with_space);

// Nomad's own plan of what is wanted; the picture must live as long as the connection.
void planStart(Connection &connection, const Picture &picture, bool with_space,
               const OwnStart &wanted, const SelfRunning::Planned &answer);

// Registers what was planned, with its index enforced; then looks what is there: Nomad's 200 alone
// is no proof.
void start(Connection &connection, const OwnPlan &plan, const SelfRunning::Answered &answer);

// Looks what became of it.
void settleStart(Connection &connection, const OwnPlan &plan, const SelfRunning::Answered &answer);

// Stops a job; its versions stay.
void stop(Connection &connection, const Job &job, const SelfRunning::Answered &answer);

} // namespace aviary::clusters::nomad
