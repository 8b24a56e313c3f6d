// SPDX-License-Identifier: GPL-3.0-or-later
// The signals of Driver, for every driver: they are compiled with the library that this file makes.
#include "core/clusters/driver.h"
