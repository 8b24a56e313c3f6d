// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/fleettiles.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr int shape_from = 4; // pixels: from here on a shape can be seen
constexpr int sign_from = 13; // and from here on a sign
constexpr double dim_amount = 0.4;
constexpr std::size_t looks = 64 * 4; // signs x dimmed x selected

bool hollow(Sign sign) {
    return sign == Sign::NodeOffline || sign == Sign::NodeExcluded ||
           sign == Sign::NodeMaintenance || sign == Sign::NodeUnknown;
}

bool plain(Sign sign) {
    return sign == Sign::NodeHealthy || sign == Sign::None;
}

} // namespace

FleetTiles::FleetTiles(int square, const Tokens &tokens, std::vector<FleetTint> tints)
    : square_(square), tokens_(tokens), tints_(std::move(tints)) {
    if (tints_.empty()) {
        tints_.push_back({});
    }
    tiles_.resize(tints_.size() * looks);
}

int FleetTiles::gapOf(int square) {
    return square < 3 ? 0 : std::max(1, static_cast<int>(std::lround(square * 0.08)));
}

const QImage &FleetTiles::tile(const FleetCell &cell, bool selected) {
    const std::size_t tint = std::min<std::size_t>(cell.tint, tints_.size() - 1);
    const std::size_t look =
        static_cast<std::size_t>(cell.sign) * 4 + (cell.dimmed ? 2U : 0U) + (selected ? 1U : 0U);
    QImage &image = tiles_[tint * looks + look];
    if (image.isNull()) {
        image = draw(cell, selected);
    }
    return image;
}

QImage FleetTiles::draw(const FleetCell &cell, bool selected) const {
    QImage image(square_, square_, QImage::Format_RGB32);
    const QColor card = tokens_(Role::Card);
    image.fill(card);
    const FleetTint &tint = tints_[std::min<std::size_t>(cell.tint, tints_.size() - 1)];
    const double strength = tint.strength * (cell.dimmed ? dim_amount : 1.0);
    const QColor fill = mixed(card, tokens_(tint.role), strength);
    const QRect body(0, 0, square_ - gapOf(square_), square_ - gapOf(square_));
    QPainter painter(&image);
    if (square_ >= sign_from) {
        drawLarge(painter, body, cell, fill);
    } else {
        drawSmall(painter, body, cell, fill);
    }
    if (selected && square_ >= 6) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(QPen(tokens_(Role::Text), std::max(1, square_ / 14)));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(body.adjusted(0, 0, -1, -1));
    } else if (selected) {
        painter.fillRect(body, tokens_(Role::Text, 0.55));
    }
    return image;
}

void FleetTiles::drawLarge(QPainter &painter, const QRectF &body, const FleetCell &cell,
                           const QColor &fill) const {
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal radius = body.width() * 0.11;
    const QColor card = tokens_(Role::Card);
    const QColor colour =
        mixed(card, tokens_(roleOf(cell.sign)), cell.dimmed ? dim_amount + 0.2 : 1.0);
    if (hollow(cell.sign)) {
        const qreal line = std::max(1.0, body.width() * 0.05);
        painter.setPen(QPen(colour, line));
        painter.setBrush(card);
        const qreal inset = line / 2;
        painter.drawRoundedRect(body.adjusted(inset, inset, -inset, -inset), radius, radius);
    } else {
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawRoundedRect(body, radius, radius);
    }
    if (plain(cell.sign)) {
        return;
    }
    const qreal inset = body.width() * 0.18;
    const QRectF inside = body.adjusted(inset, inset, -inset, -inset);
    if (!hollow(cell.sign)) {
        // The sign stands on a patch of the card, so that it is read on every colour.
        painter.setPen(Qt::NoPen);
        painter.setBrush(card);
        if (cell.sign == Sign::NodeDegraded) {
            const qreal unit = inside.width() / 16;
            painter.drawPolygon(QPolygonF{inside.topLeft() + QPointF(8, 0.4) * unit,
                                          inside.topLeft() + QPointF(15.8, 14.2) * unit,
                                          inside.topLeft() + QPointF(0.2, 14.2) * unit});
        } else {
            painter.drawRoundedRect(inside.adjusted(-1, -1, 1, 1), radius, radius);
        }
    }
    const qreal less = hollow(cell.sign) ? body.width() * 0.04 : 0.0;
    paintSign(painter, inside.adjusted(less, less, -less, -less), cell.sign, colour, card);
}

void FleetTiles::drawSmall(QPainter &painter, const QRect &body, const FleetCell &cell,
                           const QColor &fill) const {
    if (plain(cell.sign)) {
        painter.fillRect(body, fill);
        return;
    }
    const QColor card = tokens_(Role::Card);
    const QColor colour =
        mixed(card, tokens_(roleOf(cell.sign)), cell.dimmed ? dim_amount + 0.2 : 1.0);
    if (square_ < shape_from) {
        painter.fillRect(body, colour);
    } else if (hollow(cell.sign)) {
        const int line = std::max(1, square_ / 8);
        painter.fillRect(body, colour);
        painter.fillRect(body.adjusted(line, line, -line, -line), card);
    } else {
        // Half a square: the upper half stays empty, so that it is seen without colour too.
        painter.fillRect(body.adjusted(0, (body.height() + 1) / 2, 0, 0), colour);
    }
}

} // namespace aviary
