// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/actioncontext.h"
#include "ui/shell/palettemodel.h"
#include "ui/shell/shellstate.h"

namespace aviary {
class MainWindow;
}

namespace aviary::samples {

ShellState shellState();
ActionContext waitingRollout(); // checkout-api on edge-eu, holding at 10 %
std::vector<ActionContext> otherRollouts();
std::vector<PalettePlace> places();
// A window with state, context and a rollout view made of the pieces alone.
void furnish(MainWindow &window);

} // namespace aviary::samples
