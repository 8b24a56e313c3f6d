// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QByteArray>

// Files that are read and written in whole.
namespace aviary {

// All that is in it; a pipe is read to its end. NotFound: there is no such file; Storage: it may
// not be read; Invalid: it holds more than `bytes_max`, and nothing of it was kept.
Result<QByteArray> readWhole(const QString &path, qint64 bytes_max);

// Afterwards there is the old content or the new one, never a part of it. Storage: the old one is
// still there, and `what` says why.
Result<void> writeWhole(const QString &path, const QByteArray &bytes);

} // namespace aviary
