// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/piece.h"
#include "ui/theme/sign.h"

#include <QString>

namespace aviary {

// A word in a rounded frame: a strategy, a state with its sign, a class, a number that waits.
struct ChipValue {
    QString text;
    Role role = Role::Dim;  // of the text; the frame follows where it is not Dim
    Sign sign = Sign::None; // before the text
    bool filled = false;    // a number on an area of the role
    bool operator==(const ChipValue &) const = default;
};

// The size a chip takes, and the chip itself; for delegates and the widget alike.
QSizeF chipSize(const ChipValue &value, const Scale &scale);
void paintChip(QPainter &painter, const QRectF &rect, const ChipValue &value, const Tokens &tokens,
               const Scale &scale, Qt::LayoutDirection direction = Qt::LeftToRight);

class Chip : public Piece {
    Q_OBJECT
public:
    explicit Chip(const ChipValue &value = {}, QWidget *parent = nullptr);

    const ChipValue &value() const { return value_; }
    void setValue(const ChipValue &value); // without text it hides
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    ChipValue value_;
};

} // namespace aviary
