// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mainwindow.h"

#include "core/support/words.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/keysoverlay.h"
#include "ui/shell/palette.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/statusline.h"
#include "ui/shell/topbar.h"
#include "ui/shell/travelbanner.h"
#include "ui/shell/windowframe.h"
#include "ui/theme/actionbutton.h"
#include "ui/theme/scale.h"

#include <QAction>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QGuiApplication>
#include <QMimeData>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

namespace aviary {

MainWindow::MainWindow(QWidget *parent)
    : QMainWindow(parent)
    , actions_(new ActionTable(this))
    , frame_(new WindowFrame)
    , content_rows_(nullptr)
    , top_(new TopBar(*actions_))
    , sidebar_(new Sidebar)
    , status_(new StatusLine)
    , banner_(new TravelBanner(actions_->action("time.live")))
    , views_(new QStackedWidget)
    , palette_(nullptr)
    , keys_(nullptr) {
    setWindowTitle(tr("Aviary"));
    setAcceptDrops(true);
    build();
    wire();
    const Scale scale = Scale::of(this);
    resize(scale.whole(1'440), scale.whole(900));
    setState({});
}

void MainWindow::build() {
    const Scale scale = Scale::of(this);
    auto *content = new QWidget;
    content_rows_ = new QVBoxLayout(content);
    content_rows_->setContentsMargins(scale.whole(18), scale.whole(14), scale.whole(18),
                                      scale.whole(14));
    content_rows_->setSpacing(scale.whole(space::medium));
    content_rows_->addWidget(banner_);
    content_rows_->addWidget(views_, 1);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(sidebar_);
    auto *edge = new QFrame;
    edge->setProperty("edge", true);
    edge->setFixedWidth(1);
    middle->addWidget(edge);
    middle->addWidget(content, 1);
    auto *rows = new QVBoxLayout(frame_);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(top_);
    rows->addLayout(middle, 1);
    rows->addWidget(status_);
    setCentralWidget(frame_);
    palette_ = new Palette(frame_);
    keys_ = new KeysOverlay(frame_);
    setTabOrder(top_, sidebar_);
    setTabOrder(sidebar_, views_);
}

void MainWindow::wire() {
    actions_->attachTo(this);
    connect(actions_, &ActionTable::triggered, this, &MainWindow::carryOut);
    connect(actions_, &ActionTable::contextChanged, this, &MainWindow::showCommand);
    connect(sidebar_, &Sidebar::viewChosen, this, &MainWindow::carryOut);
    connect(sidebar_, &Sidebar::clusterChosen, this, &MainWindow::clusterChosen);
    connect(sidebar_, &Sidebar::rolloutChosen, this, &MainWindow::rolloutChosen);
    connect(palette_, &Palette::commandCopied, this, &MainWindow::copyCommand);
    connect(palette_, &Palette::chosen, this, [this](const PaletteEntry &entry) {
        if (entry.action.isEmpty()) {
            Q_EMIT placeChosen(entry.link);
        } else if (entry.context == actions_->context()) {
            carryOut(entry.action);
        } else {
            Q_EMIT actionWanted(entry.action, entry.context);
        }
    });
    const auto back_to_view = [this] {
        if (QWidget *view = views_->currentWidget()) {
            view->setFocus(Qt::OtherFocusReason);
        }
    };
    connect(palette_, &Palette::closed, this, back_to_view);
    connect(keys_, &KeysOverlay::closed, this, back_to_view);
}

void MainWindow::carryOut(const QString &id) {
    if (by_action_.count(id) > 0) {
        showView(id);
    } else if (id == u"window.palette") {
        openPalette();
    } else if (id == u"window.keys") {
        keys_->open();
    } else if (id == u"window.menu") {
        top_->openMenu();
    } else if (id == u"window.copy-cli") {
        copyCommand(command());
    } else if (id == u"window.full-screen") {
        setWindowState(windowState() ^ Qt::WindowFullScreen);
    } else if (id == u"window.quit") {
        close();
    } else {
        Q_EMIT actionWanted(id, actions_->context());
    }
}

void MainWindow::addView(const QString &action, QWidget *view) {
    by_action_[action] = view;
    views_->addWidget(view);
    if (shown_.isEmpty()) {
        showView(action);
    }
}

QWidget *MainWindow::view(const QString &action) const {
    const auto found = by_action_.find(action);
    return found == by_action_.end() ? nullptr : found->second;
}

void MainWindow::showView(const QString &action) {
    QWidget *wanted = view(action);
    if (!wanted) {
        return;
    }
    shown_ = action;
    views_->setCurrentWidget(wanted);
    wanted->setFocus(Qt::OtherFocusReason);
    markOpen();
    showCommand();
    Q_EMIT viewShown(action);
}

void MainWindow::setState(const ShellState &state) {
    state_ = state;
    top_->setState(state);
    status_->setState(state);
    sidebar_->rows()->setRows(sidebarRows(state.clusters, state.rollouts, state.waiting));
    banner_->setMoment(state.age.as_of);
    const bool production = state.cluster &&
                            state.cluster->klass == api::ClusterClass::Production &&
                            state.cluster->kind != api::ClusterKind::File;
    static_cast<WindowFrame *>(frame_)->setMarks(production, state.travelling());
    const QString cluster = state.cluster ? boundedText(state.cluster->name, 60) : QString();
    setWindowTitle(cluster.isEmpty() ? tr("Aviary") : tr("%1 - Aviary").arg(cluster));
    markOpen();
}

void MainWindow::setAge(const DataAgeValue &age) {
    if (age.as_of != state_.age.as_of) { // the past is never shown without its banner
        ShellState state = state_;
        state.age = age;
        setState(state);
        return;
    }
    state_.age = age;
    status_->setAge(age);
}

void MainWindow::setContext(const ActionContext &context) {
    actions_->setContext(context);
    markOpen();
}

void MainWindow::setFindable(std::vector<ActionContext> rollouts,
                             std::vector<PalettePlace> places) {
    others_ = std::move(rollouts);
    places_ = std::move(places);
}

void MainWindow::setCommandAction(const QString &action) {
    command_action_ = action;
    showCommand();
}

void MainWindow::setFoot(QWidget *foot) {
    content_rows_->addWidget(foot);
}

void MainWindow::say(const QString &text) {
    status_->say(text);
}

void MainWindow::openPalette() {
    palette_->model()->setSource(actions_->context(), others_, places_);
    palette_->open();
}

QString MainWindow::command() const {
    const QString wanted = actions_->command(command_action_.toLatin1().constData());
    return wanted.isEmpty() ? actions_->command(shown_.toLatin1().constData()) : wanted;
}

void MainWindow::showCommand() {
    status_->setCommand(command(), keysText(actions_->action("window.copy-cli")->shortcut()));
}

void MainWindow::copyCommand(const QString &command) {
    if (command.isEmpty()) {
        status_->say(tr("there is no command line for this"));
        return;
    }
    QGuiApplication::clipboard()->setText(command);
    status_->say(tr("copied: %1").arg(command));
}

void MainWindow::markOpen() {
    const ActionContext &context = actions_->context();
    const QString cluster = state_.cluster ? state_.cluster->id : context.cluster;
    const QString rollout = shown_ == u"view.rollouts" ? context.rollout : QString();
    sidebar_->setOpen(shown_, cluster, rollout);
}

void MainWindow::resizeEvent(QResizeEvent *event) {
    QMainWindow::resizeEvent(event);
    if (palette_->isVisible()) {
        palette_->open();
    }
    if (keys_->isVisible()) {
        keys_->open();
    }
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event) {
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile()) {
        event->acceptProposedAction();
    }
}

void MainWindow::dropEvent(QDropEvent *event) {
    Q_EMIT placeChosen(event->mimeData()->urls().front().toString());
}

} // namespace aviary
