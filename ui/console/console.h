// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/choice.h"
#include "ui/console/desks.h"
#include "ui/console/requester.h"
#include "ui/console/settings.h"
#include "ui/shell/actioncontext.h"

#include <QTimer>

#include <memory>

namespace aviary {

class MainWindow;
class Theme;

// The window and everything behind it: the frame is fed with what the desks tell, actions go to the
// requester, each view has its presenter. Sessions are made outside (ui/console/links.h), so that a
// test and --shot run the same window over another provider.
//
// A presenter takes the Console: it adds its view to window(), reads choice() and its desk, asks by
// requester(), and hears actionWanted() for the actions of its view. All are made in
// presenters.cpp.
class Console : public QObject {
    Q_OBJECT
public:
    Console(Desks &desks, Settings settings, Theme &theme, QObject *parent = nullptr);
    ~Console() override;

    MainWindow &window() { return *window_; }
    Choice &choice() { return choice_; }
    Requester &requester() { return requester_; }
    Desks &desks() { return desks_; }
    Settings &settings() { return settings_; }

    // "cluster:KEY", "rollout:KEY", "aviary://CLUSTER/SERVICE/ROLLOUT", a file: shows it, and never
    // acts. What is not there yet is shown once it is told.
    void open(const QString &link);
    // Says a sentence in the foot of the window for a few seconds.
    void say(const QString &text);

Q_SIGNALS:
    // An action that neither the frame nor the requester carries out: of views, files, clusters.
    void actionWanted(const QString &id, const aviary::ActionContext &context);
    // A file that the person opens.
    void fileWanted(const QString &path);

private:
    void wire();
    void addPresenters();
    void carryOut(const QString &id, const ActionContext &context);
    void request(const QString &verb, const ActionContext &context, const QJsonObject &parameters);
    void follow(Desk *desk);
    void refreshSoon();
    void refresh();
    void refreshAge();
    void chooseSomething();

    Desks &desks_;
    Settings settings_;
    Theme &theme_;
    Choice choice_;
    Requester requester_;
    std::unique_ptr<MainWindow> window_;
    QTimer refresh_timer_; // at most 30 a second, however much changes
    QTimer age_timer_;
    QString awaited_; // a link to what is not told yet
};

} // namespace aviary
