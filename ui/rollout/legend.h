// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rollout/targetcells.h"
#include "ui/theme/piece.h"

namespace aviary {

// What colours and signs of a map stand for, beside each other, in as many lines as needed.
class Legend : public Piece {
    Q_OBJECT
public:
    explicit Legend(QWidget *parent = nullptr);
    void setEntries(const std::vector<LegendEntry> &entries);

    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    // Where each entry goes, from the side where reading begins.
    std::vector<QRectF> place(qreal width) const;

    std::vector<LegendEntry> entries_;
};

} // namespace aviary
