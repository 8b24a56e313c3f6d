// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/history/historyvalue.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

namespace aviary {

// The deployments of all clusters, one a row.
class DeploymentsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { State, Service, Revision, Strategy, Outcome, Took, Nodes, By, Cluster, Began };
    static constexpr int column_count = Began + 1;
    enum Role {
        IdRole = Qt::UserRole, // of the deployment
        SortRole,
        SearchRole, // everything that a filter looks at, in lower case
    };

    using QAbstractTableModel::QAbstractTableModel;

    // Rows that stay keep their place; selections survive.
    void setLines(const std::vector<HistoryLine> &lines, qint64 instant_wall_ms);
    const HistoryLine *line(const QString &id) const;
    const std::vector<HistoryLine> &lines() const { return lines_; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString textOf(const HistoryLine &line, int column) const;
    QVariant sortOf(const HistoryLine &line, int column) const;

    std::vector<HistoryLine> lines_;
    qint64 instant_wall_ms_ = 0;
};

// Rows in which every word of the filter occurs; "bad" and "stable" are words of marked rows.
class DeploymentsFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit DeploymentsFilter(QObject *parent = nullptr);
    void setWords(const QString &text);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList words_;
};

} // namespace aviary
