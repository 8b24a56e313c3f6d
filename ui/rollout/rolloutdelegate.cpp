// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rolloutdelegate.h"

#include "core/support/words.h"
#include "ui/charts/paint.h"
#include "ui/rollout/rolloutsmodel.h"
#include "ui/theme/scale.h"
#include "ui/theme/sign.h"

#include <QFontMetricsF>
#include <QPainter>

namespace aviary {
namespace {

constexpr qreal pad_px = 8;
constexpr qreal sign_px = 13;
constexpr qreal bar_px = 5;

struct Cell {
    QPainter &painter;
    QRectF rect; // inside
    const Tokens &tokens;
    Scale scale;
    bool mirrored = false;

    QRectF placed(const QRectF &part) const {
        return mirrored ? QRectF(rect.left() + rect.right() - part.right(), part.top(),
                                 part.width(), part.height())
                        : part;
    }
    Qt::Alignment start() const {
        return Qt::AlignVCenter | (mirrored ? Qt::AlignRight : Qt::AlignLeft);
    }
};

void paintProgress(const Cell &cell, const QModelIndex &index) {
    const auto sign = static_cast<Sign>(index.data(RolloutsModel::SignRole).toInt());
    const qreal share = index.data(RolloutsModel::ShareRole).toDouble();
    const qreal nodes = index.data(RolloutsModel::NodesRole).toDouble();
    cell.painter.setFont(cell.scale.font(TextSize::Axis));
    const QFontMetricsF metrics(cell.painter.font());
    const QString text = percentText(static_cast<int>(share * 10'000 + 0.5));
    const qreal words = metrics.horizontalAdvance(QStringLiteral("100\u00a0%")) + cell.scale(4);
    cell.painter.setPen(cell.tokens(Role::Text));
    paintText(cell.painter,
              cell.placed({cell.rect.left(), cell.rect.top(), words, cell.rect.height()}),
              cell.start(), text);
    const qreal left = cell.rect.left() + words + cell.scale(6);
    const qreal height = cell.scale(bar_px);
    const QRectF track(left, cell.rect.center().y() - height, cell.rect.right() - left, height);
    const auto part = [&](const QRectF &all, qreal amount) {
        return cell.placed({all.left(), all.top(), all.width() * amount, all.height()});
    };
    cell.painter.fillRect(cell.placed(track),
                          mixed(cell.tokens(Role::Card), cell.tokens(Role::OldFill), 0.45));
    cell.painter.fillRect(part(track, share), cell.tokens(roleOf(sign)));
    const QRectF line(track.left(), track.bottom() + cell.scale(3), track.width(),
                      cell.scale.line(2));
    cell.painter.fillRect(part(line, nodes), cell.tokens(Role::OldLine));
}

} // namespace

void RolloutDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const {
    const Scale scale(option.font);
    const Tokens &tokens = tokensFor(option.palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (option.state.testFlag(QStyle::State_Selected)) {
        painter->fillRect(option.rect, tokens(Role::Selected));
    }
    painter->setPen(QPen(tokens(Role::Line), scale.line(1)));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    Cell cell{*painter, QRectF(option.rect).adjusted(scale(pad_px), 0, -scale(pad_px), 0), tokens,
              scale, option.direction == Qt::RightToLeft};
    if (index.column() == RolloutsModel::Progress) {
        paintProgress(cell, index);
        painter->restore();
        return;
    }
    if (index.column() == RolloutsModel::Service) {
        const qreal side = scale(sign_px);
        const QRectF place(cell.rect.left(), cell.rect.center().y() - side / 2, side, side);
        paintSign(*painter, cell.placed(place),
                  static_cast<Sign>(index.data(RolloutsModel::SignRole).toInt()), tokens);
        const QRectF all = cell.rect;
        const QRectF words = all.adjusted(side + scale(8), 0, 0, 0);
        painter->setFont(scale.font(TextSize::Body, QFont::DemiBold));
        painter->setPen(tokens(Role::Text));
        paintText(*painter, cell.placed(words), cell.start(), index.data().toString());
    } else {
        const bool first = index.column() == RolloutsModel::State;
        painter->setFont(scale.font(first ? TextSize::Body : TextSize::Caption));
        painter->setPen(tokens(first ? Role::Text : Role::Dim));
        paintText(*painter, cell.rect, cell.start(), index.data().toString());
    }
    painter->restore();
}

} // namespace aviary
