// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/theme/sign.h"

#include <QAbstractListModel>

#include <optional>
#include <vector>

namespace aviary {

struct SidebarRow {
    enum class Kind { View, Heading, Cluster, Rollout };
    Kind kind = Kind::View;
    QString id; // of the action, the cluster or the rollout
    QString title;
    QString note; // "Docker, 48"; the keys of a view
    Sign sign = Sign::None;
    std::optional<double> progress; // of a rollout, 0 to 1
    quint32 badge = 0;              // what waits
    bool operator==(const SidebarRow &) const = default;
};

// Views, then clusters, then rollouts in progress, with headings between.
std::vector<SidebarRow> sidebarRows(const std::vector<api::ClusterRow> &clusters,
                                    const std::vector<api::RolloutRow> &rollouts, quint32 waiting);

class SidebarModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Roles { KindRole = Qt::UserRole + 1, IdRole, NoteRole, SignRole, ProgressRole, BadgeRole };
    using QAbstractListModel::QAbstractListModel;

    // Rows that stay where they are only change; selection and focus survive.
    void setRows(std::vector<SidebarRow> rows);
    const SidebarRow &row(int row) const { return rows_[static_cast<std::size_t>(row)]; }
    int find(SidebarRow::Kind kind, const QString &id) const; // -1: not there

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    std::vector<SidebarRow> rows_;
};

} // namespace aviary
