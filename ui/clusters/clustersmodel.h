// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/theme/sign.h"

#include <QAbstractTableModel>

#include <vector>

namespace aviary {

// One cluster in the list: its row, the daemon that has it, and how old its data is.
struct ClusterLine {
    QString key; // handed back
    api::ClusterRow row;
    QString daemon; // "this computer", "ops@depot"
    QString age;    // "live, 0.2 s old"
    bool operator==(const ClusterLine &) const = default;
};

class ClustersModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Kind, Class, Access, Nodes, Age, Daemon, Text, column_count };
    enum Roles { KeyRole = Qt::UserRole + 1, SignRole };
    using QAbstractTableModel::QAbstractTableModel;

    // Lines that stay only change, so that the selection survives.
    void setLines(std::vector<ClusterLine> lines);
    const ClusterLine &line(int row) const { return lines_[static_cast<std::size_t>(row)]; }
    int find(const QString &key) const; // -1: not there

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString textOf(const ClusterLine &line, int column) const;

    std::vector<ClusterLine> lines_;
};

} // namespace aviary
