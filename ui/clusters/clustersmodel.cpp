// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clusters/clustersmodel.h"

#include "core/support/words.h"
#include "ui/models/signs.h"

#include <algorithm>

namespace aviary {

void ClustersModel::setLines(std::vector<ClusterLine> lines) {
    const bool same_places =
        lines.size() == lines_.size() &&
        std::equal(lines.begin(), lines.end(), lines_.begin(),
                   [](const ClusterLine &a, const ClusterLine &b) { return a.key == b.key; });
    if (!same_places) {
        beginResetModel();
        lines_ = std::move(lines);
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i] != lines_[i]) {
            lines_[i] = std::move(lines[i]);
            const int row = static_cast<int>(i);
            Q_EMIT dataChanged(index(row, 0), index(row, column_count - 1));
        }
    }
}

int ClustersModel::find(const QString &key) const {
    const auto found = std::ranges::find(lines_, key, &ClusterLine::key);
    return found == lines_.end() ? -1 : static_cast<int>(found - lines_.begin());
}

int ClustersModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(lines_.size());
}

int ClustersModel::columnCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : int(column_count);
}

QString ClustersModel::textOf(const ClusterLine &line, int column) const {
    const api::ClusterRow &row = line.row;
    switch (column) {
    case Name:
        return boundedText(row.name, 80);
    case Kind:
        return nameOf(row.kind);
    case Class:
        return nameOf(row.klass);
    case Access:
        return row.kind == api::ClusterKind::File ? tr("a file, cannot act")
               : row.unlocked                     ? tr("unlocked")
                                                  : tr("read-only");
    case Nodes:
        return countText(row.nodes);
    case Age:
        return line.age;
    case Daemon:
        return boundedText(line.daemon, 60);
    case Text:
        return boundedText(row.text);
    default:
        return {};
    }
}

QVariant ClustersModel::data(const QModelIndex &index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const ClusterLine &line = this->line(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return textOf(line, index.column());
    case Qt::ToolTipRole:
        return textOf(line, index.column()).toHtmlEscaped();
    case Qt::DecorationRole:
        return index.column() == Name ? QVariant(signIcon(signOf(line.row))) : QVariant();
    case Qt::AccessibleTextRole:
        return index.column() == Name
                   ? textOf(line, Name) + u", " + aviary::nameOf(signOf(line.row))
                   : textOf(line, index.column());
    case Qt::TextAlignmentRole:
        return index.column() == Nodes ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case KeyRole:
        return line.key;
    case SignRole:
        return static_cast<int>(signOf(line.row));
    default:
        return {};
    }
}

QVariant ClustersModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole && section == Nodes) {
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case Name:
        return tr("cluster");
    case Kind:
        return tr("kind");
    case Class:
        return tr("class");
    case Access:
        return tr("access");
    case Nodes:
        return tr("nodes");
    case Age:
        return tr("data");
    case Daemon:
        return tr("daemon");
    case Text:
        return tr("router, or what is wrong");
    default:
        return {};
    }
}

} // namespace aviary
