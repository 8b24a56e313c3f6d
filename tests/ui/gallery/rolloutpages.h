// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>

namespace aviary {

class Theme;

namespace gallery {

// Pictures of the rollout view in every state: as large as in a window of 1440 by 900 and of 1024
// by 700 pixels, dark and light, at scale 1 and 2. False where one could not be written.
bool rolloutPictures(const QDir &directory, Theme &theme);

} // namespace gallery
} // namespace aviary
