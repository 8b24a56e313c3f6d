// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/choice.h"
#include "ui/console/desks.h"
#include "ui/console/requester.h"
#include "ui/console/settings.h"
#include "ui/shell/actioncontext.h"

#include <QTimer>

#include <memory>
#include <set>

namespace aviary {

class MainWindow;
class OutcomeStrip;
class RolloutPresenter;
class SettingsSheet;
struct SettingsWish;
class Theme;

// What a console needs to know of the computer that it runs on.
struct Surroundings {
    QString local_clusters; // directory in which the daemon here keeps its local clusters
    QString ssh;            // command line of OpenSSH; empty: the usual one
    QString as;             // name of the person, for the record
};

// The window and everything behind it: the frame is fed with what the desks tell, actions go to the
// requester, each view has its presenter. Sessions are made outside (ui/console/links.h), so that a
// test and --shot run the same window over another provider.
//
// A presenter takes the Console: it adds its view to window(), reads choice() and its desk, asks by
// requester(), and hears actionWanted() for the actions of its view. All are made in
// presenters.cpp: that of the view which is seen first at once, so that the window is there soon,
// the others when it was painted.
class Console : public QObject {
    Q_OBJECT
public:
    Console(Desks &desks, Settings settings, Theme &theme, Surroundings surroundings = {},
            QObject *parent = nullptr);
    ~Console() override;

    MainWindow &window() { return *window_; }
    Choice &choice() { return choice_; }
    Requester &requester() { return requester_; }
    Desks &desks() { return desks_; }
    Settings &settings() { return settings_; }
    Theme &theme() { return theme_; }
    const Surroundings &surroundings() const { return surroundings_; }

    // "cluster:KEY", "rollout:KEY" (a DeskKey), "aviary://CLUSTER/SERVICE/ROLLOUT", a file's URL:
    // shows it, and never acts. What is not told yet is shown once it is.
    void open(const QString &link);
    // Makes the views that are not there yet, now. Happens by itself when the window was painted,
    // and before anything is carried out or opened.
    void complete();
    // This action is carried out by a view: it comes as actionWanted() also where the frame would
    // ask the daemon itself.
    void claim(const QString &action) { claimed_.insert(action); }

    // Shows the daemon of another computer too, now and the next time.
    Result<void> addHost(const QString &host);
    void removeHost(const QString &desk);

Q_SIGNALS:
    // An action that neither the frame nor the requester carries out: of views, files, clusters.
    void actionWanted(const QString &id, const aviary::ActionContext &context);
    // A file that the person opens: its path.
    void fileWanted(const QString &path);

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void wire();
    void wireRequests();
    void carryOut(const QString &id, const ActionContext &context);
    void request(const ActionLine &line, const ActionContext &context);
    void changeTheme();
    void showSettings();
    void keepSettings(const SettingsWish &wish);
    void markSeen();
    void follow(Desk *desk);
    void refreshSoon();
    void refresh();
    void refreshAge();
    void chooseSomething();
    void forgetDesk(Desk *desk);

    Desks &desks_;
    Settings settings_;
    Theme &theme_;
    Surroundings surroundings_;
    Choice choice_;
    Requester requester_;
    std::unique_ptr<MainWindow> window_;
    OutcomeStrip *strip_;
    SettingsSheet *settings_sheet_ = nullptr; // since complete()
    RolloutPresenter *first_ = nullptr;       // of the view that is seen first
    bool complete_ = false;
    QTimer refresh_timer_; // at most 30 a second, however much changes
    QTimer age_timer_;
    QTimer seen_timer_;
    QString awaited_; // a link to what is not told yet
    std::set<QString> claimed_;
};

} // namespace aviary
