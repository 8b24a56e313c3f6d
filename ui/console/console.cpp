// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/console.h"

#include "ui/console/confirmationsheet.h"
#include "ui/console/deeplink.h"
#include "ui/console/links.h"
#include "ui/console/outcomestrip.h"
#include "ui/console/rolloutpresenter.h"
#include "ui/console/settingssheet.h"
#include "ui/console/shellfeed.h"
#include "ui/console/traynotice.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"

#include <QDateTime>
#include <QJsonArray>
#include <QProcess>
#include <QUrl>

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr int refresh_ms = 34; // at most 30 a second
constexpr int age_ms = 500;
constexpr int seen_ms = 60'000;

} // namespace

Console::Console(Desks &desks, Settings settings, Theme &theme, Surroundings surroundings,
                 QObject *parent)
    : QObject(parent)
    , desks_(desks)
    , settings_(settings)
    , theme_(theme)
    , surroundings_(std::move(surroundings))
    , window_(std::make_unique<MainWindow>())
    , strip_(new OutcomeStrip) {
    window_->setFoot(strip_);
    refresh_timer_.setSingleShot(true);
    connect(&refresh_timer_, &QTimer::timeout, this, &Console::refresh);
    connect(&age_timer_, &QTimer::timeout, this, &Console::refreshAge);
    wire();
    first_ = new RolloutPresenter(*this);
    window_->installEventFilter(this);
    new TrayNotice(*this);
    age_timer_.start(age_ms);
    connect(&seen_timer_, &QTimer::timeout, this, &Console::markSeen);
    seen_timer_.start(seen_ms);
    refresh();
}

Console::~Console() {
    markSeen();
}

bool Console::eventFilter(QObject *object, QEvent *event) {
    if (event->type() == QEvent::Paint && object == window_.get()) {
        window_->removeEventFilter(this);
        QTimer::singleShot(0, this, &Console::complete);
    }
    return QObject::eventFilter(object, event);
}

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
    connect(&desks_, &Desks::leaving, this, &Console::forgetDesk);
    for (Desk *desk : desks_.all()) {
        follow(desk);
    }
}

void Console::wireRequests() {
    auto *sheet = new ConfirmationSheet(window_->centralWidget());
    connect(&requester_, &Requester::questionChanged, sheet,
            [this, sheet] { sheet->setQuestion(requester_.question()); });
    connect(sheet, &ConfirmationSheet::confirmed, &requester_, &Requester::confirm);
    connect(sheet, &Sheet::withdrawn, &requester_, &Requester::withdraw);
    connect(sheet, &ConfirmationSheet::seen, &requester_, &Requester::lookAgain);
    connect(&requester_.outcomes(), &Outcomes::changed, strip_,
            [this] { strip_->setLines(requester_.outcomes().lines()); });
    connect(strip_, &OutcomeStrip::dismissed, &requester_.outcomes(), &Outcomes::dismiss);
}

void Console::follow(Desk *desk) {
    for (const auto signal :
         {&Desk::linkChanged, &Desk::daemonChanged, &Desk::clustersChanged, &Desk::rolloutsChanged,
          &Desk::waitingChanged, &Desk::sessionChanged}) {
        connect(desk, signal, this, &Console::refreshSoon);
    }
}

