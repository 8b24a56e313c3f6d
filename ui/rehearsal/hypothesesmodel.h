// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rehearsal/rehearsalvalue.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>

namespace aviary {

// The hypotheses, one a row; the share is edited in place, in percent.
class HypothesesModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Share, Bar, Outcome, Time, Failed };
    static constexpr int column_count = Failed + 1;

    using QAbstractTableModel::QAbstractTableModel;

    void setLines(const std::vector<HypothesisLine> &lines);
    const HypothesisLine &line(int row) const { return lines_[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void weightWanted(int row, double weight); // 0 to 1

private:
    std::vector<HypothesisLine> lines_;
};

// Draws the outcomes, and edits a share as whole percents.
class HypothesesDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const override;
};

// The futures worth a look, worst first.
class FuturesModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Future, Hypothesis, Ends, Because, Failed, Replay };
    static constexpr int column_count = Replay + 1;

    using QAbstractTableModel::QAbstractTableModel;

    void setLines(const std::vector<FutureLine> &lines);
    quint32 future(int row) const { return lines_[static_cast<std::size_t>(row)].future; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<FutureLine> lines_;
};

} // namespace aviary
