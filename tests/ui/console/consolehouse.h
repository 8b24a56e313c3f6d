// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/inprocesssession.h"
#include "ui/console/console.h"
#include "ui/samples/sampleprovider.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QTemporaryDir>

namespace aviary::tests {

// The real console over a sample world, in process.
class ConsoleHouse {
public:
    explicit ConsoleHouse(const QString &world = QStringLiteral("usual"));

    samples::SampleProvider &provider() { return provider_; }
    Console &console() { return console_; }
    MainWindow &window() { return console_.window(); }
    Desk &desk() { return *desk_; }
    // Until the topics have come; false where they do not.
    bool settle();
    // Chooses the first rollout, and waits for its detail.
    bool chooseRollout();
    // How often a verb was asked, and with what the last time.
    int asked(const QString &verb) const;
    QJsonObject lastAsked(const QString &verb) const;

private:
    QTemporaryDir directory_;
    QSettings settings_;
    Theme theme_;
    samples::SampleProvider provider_;
    Desks desks_;
    Console console_;
    Desk *desk_;
};

} // namespace aviary::tests
