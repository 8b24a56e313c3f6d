// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rolloutsmodel.h"

#include "core/api/words.h"
#include "core/support/words.h"
#include "ui/models/signs.h"

#include <QDateTime>
#include <QHash>
#include <QLocale>

#include <algorithm>

namespace aviary {

using kernel::Status;

namespace {
constexpr qint64 just_now_ms = 1'000;
}

int needOf(Status status) {
    switch (status) {
    case Status::Waiting:
        return 0;
    case Status::RollingBack:
        return 1;
    case Status::Paused:
        return 2;
    case Status::InProgress:
        return 3;
    case Status::Pending:
        return 4;
    case Status::Draft:
    case Status::Approved:
        return 5;
    case Status::Failed:
        return 6;
    case Status::RolledBack:
        return 7;
    case Status::Completed:
    case Status::Superseded:
        return 8;
    }
    return 8;
}

void RolloutsModel::setRows(const std::vector<api::RolloutRow> &rows) {
    QHash<QString, const api::RolloutRow *> coming;
    for (const api::RolloutRow &row : rows) {
        coming.insert(row.id, &row);
    }
    for (int i = rowCount() - 1; i >= 0; --i) {
        api::RolloutRow &known = rows_[static_cast<std::size_t>(i)];
        const api::RolloutRow *now = coming.take(known.id);
        if (!now) {
            beginRemoveRows({}, i, i);
            rows_.erase(rows_.begin() + i);
            endRemoveRows();
        } else if (!(*now == known)) {
            known = *now;
            Q_EMIT dataChanged(index(i, 0), index(i, columns - 1));
        }
    }
    std::vector<const api::RolloutRow *> added;
    for (const api::RolloutRow &row : rows) {
        if (coming.remove(row.id) > 0) {
            added.push_back(&row);
        }
    }
    if (added.empty()) {
        return;
    }
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(added.size()) - 1);
    for (const api::RolloutRow *row : added) {
        rows_.push_back(*row);
    }
    endInsertRows();
}

void RolloutsModel::setNow(qint64 wall_ms) {
    constexpr qint64 second_ms = 1'000;
    if (wall_ms / second_ms == now_wall_ms_ / second_ms) {
        return;
    }
    now_wall_ms_ = wall_ms;
    if (!rows_.empty()) {
        Q_EMIT dataChanged(index(0, Changed), index(rowCount() - 1, Changed), {Qt::DisplayRole});
    }
}

int RolloutsModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int RolloutsModel::columnCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : columns;
}

QString RolloutsModel::textOf(const api::RolloutRow &row, int column) const {
    switch (column) {
    case Service:
        return boundedText(row.service, 80);
    case Revisions:
        return boundedText(row.from.isEmpty() ? tr("nothing") : row.from, 40) +
               QStringLiteral(" \u2192 ") + boundedText(row.to, 40);
    case Cluster:
        return boundedText(row.cluster, 60);
    case Strategy:
        return api::wordOf(row.strategy);
    case State:
        return row.headline.isEmpty() ? nameOf(signOf(row.status)) : boundedText(row.headline);
    case Progress:
        return tr("%1, %2 of %3")
            .arg(percentText(row.weight), countText(row.nodes_done), nodesText(row.nodes));
    case Changed:
        if (now_wall_ms_ - row.changed_wall_ms < just_now_ms) {
            return tr("just now");
        }
        return tr("%1 ago").arg(ageText(std::max<qint64>(0, now_wall_ms_ - row.changed_wall_ms)));
    case Who:
        return boundedText(row.who, 60);
    default:
        return {};
    }
}

QVariant RolloutsModel::sortKey(const api::RolloutRow &row, int column) const {
    switch (column) {
    case State:
        return needOf(row.status);
    case Progress:
        return row.nodes > 0 ? static_cast<double>(row.nodes_done) / row.nodes : 0.0;
    case Changed:
        return -row.changed_wall_ms;
    default:
        return textOf(row, column);
    }
}

QVariant RolloutsModel::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const api::RolloutRow &one = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return textOf(one, index.column());
    case Qt::ToolTipRole:
        return (index.column() == Changed
                    ? QLocale().toString(QDateTime::fromMSecsSinceEpoch(one.changed_wall_ms))
                    : textOf(one, index.column()))
            .toHtmlEscaped();
    case Qt::AccessibleTextRole:
        return index.column() == Service
                   ? textOf(one, Service) + QStringLiteral(", ") + nameOf(signOf(one.status))
                   : textOf(one, index.column());
    case IdRole:
        return one.id;
    case SignRole:
        return QVariant::fromValue(static_cast<int>(signOf(one.status)));
    case ShareRole:
        return one.weight / static_cast<double>(kernel::full_weight);
    case NodesRole:
        return one.nodes > 0 ? static_cast<double>(one.nodes_done) / one.nodes : 0.0;
    case NeedRole:
        return needOf(one.status);
    case SortRole:
        return sortKey(one, index.column());
    case TextRole:
        return QStringList{textOf(one, Service),      textOf(one, Revisions), textOf(one, Cluster),
                           textOf(one, Strategy),     textOf(one, State),     textOf(one, Who),
                           nameOf(signOf(one.status))}
            .join(u' ');
    default:
        return {};
    }
}

QVariant RolloutsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    const std::array names{tr("service"), tr("revision"), tr("cluster"), tr("strategy"),
                           tr("state"),   tr("progress"), tr("changed"), tr("who")};
    return section >= 0 && section < columns ? names[static_cast<std::size_t>(section)] : QString();
}

RolloutsFilter::RolloutsFilter(QObject *parent) : QSortFilterProxyModel(parent) {
    setSortRole(RolloutsModel::SortRole);
    setDynamicSortFilter(true);
}

void RolloutsFilter::setWords(const QString &words) {
    words_ = words.split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

void RolloutsFilter::setKind(Kind kind) {
    kind_ = kind;
    invalidateFilter();
}

bool RolloutsFilter::filterAcceptsRow(int row, const QModelIndex &parent) const {
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    const int need = index.data(RolloutsModel::NeedRole).toInt();
    const bool ended = need > needOf(Status::Draft);
    const bool person = need == needOf(Status::Waiting) || need == needOf(Status::Paused) ||
                        need == needOf(Status::Draft);
    const bool kept = kind_ == Kind::All || (kind_ == Kind::Active && !ended) ||
                      (kind_ == Kind::Ended && ended) || (kind_ == Kind::NeedsPerson && person);
    if (!kept || words_.isEmpty()) {
        return kept;
    }
    const QString text = index.data(RolloutsModel::TextRole).toString();
    return std::ranges::all_of(
        words_, [&text](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

bool RolloutsFilter::lessThan(const QModelIndex &a, const QModelIndex &b) const {
    const QVariant left = a.data(RolloutsModel::SortRole);
    const QVariant right = b.data(RolloutsModel::SortRole);
    if (left != right) {
        return QSortFilterProxyModel::lessThan(a, b);
    }
    // Equal otherwise: what changed last comes first.
    return a.siblingAtColumn(RolloutsModel::Changed).data(RolloutsModel::SortRole).toLongLong() <
           b.siblingAtColumn(RolloutsModel::Changed).data(RolloutsModel::SortRole).toLongLong();
}

} // namespace aviary
