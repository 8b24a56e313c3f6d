// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace aviary {

// A cell of the list of rollouts: the sign before the service, a bar for the progress (filled to
// the share of traffic, with a line under it for the nodes), dim text for what is read second.
class RolloutDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

} // namespace aviary
