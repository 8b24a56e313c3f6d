// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/fleetstore.h"

#include <QTableView>

namespace aviary {

class FleetTableModel;

// The rows of a fleet: signs drawn, columns that move, hide and are remembered,
// many rows chosen at once. What is chosen is kept by node, so that it stays
// when rows move.
class FleetTable : public QTableView {
    Q_OBJECT
public:
    explicit FleetTable(QWidget *parent = nullptr);

    void setNodes(FleetTableModel *model); // null: none
    // The order, width and presence of columns, and what they are sorted by.
    QByteArray columns() const;
    void setColumns(const QByteArray &columns); // nothing of it, where it cannot be read
    // Chosen rows, as nodes; selecting tells nobody.
    std::vector<NodeIndex> selectedNodes() const;
    // By node. Of a selection in very many pieces the table marks the first ones.
    void selectNodes(const std::vector<bool> &selected);

Q_SIGNALS:
    void selectedByPerson();
    void nodeActivated(aviary::NodeIndex node);
    void currentNodeChanged(aviary::NodeIndex node);
    void columnsChanged();

protected:
    void dataChanged(const QModelIndex &top_left, const QModelIndex &bottom_right,
                     const QList<int> &roles) override;
    void keyPressEvent(QKeyEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &left) override;
    void changeEvent(QEvent *event) override;

private:
    void dress();
    void setDefaultColumns();
    void showColumnMenu(QPoint at);

    FleetTableModel *model_ = nullptr;
    bool telling_ = true;
};

} // namespace aviary
