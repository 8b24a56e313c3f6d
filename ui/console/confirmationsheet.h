// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/question.h"
#include "ui/theme/sheet.h"

#include <optional>

class QLineEdit;
class QPushButton;

namespace aviary {

class FactTable;
class Label;

// A Question over the window: its effect as facts, the word to type on production, a reason for the
// record, and what keeps it from being asked. Enter confirms where that is allowed, Esc cancels.
class ConfirmationSheet : public Sheet {
    Q_OBJECT
public:
    explicit ConfirmationSheet(QWidget *over);

    // None: it goes.
    void setQuestion(const std::optional<Question> &question);

Q_SIGNALS:
    void confirmed(const QString &typed, const QString &reason);
    void seen(); // the effect is another one, and the person knows

private:
    void build();
    void show(const Question &question);
    void follow();
    void confirm();

    std::optional<Question> question_;
    Label *title_;
    Label *where_;
    Label *changed_;
    QPushButton *seen_;
    FactTable *facts_;
    Label *blocked_;
    Label *ask_word_;
    QLineEdit *word_;
    QLineEdit *reason_;
    QPushButton *cancel_;
    QPushButton *confirm_;
};

} // namespace aviary
