// SPDX-License-Identifier: GPL-3.0-or-later
// The signals of Driver, for every driver.
#include "core/clusters/driver.h"

#include "moc_driver.cpp"
