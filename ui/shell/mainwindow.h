// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/actioncontext.h"
#include "ui/shell/palettemodel.h"
#include "ui/shell/shellstate.h"

#include <QMainWindow>

#include <map>

class QStackedWidget;
class QVBoxLayout;

namespace aviary {

class ActionTable;
class KeysOverlay;
class Palette;
class Sidebar;
class StatusLine;
class TopBar;
class TravelBanner;

// The frame around every view. It knows neither a session nor a model: it is told a state and a
// context, and says what a person chose. Who wires it (app/console) feeds both and carries out what
// actionWanted() names.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(QWidget *parent = nullptr);

    ActionTable &actions() { return *actions_; }
    // Puts a view behind its action: "view.fleet". The window owns it from here on.
    void addView(const QString &action, QWidget *view);
    void showView(const QString &action);
    QString shownView() const { return shown_; }
    QWidget *view(const QString &action) const;

    const ShellState &state() const { return state_; }
    void setState(const ShellState &state);
    // The age alone; as often as it is told.
    void setAge(const DataAgeValue &age);
    // What is chosen: decides what actions say and whether they are on.
    void setContext(const ActionContext &context);
    // What else the palette finds: actions on other rollouts, and places to open.
    void setFindable(std::vector<ActionContext> rollouts, std::vector<PalettePlace> places);
    // The action whose command line the foot of the window shows and Ctrl Shift C copies.
    void setCommandAction(const QString &action);
    // Stands between the views and the foot of the window, which owns it from here on.
    void setFoot(QWidget *foot);
    // Says something in the foot of the window for a few seconds.
    void say(const QString &text);

Q_SIGNALS:
    // An action other than those of the frame itself, with what it is to act on.
    void actionWanted(const QString &id, const aviary::ActionContext &context);
    void viewShown(const QString &action);
    void clusterChosen(const QString &cluster);
    void rolloutChosen(const QString &rollout);
    void placeChosen(const QString &link);

protected:
    void resizeEvent(QResizeEvent *event) override;
    // A window that the desktop hands a file opens it; it never acts.
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void build();
    void wire();
    void carryOut(const QString &id);
    void openPalette();
    void showCommand();
    QString command() const;
    void copyCommand(const QString &command);
    void markOpen();

    ActionTable *actions_;
    QWidget *frame_;
    QVBoxLayout *content_rows_;
    TopBar *top_;
    Sidebar *sidebar_;
    StatusLine *status_;
    TravelBanner *banner_;
    QStackedWidget *views_;
    Palette *palette_;
    KeysOverlay *keys_;
    std::map<QString, QWidget *> by_action_;
    ShellState state_;
    QString shown_;
    QString command_action_;
    std::vector<ActionContext> others_;
    std::vector<PalettePlace> places_;
};

} // namespace aviary
