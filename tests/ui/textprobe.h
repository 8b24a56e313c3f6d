// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPaintDevice>
#include <QRectF>
#include <QString>
#include <QWidget>

#include <memory>
#include <vector>

class QPaintEngine;

namespace aviary {

// One text as it was drawn: where, what, and in which colour.
struct DrawnText {
    QRectF rect; // in the coordinates of the widget
    QString text;
    QColor colour;
    bool scrolls = false; // in an editor, which scrolls its text to where it is read
};

// Draws a widget into nothing and keeps the texts, so that a test can see whether any is cut off or
// lies on another.
std::vector<DrawnText> drawnTexts(QWidget &widget);

// What an operator would see wrong with them: one sentence each; empty when all is well.
QStringList faultsOf(const std::vector<DrawnText> &texts, const QRectF &inside);

} // namespace aviary
