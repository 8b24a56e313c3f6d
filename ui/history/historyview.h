// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/history/historyvalue.h"

#include <QStringList>
#include <QWidget>

class QLineEdit;
class QStackedWidget;
class QTableView;

namespace aviary {

class Card;
class ComparisonCard;
class DeploymentCard;
class DeploymentsFilter;
class DeploymentsModel;
class Label;
class ViewHeader;

// What was deployed on every cluster, and time travel through it: a scrubber over a table of
// deployments, and the one that is selected beside it.
class HistoryView : public QWidget {
    Q_OBJECT
public:
    explicit HistoryView(QWidget *parent = nullptr);

    ViewHeader *header() const { return header_; }
    void setValue(const HistoryValue &value);
    void setPane(const DeploymentPane &pane);
    // Takes the place of the pane until it is closed.
    void showComparison(const DeploymentComparison &comparison);
    void closeComparison();

    // Ids of deployments, in the order of the table; at most two are of use.
    QStringList selected() const;
    void select(const QStringList &ids);
    // What the filter lets through, in the order of the table: what an export writes.
    std::vector<HistoryLine> shown() const;

Q_SIGNALS:
    void instantWanted(qint64 wall_ms);
    void liveWanted();
    void playWanted(bool play);
    void selectionChanged(const QStringList &ids);
    void compareWanted(const QStringList &ids); // two; or one, and the one before it
    void openWanted(const QString &deployment); // its rollout
    void badWanted(const QString &id);
    void tagWanted(const QString &id, const QString &tag);
    void rollBackWanted(const QString &deployment);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    QWidget *table();
    void wire();
    void fitColumns();
    void showNote();

    ViewHeader *header_;
    Card *time_;
    Scrubber *scrubber_;
    Card *deployments_;
    QLineEdit *filter_;
    QTableView *table_;
    Label *empty_;
    Label *trouble_;
    DeploymentsModel *model_;
    DeploymentsFilter *rows_;
    QStackedWidget *side_;
    DeploymentCard *pane_;
    ComparisonCard *comparison_;
    HistoryValue value_;
    QString pane_id_;
};

} // namespace aviary
