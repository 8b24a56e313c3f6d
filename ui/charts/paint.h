// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRectF>
#include <QString>
#include <Qt>

#include <vector>

class QPainter;
class QPainterPath;

namespace aviary {

// Draws one line of plain text inside `rect`, elided where it does not fit. Returns what it covers.
QRectF paintText(QPainter &painter, const QRectF &rect, Qt::Alignment alignment,
                 const QString &text);
// Draws text around `x` with its middle there, moved just enough to stay in [left, right].
QRectF paintTextAround(QPainter &painter, qreal x, qreal top, qreal left, qreal right,
                       const QString &text);

// Slanted lines over an area: forbidden, or not happened yet.
void paintHatch(QPainter &painter, const QPainterPath &area, const QColor &colour,
                qreal distance_px, qreal line_px);

// The ring around what has the keyboard.
void paintFocusRing(QPainter &painter, const QRectF &rect, qreal radius, const QColor &colour);

// At most `count_max` round numbers (1, 2, 2.5 or 5 times a power of ten apart) inside [low, high].
std::vector<double> roundTicks(double low, double high, int count_max);

} // namespace aviary