void Console::forgetDesk(Desk *desk) {
    if (choice_.desk() == desk) {
        requester_.withdraw();
        choice_.chooseDesk(nullptr);
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

// Where nothing is chosen yet, the first cluster. A file that was opened stays chosen while its
// rows are on their way.
void Console::chooseSomething() {
    if (const api::RolloutRow *row = choice_.rolloutRow(); row && !choice_.clusterRow()) {
        choice_.chooseRollout(choice_.desk(), row->id);
    }
    if (choice_.clusterRow() || (choice_.desk() && choice_.desk()->isFile())) {
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

// Age grows without a word, and may block what raises exposure.
void Console::refreshAge() {
    ShellState state = shellStateOf(desks_, choice_);
    const DataAgeValue age = std::exchange(state.age, window_->state().age);
    if (state != window_->state()) {
        window_->setState(state);
    }
    window_->setAge(age);
    window_->setContext(contextOf(choice_));
}

void Console::open(const QString &link) {
    complete();
    const QUrl url(link);
    if (url.isLocalFile()) {
        Q_EMIT fileWanted(url.toLocalFile());
        return;
    }
    if (const auto deep = deepLinkFrom(link)) {
        const auto target = targetOf(desks_, *deep);
        if (!target) {
            awaited_ = link;
        } else if (target->rollout.isEmpty()) {
            choice_.chooseCluster(target->desk, target->cluster);
        } else {
            choice_.chooseRollout(target->desk, target->rollout);
            window_->showView(u"view.rollouts"_qs);
        }
        return;
    }
    const QString what = link.section(u':', 0, 0);
    const DeskKey key = deskKeyFrom(link.section(u':', 1));
    Desk *desk = desks_.find(key.desk);
    if (what == u"cluster") {
        if (!desk || !desk->cluster(key.id)) {
            awaited_ = link;
        } else {
            choice_.chooseCluster(desk, key.id);
        }
    } else if (what == u"rollout") {
        if (!desk || !desk->rollout(key.id)) {
            awaited_ = link;
        } else {
            choice_.chooseRollout(desk, key.id);
            window_->showView(u"view.rollouts"_qs);
        }
    }
}

void Console::carryOut(const QString &id, const ActionContext &context) {
    const ActionLine *line = actionLine(id.toLatin1().constData());
    complete();
    markSeen();
    if (claimed_.count(id) > 0) {
        Q_EMIT actionWanted(id, context);
    } else if (window_->view(id)) {
        window_->showView(id);
    } else if (id == u"window.theme") {
        changeTheme();
    } else if (id == u"window.settings") {
        showSettings();
    } else if (id == u"time.live") {
        if (choice_.desk()) {
            choice_.desk()->backToLive();
        }
    } else if (line && line->about == About::Rollout && *line->verb != '\0') {
        request(*line, context);
    } else {
        Q_EMIT actionWanted(id, context);
    }
}

void Console::request(const ActionLine &line, const ActionContext &context) {
    const DeskKey key = deskKeyFrom(context.rollout);
    Desk *desk = desks_.find(key.desk);
    if (!desk) {
        return;
    }
    const QString id = QString::fromLatin1(line.id);
    QJsonObject parameters;
    if (id == u"rollout.promote-full") {
        parameters.insert(u"to"_qs, int(kernel::full_weight));
    } else if (id == u"rollout.promote" && context.next_weight) {
        parameters.insert(u"to"_qs, *context.next_weight);
    } else if (id == u"rollout.lower") {
        parameters.insert(u"to"_qs, context.lower_weight.value_or(0));
    }
    requester_.ask(*desk, QString::fromLatin1(line.verb), key.id, parameters);
}

void Console::changeTheme() {
    theme_.choose(theme_.isDark() ? ThemeChoice::Light : ThemeChoice::Dark);
    settings_.setTheme(theme_.isDark() ? u"dark"_qs : u"light"_qs);
}

void Console::showSettings() {
    Desk *desk = desks_.find(local_desk);
    if (!desk || desk->link() != Desk::Link::Open) {
        return settings_sheet_->show({settings_.theme(), settings_.displayName(), {}, {}});
    }
    desk->call(u"alert.delivery"_qs, {}, [this](const Result<QJsonObject> &answer) {
        const auto told =
            answer ? api::fromJson<api::AlertDelivery>(*answer) : tl::unexpected(answer.error());
        const api::AlertDelivery delivery = told.value_or(api::AlertDelivery());
        settings_sheet_->show({settings_.theme(), settings_.displayName(),
                               delivery.command.join(u' '), delivery.webhook});
    });
}

void Console::keepSettings(const SettingsWish &wish) {
    settings_.setTheme(wish.theme);
    settings_.setDisplayName(wish.name);
    theme_.choose(themeFrom(wish.theme));
    Desk *desk = desks_.find(local_desk);
    if (!desk || desk->link() != Desk::Link::Open) {
        return;
    }
    desk->call(
        u"alert.delivery"_qs,
        {{u"command"_qs, QJsonArray::fromStringList(QProcess::splitCommand(wish.alert_command))},
         {u"webhook"_qs, wish.alert_webhook}},
        [this](const Result<QJsonObject> &answer) {
            if (!answer) {
                window_->say(toText(answer.error()));
            }
        });
}

// A window that nobody looks at is not a person.
void Console::markSeen() {
    if (window_->isActiveWindow()) {
        settings_.setLastSeen(QDateTime::currentMSecsSinceEpoch());
    }
}

Result<void> Console::addHost(const QString &host) {
    return addHostDesk(desks_, surroundings_.ssh, host, surroundings_.as).map([this, &host] {
        QStringList hosts = settings_.hosts();
        if (!hosts.contains(host)) {
            settings_.setHosts(hosts << host);
        }
    });
}

void Console::removeHost(const QString &desk) {
    QStringList hosts = settings_.hosts();
    hosts.removeAll(desk.section(u':', 1));
    settings_.setHosts(hosts);
    desks_.remove(desk);
}

} // namespace aviary
