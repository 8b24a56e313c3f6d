// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/sidebarmodel.h"

#include "core/support/words.h"
#include "ui/models/signs.h"
#include "ui/shell/actioncontext.h"
#include "ui/theme/actionbutton.h"

#include <QKeySequence>

#include <algorithm>

namespace aviary {
namespace {

SidebarRow viewRow(const char *action, quint32 badge = 0) {
    const ActionLine *line = actionLine(action);
    SidebarRow row;
    row.id = QString::fromLatin1(action);
    row.title = actionText(*line, {});
    row.note = keysText(QKeySequence(QString::fromLatin1(line->keys)));
    row.badge = badge;
    return row;
}

SidebarRow heading(const QString &title) {
    SidebarRow row;
    row.kind = SidebarRow::Kind::Heading;
    row.title = title;
    return row;
}

SidebarRow clusterRow(const api::ClusterRow &cluster) {
    SidebarRow row;
    row.kind = SidebarRow::Kind::Cluster;
    row.id = cluster.id;
    row.title = boundedText(cluster.name, 80);
    row.sign = signOf(cluster);
    row.note = cluster.nodes == 0
                   ? nameOf(cluster.kind)
                   : nameOf(cluster.kind) + QStringLiteral(", ") + countText(cluster.nodes);
    return row;
}

QString stateNote(const api::RolloutRow &rollout) {
    switch (rollout.status) {
    case kernel::Status::Waiting:
        return SidebarModel::tr("%1, waiting").arg(percentText(rollout.weight));
    case kernel::Status::InProgress:
        return rollout.waves > 1
                   ? SidebarModel::tr("wave %1 of %2").arg(rollout.wave).arg(rollout.waves)
                   : percentText(rollout.weight);
    default:
        return nameOf(signOf(rollout.status));
    }
}

SidebarRow rolloutRow(const api::RolloutRow &rollout) {
    SidebarRow row;
    row.kind = SidebarRow::Kind::Rollout;
    row.id = rollout.id;
    row.title = boundedText(rollout.service, 80);
    row.sign = signOf(rollout.status);
    row.note = stateNote(rollout);
    row.progress =
        rollout.steps == 0 ? 0.0 : std::min(1.0, static_cast<double>(rollout.step) / rollout.steps);
    return row;
}

} // namespace

std::vector<SidebarRow> sidebarRows(const std::vector<api::ClusterRow> &clusters,
                                    const std::vector<api::RolloutRow> &rollouts, quint32 waiting) {
    std::vector<SidebarRow> rows{viewRow("view.waiting", waiting), viewRow("view.fleet"),
                                 viewRow("view.rollouts"),         viewRow("view.rehearsal"),
                                 viewRow("view.history"),          viewRow("view.plans")};
    rows.push_back(heading(SidebarModel::tr("Clusters")));
    std::transform(clusters.begin(), clusters.end(), std::back_inserter(rows), clusterRow);
    if (!rollouts.empty()) {
        rows.push_back(heading(SidebarModel::tr("In progress")));
        std::transform(rollouts.begin(), rollouts.end(), std::back_inserter(rows), rolloutRow);
    }
    return rows;
}

void SidebarModel::setRows(std::vector<SidebarRow> rows) {
    const auto same = [](const SidebarRow &a, const SidebarRow &b) {
        return a.kind == b.kind && a.id == b.id;
    };
    // What stands before the first and after the last difference stays.
    const std::size_t shorter = std::min(rows.size(), rows_.size());
    std::size_t head = 0;
    while (head < shorter && same(rows[head], rows_[head])) {
        ++head;
    }
    std::size_t tail = 0;
    while (tail < shorter - head &&
           same(rows[rows.size() - 1 - tail], rows_[rows_.size() - 1 - tail])) {
        ++tail;
    }
    const auto at = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
    if (head + tail < rows_.size()) {
        beginRemoveRows({}, static_cast<int>(head), static_cast<int>(rows_.size() - tail) - 1);
        rows_.erase(rows_.begin() + at(head), rows_.end() - at(tail));
        endRemoveRows();
    }
    if (head + tail < rows.size()) {
        beginInsertRows({}, static_cast<int>(head), static_cast<int>(rows.size() - tail) - 1);
        rows_.insert(rows_.begin() + at(head), rows.begin() + at(head), rows.end() - at(tail));
        endInsertRows();
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] != rows_[i]) {
            rows_[i] = std::move(rows[i]);
            const QModelIndex changed = index(static_cast<int>(i), 0);
            Q_EMIT dataChanged(changed, changed);
        }
    }
}

int SidebarModel::find(SidebarRow::Kind kind, const QString &id) const {
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const SidebarRow &row) {
        return row.kind == kind && row.id == id;
    });
    return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

int SidebarModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant SidebarModel::data(const QModelIndex &index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const SidebarRow &row = this->row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return row.title;
    case Qt::AccessibleTextRole: {
        const QString state = row.sign == Sign::None ? QString() : u", " + nameOf(row.sign);
        const QString badge = row.badge == 0 ? QString() : u", " + countText(row.badge);
        return QString(row.title + state + u", " + row.note + badge);
    }
    case KindRole:
        return static_cast<int>(row.kind);
    case IdRole:
        return row.id;
    case NoteRole:
        return row.note;
    case SignRole:
        return static_cast<int>(row.sign);
    case ProgressRole:
        return row.progress ? QVariant(*row.progress) : QVariant();
    case BadgeRole:
        return row.badge;
    default:
        return {};
    }
}

Qt::ItemFlags SidebarModel::flags(const QModelIndex &index) const {
    if (!index.isValid()) {
        return Qt::NoItemFlags;
    }
    const bool heading = row(index.row()).kind == SidebarRow::Kind::Heading;
    const Qt::ItemFlags chosen = Qt::ItemIsSelectable | Qt::ItemIsEnabled;
    return (heading ? Qt::ItemFlags() : chosen) | Qt::ItemNeverHasChildren;
}

} // namespace aviary
