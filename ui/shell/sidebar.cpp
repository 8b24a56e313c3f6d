// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/sidebar.h"

#include "core/support/words.h"
#include "ui/theme/chip.h"
#include "ui/theme/scale.h"

#include <QFontMetricsF>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>

namespace aviary {
namespace {

constexpr qreal row_px = 28;
constexpr qreal rollout_px = 37;
constexpr qreal heading_px = 30;
constexpr qreal side_px = 14;
constexpr qreal sign_px = 13;
constexpr qreal width_px = 240;

QRectF mirroredIn(const QRectF &rect, const QRectF &row, Qt::LayoutDirection direction) {
    return direction == Qt::RightToLeft ? QRectF(row.left() + row.right() - rect.right(),
                                                 rect.top(), rect.width(), rect.height())
                                        : rect;
}

void paintLine(QPainter &painter, const QRectF &rect, const QString &text,
               Qt::LayoutDirection direction, bool at_end) {
    const QString shown =
        QFontMetricsF(painter.font()).elidedText(text, Qt::ElideRight, rect.width());
    const bool right = (direction == Qt::RightToLeft) != at_end;
    painter.drawText(rect,
                     static_cast<int>((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter |
                                      Qt::AlignAbsolute) |
                         Qt::TextSingleLine,
                     shown);
}

} // namespace

Sidebar::Sidebar(QWidget *parent) : QListView(parent), rows_(new SidebarModel(this)) {
    setModel(rows_);
    setItemDelegate(new SidebarDelegate(this));
    setAccessibleName(tr("Views, clusters and rollouts"));
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setViewportMargins(0, Scale::of(this).whole(8), 0, 0);
    connect(this, &QListView::clicked, this, &Sidebar::choose);
}

QSize Sidebar::sizeHint() const {
    return {Scale::of(this).whole(width_px), 0};
}

void Sidebar::setOpen(const QString &view, const QString &cluster, const QString &rollout) {
    view_ = view;
    cluster_ = cluster;
    rollout_ = rollout;
    viewport()->update();
}

bool Sidebar::isOpen(const QModelIndex &index) const {
    const QString id = index.data(SidebarModel::IdRole).toString();
    switch (static_cast<SidebarRow::Kind>(index.data(SidebarModel::KindRole).toInt())) {
    case SidebarRow::Kind::View:
        return id == view_;
    case SidebarRow::Kind::Cluster:
        return id == cluster_;
    case SidebarRow::Kind::Rollout:
        return id == rollout_;
    case SidebarRow::Kind::Heading:
        break;
    }
    return false;
}

void Sidebar::choose(const QModelIndex &index) {
    const QString id = index.data(SidebarModel::IdRole).toString();
    switch (static_cast<SidebarRow::Kind>(index.data(SidebarModel::KindRole).toInt())) {
    case SidebarRow::Kind::View:
        Q_EMIT viewChosen(id);
        break;
    case SidebarRow::Kind::Cluster:
        Q_EMIT clusterChosen(id);
        break;
    case SidebarRow::Kind::Rollout:
        Q_EMIT rolloutChosen(id);
        break;
    case SidebarRow::Kind::Heading:
        break;
    }
}

void Sidebar::keyPressEvent(QKeyEvent *event) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        choose(currentIndex());
        return;
    }
    QListView::keyPressEvent(event);
}

SidebarDelegate::SidebarDelegate(Sidebar *sidebar)
    : QStyledItemDelegate(sidebar), sidebar_(sidebar) {}

QSize SidebarDelegate::sizeHint(const QStyleOptionViewItem &option,
                                const QModelIndex &index) const {
    const Scale scale(option.font);
    const auto kind = static_cast<SidebarRow::Kind>(index.data(SidebarModel::KindRole).toInt());
    const qreal height = kind == SidebarRow::Kind::Heading   ? heading_px
                         : kind == SidebarRow::Kind::Rollout ? rollout_px
                                                             : row_px;
    return {0, scale.whole(height)};
}

void SidebarDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const {
    const Tokens &tokens = tokensFor(option.palette);
    const Scale scale(option.font);
    const QRectF row(option.rect);
    const auto direction = option.direction;
    const SidebarRow &value = sidebar_->rows()->row(index.row());
    painter->save();
    const qreal side = scale(side_px);
    if (value.kind == SidebarRow::Kind::Heading) {
        painter->setFont(scale.font(TextSize::Caption, QFont::DemiBold));
        painter->setPen(tokens(Role::Dim));
        paintLine(*painter, row.adjusted(side, scale(4), -side, 0), value.title, direction, false);
        painter->restore();
        return;
    }
    const bool open = sidebar_->isOpen(index);
    if (open) {
        painter->fillRect(row, tokens(Role::Selected));
        painter->fillRect(
            mirroredIn({row.left(), row.top(), scale.line(2), row.height()}, row, direction),
            tokens(Role::Accent));
    } else if (option.state.testFlag(QStyle::State_MouseOver)) {
        painter->fillRect(row, tokens(Role::Selected, 0.5));
    }
    QRectF words(row.left() + side, row.top(), row.width() - 2 * side, scale(row_px));
    if (value.sign != Sign::None) {
        const qreal sign = scale(sign_px);
        const QRectF place(words.left(), words.center().y() - sign / 2, sign, sign);
        paintSign(*painter, mirroredIn(place, row, direction), value.sign, tokens);
        words.setLeft(words.left() + sign + scale(7));
    }
    if (value.badge > 0) {
        const ChipValue chip{countText(value.badge), Role::Attention, Sign::None, true};
        const QSizeF size = chipSize(chip, scale);
        const QRectF place(words.right() - size.width(), words.center().y() - size.height() / 2,
                           size.width(), size.height());
        paintChip(*painter, mirroredIn(place, row, direction), chip, tokens, scale, direction);
        words.setRight(place.left() - scale(6));
    } else if (!value.note.isEmpty()) {
        painter->setFont(scale.font(TextSize::Axis));
        const qreal note = std::min(
            QFontMetricsF(painter->font()).horizontalAdvance(value.note) + 1, words.width() * 0.6);
        const QRectF place(words.right() - note, words.top(), note, words.height());
        painter->setPen(tokens(Role::Dim));
        paintLine(*painter, mirroredIn(place, row, direction), value.note, direction, true);
        words.setRight(place.left() - scale(6));
    }
    const bool strong = value.badge > 0;
    painter->setFont(scale.font(TextSize::Body, strong ? QFont::DemiBold : QFont::Normal));
    painter->setPen(tokens(Role::Text));
    paintLine(*painter, mirroredIn(words, row, direction), value.title, direction, false);
    if (value.progress) {
        const qreal left = row.left() + side + scale(sign_px + 7);
        const QRectF bar(left, row.bottom() - scale(7), row.right() - side - left, scale(3));
        painter->fillRect(bar, tokens(Role::Line));
        QRectF part = bar;
        part.setWidth(bar.width() * std::clamp(*value.progress, 0.0, 1.0));
        painter->fillRect(mirroredIn(part, bar, direction), tokens(roleOf(value.sign)));
    }
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(tokens(Role::Accent), scale.line(1)));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(row.adjusted(0.5, 0.5, -1, -1));
    }
    painter->restore();
}

} // namespace aviary
