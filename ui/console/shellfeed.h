// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/choice.h"
#include "ui/console/desks.h"
#include "ui/shell/actioncontext.h"
#include "ui/shell/palettemodel.h"
#include "ui/shell/shellstate.h"

// What the frame of the window is told of the desks and of what is chosen. Clusters and rollouts
// carry a DeskKey as their id there, so that those of several daemons stand side by side.
namespace aviary {

ShellState shellStateOf(const Desks &desks, const Choice &choice);

// The clusters of a desk as they are seen from here: what is not heard any more looks so, whatever
// was told last. Ids are the daemon's.
std::vector<api::ClusterRow> seenClusters(const Desk &desk);

// How old what is chosen is.
DataAgeValue ageOf(const Choice &choice);
DataAgeValue ageOf(const Desk &desk, const QString &cluster);

// What the actions of the window are about.
ActionContext contextOf(const Choice &choice);
// The same of any rollout; `detail` may be null.
ActionContext contextOf(const Desk &desk, const api::RolloutRow &row,
                        const api::RolloutDetail *detail);

// What the palette finds: actions on the rollouts in progress, and places to open.
std::vector<ActionContext> otherContexts(const Desks &desks, const Choice &choice);
std::vector<PalettePlace> placesOf(const Desks &desks);

} // namespace aviary
