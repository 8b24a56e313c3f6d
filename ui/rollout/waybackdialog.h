// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QAbstractTableModel>
#include <QDialog>

class QPushButton;
class QTableView;

namespace aviary {

class Label;

// The versions of a service, newest first, as one goes back to them.
class VersionsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Version, Revision, Outcome, When, Who, Marks, columns };

    using QAbstractTableModel::QAbstractTableModel;
    void setRows(std::vector<api::DeploymentRow> rows);
    const api::DeploymentRow &row(int row) const { return rows_[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<api::DeploymentRow> rows_;
};

// Chooses where to roll back to, from the history. It asks nothing of anybody: what is chosen is
// confirmed elsewhere, with its effect. A revision that is marked bad can be looked at and not
// chosen.
class WayBackDialog : public QDialog {
    Q_OBJECT
public:
    // `rows` of one service on one cluster, in any order; `current` is the revision that goes.
    WayBackDialog(const QString &service, const QString &current,
                  std::vector<api::DeploymentRow> rows, QWidget *parent = nullptr);

    QTableView *table() const { return table_; }
    QPushButton *button() const { return go_; }

Q_SIGNALS:
    // The number in the history, as a text.
    void chosen(const QString &version);

private:
    void follow();
    void choose();
    QString refusal() const; // why the chosen row cannot be gone back to

    QString current_;
    VersionsModel *model_;
    QTableView *table_;
    Label *refusal_;
    QPushButton *go_;
};

} // namespace aviary
