// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/signdelegate.h"

#include "ui/models/fleettablemodel.h"
#include "ui/theme/scale.h"
#include "ui/theme/sign.h"

#include <QPainter>

#include <algorithm>

namespace aviary {
namespace {

constexpr qreal sign_px = 13;

} // namespace

void SignDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const {
    QStyledItemDelegate::paint(painter, option, index); // the row's background
    const auto sign = static_cast<Sign>(index.data(FleetTableModel::SignRole).toInt());
    const Scale scale(option.font);
    const qreal side = std::min<qreal>(scale(sign_px), option.rect.height());
    QRectF place(0, 0, side, side);
    place.moveCenter(QRectF(option.rect).center());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    paintSign(*painter, place, sign, tokensFor(option.palette),
              selected ? Role::Selected : Role::Card);
    painter->restore();
}

} // namespace aviary
