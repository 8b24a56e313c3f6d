// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QIcon>
#include <QString>

namespace aviary {

// A line icon of resources/icons by its file name without ".svg", drawn in the colour of `role` in
// the palette of the moment: it follows a change of theme. Dim where the action is off. The line
// keeps its width at every size.
QIcon lineIcon(const QString &name, Role role = Role::Dim);

// The same, painted at once; for delegates and pieces.
void paintIcon(QPainter &painter, const QRectF &rect, const QString &name, const QColor &colour);

// The names of all icons, sorted.
QStringList iconNames();

} // namespace aviary
