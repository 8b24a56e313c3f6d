// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/sidebarmodel.h"

#include <QListView>
#include <QStyledItemDelegate>

namespace aviary {

// Views, clusters and rollouts in progress, each with its sign. What is open is marked; the arrow
// keys move, Enter opens.
class Sidebar : public QListView {
    Q_OBJECT
public:
    explicit Sidebar(QWidget *parent = nullptr);

    SidebarModel *rows() const { return rows_; }
    // What the window shows: an action's id, a cluster, a rollout; empty where none.
    void setOpen(const QString &view, const QString &cluster, const QString &rollout);
    bool isOpen(const QModelIndex &index) const;
    QSize sizeHint() const override;

Q_SIGNALS:
    void viewChosen(const QString &action);
    void clusterChosen(const QString &cluster);
    void rolloutChosen(const QString &rollout);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void choose(const QModelIndex &index);

    SidebarModel *rows_;
    QString view_, cluster_, rollout_;
};

class SidebarDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit SidebarDelegate(Sidebar *sidebar);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    Sidebar *sidebar_;
};

} // namespace aviary
