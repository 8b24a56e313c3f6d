// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rollout/rolloutvalue.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QTableView;

namespace aviary {

class Card;
class Prose;
class RolloutsFilter;
class RolloutsModel;

// All rollouts, what needs a person first; hundreds of them. Opening one says so.
class RolloutList : public QWidget {
    Q_OBJECT
public:
    explicit RolloutList(QWidget *parent = nullptr);

    // Its rows are known.
    void setValue(const RolloutValue &value);
    RolloutsModel *model() const { return model_; }
    QTableView *table() const { return table_; }
    QLineEdit *filter() const { return words_; }

Q_SIGNALS:
    void opened(const QString &rollout);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void openCurrent(const QModelIndex &index);
    void fitColumns();
    void showEmpty();

    RolloutsModel *model_;
    RolloutsFilter *shown_;
    QLineEdit *words_;
    QComboBox *kind_;
    Card *card_;
    QTableView *table_;
    Prose *empty_;
};

} // namespace aviary
