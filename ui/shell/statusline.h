// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/shellstate.h"

#include <QWidget>

namespace aviary {

class DataAge;
class Label;

// The foot of the window: how old the data is, the nodes in figures, the journal, and the command
// line of what is seen.
class StatusLine : public QWidget {
    Q_OBJECT
public:
    explicit StatusLine(QWidget *parent = nullptr);

    void setState(const ShellState &state);
    // Only the age; as often as it is told.
    void setAge(const DataAgeValue &age);
    // "aviary promote checkout-api --to 25"; empty: there is none.
    void setCommand(const QString &command, const QString &keys);
    // Says something for a few seconds in place of the command: "copied".
    void say(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void showCommand();

    DataAge *age_;
    Label *nodes_;
    Label *journal_;
    Label *command_;
    QString command_text_;
    QString said_;
};

} // namespace aviary
