// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace aviary {

// Plain text over several lines. It wraps between words, and inside a word where one is longer than
// the line; past `lines_max` it ends in an ellipsis.
struct Paragraph {
    QString text;
    QFont font;
    int lines_max = 6;
};

qreal paragraphHeight(const Paragraph &paragraph, qreal width);
// In the pen of the painter, from the top of `rect`. False where something was left out.
bool paintParagraph(QPainter &painter, const QRectF &rect, const Paragraph &paragraph,
                    Qt::Alignment alignment);

} // namespace aviary
