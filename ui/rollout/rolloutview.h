// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rollout/rolloutvalue.h"

#include <QWidget>

class QStackedWidget;

namespace aviary {

class Prose;
class RolloutList;
class RolloutPage;
class ViewHeader;

// The view of rollouts: the list of all, or one with everything that a decision about it rests on.
// It is fed by one value, only reads, and says what a person wants. Each of the two is built when
// it is asked for, or there is something to show in it: the first paint of the window does not wait
// for them.
class RolloutView : public QWidget {
    Q_OBJECT
public:
    explicit RolloutView(QWidget *parent = nullptr);

    // The wiring puts its actions there.
    ViewHeader *header() const { return header_; }
    void setValue(const RolloutValue &value);
    const RolloutValue &value() const { return value_; }
    // The answer to effectWanted; late ones are dropped.
    void setGhost(const GhostValue &ghost);
    // The proposal was confirmed or given up elsewhere.
    void withdraw();
    // Gives the keyboard to the slider, or to the list where that is shown.
    void focusWork();

    RolloutPage *page();
    RolloutList *list();

Q_SIGNALS:
    // The ghost moved there; a weight in 1/100 %.
    void effectWanted(int weight);
    void proposed(int weight);
    void withdrawn();
    void nodeOpened(const QString &node);
    void rolloutOpened(const QString &rollout);

private:
    void showHeader();
    void showNotice();

    RolloutValue value_;
    ViewHeader *header_;
    QStackedWidget *pages_;
    RolloutList *list_; // null: not built yet
    RolloutPage *page_; // likewise
    Prose *notice_;
    QWidget *notice_page_;
};

} // namespace aviary
