// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/nomaddriver.h"

#include "core/clusters/nomad/acting.h"
#include "core/clusters/nomad/asfleet.h"
#include "core/clusters/nomad/asrollouts.h"
#include "core/clusters/nomad/checking.h"
#include "core/clusters/nomad/members.h"
#include "core/clusters/nomad/starting.h"

#include <QJsonDocument>

#include <algorithm>

namespace aviary::clusters {

using namespace nomad;

namespace {

constexpr int again_ms = 10'000;
constexpr qint64 fresh_ms = 10'000;
constexpr std::size_t books_max = 8; // of logs that were read

Error notOurs() {
    return {ErrorCode::Refused,
            Driver::tr("this cluster runs rollouts itself and takes no orders for single nodes"),
            {},
            Driver::tr("start a version there: aviary service start")};
}

} // namespace

Result<std::unique_ptr<NomadDriver>> NomadDriver::make(const Settings &settings,
                                                       const QString &directory,
                                                       const QProcessEnvironment &environment) {
    return Connection::make(settings).map([&](std::unique_ptr<Connection> connection) {
        return std::unique_ptr<NomadDriver>(
            new NomadDriver(std::move(connection), directory, secretsFor(settings, environment)));
    });
}

NomadDriver::NomadDriver(std::unique_ptr<Connection> connection, const QString &directory,
                         Secrets otherwise)
    : connection_(std::move(connection))
    , otherwise_(std::move(otherwise))
    , store_(directory, connection_->settings().address)
    , watcher_(*connection_) {
    tell_timer_.setSingleShot(true);
    tell_timer_.setInterval(tell_ms);
    again_timer_.setSingleShot(true);
    again_timer_.setInterval(again_ms);
    connect(&tell_timer_, &QTimer::timeout, this, &NomadDriver::tell);
    connect(&again_timer_, &QTimer::timeout, this, &NomadDriver::open);
    connect(&watcher_, &Watcher::completed, this, [this] {
        seen_.reset();
        if (!std::exchange(is_open_, true)) {
            Q_EMIT opened({});
        }
        tell();
    });
    connect(&watcher_, &Watcher::changed, this, [this] {
        seen_.reset();
        if (is_open_ && !tell_timer_.isActive()) {
            tell_timer_.start();
        }
    });
    connect(&watcher_, &Watcher::looked, this, &NomadDriver::tell);
    connect(&watcher_, &Watcher::failed, this, &NomadDriver::lose);
    connect(&watcher_, &Watcher::noticed, this, [this](const QString &text) {
        qInfo("%s: %s", qPrintable(connection_->settings().address.toString()), qPrintable(text));
    });
}

NomadDriver::~NomadDriver() = default;

Capabilities NomadDriver::capabilities() const {
    Capabilities can;
    can.runs_rollouts_itself = true;
    const QString version =
        version_.isEmpty() ? tr("Nomad") : QString(tr("Nomad") % u' ' % version_);
    can.router_text = !is_open_            ? version
                      : watcher_.streams() ? tr("%1, followed by its events").arg(version)
                                           : tr("%1, followed by its lists").arg(version);
    return can;
}

void NomadDriver::open() {
    store_.read([this](const auto &kept) { signIn(kept); });
}

void NomadDriver::signIn(const Result<TokenStore::Kept> &kept) {
    if (!kept) {
        again_timer_.start();
        Q_EMIT lost(kept.error());
        return;
    }
    Secrets secrets = otherwise_;
    if (!kept->token.isEmpty()) {
        secrets.token = kept->token;
    }
    connection_->setSecrets(secrets);
    askVersion();
    askAccess();
    watcher_.begin();
}

// What a token may not ask is found out from the nodes.
void NomadDriver::askVersion() {
    const Request self{.path = QStringLiteral("/v1/agent/self"), .spaced = false};
    connection_->ask(self, [this](const Outcome<Answer> &answer) {
        if (!answer) {
            return;
        }
        if (const Result<Agent> agent = readAgent(answer->body)) {
            version_ = agent->version;
            watcher_.setVersion(version_);
        }
    });
}

// Until it is answered nothing is forbidden here.
void NomadDriver::askAccess() {
    access_ = {};
    if (!connection_->hasToken()) {
        return;
    }
    readAccess(*connection_, [this](const Access &access) {
        access_ = access;
        tell();
    });
}

void NomadDriver::observe() {
    watcher_.look();
}

bool NomadDriver::seesAll() const {
    return connection_->settings().seesAllSpaces();
}

std::vector<OwnRollout> NomadDriver::rollouts() const {
    return rollouts_;
}

void NomadDriver::tell() {
    if (!is_open_) {
        return;
    }
    const auto age_ms = watcher_.ageMs();
    if (!age_ms || *age_ms > fresh_ms) {
        watcher_.look(); // what is told counts as true now
        return;
    }
    if (!seen_) {
        renew();
    }
    Q_EMIT observed(*seen_);
}

// Built once for each state of the picture: most looks find it as it was.
void NomadDriver::renew() {
    seen_ = asFleet(watcher_.picture(), seesAll());
    rollouts_ = asRollouts(watcher_.picture(), seesAll());
    QStringList nodes;
    for (const kernel::Node &node : seen_->nodes) {
        nodes << QString::fromStdString(node.id);
    }
    if (version_.isEmpty()) {
        const auto &known = watcher_.picture().nodes();
        version_ = known.empty() ? QString() : known.begin()->second.version;
        watcher_.setVersion(version_);
    }
    nodes.sort();
    for (const QString &node : std::exchange(told_, nodes)) {
        if (!std::ranges::binary_search(told_, node)) {
            Q_EMIT nodeGone(node);
        }
    }
}

void NomadDriver::lose(const Failure &why) {
    Q_EMIT lost(why.error);
}

// ---- What is not for us to order ---------------------------------------------------------------

template <class Order>
void NomadDriver::refuse(const std::vector<Order> &orders) {
    std::vector<NodeAnswer> answers;
    for (const Order &order : orders) {
        answers.push_back(
            {order.ticket, NodeAnswer::Kind::Failed, kernel::Cause::OrderRefused, notOurs().what});
    }
    QMetaObject::invokeMethod(
        this, [this, answers] { Q_EMIT nodesAnswered(answers); }, Qt::QueuedConnection);
}

void NomadDriver::run(const std::vector<RunOrder> &orders) {
    refuse(orders);
}

void NomadDriver::stop(const std::vector<StopOrder> &orders) {
    refuse(orders);
}

void NomadDriver::setTraffic(const TrafficOrder &order) {
    const TrafficAnswer answer{order.ticket, false, notOurs().what};
    QMetaObject::invokeMethod(
        this, [this, answer] { Q_EMIT trafficAnswered(answer); }, Qt::QueuedConnection);
}

// What the cluster answered to counts as it was asked, until something newer is seen.
void NomadDriver::setFlags(const QString &name, kernel::NodeFlags flags) {
    const auto refuse = [this](const Error &why) {
        QMetaObject::invokeMethod(
            this, [this, why] { Q_EMIT refused(why); }, Qt::QueuedConnection);
    };
    const auto names = nodeNames(watcher_.picture());
    const auto named =
        std::ranges::find_if(names, [&name](const auto &one) { return one.second == name; });
    if (named == names.end()) {
        return refuse({ErrorCode::NotFound, tr("the cluster has no such node"), name, {}});
    }
    if (flags.excluded) {
        return refuse({ErrorCode::Refused, tr("this cluster knows no exclusion"), name,
                       tr("drain the node, or set it to maintenance")});
    }
    nomad::setFlags(*connection_, watcher_.picture().nodes().at(named->first), flags,
                    [this, name, id = named->first, flags](const Outcome<Answer> &answer) {
                        if (!answer) {
                            Error why = answer.error().error;
                            why.where = name;
                            Q_EMIT refused(why);
                            return;
                        }
                        const QJsonObject said = QJsonDocument::fromJson(answer->body).object();
                        const auto known = watcher_.picture().nodes().find(id);
                        if (known != watcher_.picture().nodes().end()) {
                            Node node = known->second;
                            node.draining = flags.draining;
                            node.eligible = !flags.draining && !flags.maintenance;
                            node.modified = std::max(nomad::index(said, "NodeModifyIndex"),
                                                     nomad::index(said, "Index"));
                            watcher_.note(node);
                        }
                        const Observation seen = asFleet(watcher_.picture(), seesAll());
                        for (kernel::Node node : seen.nodes) {
                            if (node.id == name.toStdString()) {
                                node.flags = flags;
                                Q_EMIT nodeChanged(node);
                            }
                        }
                    });
}

void NomadDriver::ask(const OwnRequest &request, const Answered &answer) {
    const Picture &picture = watcher_.picture();
    const auto found = picture.deployments().find(request.rollout);
    if (found == picture.deployments().end()) {
        answer({OwnAnswer::Outcome::Refused, tr("the cluster knows this rollout no more")});
        return;
    }
    const QString refusal = refusalOf(request, found->second, picture);
    if (!refusal.isEmpty()) {
        answer({OwnAnswer::Outcome::Refused, refusal});
        return;
    }
    QString from;
    for (const OwnRollout &rollout : rollouts()) {
        from = rollout.id == request.rollout ? rollout.from : from;
    }
    act(*connection_, request, found->second, from, answer);
}

void NomadDriver::planStart(const OwnStart &wanted, const Planned &answer) {
    nomad::planStart(*connection_, watcher_.picture(), seesAll(), wanted, answer);
}

void NomadDriver::start(const OwnPlan &plan, const Answered &answer) {
    nomad::start(*connection_, plan, answer);
}

void NomadDriver::settleStart(const OwnPlan &plan, const Answered &answer) {
    nomad::settleStart(*connection_, plan, answer);
}

void NomadDriver::stopService(const QString &service, const Answered &answer) {
    const Job *job = jobOf(watcher_.picture(), service, seesAll());
    if (!job || job->stopped) {
        answer({OwnAnswer::Outcome::Refused,
                job ? tr("it is stopped already") : tr("the cluster has no such service")});
        return;
    }
    nomad::stop(*connection_, *job, answer);
}

void NomadDriver::readLog(quint64 token, const QString &name, const QString &service, int lines) {
    QString node;
    for (const auto &[id, known] : nodeNames(watcher_.picture())) {
        node = known == name ? id : node;
    }
    const auto [space, job] = placeOf(service);
    if (books_.size() > books_max) {
        books_.clear();
    }
    const auto [book, is_new] = books_.try_emplace({node, service});
    if (is_new) {
        book->second = std::make_shared<LogBook>();
    }
    const auto say = [this, token, lines, from = book->second](const Result<void> &read) {
        const auto answer = read.map([&] { return from->last(lines); });
        QMetaObject::invokeMethod(
            this, [this, token, answer] { Q_EMIT logRead(token, answer); }, Qt::QueuedConnection);
    };
    readLogs(*connection_, loggedOn(watcher_.picture().allocations(), node, space, job),
             book->second, say);
}

// ---- The connection ----------------------------------------------------------------------------

// A service is "namespace/job" where all namespaces are seen, else the job alone.
std::pair<QString, QString> NomadDriver::placeOf(const QString &service) const {
    const qsizetype slash = service.indexOf(u'/');
    return seesAll() && slash > 0 ? std::pair(service.left(slash), service.mid(slash + 1))
                                  : std::pair(connection_->settings().space, service);
}

QString NomadDriver::mayNot(OwnRequest::Verb verb, const QString &service) const {
    return nomad::mayNot(access_, verb, placeOf(service).first);
}

void NomadDriver::check(const Checked &answer) {
    nomad::check(*connection_, watcher_.streams(), answer);
}

void NomadDriver::checkWith(const QString &token, const Checked &answer) {
    const Result<QString> checked =
        token.isEmpty() ? Result<QString>(QString()) : TokenStore::checked(token);
    if (!checked) {
        answer({{checked.error().what, false, checked.error().remedy}});
        return;
    }
    Secrets secrets = otherwise_;
    secrets.token = checked->isEmpty() ? secrets.token : *checked;
    connection_->setSecrets(secrets);
    nomad::check(*connection_, std::nullopt, answer);
}

void NomadDriver::keepToken(const QString &token, const Kept &answer) {
    const Result<QString> checked =
        token.isEmpty() ? Result<QString>(QString()) : TokenStore::checked(token);
    if (!checked) {
        answer(tl::unexpected(checked.error()));
        return;
    }
    store_.keep(*checked, [this, answer](const Result<TokenStore::Place> &place) {
        open(); // signs in with it
        answer(place.map([](TokenStore::Place kept) {
            return kept == TokenStore::Place::Keyring ? tr("kept in the keyring")
                   : kept == TokenStore::Place::File  ? tr("kept in a file for nobody else")
                                                      : tr("forgotten");
        }));
    });
}

} // namespace aviary::clusters
