// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

class QWidget;

namespace aviary {

enum class TextSize { Title, Subtitle, Body, Caption, Axis };

// The steps of distance between and inside things, in design pixels.
namespace space {
inline constexpr double tiny = 4, small = 8, medium = 12, large = 16, wide = 24;
}

// All lengths derive from the height of the body font: a design pixel is 1/16 of it, so that a
// larger font or a finer screen enlarges everything alike.
class Scale {
public:
    explicit Scale(const QFont &body);
    static Scale of(const QWidget *widget);

    // Design pixels to logical pixels.
    qreal operator()(qreal design_px) const { return design_px * unit_; }
    // The same, as a whole number of logical pixels and at least 1.
    int whole(qreal design_px) const;
    // A line of `design_px`, never thinner than one logical pixel.
    qreal line(qreal design_px = 1) const;
    QFont font(TextSize size, QFont::Weight weight = QFont::Normal) const;

private:
    QFont body_;
    qreal unit_;
};

} // namespace aviary
