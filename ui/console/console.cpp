// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/console.h"

#include "ui/console/shellfeed.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <QUrl>

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr int refresh_ms = 34; // at most 30 a second
constexpr int age_ms = 500;

} // namespace

Console::Console(Desks &desks, Settings settings, Theme &theme, QObject *parent)
    : QObject(parent)
    , desks_(desks)
    , settings_(settings)
    , theme_(theme)
    , window_(std::make_unique<MainWindow>()) {
    refresh_timer_.setSingleShot(true);
    connect(&refresh_timer_, &QTimer::timeout, this, &Console::refresh);
    connect(&age_timer_, &QTimer::timeout, this, &Console::refreshAge);
    wire();
    addPresenters();
    age_timer_.start(age_ms);
    refresh();
}

Console::~Console() = default;

void Console::wire() {
    connect(window_.get(), &MainWindow::actionWanted, this, &Console::carryOut);
    connect(window_.get(), &MainWindow::placeChosen, this, &Console::open);
    connect(window_.get(), &MainWindow::clusterChosen, this,
            [this](const QString &key) { open(u"cluster:"_qs + key); });
    connect(window_.get(), &MainWindow::rolloutChosen, this,
            [this](const QString &key) { open(u"rollout:"_qs + key); });
    connect(&choice_, &Choice::chosen, this, &Console::refresh);
    connect(&choice_, &Choice::detailChanged, this, &Console::refreshSoon);
    connect(&desks_, &Desks::added, this, &Console::follow);
    connect(&desks_, &Desks::changed, this, &Console::refreshSoon);
    connect(&desks_, &Desks::leaving, this, [this](Desk *desk) {
        if (choice_.desk() == desk) {
            choice_.chooseDesk(nullptr);
        }
    });
    for (Desk *desk : desks_.all()) {
        follow(desk);
    }
}

void Console::follow(Desk *desk) {
    for (const auto signal :
         {&Desk::linkChanged, &Desk::daemonChanged, &Desk::clustersChanged, &Desk::rolloutsChanged,
          &Desk::waitingChanged, &Desk::sessionChanged}) {
        connect(desk, signal, this, &Console::refreshSoon);
    }
}

void Console::refreshSoon() {
    if (!refresh_timer_.isActive()) {
        refresh_timer_.start(refresh_ms);
    }
}

void Console::refresh() {
    if (!awaited_.isEmpty()) {
        open(std::exchange(awaited_, QString()));
    }
    chooseSomething();
    window_->setState(shellStateOf(desks_, choice_));
    window_->setContext(contextOf(choice_));
    window_->setFindable(otherContexts(desks_, choice_), placesOf(desks_));
}

// What a person most likely came for: what runs on the first cluster.
void Console::chooseSomething() {
    if (choice_.clusterRow()) {
        return;
    }
    for (Desk *desk : desks_.all()) {
        if (!desk->clusters().empty()) {
            choice_.chooseCluster(desk, desk->clusters().front().id);
            return;
        }
    }
    if (!choice_.desk() && !desks_.all().empty()) {
        choice_.chooseDesk(desks_.all().front());
    }
}

// Age grows without a word: it may block what raises exposure.
void Console::refreshAge() {
    window_->setAge(ageOf(choice_));
    window_->setContext(contextOf(choice_));
}

void Console::open(const QString &link) {
    const QString scheme = link.section(u':', 0, 0);
    const DeskKey key = deskKeyFrom(link.section(u':', 1));
    Desk *desk = desks_.find(key.desk);
    if (scheme == u"cluster") {
        if (desk && desk->cluster(key.id)) {
            choice_.chooseCluster(desk, key.id);
        }
    } else if (scheme == u"rollout") {
        if (desk && desk->rollout(key.id)) {
            choice_.chooseRollout(desk, key.id);
            window_->showView(u"view.rollouts"_qs);
        }
    } else if (scheme == u"file") {
        Q_EMIT fileWanted(QUrl(link).toLocalFile());
    }
}

void Console::carryOut(const QString &id, const ActionContext &context) {
    Q_EMIT actionWanted(id, context);
}

} // namespace aviary
