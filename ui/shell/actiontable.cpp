// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/actiontable.h"

#include "ui/theme/actionbutton.h"
#include "ui/theme/icon.h"

#include <QAction>
#include <QCoreApplication>
#include <QMenu>

namespace aviary {

ActionTable::ActionTable(QObject *parent) : QObject(parent) {
    for (const ActionLine &line : actionLines()) {
        auto *action = new QAction(this);
        action->setObjectName(QString::fromLatin1(line.id));
        action->setIcon(lineIcon(QString::fromLatin1(line.icon), Role::Text));
        const QKeySequence keys(QString::fromLatin1(line.keys));
        // Where a key is written with Shift, some platforms report it and some do not.
        action->setShortcuts(qstrcmp(line.keys, "?") == 0
                                 ? QList{keys, QKeySequence(QStringLiteral("Shift+?"))}
                                 : QList{keys});
        action->setShortcutContext(Qt::WindowShortcut);
        connect(action, &QAction::triggered, this,
                [this, action] { Q_EMIT triggered(action->objectName()); });
        actions_.push_back(action);
    }
    follow();
}

void ActionTable::setContext(const ActionContext &context) {
    if (context != context_) {
        context_ = context;
        follow();
        Q_EMIT contextChanged();
    }
}

void ActionTable::follow() {
    const std::span<const ActionLine> lines = actionLines();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        QAction *action = actions_[i];
        const QString reason = actionRefusal(lines[i], context_);
        const QString text = actionText(lines[i], context_);
        action->setText(text);
        action->setIconText(briefActionText(lines[i], context_));
        action->setEnabled(reason.isEmpty());
        action->setStatusTip(reason);
        // A tool tip that looks like HTML would be read as such.
        const QString tip = reason.isEmpty() ? text : text + QStringLiteral(": ") + reason;
        action->setToolTip(tip.toHtmlEscaped());
    }
}

QAction *ActionTable::action(const char *id) const {
    const ActionLine *line = actionLine(id);
    return line ? actions_[static_cast<std::size_t>(line - actionLines().data())] : nullptr;
}

void ActionTable::attachTo(QWidget *window) {
    for (QAction *action : actions_) {
        window->addAction(action);
    }
}

void ActionTable::fill(QMenu *menu) {
    QString group;
    QMenu *part = nullptr;
    const std::span<const ActionLine> lines = actionLines();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const QString name = QCoreApplication::translate("aviary::actions", lines[i].group);
        if (!part || name != group) {
            group = name;
            part = menu->addMenu(name);
        }
        part->addAction(actions_[i]);
    }
}

QString ActionTable::command(const char *id) const {
    const ActionLine *line = actionLine(id);
    return line ? actionCommand(*line, context_) : QString();
}

} // namespace aviary
