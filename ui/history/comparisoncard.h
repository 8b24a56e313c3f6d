// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/history/historyvalue.h"
#include "ui/theme/card.h"

class QPlainTextEdit;

namespace aviary {

class FactList;
class Label;

// Two deployments side by side: how they went, step by step, and what differs in what was deployed.
class ComparisonCard : public Card {
    Q_OBJECT
public:
    explicit ComparisonCard(QWidget *parent = nullptr);
    void setValue(const DeploymentComparison &value);

Q_SIGNALS:
    void closeWanted();

protected:
    void changeEvent(QEvent *event) override;

private:
    void colour();

    DeploymentComparison value_;
    FactList *rows_;
    FactList *steps_;
    Label *steps_title_;
    Label *trouble_;
    QPlainTextEdit *difference_ = nullptr;
};

} // namespace aviary
