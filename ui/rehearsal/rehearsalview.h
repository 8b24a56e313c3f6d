// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rehearsal/rehearsalvalue.h"

#include <QWidget>

class QProgressBar;
class QPushButton;
class QTableView;
class QToolButton;

namespace aviary {

class Card;
class FactList;
class FuturesModel;
class HypothesesModel;
class Label;
class ViewHeader;

// What a plan would do: under each hypothesis of what the new revision may be, over time, beside
// other plans, and the futures that are worth a look.
class RehearsalView : public QWidget {
    Q_OBJECT
public:
    explicit RehearsalView(QWidget *parent = nullptr);

    ViewHeader *header() const { return header_; }
    void setValue(const RehearsalValue &value);
    int hypothesis() const { return hypothesis_; } // whose fan is shown
    FanKind fanKind() const { return kind_; }
    void setFanKind(FanKind kind);

Q_SIGNALS:
    void weightWanted(int hypothesis, double weight); // 0 to 1
    void tryWanted();
    void cancelWanted();
    void replayWanted(quint32 future);

private:
    QWidget *top();
    QWidget *middle();
    QWidget *fanCard();
    QWidget *plansCard();
    QWidget *futuresCard();
    void wire();
    void showFan();
    void showProgress();

    ViewHeader *header_;
    HypothesesModel *hypotheses_;
    FuturesModel *futures_;
    Card *question_;
    QTableView *table_;
    Label *total_;
    Label *trouble_;
    QWidget *progress_row_;
    QProgressBar *progress_;
    Label *progress_text_;
    QPushButton *cancel_;
    Card *fan_card_;
    FanChart *fan_;
    std::array<QToolButton *, fan_kind_count> kinds_{};
    Label *alarm_;
    FactList *plans_;
    Label *plans_none_;
    Label *advice_title_;
    Label *advice_;
    QPushButton *try_it_;
    Label *assumed_;
    Card *futures_card_;
    QTableView *futures_table_;
    RehearsalValue value_;
    int hypothesis_ = 0;
    FanKind kind_ = FanKind::Nodes;
};

} // namespace aviary
