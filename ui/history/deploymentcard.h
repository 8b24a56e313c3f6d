// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/history/historyvalue.h"
#include "ui/theme/card.h"

class QLineEdit;
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
    void badWanted();
    void tagWanted(const QString &tag); // to be added; or taken away, where the version has it

private:
    QWidget *tagRow();
    void showTagButton();

    DeploymentPane value_;
    Label *title_;
    Label *none_;
    FactList *facts_;
    QPushButton *compare_;
    QPushButton *open_;
    QPushButton *roll_back_;
    QPushButton *bad_;
    QWidget *tag_row_;
    QLineEdit *tag_;
    QPushButton *add_tag_;
    Label *off_;
    Label *told_title_;
    FactList *told_;
};

} // namespace aviary
