// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/shellstate.h"

#include <QPushButton>
#include <QWidget>

class QToolButton;

namespace aviary {

class ActionTable;
class Chip;
class Label;

// A button that looks like a field: it opens the palette.
class SearchEntry : public QPushButton {
    Q_OBJECT
public:
    explicit SearchEntry(QAction *action, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QAction *action_;
};

// The name (which is the menu), the cluster with its class and lock, the palette, who is here.
class TopBar : public QWidget {
    Q_OBJECT
public:
    explicit TopBar(ActionTable &actions, QWidget *parent = nullptr);

    void setState(const ShellState &state);
    void openMenu();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QToolButton *name_;
    Label *cluster_;
    Chip *klass_;
    Chip *lock_;
    Label *who_;
};

} // namespace aviary
