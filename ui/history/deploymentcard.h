// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/history/historyvalue.h"
#include "ui/theme/card.h"

class QPushButton;

namespace aviary {

class FactList;
class Label;

// What one deployment was: facts, what happened, and where to go from here.
class DeploymentCard : public Card {
    Q_OBJECT
public:
    explicit DeploymentCard(QWidget *parent = nullptr);
    void setValue(const DeploymentPane &value);

Q_SIGNALS:
    void compareWanted();
    void openWanted();
    void rollBackWanted();

private:
    DeploymentPane value_;
    Label *title_;
    Label *none_;
    FactList *facts_;
    QPushButton *compare_;
    QPushButton *open_;
    QPushButton *roll_back_;
    Label *roll_back_off_;
    Label *told_title_;
    FactList *told_;
};

} // namespace aviary
