// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/chip.h"

#include "core/support/words.h"

#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace aviary {
namespace {

constexpr qreal side_px = 9;
constexpr qreal height_px = 20;
constexpr qreal sign_px = 11;
constexpr int length_max = 60;

QFont fontOf(const ChipValue &value, const Scale &scale) {
    return scale.font(TextSize::Axis, value.filled ? QFont::DemiBold : QFont::Normal);
}

} // namespace

QSizeF chipSize(const ChipValue &value, const Scale &scale) {
    const qreal sign = value.sign == Sign::None ? 0 : scale(sign_px + 4);
    const qreal side = value.filled ? scale(7) : scale(side_px);
    const qreal text = QFontMetricsF(fontOf(value, scale)).horizontalAdvance(value.text);
    return {text + sign + 2 * side + 1, scale(value.filled ? height_px - 3 : height_px)};
}

void paintChip(QPainter &painter, const QRectF &rect, const ChipValue &value, const Tokens &tokens,
               const Scale &scale, Qt::LayoutDirection direction) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal line = scale.line(1);
    const QRectF frame = rect.adjusted(line / 2, line / 2, -line / 2, -line / 2);
    const bool quiet = value.role == Role::Dim || value.role == Role::Accent;
    painter.setPen(QPen(tokens(quiet ? Role::Line : value.role), line));
    painter.setBrush(value.filled ? QBrush(tokens(value.role)) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2);
    const qreal side = value.filled ? scale(7) : scale(side_px);
    QRectF words = rect.adjusted(side, 0, -side, 0);
    if (value.sign != Sign::None) {
        const qreal sign = scale(sign_px);
        QRectF place(words.left(), words.center().y() - sign / 2, sign, sign);
        words.setLeft(words.left() + sign + scale(4));
        if (direction == Qt::RightToLeft) {
            place.moveRight(rect.right() - side);
            words.moveRight(place.left() - scale(4));
        }
        paintSign(painter, place, value.sign, tokens(value.role), tokens(Role::Card));
    }
    painter.setFont(fontOf(value, scale));
    const Role on_area = value.role == Role::Attention ? Role::OnAttention : Role::OnAccent;
    painter.setPen(tokens(value.filled ? on_area : value.role));
    painter.drawText(words, Qt::AlignCenter | Qt::TextSingleLine, value.text);
    painter.restore();
}

Chip::Chip(const ChipValue &value, QWidget *parent) : Piece(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setValue(value);
}

void Chip::setValue(const ChipValue &value) {
    value_ = value;
    value_.text = boundedText(value.text, length_max);
    setAccessibleName(value_.text);
    setVisible(!value_.text.isEmpty());
    updateGeometry();
    update();
}

QSize Chip::sizeHint() const {
    const QSizeF size = chipSize(value_, scale());
    return {static_cast<int>(std::ceil(size.width())), static_cast<int>(std::ceil(size.height()))};
}

void Chip::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    paintChip(painter, rect(), value_, tokens(), scale(), layoutDirection());
}

} // namespace aviary
