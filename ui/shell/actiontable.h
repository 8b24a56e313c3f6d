// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/actioncontext.h"

#include <QObject>

#include <vector>

class QAction;
class QMenu;
class QWidget;

namespace aviary {

// The lines of the table as live actions: their words and whether they are on follow the context.
// Whoever carries them out hears triggered().
class ActionTable : public QObject {
    Q_OBJECT
public:
    explicit ActionTable(QObject *parent = nullptr);

    const ActionContext &context() const { return context_; }
    void setContext(const ActionContext &context);

    QAction *action(const char *id) const; // null when there is none
    // Makes all shortcuts work in this window.
    void attachTo(QWidget *window);
    // One submenu a group.
    void fill(QMenu *menu);
    // The command line of an action in the present context.
    QString command(const char *id) const;

Q_SIGNALS:
    void contextChanged();
    void triggered(const QString &id);

private:
    void follow();

    ActionContext context_;
    std::vector<QAction *> actions_; // in the order of the lines
};

} // namespace aviary
