// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/fleetpresenter.h"

#include "core/api/clusterlimits.h"
#include "core/api/valuesjson.h"
#include "core/support/words.h"
#include "ui/fleet/logpane.h"
#include "ui/fleet/selectionbar.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/mainwindow.h"

#include <QAction>
#include <QDateTime>

#include <algorithm>

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr int refresh_interval_ms = 1'000;
constexpr int log_interval_ms = 1'000;
constexpr int history_interval_ms = 5'000;
constexpr int log_lines = 500;

// The words of settings, in the order of FleetColouring.
constexpr std::array colour_words{"revision", "health", "behind", "cpu", "memory", "disk"};
constexpr QLatin1StringView label_prefix{"label:"};

FleetLook lookFrom(const Settings &settings) {
    FleetLook look;
    const QString group = QString::fromUtf8(settings.ofView("fleet/group"));
    if (group == u"revision") {
        look.grouping.by = FleetGrouping::By::Revision;
    } else if (group.startsWith(label_prefix)) {
        look.grouping = {FleetGrouping::By::Label, group.mid(label_prefix.size())};
    }
    const QByteArray colour = settings.ofView("fleet/colour");
    const auto found = std::find(colour_words.begin(), colour_words.end(), colour);
    if (found != colour_words.end()) {
        look.colouring = FleetColouring(found - colour_words.begin());
    }
    look.columns = settings.ofView("fleet/columns");
    look.split = settings.ofView("fleet/split");
    return look;
}

QString groupWord(const FleetGrouping &grouping) {
    switch (grouping.by) {
    case FleetGrouping::By::Revision:
        return u"revision"_qs;
    case FleetGrouping::By::Label:
        return label_prefix + grouping.label;
    case FleetGrouping::By::Site:
        break;
    }
    return u"site"_qs;
}

bool isUnderWay(kernel::Status status) {
    return status == kernel::Status::InProgress || status == kernel::Status::Waiting ||
           status == kernel::Status::Paused || status == kernel::Status::RollingBack;
}

} // namespace

FleetPresenter::FleetPresenter(Console &console)
    : QObject(&console), console_(console), view_(new FleetView) {
    view_->setStore(&store_);
    view_->setLook(lookFrom(console_.settings()));
    console_.window().addView(u"view.fleet"_qs, view_);
    view_->header()->addAction(console_.window().actions().action("rollout.new"),
                               ActionButton::Kind::Primary);
    wire();
    wirePage();
    refresh_timer_.start(refresh_interval_ms);
    watch();
}

void FleetPresenter::wire() {
    Choice &choice = console_.choice();
    connect(&choice, &Choice::chosen, this, &FleetPresenter::watch);
    connect(&choice, &Choice::sessionChanged, this, [this] {
        log_asked_ = false; // that answer does not come any more
        store_.forget();
        refresh();
    });
    for (const auto signal : {&Choice::linkChanged, &Choice::clustersChanged}) {
        connect(&choice, signal, this, &FleetPresenter::refresh);
    }
    connect(&choice, &Choice::rolloutsChanged, this, &FleetPresenter::refresh);
    connect(&refresh_timer_, &QTimer::timeout, this, &FleetPresenter::refresh);
    connect(&store_, &FleetStore::changed, this, [this](const FleetChange &change) {
        if (change.structure) {
            refresh(); // the services that it runs, and so what is looked at
        }
        refreshPage();
    });
    connect(&console_, &Console::actionWanted, this, &FleetPresenter::carryOut);
    connect(view_, &FleetView::selectionChanged, this, &FleetPresenter::choose);
    connect(view_, &FleetView::flagWanted, this, &FleetPresenter::propose);
    connect(view_, &FleetView::rolloutWanted, this, &FleetPresenter::planRollout);
    connect(view_, &FleetView::lookChanged, this, &FleetPresenter::keepLook);
}

void FleetPresenter::wirePage() {
    connect(view_, &FleetView::nodeOpened, this, &FleetPresenter::open);
    connect(view_, &FleetView::logWanted, this, [this](const QString &node) {
        if (const auto index = store_.find(node)) {
            view_->openNode(*index);
            open(node);
        }
    });
    connect(view_, &FleetView::nodeClosed, this, [this] {
        log_timer_.stop();
        history_timer_.stop();
        page_ = {};
    });
    connect(view_->page(), &NodePage::checksWanted, this, &FleetPresenter::askChecks);
    connect(view_->page()->log(), &LogPane::serviceChosen, this, &FleetPresenter::askLog);
    connect(&log_timer_, &QTimer::timeout, this, &FleetPresenter::askLog);
    connect(&history_timer_, &QTimer::timeout, this, &FleetPresenter::askHistory);
}

