// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/happeningdelegate.h"

#include "ui/charts/paint.h"
#include "ui/rollout/happeningsmodel.h"
#include "ui/theme/paragraph.h"
#include "ui/theme/scale.h"
#include "ui/theme/tokens.h"

#include <QFontMetricsF>
#include <QListView>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr qreal who_px = 84;
constexpr qreal gap_px = 10;
constexpr qreal pad_px = 4;
constexpr int lines_max = 3;

struct Places {
    QRectF time, who, text; // from the left
};

Places placesIn(const QRectF &row, const Scale &scale) {
    const QFontMetricsF metrics(scale.font(TextSize::Axis));
    const qreal pad = scale(pad_px);
    const qreal time = metrics.horizontalAdvance(QStringLiteral("00:00:00")) + 1;
    const qreal who = std::min(scale(who_px), row.width() / 4);
    const qreal line = QFontMetricsF(scale.font(TextSize::Caption)).lineSpacing();
    Places places;
    places.time = {row.left() + pad, row.top() + pad, time, line};
    places.who = {places.time.right() + scale(gap_px), row.top() + pad, who, line};
    const qreal left = places.who.right() + scale(gap_px);
    places.text = {left, row.top() + pad, std::max<qreal>(1, row.right() - pad - left),
                   row.height() - 2 * pad};
    return places;
}

// Of a row's texts: room for the scroll bar is kept whether it is there or not, so that no line
// breaks elsewhere once it comes.
qreal widthIn(const QListView &list) {
    return list.maximumViewportSize().width() - list.verticalScrollBar()->sizeHint().width();
}

Paragraph paragraphOf(const QModelIndex &index, const Scale &scale) {
    return {index.data().toString(), scale.font(TextSize::Caption), lines_max};
}

} // namespace

void HappeningDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const {
    const Tokens &tokens = tokensFor(option.palette);
    const Scale scale(option.font);
    const bool mirrored = option.direction == Qt::RightToLeft;
    const QRectF row = option.rect;
    QRectF texts = row;
    if (const auto *list = qobject_cast<const QListView *>(option.widget)) {
        texts.setWidth(widthIn(*list));
    }
    const auto placed = [&](const QRectF &rect) {
        return mirrored ? QRectF(row.left() + row.right() - rect.right(), rect.top(), rect.width(),
                                 rect.height())
                        : rect;
    };
    const Qt::Alignment start = mirrored ? Qt::AlignRight : Qt::AlignLeft;
    painter->save();
    if (option.state.testFlag(QStyle::State_Selected)) {
        painter->fillRect(row, tokens(Role::Selected));
    }
    painter->setPen(QPen(tokens(Role::Line), scale.line(1)));
    painter->drawLine(row.bottomLeft(), row.bottomRight());
    const Places places = placesIn(texts, scale);
    painter->setFont(scale.font(TextSize::Axis));
    painter->setPen(tokens(Role::Dim));
    paintText(*painter, placed(places.time), start | Qt::AlignVCenter,
              index.data(HappeningsModel::TimeRole).toString());
    painter->setFont(scale.font(TextSize::Caption));
    paintText(*painter, placed(places.who), start | Qt::AlignVCenter,
              index.data(HappeningsModel::WhoRole).toString());
    painter->setPen(tokens(Role::Text));
    paintParagraph(*painter, placed(places.text), paragraphOf(index, scale), start);
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        paintFocusRing(*painter, row.adjusted(1, 1, -1, -1), scale(3), tokens(Role::Accent));
    }
    painter->restore();
}

QSize HappeningDelegate::sizeHint(const QStyleOptionViewItem &option,
                                  const QModelIndex &index) const {
    const Scale scale(option.font);
    const auto *list = qobject_cast<const QListView *>(option.widget);
    const qreal width = list ? widthIn(*list) : scale(300);
    const Places places = placesIn(QRectF(0, 0, width, 0), scale);
    const qreal height = paragraphHeight(paragraphOf(index, scale), places.text.width());
    return {static_cast<int>(width), static_cast<int>(std::ceil(height + 2 * scale(pad_px))) + 1};
}

} // namespace aviary
