// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/rolloutpresenter.h"

#include "core/api/valuesjson.h"
#include "core/support/words.h"
#include "ui/charts/scrubber.h"
#include "ui/console/badmark.h"
#include "ui/console/shellfeed.h"
#include "ui/rollout/rolloutreport.h"
#include "ui/rollout/rolloutview.h"
#include "ui/rollout/waybackdialog.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/viewheader.h"

#include <QAction>
#include <QClipboard>
#include <QDateTime>
#include <QEvent>
#include <QGuiApplication>
#include <QMimeData>

#include <algorithm>

namespace aviary {

using namespace Qt::Literals;
using kernel::Status;

namespace {

constexpr int pace_ms = 34;
constexpr int clock_ms = 1'000;

const QString view_action = u"view.rollouts"_qs;

// The instant that a travelled or recorded rollout stands at: the last thing
// known of it.
qint64 lastInstant(const api::RolloutDetail &detail) {
    qint64 last = std::max(detail.row.changed_wall_ms, detail.row.started_wall_ms);
    if (!detail.happenings.empty()) {
        last = std::max(last, detail.happenings.front().wall_ms);
    }
    return detail.traffic.empty() ? last : std::max(last, detail.traffic.back().wall_ms);
}

struct Buttons {
    std::vector<std::pair<const char *, ActionButton::Kind>> shown;
    std::vector<const char *> more;
};

// What there is to do in each state, the one thing to do next filled.
Buttons buttonsOf(Status status) {
    using Kind = ActionButton::Kind;
    const std::vector<const char *> under_way{
        "rollout.promote-full", "rollout.lower", "rollout.rollback-to", "rollout.skip",
        "rollout.retry",        "rollout.fail",  "rollout.verify",      "rollout.export",
        "rollout.report",       "rollout.all"};
    const std::vector<const char *> ended{"rollout.rollback-to", "rollout.verify", "rollout.export",
                                          "rollout.all"};
    switch (status) {
    case Status::Draft:
        return {{{"rollout.rehearse", Kind::Plain},
                 {"rollout.approve", Kind::Plain},
                 {"rollout.start", Kind::Primary}},
                {"rollout.fail", "rollout.report", "rollout.all"}};
    case Status::Approved:
        return {{{"rollout.rehearse", Kind::Plain}, {"rollout.start", Kind::Primary}},
                {"rollout.fail", "rollout.report", "rollout.all"}};
    case Status::Pending:
    case Status::InProgress:
    case Status::Waiting:
        return {{{"rollout.rehearse", Kind::Plain},
                 {"rollout.pause", Kind::Plain},
                 {"rollout.rollback", Kind::Danger},
                 {"rollout.promote", Kind::Primary}},
                under_way};
    case Status::Paused:
        return {{{"rollout.rehearse", Kind::Plain},
                 {"rollout.rollback", Kind::Danger},
                 {"rollout.resume", Kind::Primary}},
                under_way};
    case Status::RollingBack:
        return {
            {{"rollout.pause", Kind::Plain}, {"rollout.report", Kind::Plain}},
            {"rollout.retry", "rollout.fail", "rollout.verify", "rollout.export", "rollout.all"}};
    case Status::Failed:
    case Status::RolledBack:
        return {{{"rollout.bad", Kind::Plain},
                 {"rollout.report", Kind::Plain},
                 {"rollout.open-run", Kind::Primary}},
                ended};
    case Status::Completed:
    case Status::Superseded:
        return {{{"rollout.report", Kind::Plain}, {"rollout.open-run", Kind::Primary}}, ended};
    }
    return {};
}

// A cluster that runs it itself serves less; the rest stands in the palette, with the reason.
bool hasNoRun(const api::RolloutDetail &detail) {
    return std::ranges::any_of(detail.permissions, [](const api::Permission &one) {
        return one.verb == u"open-run" && !one.allowed;
    });
}

Buttons buttonsWithoutRun(Status status) {
    using Kind = ActionButton::Kind;
    const std::vector<const char *> under_way{"rollout.rollback-to", "rollout.fail",
                                              "service.start", "rollout.report", "rollout.all"};
    if (kernel::isEnd(status)) {
        return {{{"rollout.report", Kind::Plain}, {"rollout.rollback", Kind::Danger}},
                {"rollout.rollback-to", "service.start", "rollout.all"}};
    }
    const bool paused = status == Status::Paused;
    std::vector<std::pair<const char *, Kind>> shown{{"rollout.rollback", Kind::Danger}};
    if (!paused) {
        shown.insert(shown.begin(), {"rollout.pause", Kind::Plain});
    }
    shown.push_back({paused ? "rollout.resume" : "rollout.promote", Kind::Primary});
    return {shown, under_way};
}

} // namespace

RolloutPresenter::RolloutPresenter(Console &console)
    : QObject(&console), console_(console), view_(new RolloutView) {
    console_.window().addView(view_action, view_);
    console_.claim(u"rollout.bad"_qs);
    view_->installEventFilter(this);
    pace_.setSingleShot(true);
    pace_.setInterval(pace_ms);
    clock_.start(clock_ms);
    wire();
    takeDetail();
}

void RolloutPresenter::complete() {
    view_->list();
    view_->page();
}

void RolloutPresenter::wire() {
    Choice &choice = console_.choice();
    connect(&pace_, &QTimer::timeout, this, &RolloutPresenter::refresh);
    connect(&clock_, &QTimer::timeout, this, &RolloutPresenter::refreshSoon);
    connect(&choice, &Choice::chosen, this, &RolloutPresenter::takeDetail);
    connect(&choice, &Choice::sessionChanged, this, &RolloutPresenter::takeDetail);
    connect(&choice, &Choice::detailChanged, this, &RolloutPresenter::takeDetail);
    for (const auto signal :
         {&Choice::rolloutsChanged, &Choice::clustersChanged, &Choice::linkChanged}) {
        connect(&choice, signal, this, &RolloutPresenter::refreshSoon);
    }
    connect(&console_.desks(), &Desks::changed, this, &RolloutPresenter::refreshSoon);
    connect(&pages_, &TargetPages::changed, this, &RolloutPresenter::refreshSoon);
    connect(&console_, &Console::actionWanted, this, &RolloutPresenter::carryOut);
    connect(&console_.window(), &MainWindow::viewShown, this, [this](const QString &action) {
        if (action == view_action) {
            refresh();
            view_->focusWork();
        }
    });
    connect(view_, &RolloutView::effectWanted, this, &RolloutPresenter::askEffect);
    connect(view_, &RolloutView::proposed, this, &RolloutPresenter::propose);
    connect(view_, &RolloutView::rolloutOpened, this,
            [this](const QString &key) { console_.open(u"rollout:"_qs + key); });
    connect(view_, &RolloutView::nodeOpened, this, [this](const QString &node) {
        console_.choice().chooseNode(node);
        console_.window().actions().action("node.open")->trigger();
    });
}

bool RolloutPresenter::eventFilter(QObject *object, QEvent *event) {
    if (event->type() == QEvent::Show) { // of the view, which alone is watched
        refreshSoon();
    }
    return QObject::eventFilter(object, event);
}

// Values share one copy of the detail, made when it changed.
void RolloutPresenter::takeDetail() {
    const api::RolloutDetail *detail = console_.choice().detail();
    detail_ = detail ? std::make_shared<const api::RolloutDetail>(*detail) : nullptr;
    refreshSoon();
}

void RolloutPresenter::refreshSoon() {
    if (!pace_.isActive()) {
        pace_.start();
    }
}

void RolloutPresenter::refresh() {
    if (!view_) {
        return;
    }
    if (!view_->isVisible()) {
        pages_.stop();
        return; // it is read anew when it is shown
    }
    const Choice &choice = console_.choice();
    if (detail_) {
        pages_.want(choice.desk(), detail_->row.id, static_cast<quint32>(detail_->targets.size()),
                    detail_->targets_total);
    } else {
        pages_.stop();
    }
    showActions();
    view_->setValue(valueNow());
}

void RolloutPresenter::setChances(const RehearsedChances &chances) {
    if (!chances.rollout.isEmpty()) {
        chances_ = chances;
        refreshSoon();
    }
}

RolloutValue RolloutPresenter::valueNow() const {
    const Choice &choice = console_.choice();
    RolloutValue value;
    value.chosen = choice.rollout();
    value.detail = detail_;
    value.more_targets = pages_.rows();
    const bool live = detail_ && !kernel::isEnd(detail_->row.status) && choice.desk() &&
                      !choice.desk()->travelling();
    if (live && choice.desk() == chances_.desk && value.chosen == chances_.rollout) {
        value.chances = chances_.chances;
        value.rehearsed = timeOfDayText(chances_.wall_ms, false);
    }
    value.age = ageOf(choice);
    const bool still = !value.age.as_of.isEmpty() || value.age.from_file;
    value.now_wall_ms =
        still && detail_ ? lastInstant(*detail_) : QDateTime::currentMSecsSinceEpoch();
    if (const api::ClusterRow *cluster = choice.clusterRow()) {
        value.cluster_name = cluster->name;
        value.heard_wall_ms = cluster->heard_wall_ms;
        // The text names the router only while the cluster answers; else it says what is wrong.
        const bool counts = cluster->splits_traffic && cluster->contact == api::Contact::Live;
        value.counted_by = counts ? cluster->text : QString();
    }
    value.trouble = choice.desk() ? choice.desk()->trouble() : QString();
    if (!value.chosen.isEmpty()) {
        return value;
    }
    for (const Desk *desk : console_.desks().all()) {
        value.rows_known = value.rows_known || desk->link() == Desk::Link::Open;
        for (api::RolloutRow row : desk->rollouts()) {
            row.id = toText(DeskKey{desk->id(), row.id});
            value.rows.push_back(std::move(row));
        }
    }
    value.rows_known = value.rows_known || !value.rows.empty();
    return value;
}

void RolloutPresenter::showActions() {
    ActionTable &actions = console_.window().actions();
    Buttons buttons;
    if (detail_) {
        buttons = hasNoRun(*detail_) ? buttonsWithoutRun(detail_->row.status)
                                     : buttonsOf(detail_->row.status);
    } else if (console_.choice().rollout().isEmpty()) {
        buttons.shown = {{"rollout.new", ActionButton::Kind::Primary}};
    } else {
        buttons.shown = {{"rollout.all", ActionButton::Kind::Plain}};
    }
    std::vector<ViewHeader::Entry> shown;
    for (const auto &[id, kind] : buttons.shown) {
        shown.push_back({actions.action(id), kind});
    }
    std::vector<QAction *> more;
    for (const char *id : buttons.more) {
        more.push_back(actions.action(id));
    }
    view_->header()->setActions(shown, more);
}

void RolloutPresenter::carryOut(const QString &id) {
    if (id == u"rollout.all") {
        console_.choice().chooseRollout(console_.choice().desk(), {});
        console_.window().showView(view_action);
    } else if (id == u"rollout.report") {
        copyReport();
    } else if (id == u"rollout.rollback-to") {
        chooseWayBack();
    } else if (id == u"rollout.bad") {
        markBad();
    }
}

// ---- The slider
// ----------------------------------------------------------------------------------

void RolloutPresenter::askEffect(int weight) {
    wanted_ = weight;
    Desk *desk = console_.choice().desk();
    if (asked_ || !desk || !detail_) {
        return; // asked when the answer under way has come
    }
    asked_ = std::exchange(wanted_, std::nullopt);
    const bool lowers = weight < detail_->row.weight;
    desk->call(u"effect"_qs,
               {{u"rollout"_qs, detail_->row.id},
                {u"verb"_qs, lowers ? u"lower"_qs : u"promote"_qs},
                {u"to"_qs, weight}},
               [self = QPointer(this), weight](const Result<QJsonObject> &answer) {
                   if (self) {
                       self->effectAnswered(weight, answer);
                   }
               });
}

void RolloutPresenter::effectAnswered(int weight, const Result<QJsonObject> &answer) {
    asked_.reset();
    GhostValue ghost;
    ghost.weight = weight;
    const auto effect = answer.and_then(
        [](const QJsonObject &json) { return api::fromJson<api::EffectRow>(json); });
    if (effect) {
        ghost.effect = *effect;
    } else {
        ghost.trouble = effect.error().what;
    }
    if (view_) {
        view_->setGhost(ghost);
    }
    if (wanted_) {
        askEffect(*wanted_);
    }
}

void RolloutPresenter::propose(int weight) {
    Desk *desk = console_.choice().desk();
    if (!desk || !detail_ || weight == detail_->row.weight) {
        return;
    }
    const bool lowers = weight < detail_->row.weight;
    console_.requester().ask(*desk, lowers ? u"lower"_qs : u"promote"_qs, detail_->row.id,
                             {{u"to"_qs, weight}});
}

// ---- What else can be done
// -----------------------------------------------------------------------

void RolloutPresenter::chooseWayBack() {
    Desk *desk = console_.choice().desk();
    if (!desk || !detail_) {
        return;
    }
    const api::RolloutRow &row = detail_->row;
    std::vector<api::DeploymentRow> versions;
    for (const api::DeploymentRow &one : desk->deployments()) {
        if (one.key == row.service && one.cluster == row.cluster) {
            versions.push_back(one);
        }
    }
    auto *dialog = new WayBackDialog(row.service, row.to, std::move(versions), &console_.window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &WayBackDialog::chosen, this,
            [this, desk = QPointer(desk), id = row.id](const QString &version) {
                if (desk) {
                    console_.requester().ask(*desk, u"rollback"_qs, id, {{u"version"_qs, version}});
                }
            });
    dialog->open();
}

void RolloutPresenter::markBad() {
    Desk *desk = console_.choice().desk();
    if (!desk || !detail_) {
        return;
    }
    const api::RolloutRow &row = detail_->row;
    console_.requester().propose(*desk, badMark(row.cluster, row.service, row.to, true));
}

void RolloutPresenter::copyReport() {
    if (!detail_) {
        return;
    }
    const api::ClusterRow *cluster = console_.choice().clusterRow();
    const RolloutReport report = reportOf(*detail_, cluster ? cluster->name : QString(),
                                          QDateTime::currentMSecsSinceEpoch());
    auto *both = new QMimeData;
    both->setText(report.text);
    both->setHtml(report.html);
    QGuiApplication::clipboard()->setMimeData(both);
    console_.window().say(tr("The report was copied, as text and as HTML."));
}

} // namespace aviary