// ---- The nodes of the chosen cluster

void FleetPresenter::watch() {
    const Choice &choice = console_.choice();
    if (desk_ == choice.desk() && cluster_ == choice.cluster()) {
        return;
    }
    if (desk_) {
        disconnect(desk_, &Desk::topicChanged, this, nullptr);
        if (!cluster_.isEmpty()) {
            desk_->unwatch(u"fleet:"_qs + cluster_);
        }
    }
    desk_ = choice.desk();
    cluster_ = choice.cluster();
    store_.forget();
    view_->closeNode();
    if (desk_ && !cluster_.isEmpty()) {
        connect(desk_, &Desk::topicChanged, this, &FleetPresenter::take);
        desk_->watch(u"fleet:"_qs + cluster_);
    }
    refresh();
}

void FleetPresenter::take(const QString &topic, const QJsonObject &change) {
    const QString expected = u"fleet:"_qs + cluster_;
    if (topic != expected) {
        return;
    }
    const auto rows = api::listFromJson<api::NodeRow>(change.value(u"rows"_qs));
    if (!rows) {
        qWarning("%s: %s", qPrintable(topic), qPrintable(toText(rows.error())));
        return;
    }
    if (change.value(u"whole"_qs).toBool()) {
        store_.begin();
    }
    QStringList gone;
    const QJsonArray ids = change.value(u"gone"_qs).toArray();
    for (const QJsonValue &id : ids) {
        gone += id.toString();
    }
    store_.apply(*rows, gone);
}

qint64 FleetPresenter::nowWallMs() const {
    const api::ClusterRow *cluster = console_.choice().clusterRow();
    const bool past = desk_ && (desk_->travelling() || desk_->isFile());
    return past && cluster ? cluster->heard_wall_ms : QDateTime::currentMSecsSinceEpoch();
}

QString FleetPresenter::whyOff() const {
    const api::ClusterRow *cluster = console_.choice().clusterRow();
    if (desk_ && desk_->travelling()) {
        return tr("this is %1; go back to live to change anything").arg(desk_->asOf());
    }
    if (desk_ && desk_->isFile()) {
        return tr("a file cannot act");
    }
    return cluster && !cluster->unlocked ? tr("the cluster is read-only; unlock it first")
                                         : QString();
}

std::vector<api::RolloutRow> FleetPresenter::rolloutsUnderWay() const {
    std::vector<api::RolloutRow> rows;
    for (const api::RolloutRow &row : desk_ ? desk_->rollouts() : std::vector<api::RolloutRow>()) {
        if (row.cluster == cluster_ && isUnderWay(row.status)) {
            rows.push_back(row);
        }
    }
    return rows;
}

void FleetPresenter::refresh() {
    const api::ClusterRow *cluster = console_.choice().clusterRow();
    FleetValue value;
    value.scene.rollouts = rolloutsUnderWay();
    value.scene.focus = focusOf(store_, value.scene.rollouts);
    value.scene.now_wall_ms = nowWallMs();
    value.cluster_name = cluster ? cluster->name : cluster_;
    value.off = whyOff();
    value.knows_exclusion = !cluster || api::exclusionRefusal(cluster->kind).isEmpty();
    if (desk_ && desk_->link() != Desk::Link::Open) {
        value.trouble = desk_->trouble();
    } else if (cluster && cluster->contact == api::Contact::Lost) {
        value.trouble = cluster->text;
    }
    if (desk_ && !cluster_.isEmpty() && desk_->isStale(cluster_)) {
        const auto age_ms = desk_->ageMs(cluster_);
        value.old = age_ms ? tr("The data is %1 old").arg(ageText(*age_ms))
                           : tr("The cluster was not heard yet");
    }
    view_->setValue(value);
    refreshPage();
}

void FleetPresenter::keepLook() {
    const FleetLook look = view_->look();
    Settings &settings = console_.settings();
    settings.setOfView("fleet/group", groupWord(look.grouping).toUtf8());
    settings.setOfView("fleet/colour", colour_words[std::size_t(look.colouring)]);
    settings.setOfView("fleet/columns", look.columns);
    settings.setOfView("fleet/split", look.split);
}

// ---- What a person wants

// The actions of the window are about the one node that is chosen.
void FleetPresenter::choose() {
    const std::vector<NodeIndex> nodes = view_->selection();
    console_.choice().chooseNode(nodes.size() == 1 ? store_.id(nodes[0]) : QString());
}

