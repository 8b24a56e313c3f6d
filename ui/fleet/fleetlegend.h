// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/fleet/fleetgrid.h"
#include "ui/theme/piece.h"

namespace aviary {

// What the colours and shapes of the map mean, and how many nodes have them.
// What does not fit in one line is left out, the last first; the whole is the
// tool tip.
class FleetLegend : public Piece {
    Q_OBJECT
public:
    explicit FleetLegend(QWidget *parent = nullptr);

    void setValue(std::vector<FleetGrid::Entry> colours, const SignCounts &signs);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Entry {
        std::optional<FleetTint> tint; // none: a sign
        Sign sign = Sign::None;
        QString text;
    };
    void paintMark(QPainter &painter, const QRectF &place, const Entry &entry) const;

    std::vector<Entry> entries_;
};

} // namespace aviary
