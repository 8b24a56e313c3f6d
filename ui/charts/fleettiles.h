// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/sign.h"
#include "ui/theme/tokens.h"

#include <QImage>
#include <QString>

#include <vector>

namespace aviary {

// One colour of the map: a revision, or whatever else the map is coloured by.
struct FleetTint {
    QString name;
    Role role = Role::OldFill;
    double strength = 1; // how much of the colour, the rest is the card behind
    bool operator==(const FleetTint &) const = default;
};

// What one square looks like.
struct FleetCell {
    std::uint16_t tint = 0; // in FleetMapValue::tints
    Sign sign = Sign::NodeHealthy;
    bool dimmed = false; // the filter does not match it
    bool operator==(const FleetCell &) const = default;
};

// Squares drawn once and then copied: at most a few hundred of them, however many nodes there are.
// From 13 pixels on a square shows the sign of its node, from 4 on its shape alone (half =
// degraded, hollow = offline), below that its colour.
class FleetTiles {
public:
    FleetTiles(int square, const Tokens &tokens, std::vector<FleetTint> tints);

    // `square` by `square` pixels, with the gap to the next one at its right and its foot.
    const QImage &tile(const FleetCell &cell, bool selected);
    int square() const { return square_; }
    static int gapOf(int square);

private:
    QImage draw(const FleetCell &cell, bool selected) const;
    void drawLarge(QPainter &painter, const QRectF &body, const FleetCell &cell,
                   const QColor &fill) const;
    void drawSmall(QPainter &painter, const QRect &body, const FleetCell &cell,
                   const QColor &fill) const;

    int square_;
    Tokens tokens_;
    std::vector<FleetTint> tints_;
    std::vector<QImage> tiles_;
};

} // namespace aviary
