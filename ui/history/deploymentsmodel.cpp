// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/deploymentsmodel.h"

#include "core/support/words.h"
#include "ui/models/signs.h"

#include <QDateTime>
#include <QLocale>

namespace aviary {

QString tookText(const api::DeploymentRow &row, qint64 instant_wall_ms) {
    if (row.started_wall_ms == 0) {
        return {};
    }
    const qint64 end = row.ended_wall_ms > 0 ? row.ended_wall_ms : instant_wall_ms;
    return ageText(std::max<qint64>(0, end - row.started_wall_ms));
}

void DeploymentsModel::setLines(const std::vector<HistoryLine> &lines, qint64 instant_wall_ms) {
    const bool same_rows =
        lines.size() == lines_.size() &&
        std::equal(lines.begin(), lines.end(), lines_.begin(),
                   [](const HistoryLine &a, const HistoryLine &b) { return a.row.id == b.row.id; });
    if (!same_rows) {
        beginResetModel();
        lines_ = lines;
        instant_wall_ms_ = instant_wall_ms;
        endResetModel();
        return;
    }
    const bool moved = instant_wall_ms_ != instant_wall_ms;
    instant_wall_ms_ = instant_wall_ms;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const bool runs = moved && lines[i].row.ended_wall_ms == 0;
        if (runs || !(lines_[i] == lines[i])) {
            lines_[i] = lines[i];
            Q_EMIT dataChanged(index(static_cast<int>(i), 0),
                               index(static_cast<int>(i), column_count - 1));
        }
    }
}

const HistoryLine *DeploymentsModel::line(const QString &id) const {
    const auto at = std::find_if(lines_.begin(), lines_.end(),
                                 [&id](const HistoryLine &line) { return line.row.id == id; });
    return at == lines_.end() ? nullptr : &*at;
}

int DeploymentsModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(lines_.size());
}

int DeploymentsModel::columnCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : column_count;
}

QString DeploymentsModel::textOf(const HistoryLine &line, int column) const {
    const api::DeploymentRow &row = line.row;
    switch (column) {
    case Service:
        return boundedText(row.key);
    case Revision: {
        QString text = boundedText(row.revision);
        if (row.bad) {
            text += tr(", bad");
        } else if (row.stable) {
            text += tr(", stable");
        }
        if (!row.tags.isEmpty()) {
            text += u", "_qs + boundedText(row.tags.join(u", "_qs), 40);
        }
        return text;
    }
    case Strategy:
        return boundedText(row.strategy);
    case Outcome:
        return boundedText(line.state);
    case Took:
        return tookText(row, instant_wall_ms_);
    case Nodes:
        return line.nodes
                   ? tr("%1 of %2").arg(countText(line.done.value_or(0)), countText(*line.nodes))
                   : QString();
    case By:
        return boundedText(row.who);
    case Cluster:
        return boundedText(line.cluster_name);
    case Began:
        return row.started_wall_ms == 0
                   ? QString()
                   : QLocale().toString(QDateTime::fromMSecsSinceEpoch(row.started_wall_ms),
                                        QLocale::ShortFormat);
    default:
        return {};
    }
}

QVariant DeploymentsModel::sortOf(const HistoryLine &line, int column) const {
    const api::DeploymentRow &row = line.row;
    switch (column) {
    case State:
        return static_cast<int>(row.status);
    case Revision:
        return row.version;
    case Took: {
        const qint64 end = row.ended_wall_ms > 0 ? row.ended_wall_ms : instant_wall_ms_;
        return end - row.started_wall_ms;
    }
    case Nodes:
        return line.done.value_or(0);
    case Began:
        return row.started_wall_ms;
    default:
        return textOf(line, column).toLower();
    }
}

QVariant DeploymentsModel::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const HistoryLine &line = lines_[static_cast<std::size_t>(index.row())];
    const Sign sign = signOf(line.row.status);
    switch (role) {
    case Qt::DisplayRole:
        return textOf(line, index.column());
    case Qt::DecorationRole:
        return index.column() == State ? QVariant(signIcon(sign)) : QVariant();
    case Qt::AccessibleTextRole:
        return index.column() == State ? nameOf(sign) : textOf(line, index.column());
    case Qt::ToolTipRole:
        return index.column() == State
                   ? nameOf(sign)
                   : boundedText(index.column() == Outcome && !line.row.outcome.isEmpty()
                                     ? line.row.outcome
                                     : textOf(line, index.column()),
                                 1'000)
                         .toHtmlEscaped();
    case IdRole:
        return line.row.id;
    case SortRole:
        return sortOf(line, index.column());
    case SearchRole: {
        QStringList words{nameOf(sign), line.row.tags.join(u' '), line.row.reason};
        for (int column = Service; column < column_count; ++column) {
            words << textOf(line, column);
        }
        return words.join(u'\n').toLower();
    }
    default:
        return {};
    }
}

QVariant DeploymentsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal ||
        (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)) {
        return QAbstractTableModel::headerData(section, orientation, role);
    }
    switch (section) {
    case State:
        return role == Qt::AccessibleTextRole ? tr("sign") : QString();
    case Service:
        return tr("service");
    case Revision:
        return tr("revision");
    case Strategy:
        return tr("strategy");
    case Outcome:
        return tr("state");
    case Took:
        return tr("took");
    case Nodes:
        return tr("nodes");
    case By:
        return tr("by");
    case Cluster:
        return tr("cluster");
    case Began:
        return tr("began");
    default:
        return {};
    }
}

DeploymentsFilter::DeploymentsFilter(QObject *parent) : QSortFilterProxyModel(parent) {
    setSortRole(DeploymentsModel::SortRole);
    setDynamicSortFilter(true);
}

void DeploymentsFilter::setWords(const QString &text) {
    words_ = text.toLower().split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool DeploymentsFilter::filterAcceptsRow(int row, const QModelIndex &parent) const {
    const QString text =
        sourceModel()->index(row, 0, parent).data(DeploymentsModel::SearchRole).toString();
    return std::all_of(words_.begin(), words_.end(),
                       [&text](const QString &word) { return text.contains(word); });
}

} // namespace aviary
