// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/combobox.h"

#include "ui/theme/icon.h"
#include "ui/theme/scale.h"

#include <QPainter>
#include <QStyleOptionComboBox>

namespace aviary {
namespace {

constexpr qreal chevron_px = 12;

} // namespace

void ComboBox::paintEvent(QPaintEvent *event) {
    QComboBox::paintEvent(event);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    const QRectF arrow =
        style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxArrow, this);
    const qreal side = Scale::of(this)(chevron_px);
    QRectF at(0, 0, side, side);
    at.moveCenter(arrow.center());
    QPainter painter(this);
    paintIcon(painter, at, QStringLiteral("chevron-down"), tokensOf(this)(Role::Dim));
}

} // namespace aviary
