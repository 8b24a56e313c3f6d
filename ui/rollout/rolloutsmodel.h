// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

namespace aviary {

// How much a rollout needs a person: 0 waits for one, then what goes back or stands still, then
// what runs, then what is to be started, then what ended badly, then the rest.
int needOf(kernel::Status status);

// All rollouts, one a row.
class RolloutsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Service, Revisions, Cluster, Strategy, State, Progress, Changed, Who, columns };
    enum Role {
        IdRole = Qt::UserRole,
        SignRole,
        ShareRole,
        NodesRole,
        SortRole,
        NeedRole,
        TextRole
    };

    using QAbstractTableModel::QAbstractTableModel;

    // Rows keep their places as long as they exist.
    void setRows(const std::vector<api::RolloutRow> &rows);
    void setNow(qint64 wall_ms);
    const api::RolloutRow &row(int row) const { return rows_[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString textOf(const api::RolloutRow &row, int column) const;
    QVariant sortKey(const api::RolloutRow &row, int column) const;

    std::vector<api::RolloutRow> rows_;
    qint64 now_wall_ms_ = 0;
};

// Those that match every word typed, and one of the kinds; by need until a column is chosen.
class RolloutsFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    enum class Kind { All, Active, NeedsPerson, Ended };

    explicit RolloutsFilter(QObject *parent = nullptr);
    void setWords(const QString &words);
    void setKind(Kind kind);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &a, const QModelIndex &b) const override;

private:
    QStringList words_;
    Kind kind_ = Kind::All;
};

} // namespace aviary
