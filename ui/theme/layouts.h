// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QLayout;

namespace aviary {

// Takes everything out of a layout; widgets go with the next turn of the event loop, so that one
// may empty the layout that it stands in.
void clearLayout(QLayout *layout);

} // namespace aviary
