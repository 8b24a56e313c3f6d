// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/liveprovider.h"

#include "core/api/valuesjson.h"
#include "core/orchestrator/facts.h"
#include "core/orchestrator/ownrows.h"
#include "core/support/words.h"

#include <QHostInfo>

namespace aviary::orchestrator {

using namespace kernel;

namespace {
constexpr std::size_t happenings_max = 200;
constexpr int fan_look_ms = 1'000;
} // namespace

LiveProvider::LiveProvider(journal::Journal &journal, DriverFactory factory, const Clock &clock,
                           QObject *parent)
    : Provider(parent)
    , journal_(journal)
    , clock_(clock)
    , orchestrator_(journal, clock)
    , clusters_(journal, orchestrator_, std::move(factory), clock)
    , deployments_(journal, orchestrator_, clock)
    , gitops_(journal, orchestrator_, clusters_, deployments_, clock)
    , alerts_(journal, clock) {
    orchestrator_.setSpecOf([this](const QString &service, const QString &revision) {
        return deployments_.specOf(service, revision);
    });
    orchestrator_.setTurnFacts([this](const LiveRollout &rollout) {
        std::vector<journal::Fact> facts = alerts_.factsOf(rollout);
        if (!rollout.active()) {
            std::ranges::move(deployments_.endFacts(rollout), std::back_inserter(facts));
        }
        return facts;
    });
    orchestrator_.setMemory({[this](const LiveRollout &rollout) { return toldOf(rollout); },
                             [this](const LiveRollout &rollout, const QJsonObject &told) {
                                 recallTold(rollout, told);
                             }});
    connect(&orchestrator_, &Orchestrator::rolloutChanged, this, &LiveProvider::rolloutChanged);
    connect(&orchestrator_, &Orchestrator::rolloutEnded, this, &LiveProvider::rolloutEnded);
    connect(&orchestrator_, &Orchestrator::entryStored, this, &LiveProvider::entryStored);
    connect(&orchestrator_, &Orchestrator::storageChanged, this, &LiveProvider::storageChanged);
    connect(&orchestrator_, &Orchestrator::trafficMeasured, this,
            [this](const QString &cluster, const QString &service, const QString &revision,
                   const Sample &sample) {
                traffic_.take(cluster, service, revision, sample, clock_.wallMs());
                measured_.emplace(cluster, service);
                tellSoon();
            });
    soon_timer_.setSingleShot(true);
    soon_timer_.setInterval(api::TrafficBook::interval_ms);
    connect(&soon_timer_, &QTimer::timeout, this, &LiveProvider::tellMeasured);
    fan_timer_.setInterval(fan_look_ms);
    connect(&fan_timer_, &QTimer::timeout, this, &LiveProvider::lookAtFans);
    connect(&clusters_, &ClusterSet::added, this, &LiveProvider::cover);
    connect(&clusters_, &ClusterSet::removed, this, [this](const QString &id) {
        traffic_.forget(id);
        alerts_.clusterBack(id);
        tellRows(QStringLiteral("clusters"), {}, {id});
    });
    connect(&requests_, &RequestDesk::changed, this, [this](const api::RequestRow &row) {
        tellRows(QStringLiteral("requests"), {api::toJson(row)});
    });
    connect(&alerts_, &AlertDesk::changed, this, [this](const api::AlertRow &row) {
        tellRows(QStringLiteral("alerts"), {api::toJson(row)});
    });
    connect(&deployments_, &DeploymentDesk::deploymentsChanged, this, [this](const QString &key) {
        QJsonArray rows;
        for (const DeploymentRecord &record : deployments_.ledger().history(key)) {
            rows.append(api::toJson(rowOf(record)));
        }
        tellRows(QStringLiteral("deployments"), rows);
    });
    attendGitOps();
}

LiveProvider::~LiveProvider() = default;

Asker LiveProvider::Call::asker() const {
    const QString who = caller.as.isEmpty() ? caller.user : caller.as + u" (" + caller.user + u')';
    return {who, parameters[u"reason"].toString().left(text_length_max), text(u"request_id")};
}

// ---- Verbs
// ---------------------------------------------------------------------------------------

const std::map<QString, LiveProvider::Verb> &LiveProvider::verbs() {
    using P = LiveProvider;
    static const std::map<QString, Verb> table = {
        {QStringLiteral("hello"), &P::hello},
        {QStringLiteral("cluster.list"), &P::listClusters},
        {QStringLiteral("cluster.add"), &P::addCluster},
        {QStringLiteral("cluster.edit"), &P::editCluster},
        {QStringLiteral("cluster.lock"), &P::lockCluster},
        {QStringLiteral("fleet.page"), &P::fleetPage},
        {QStringLiteral("node.get"), &P::getNode},
        {QStringLiteral("node.flag"), &P::flagNodes},
        {QStringLiteral("rollout.list"), &P::listRollouts},
        {QStringLiteral("rollout.get"), &P::getRollout},
        {QStringLiteral("rollout.targets"), &P::getTargets},
        {QStringLiteral("effect"), &P::effect},
        {QStringLiteral("request"), &P::request},
        {QStringLiteral("request.get"), &P::getRequest},
        {QStringLiteral("run.export"), &P::exportRun},
        {QStringLiteral("fan.watch"), &P::watchFan},
        {QStringLiteral("plan.compile"), &P::compilePlan},
        {QStringLiteral("deploy"), &P::deploy},
        {QStringLiteral("catch_up"), &P::catchUp},
        {QStringLiteral("history"), &P::history},
        {QStringLiteral("deployment.get"), &P::getDeployment},
        {QStringLiteral("deployment.diff"), &P::diffDeployments},
        {QStringLiteral("deployment.tag"), &P::tagDeployment},
        {QStringLiteral("deployment.bad"), &P::markBad},
        {QStringLiteral("summary"), &P::summary},
        {QStringLiteral("services"), &P::services},
        {QStringLiteral("snapshots"), &P::snapshots},
        {QStringLiteral("gitops.set"), &P::setRepository},
        {QStringLiteral("gitops.remove"), &P::removeRepository},
        {QStringLiteral("gitops.status"), &P::repositories},
        {QStringLiteral("waiting"), &P::waiting},
        {QStringLiteral("alert.list"), &P::listAlerts},
        {QStringLiteral("alert.ack"), &P::acknowledgeAlert},
        {QStringLiteral("alert.snooze"), &P::snoozeAlert},
        {QStringLiteral("alert.raise"), &P::raiseAlert},
        {QStringLiteral("alert.delivery"), &P::alertDelivery},
        {QStringLiteral("journal.verify"), &P::verifyJournal},
        {QStringLiteral("daemon.stop"), &P::stopDaemon},
    };
    return table;
}

const std::map<QString, LiveProvider::LateVerb> &LiveProvider::lateVerbs() {
    static const std::map<QString, LateVerb> table = {
        {QStringLiteral("cluster.test"), &LiveProvider::testCluster},
        {QStringLiteral("cluster.try"), &LiveProvider::tryCluster},
        {QStringLiteral("cluster.remove"), &LiveProvider::removeCluster},
        {QStringLiteral("service.effect"), &LiveProvider::serviceEffect},
        {QStringLiteral("service.request"), &LiveProvider::serviceRequest},
        {QStringLiteral("cluster.token"), &LiveProvider::keepToken},
        {QStringLiteral("node.log"), &LiveProvider::readLog},
        {QStringLiteral("verify"), &LiveProvider::verifyRollout},
        {QStringLiteral("health"), &LiveProvider::health},
        {QStringLiteral("gitops.sync"), &LiveProvider::syncRepository},
    };
    return table;
}

void LiveProvider::handle(const api::Caller &caller, const QString &verb,
                          const QJsonObject &parameters, api::Answer answer) {
    const Call call{caller, parameters};
    if (const auto late = lateVerbs().find(verb); late != lateVerbs().end()) {
        (this->*late->second)(call, answer);
        return;
    }
    const auto known = verbs().find(verb);
    if (known == verbs().end()) {
        answer(fail(ErrorCode::Invalid, tr("there is no verb %1").arg(boundedText(verb)),
                    QStringLiteral("method"), tr("this daemon may be older than the client")));
        return;
    }
    answer((this->*known->second)(call));
}

LiveProvider::Reply LiveProvider::hello(const Call &call) {
    if (const auto here = present_.find(call.caller.client); here != present_.end()) {
        here->second.as = call.text(u"as").left(text_length_max);
    }
    return api::toJson(daemonState(call.caller));
}

LiveProvider::Reply LiveProvider::stopDaemon(const Call &) {
    QMetaObject::invokeMethod(this, &LiveProvider::stopAsked, Qt::QueuedConnection);
    return QJsonObject{};
}

LiveProvider::Reply LiveProvider::verifyJournal(const Call &) {
    return journal_.verify().map([](const journal::Soundness &seen) {
        api::JournalReport report;
        report.entries = seen.records;
        report.whole = seen.whole;
        report.head = record::hexOf(seen.head.head);
        report.bad =
            seen.whole ? QString() : tr("record %1: %2").arg(seen.bad_position).arg(seen.what);
        return api::toJson(report);
    });
}

api::DaemonState LiveProvider::daemonState(const api::Caller &caller) const {
    api::DaemonState state;
    state.version = QStringLiteral(AVIARY_VERSION);
    state.host = QHostInfo::localHostName();
    state.who = caller.user;
    state.journal_entries = journal_.head().records;
    state.read_only = !storage_trouble_.isEmpty();
    state.text = storage_trouble_;
    for (const auto &[client, someone] : present_) {
        const QString name = someone.as.isEmpty() ? someone.user : someone.as;
        if (client != caller.client &&
            std::ranges::find(state.present, name) == state.present.end()) {
            state.present.push_back(name);
        }
    }
    return state;
}

void LiveProvider::arrived(const api::Caller &caller) {
    present_[caller.client] = caller;
    tellRows(QStringLiteral("daemon"), {api::toJson(daemonState({}))});
}

void LiveProvider::left(const api::Caller &caller) {
    present_.erase(caller.client);
    tellRows(QStringLiteral("daemon"), {api::toJson(daemonState({}))});
}

// ---- What changes
// --------------------------------------------------------------------------------

void LiveProvider::tellRows(const QString &topic, const QJsonArray &rows, const QStringList &gone) {
    Q_EMIT changed(topic, {{QStringLiteral("topic"), topic},
                           {QStringLiteral("whole"), false},
                           {QStringLiteral("rows"), rows},
                           {QStringLiteral("gone"), QJsonArray::fromStringList(gone)}});
}

void LiveProvider::cover(ClusterDesk *desk) {
    const auto tell = [this, desk] {
        tellRows(QStringLiteral("clusters"), {api::toJson(desk->row())});
    };
    connect(desk, &ClusterDesk::contactChanged, this, [this, desk, tell] {
        const api::ClusterRow row = desk->row();
        if (row.contact == api::Contact::Lost || row.contact == api::Contact::Stale) {
            requests_.clusterLost(row.id, tr("the cluster does not answer: %1").arg(row.text));
            alerts_.clusterLost(row.id, row.name, row.text);
        } else if (row.contact == api::Contact::Live) {
            requests_.clusterBack(row.id);
            alerts_.clusterBack(row.id);
        }
        tell();
    });
    connect(desk, &ClusterDesk::nodesChanged, this, [this, desk, tell](const QStringList &ids) {
        QJsonArray rows;
        for (const QString &id : ids) {
            if (const auto at = desk->find(id)) {
                rows.append(api::toJson(desk->nodeRow(*at)));
            }
        }
        if (!rows.isEmpty()) {
            tellRows(QStringLiteral("fleet:") + desk->id(), rows);
        }
        tell();
        settleFlags(*desk);
        catchUpWhereAllowed(*desk);
        tellWaiting();
    });
    connect(desk, &ClusterDesk::looked, this, [this, desk] { deployments_.followEnded(*desk); });
    connect(desk, &ClusterDesk::refreshed, this, [this, desk] {
        takeOwnRollouts(*desk);
        holdWhereDue(*desk);
        lookAtStarts(*desk);
    });
    connect(&desk->driver(), &clusters::Driver::logRead, this,
            [this](quint64 token, const Result<std::vector<clusters::LogLine>> &lines) {
                answerLog(token, lines);
            });
    connect(&desk->driver(), &clusters::Driver::refused, this,
            [this, id = desk->id()](const Error &why) { refuseFlags(id, why); });
    tell();
}

QJsonObject LiveProvider::toldOf(const LiveRollout &rollout) const {
    const QString &id = rollout.card().id;
    const auto narrator = narrators_.find(id);
    const auto told = happenings_.find(id);
    if (narrator == narrators_.end() || told == happenings_.end()) {
        return {};
    }
    const std::vector<api::Happening> lines(told->second.begin(), told->second.end());
    return {{QStringLiteral("narrator"), narrator->second->memory()},
            {QStringLiteral("happenings"), api::listToJson(lines)}};
}

void LiveProvider::recallTold(const LiveRollout &rollout, const QJsonObject &told) {
    const QString &id = rollout.card().id;
    narrators_[id] = std::make_unique<api::Narrator>(rollout.plan());
    narrators_[id]->recall(told[u"narrator"].toObject());
    const auto lines = api::listFromJson<api::Happening>(told[u"happenings"]);
    happenings_[id].clear();
    if (lines) {
        happenings_[id].assign(lines->begin(), lines->end());
    }
}

void LiveProvider::entryStored(const RolloutCard &card, const Plan &plan,
                               const record::Entry &entry) {
    auto &narrator = narrators_[card.id];
    if (!narrator || entry.sequence == 1) {
        narrator = std::make_unique<api::Narrator>(plan);
        happenings_[card.id].clear();
    }
    auto &told = happenings_[card.id];
    for (api::Happening &happening : narrator->tell(entry)) {
        told.push_back(std::move(happening));
    }
    while (told.size() > happenings_max) {
        told.pop_front();
    }
}

void LiveProvider::rolloutChanged(const QString &id) {
    const LiveRollout *rollout = orchestrator_.find(id);
    const QString service = api::text(rollout->plan().service);
    if (rollout->state().measuring) {
        traffic_.takeBand(rollout->card().cluster, service, rollout->state().verdict.errors);
    }
    requests_.lookAt(*rollout, clock_.wallMs());
    alerts_.stored(id);
    lookAtFan(*rollout);
    tellRows(QStringLiteral("rollouts"), {api::toJson(rowOf(*rollout))});
    tellRows(QStringLiteral("rollout:") + id, {api::toJson(detailOf(*rollout))});
    tellWaiting();
    tellSoon();
}

void LiveProvider::tellSoon() {
    if (!soon_timer_.isActive()) {
        soon_timer_.start();
    }
}

void LiveProvider::tellMeasured() {
    const auto measured = std::exchange(measured_, {});
    for (const LiveRollout *rollout : orchestrator_.rollouts()) {
        const QString &cluster = rollout->card().cluster;
        if (rollout->active() && measured.contains({cluster, api::text(rollout->plan().service)})) {
            tellRows(QStringLiteral("rollout:") + rollout->card().id,
                     {api::toJson(detailOf(*rollout))});
        }
    }
    if (const quint64 entries = journal_.head().records; entries != journal_told_) {
        journal_told_ = entries;
        tellRows(QStringLiteral("daemon"), {api::toJson(daemonState({}))});
    }
}

void LiveProvider::tellWaiting() {
    QStringList texts;
    for (const api::WaitingRow &row : waitingRows()) {
        texts << row.cluster + u' ' + row.rollout + u' ' + row.verb + u' ' + row.text;
    }
    if (texts == waiting_told_) {
        return;
    }
    waiting_told_ = texts;
    if (const Reply all = whole(QStringLiteral("waiting"))) {
        Q_EMIT changed(QStringLiteral("waiting"), *all);
    }
}

void LiveProvider::rolloutEnded(const QString &id) {
    const LiveRollout *rollout = orchestrator_.find(id);
    if (const auto desk = clusters_.find(rollout->card().cluster)) {
        deployments_.follow(*rollout, **desk);
        catchUpWhereAllowed(**desk);
    }
}

void LiveProvider::storageChanged(const QString &trouble) {
    storage_trouble_ = trouble;
    tellRows(QStringLiteral("daemon"), {api::toJson(daemonState({}))});
}

void LiveProvider::catchUpWhereAllowed(ClusterDesk &desk) {
    for (const DeploymentDesk::Behind &late : deployments_.behind(desk)) {
        if (late.catch_up != CatchUp::Auto || desk.stale()) {
            continue;
        }
        const Asker engine{QStringLiteral("engine"), tr("catching up with %1").arg(late.revision)};
        if (const auto made = deployments_.catchUp(late.key, late.nodes, desk, engine); !made) {
            qWarning("%s", qPrintable(toText(made.error())));
        }
    }
}

// ---- Topics
// --------------------------------------------------------------------------------------

Result<QJsonObject> LiveProvider::whole(const QString &topic) {
    QJsonArray rows;
    const QString cluster_prefix = QStringLiteral("fleet:");
    const QString rollout_prefix = QStringLiteral("rollout:");
    if (topic == u"clusters") {
        for (const ClusterDesk *desk : clusters_.all()) {
            rows.append(api::toJson(desk->row()));
        }
    } else if (topic == u"rollouts") {
        for (const LiveRollout *rollout : orchestrator_.rollouts()) {
            rows.append(api::toJson(rowOf(*rollout)));
        }
        for (const KnownRollout *known : own_.all()) {
            rows.append(api::toJson(ownRow(*known)));
        }
    } else if (topic == u"waiting") {
        for (const api::WaitingRow &row : waitingRows()) {
            rows.append(api::toJson(row));
        }
    } else if (topic == u"requests") {
        for (const api::RequestRow &row : requests_.recent()) {
            rows.append(api::toJson(row));
        }
    } else if (topic == u"alerts") {
        for (const api::AlertRow &row : alerts_.rows()) {
            rows.append(api::toJson(row));
        }
    } else if (topic == u"deployments") {
        for (const DeploymentRecord *record : deployments_.ledger().all()) {
            rows.append(api::toJson(rowOf(*record)));
        }
        for (const KnownRollout *known : own_.all()) {
            rows.append(api::toJson(ownDeployment(*known)));
        }
    } else if (topic == u"gitops") {
        for (const api::GitRepositoryRow &row : gitops_.rows()) {
            rows.append(api::toJson(row));
        }
    } else if (topic == u"daemon") {
        rows.append(api::toJson(daemonState({})));
    } else if (topic.startsWith(rollout_prefix)) {
        const QString id = topic.mid(rollout_prefix.size());
        const LiveRollout *rollout = orchestrator_.find(id);
        if (const KnownRollout *own = own_.find(id)) {
            rows.append(api::toJson(detailOf(*own)));
        } else if (!rollout) {
            return fail(ErrorCode::NotFound, tr("there is no such rollout"), topic);
        } else {
            rows.append(api::toJson(detailOf(*rollout)));
        }
    } else if (topic.startsWith(cluster_prefix)) {
        const auto desk = clusters_.find(topic.mid(cluster_prefix.size()));
        if (!desk) {
            return tl::unexpected(desk.error());
        }
        for (std::size_t i = 0; i < (*desk)->fleet().nodes.size(); ++i) {
            rows.append(api::toJson((*desk)->nodeRow(i)));
        }
    } else {
        return fail(ErrorCode::NotFound, tr("there is no topic %1").arg(boundedText(topic)));
    }
    return QJsonObject{{QStringLiteral("topic"), topic},
                       {QStringLiteral("whole"), true},
                       {QStringLiteral("rows"), rows}};
}

} // namespace aviary::orchestrator
