// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/completiondelegate.h"

#include "ui/charts/paint.h"
#include "ui/fleet/completionmodel.h"
#include "ui/theme/scale.h"
#include "ui/theme/tokens.h"

#include <QFontMetricsF>
#include <QPainter>

namespace aviary {

QSize CompletionDelegate::sizeHint(const QStyleOptionViewItem &option,
                                   const QModelIndex &index) const {
    const Scale scale(option.font);
    const QFontMetricsF metrics(option.font);
    const qreal words = metrics.horizontalAdvance(index.data().toString()) +
                        metrics.horizontalAdvance(index.data(CompletionModel::NoteRole).toString());
    return {static_cast<int>(words) + scale.whole(64), scale.whole(26)};
}

void CompletionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                               const QModelIndex &index) const {
    const Tokens &tokens = tokensFor(option.palette);
    const Scale scale(option.font);
    painter->save();
    painter->fillRect(
        option.rect,
        tokens(option.state.testFlag(QStyle::State_Selected) ? Role::Selected : Role::Raised));
    painter->setFont(option.font);
    const qreal side = scale(space::small);
    const QRectF inside = QRectF(option.rect).adjusted(side, 0, -side, 0);
    const bool mirrored = option.direction == Qt::RightToLeft;
    const Qt::Alignment begin = mirrored ? Qt::AlignRight : Qt::AlignLeft;
    const Qt::Alignment end = mirrored ? Qt::AlignLeft : Qt::AlignRight;
    const QString note = index.data(CompletionModel::NoteRole).toString();
    const qreal note_width = QFontMetricsF(option.font).horizontalAdvance(note) + 1;
    painter->setPen(tokens(Role::Dim));
    paintText(*painter, inside, end | Qt::AlignVCenter | Qt::AlignAbsolute, note);
    painter->setPen(tokens(Role::Text));
    const qreal room = note_width + side;
    paintText(*painter, mirrored ? inside.adjusted(room, 0, 0, 0) : inside.adjusted(0, 0, -room, 0),
              begin | Qt::AlignVCenter | Qt::AlignAbsolute, index.data().toString());
    painter->restore();
}

} // namespace aviary
