// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plans/planvalue.h"

#include <QTimer>
#include <QWidget>

class QListWidget;

namespace aviary {

class Card;
class FactList;
class Label;
class PlanForm;
class PlanText;
class ViewHeader;

// One plan, as a form and as text side by side: either is edited, the other follows. Below, what is
// wrong with it, what it compiles to, and what it would do.
class PlansView : public QWidget {
    Q_OBJECT
public:
    explicit PlansView(QWidget *parent = nullptr);

    ViewHeader *header() const { return header_; }
    void setValue(const PlanValue &value);

Q_SIGNALS:
    void textEdited(const QString &text); // a little after the last letter
    void fieldEdited(const aviary::PlanField &field, const QString &text);
    void templateWanted(const QString &name); // of planTemplates()
    void besideClosed();

private:
    QWidget *formCard();
    QWidget *textCard();
    QWidget *besideCard();
    void wire();
    void showFaults();
    void showBeside();

    ViewHeader *header_;
    PlanForm *form_;
    Card *text_card_;
    PlanText *text_;
    QListWidget *faults_;
    Card *steps_card_;
    StepTrack *track_;
    Label *remarks_;
    Card *beside_card_;
    FactList *beside_;
    Label *beside_text_;
    Card *rehearsed_card_;
    FactList *rehearsed_;
    QTimer typing_;
    PlanValue value_;
};

} // namespace aviary
