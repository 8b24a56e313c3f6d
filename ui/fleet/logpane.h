// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QStringList>
#include <QWidget>

#include <deque>

class QComboBox;
class QPlainTextEdit;
class QPushButton;

namespace aviary {

class Label;

// A line of a log made fit for the screen: without escape sequences, control
// characters and those that turn direction, at most LogPane::line_length_max
// long.
QString plainLogLine(const QString &line);

// The log of one service on one node, as it grows. It follows the end until a
// person scrolls or freezes it; then it counts what came. Holds lines_max
// lines, however long it runs.
class LogPane : public QWidget {
    Q_OBJECT
public:
    static constexpr int lines_max = 5'000;
    static constexpr int line_length_max = 2'000;

    explicit LogPane(QWidget *parent = nullptr);

    // What can be chosen; the chosen one stays where it is still there.
    void setServices(const QStringList &services);
    QString service() const;
    // The last lines of the log; those that are known already are not shown
    // twice.
    void setLatest(const std::vector<api::LogRow> &lines);
    // Why there are none; empty: there are.
    void setTrouble(const QString &trouble);
    void clear();

    bool frozen() const { return frozen_; }
    void freeze(bool frozen);
    int unseen() const { return unseen_; }
    QPlainTextEdit *text() const { return text_; }
    QPushButton *newButton() const { return new_; }

Q_SIGNALS:
    void serviceChosen(const QString &service);

private:
    void append(const QStringList &lines);
    bool atEnd() const;
    void toEnd();
    void showUnseen();

    QComboBox *services_;
    QPushButton *freeze_;
    QPushButton *new_;
    Label *trouble_;
    QPlainTextEdit *text_;
    std::vector<api::LogRow> known_; // as they were told last
    std::deque<QString> held_;       // came while frozen
    bool frozen_ = false;
    int unseen_ = 0;
};

} // namespace aviary