void FleetPresenter::carryOut(const QString &action, const ActionContext &context) {
    const auto node = store_.find(context.node);
    if (!node || deskKeyFrom(context.cluster).id != cluster_) {
        return;
    }
    const auto flag = [&](FlagChange change) {
        propose(flagEffect(store_, {*node}, change, {{}, rolloutsUnderWay(), nowWallMs()}));
    };
    if (action == u"node.open" || action == u"node.log") {
        console_.window().showView(u"view.fleet"_qs);
        view_->openNode(*node);
        open(context.node);
    } else if (action == u"node.drain") {
        flag(store_.flags(*node).draining ? FlagChange::Undrain : FlagChange::Drain);
    } else if (action == u"node.exclude") {
        flag(store_.flags(*node).excluded ? FlagChange::Include : FlagChange::Exclude);
    } else if (action == u"node.maintenance") {
        flag(store_.flags(*node).maintenance ? FlagChange::EndMaintenance
                                             : FlagChange::BeginMaintenance);
    }
}

void FleetPresenter::propose(const FlagEffect &effect) {
    if (!desk_ || effect.ids.isEmpty()) {
        return;
    }
    Proposal proposal;
    proposal.verb = u"node.flag"_qs;
    proposal.cluster = cluster_;
    proposal.parameters = flagParameters(effect.change);
    proposal.parameters.insert(u"cluster"_qs, cluster_);
    proposal.parameters.insert(u"nodes"_qs, QJsonArray::fromStringList(effect.ids));
    proposal.title = effect.title;
    proposal.button = effect.button;
    for (const FlagEffect::Line &line : effect.lines) {
        proposal.facts.push_back({line.label, line.text});
    }
    proposal.raises_exposure = effect.raises_exposure;
    console_.requester().propose(*desk_, proposal);
}

void FleetPresenter::planRollout(const QStringList &nodes) {
    console_.choice().chooseTargets(nodes);
    console_.window().actions().action("rollout.new")->trigger();
}

// ---- A node's page

void FleetPresenter::open(const QString &node) {
    page_ = {};
    page_.id = node;
    log_asked_ = false;
    view_->page()->log()->clear();
    view_->page()->log()->setTrouble({});
    refreshPage();
    askHistory();
    askChecks();
    askLog();
    log_timer_.start(log_interval_ms);
    history_timer_.start(history_interval_ms);
}

void FleetPresenter::refreshPage() {
    if (page_.id.isEmpty()) {
        return;
    }
    const auto node = store_.find(page_.id);
    page_.node = node ? std::optional(store_.row(*node)) : std::nullopt;
    page_.now_wall_ms = nowWallMs();
    view_->page()->setValue(page_);
}

void FleetPresenter::ask(const QString &verb, QJsonObject parameters,
                         const std::function<void(const Result<QJsonObject> &)> &answered) {
    if (!desk_ || page_.id.isEmpty()) {
        return;
    }
    parameters.insert(u"cluster"_qs, cluster_);
    parameters.insert(u"node"_qs, page_.id);
    const QPointer<FleetPresenter> self(this);
    desk_->call(verb, parameters,
                [self, id = page_.id, answered](const Result<QJsonObject> &answer) {
                    if (self && self->page_.id == id) {
                        answered(answer);
                        self->refreshPage();
                    }
                });
}

void FleetPresenter::askHistory() {
    ask(u"node.get"_qs, {}, [this](const Result<QJsonObject> &answer) {
        const auto told = answer.and_then([](const QJsonObject &object) {
            return api::listFromJson<api::Happening>(object.value(u"happenings"_qs));
        });
        page_.happenings_trouble = told ? QString() : toText(told.error());
        if (told) {
            page_.happenings = *told;
        }
    });
}

void FleetPresenter::askChecks() {
    page_.health.reset();
    ask(u"health"_qs, {}, [this](const Result<QJsonObject> &answer) {
        const auto told = answer.and_then(api::fromJson<api::HealthReport>);
        page_.health_trouble = told ? QString() : toText(told.error());
        if (told) {
            page_.health = *told;
        }
    });
}

void FleetPresenter::askLog() {
    LogPane *log = view_->page()->log();
    const QString service = log->service();
    if (service.isEmpty() || log_asked_) {
        return;
    }
    log_asked_ = true;
    ask(u"node.log"_qs, {{u"service"_qs, service}, {u"lines"_qs, log_lines}},
        [this, log, service](const Result<QJsonObject> &answer) {
            log_asked_ = false;
            if (service != log->service()) {
                return;
            }
            const auto lines = answer.and_then([](const QJsonObject &object) {
                return api::listFromJson<api::LogRow>(object.value(u"lines"_qs));
            });
            log->setTrouble(lines ? QString() : toText(lines.error()));
            if (lines) {
                log->setLatest(*lines);
            }
        });
}

} // namespace aviary
