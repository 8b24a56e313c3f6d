// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/socketsession.h"
#include "ui/console/console.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QTemporaryDir>

class QAbstractButton;

namespace aviary::tests {

// The real window over a real daemon: what aviary-console's main builds.
class WindowHouse {
public:
    using Starting = api::SocketSession::Starting;
    WindowHouse(const api::Places &places, Starting starting);

    Console &console() { return *console_; }
    MainWindow &window() { return console_->window(); }
    Desk &desk() { return *desks_.find(local_desk); }
    // Waits with the window's event loop.
    bool until(const std::function<bool()> &so, int wait_ms = 60'000);

    // As a person: keys to whatever has the keyboard.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    // An action by its keys, its question awaited and confirmed with Enter.
    bool askByKeys(const char *action);
    // The question that is open, awaited and confirmed with Enter; false: it stays open.
    bool confirmByKeys();
    // The newest line of the outcomes.
    OutcomeLine outcome();
    bool untilOutcome(api::Outcome outcome, int wait_ms = 60'000);
    kernel::Status status(const QString &rollout);
    bool untilStatus(const QString &rollout, kernel::Status status, int wait_ms = 90'000);
    // Whether the text stands anywhere in the window where a person reads it.
    bool sees(const QString &text);
    bool untilSeen(const QString &text, int wait_ms = 60'000);
    // A button of the window or of what stands over it, by the begin of its words; null: none is
    // shown.
    QAbstractButton *button(const QString &words);
    // All that can help to see why a journey did not go on.
    QByteArray story();

private:
    QStringList texts();

    QTemporaryDir directory_;
    QSettings settings_;
    Theme theme_;
    Desks desks_;
    std::unique_ptr<Console> console_;
};

// Where the file is that holds the text now; empty: it could not be written.
QString written(const QTemporaryDir &folder, const QString &name, const QByteArray &text);

} // namespace aviary::tests
