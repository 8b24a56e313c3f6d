// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rehearsal/hypothesesmodel.h"

#include "core/support/words.h"
#include "ui/theme/scale.h"

#include <QPainter>
#include <QSpinBox>

#include <cmath>

namespace aviary {

namespace {

QVariant alignment(bool number) {
    return QVariant(
        Qt::Alignment((number ? Qt::AlignTrailing : Qt::AlignLeading) | Qt::AlignVCenter));
}

} // namespace

void HypothesesModel::setLines(const std::vector<HypothesisLine> &lines) {
    if (lines.size() != lines_.size()) {
        beginResetModel();
        lines_ = lines;
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!(lines_[i] == lines[i])) {
            lines_[i] = lines[i];
            Q_EMIT dataChanged(index(static_cast<int>(i), 0),
                               index(static_cast<int>(i), column_count - 1));
        }
    }
}

int HypothesesModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(lines_.size());
}

int HypothesesModel::columnCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : column_count;
}

QVariant HypothesesModel::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const HypothesisLine &line = this->line(index.row());
    const int column = index.column();
    if (role == Qt::EditRole && column == Share) {
        return static_cast<int>(std::lround(line.weight * 100));
    }
    if (role == Qt::TextAlignmentRole) {
        return alignment(column == Failed);
    }
    if (role == Qt::AccessibleTextRole && column == Bar) {
        return outcomeText(line.bar);
    }
    if (role == Qt::ToolTipRole) {
        return column == Share ? tr("your assumption; press F2 or double-click to change it")
                               : boundedText(line.outcome).toHtmlEscaped();
    }
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) {
        return {};
    }
    switch (column) {
    case Name:
        return boundedText(line.name, 80);
    case Share:
        return rateText(line.weight, 1);
    case Outcome:
        return boundedText(line.outcome);
    case Time:
        return line.time;
    case Failed:
        return line.failed;
    default:
        return {};
    }
}

bool HypothesesModel::setData(const QModelIndex &index, const QVariant &value, int role) {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::EditRole ||
        index.column() != Share) {
        return false;
    }
    Q_EMIT weightWanted(index.row(), std::clamp(value.toInt(), 0, 100) / 100.0);
    return true;
}

Qt::ItemFlags HypothesesModel::flags(const QModelIndex &index) const {
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.column() == Share ? flags | Qt::ItemIsEditable : flags;
}

QVariant HypothesesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role == Qt::TextAlignmentRole) {
        return role == Qt::TextAlignmentRole ? alignment(section == Failed) : QVariant();
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case Name:
        return tr("it is");
    case Share:
        return tr("share");
    case Outcome:
        return tr("then");
    case Time:
        return tr("time, median (95 %)");
    case Failed:
        return tr("failed requests, mean (99 %)");
    default:
        return QString();
    }
}

void HypothesesDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                               const QModelIndex &index) const {
    QStyledItemDelegate::paint(painter, option, index);
    const auto *model = qobject_cast<const HypothesesModel *>(index.model());
    if (!model || index.column() != HypothesesModel::Bar) {
        return;
    }
    const Scale scale(option.font);
    const QRectF cell(option.rect);
    const QRectF bar(cell.left() + scale(4), cell.center().y() - scale(6), cell.width() - scale(8),
                     scale(12));
    painter->save();
    paintOutcomeBar(*painter, bar, model->line(index.row()).bar, tokensFor(option.palette), scale,
                    option.direction);
    painter->restore();
}

QWidget *HypothesesDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &,
                                          const QModelIndex &) const {
    auto *box = new QSpinBox(parent);
    box->setRange(0, 100);
    box->setSuffix(tr("\u00a0%"));
    box->setAccessibleName(tr("Share in percent"));
    return box;
}

void FuturesModel::setLines(const std::vector<FutureLine> &lines) {
    if (lines != lines_) {
        beginResetModel();
        lines_ = lines;
        endResetModel();
    }
}

int FuturesModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(lines_.size());
}

int FuturesModel::columnCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : column_count;
}

QVariant FuturesModel::data(const QModelIndex &index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const FutureLine &line = lines_[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole) {
        return alignment(index.column() == Failed);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    switch (index.column()) {
    case Future:
        return QString(u'#' + QString::number(line.future));
    case Hypothesis:
        return boundedText(line.hypothesis, 80);
    case Ends:
        return line.ends;
    case Because:
        return role == Qt::ToolTipRole ? boundedText(line.because).toHtmlEscaped()
                                       : boundedText(line.because);
    case Failed:
        return line.failed;
    case Replay:
        return tr("replay");
    default:
        return {};
    }
}

QVariant FuturesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role == Qt::TextAlignmentRole) {
        return role == Qt::TextAlignmentRole ? alignment(section == Failed) : QVariant();
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case Future:
        return tr("future");
    case Hypothesis:
        return tr("if it is");
    case Ends:
        return tr("ends");
    case Because:
        return tr("because");
    case Failed:
        return tr("failed requests");
    default:
        return QString();
    }
}

} // namespace aviary
