// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plans/planvalue.h"

#include <QPlainTextEdit>

class QCompleter;

namespace aviary {

// The plan as text: line numbers, faults marked where they stand, and completion with Ctrl and
// Space.
class PlanText : public QPlainTextEdit {
    Q_OBJECT
public:
    explicit PlanText(QWidget *parent = nullptr);

    // Takes the place of the text only when it is another one: cursor and undo stay.
    void setDocumentText(const QString &text);
    void setFaults(const std::vector<PlanFault> &faults);
    void setChangedLines(const std::vector<int> &lines); // from 1
    void goTo(int line, int column);                     // from 1

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    class Margin;
    int marginWidth() const;
    void fitMargin();
    void paintMargin(QPaintEvent *event);
    void mark();
    void complete();
    QString wordBeforeCursor() const;

    Margin *margin_;
    QCompleter *completer_;
    std::vector<PlanFault> faults_;
    std::vector<int> changed_lines_;
};

} // namespace aviary
