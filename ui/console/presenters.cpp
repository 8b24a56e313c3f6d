// SPDX-License-Identifier: GPL-3.0-or-later
// Every view of the window, one line each, in the order of the sidebar.
#include "ui/console/console.h"

namespace aviary {

void Console::addPresenters() {}

} // namespace aviary
