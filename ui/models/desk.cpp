// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/desk.h"

#include "core/api/linesession.h"

#include <QDateTime>

#include <array>

namespace aviary {

using namespace Qt::Literals;

namespace {

const std::array usual_topics{u"daemon"_qs,   u"clusters"_qs,    u"rollouts"_qs, u"waiting"_qs,
                              u"requests"_qs, u"deployments"_qs, u"alerts"_qs};
const QString rollout_prefix = u"rollout:"_qs;

// A change that cannot be read is a defect of one end: said once here, and nothing is shown of it.
bool isTold(const Result<void> &taken, const QString &topic) {
    if (!taken) {
        qWarning("%s: %s", qPrintable(topic), qPrintable(toText(taken.error())));
    }
    return taken.has_value();
}

} // namespace

Desk::Desk(QString id, QString name, QObject *parent)
    : QObject(parent), id_(std::move(id)), name_(std::move(name)) {}

void Desk::setSession(api::Session *session) {
    past_ = nullptr;
    as_of_.clear();
    leave(live_);
    live_ = session;
    show(session);
}

void Desk::travelTo(api::Session *past, const QString &as_of) {
    as_of_ = as_of;
    if (past && past_ == past) { // another instant of the same: its rows come as differences
        Q_EMIT linkChanged();
        return;
    }
    leave(this->session());
    past_ = past;
    show(past);
}

void Desk::backToLive() {
    if (past_) {
        leave(past_);
        past_ = nullptr;
        as_of_.clear();
        show(live_);
    }
}

void Desk::leave(api::Session *session) {
    if (!session) {
        return;
    }
    disconnect(session, nullptr, this, nullptr);
    for (const QString &topic : usual_topics) {
        session->unsubscribe(topic);
    }
    for (const auto &[topic, count] : watched_) {
        session->unsubscribe(topic);
    }
}

void Desk::show(api::Session *session) {
    forget();
    Q_EMIT sessionChanged();
    Q_EMIT linkChanged();
    if (!session) {
        return;
    }
    connect(session, &api::Session::linkChanged, this, &Desk::linkChanged);
    connect(session, &api::Session::changed, this, &Desk::take);
    if (const auto *line = qobject_cast<const api::LineSession *>(session)) {
        connect(line, &api::LineSession::introduced, this, [this](const QJsonObject &daemon) {
            if (auto told = api::fromJson<api::DaemonState>(daemon)) {
                takeDaemon(std::move(*told));
            }
        });
    }
    for (const QString &topic : usual_topics) {
        session->subscribe(topic);
    }
    for (const auto &[topic, count] : watched_) {
        session->subscribe(topic);
    }
}

void Desk::forget() {
    daemon_ = {};
    clusters_.clear();
    rollouts_.clear();
    waiting_.clear();
    requests_.clear();
    deployments_.clear();
    alerts_.clear();
    details_.clear();
    heard_.clear();
}

Desk::Link Desk::link() const {
    return session() ? session()->link() : Link::Closed;
}

QString Desk::trouble() const {
    const auto *line = qobject_cast<const api::LineSession *>(session());
    return line && line->link() != Link::Open ? toText(line->lastError()) : QString();
}

void Desk::call(const QString &verb, const QJsonObject &parameters, api::Answer answer) {
    const QPointer<api::Session> asked = session();
    if (!asked) {
        const Error nobody{ErrorCode::Unreachable, tr("nothing is connected"), verb, {}};
        QMetaObject::invokeMethod(
            this, [answer, nobody] { answer(tl::unexpected<Error>(nobody)); },
            Qt::QueuedConnection);
        return;
    }
    const QPointer<Desk> self(this);
    asked->call(verb, parameters,
                [self, asked, answer = std::move(answer)](const Result<QJsonObject> &result) {
                    if (self && self->session() == asked) {
                        answer(result);
                    }
                });
}

void Desk::watchRollout(const QString &id) {
    watch(rollout_prefix + id);
}

void Desk::unwatchRollout(const QString &id) {
    unwatch(rollout_prefix + id);
    if (watched_.count(rollout_prefix + id) == 0) {
        details_.erase(id);
    }
}

const api::RolloutDetail *Desk::detail(const QString &id) const {
    const auto found = details_.find(id);
    return found == details_.end() ? nullptr : found->second.find(id);
}

void Desk::watch(const QString &topic) {
    if (++watched_[topic] == 1 && session()) {
        session()->subscribe(topic);
    }
}

void Desk::unwatch(const QString &topic) {
    const auto known = watched_.find(topic);
    if (known != watched_.end() && --known->second == 0) {
        watched_.erase(known);
        if (session()) {
            session()->unsubscribe(topic);
        }
    }
}

void Desk::take(const QString &topic, const QJsonObject &change) {
    if (topic == u"clusters") {
        if (isTold(clusters_.take(change), topic)) {
            hear();
            Q_EMIT clustersChanged();
        }
    } else if (topic == u"rollouts") {
        if (isTold(rollouts_.take(change), topic)) {
            Q_EMIT rolloutsChanged();
        }
    } else if (topic == u"waiting") {
        if (isTold(waiting_.take(change), topic)) {
            Q_EMIT waitingChanged();
        }
    } else if (topic == u"requests") {
        if (isTold(requests_.take(change), topic)) {
            Q_EMIT requestsChanged();
        }
    } else if (topic == u"deployments") {
        if (isTold(deployments_.take(change), topic)) {
            Q_EMIT deploymentsChanged();
        }
    } else if (topic == u"alerts") {
        if (isTold(alerts_.take(change), topic)) {
            Q_EMIT alertsChanged();
        }
    } else if (topic == u"daemon") {
        Rows<api::DaemonState> told;
        if (isTold(told.take(change), topic) && !told.all().empty()) {
            takeDaemon(told.all().back());
        }
    } else if (topic.startsWith(rollout_prefix)) {
        takeDetail(topic.mid(rollout_prefix.size()), change);
    } else {
        Q_EMIT topicChanged(topic, change);
    }
}

// Only the greeting knows who asks; later words are for everybody, and name this window too.
void Desk::takeDaemon(api::DaemonState daemon) {
    if (daemon.who.isEmpty()) {
        daemon.who = daemon_.who;
    }
    std::erase(daemon.present, own_name_.isEmpty() ? daemon.who : own_name_);
    daemon_ = std::move(daemon);
    Q_EMIT daemonChanged();
}

void Desk::takeDetail(const QString &id, const QJsonObject &change) {
    if (isTold(details_[id].take(change), rollout_prefix + id)) {
        Q_EMIT detailChanged(id);
    }
}

// The daemon's clock may differ from ours, so only what was heard since the last word is new; age
// then grows by our steady clock. Of the first word the daemon's own wall time has to do.
void Desk::hear() {
    for (const api::ClusterRow &row : clusters_.all()) {
        Heard &heard = heard_[row.id];
        if (row.heard_wall_ms == heard.wall_ms) {
            continue;
        }
        const bool first = heard.wall_ms == 0;
        heard.wall_ms = row.heard_wall_ms;
        heard.age_ms =
            first ? std::max<qint64>(0, QDateTime::currentMSecsSinceEpoch() - row.heard_wall_ms)
                  : 0;
        heard.since_told.start();
    }
}

std::optional<qint64> Desk::ageMs(const QString &cluster) const {
    const auto found = heard_.find(cluster);
    if (found == heard_.end() || found->second.wall_ms == 0) {
        return std::nullopt;
    }
    return found->second.age_ms + found->second.since_told.elapsed();
}

bool Desk::isStale(const QString &cluster) const {
    const api::ClusterRow *row = clusters_.find(cluster);
    if (!row) {
        return true;
    }
    const auto age_ms = ageMs(cluster);
    return link() != Link::Open || row->contact != api::Contact::Live || !age_ms ||
           *age_ms > row->age_limit_ms;
}

} // namespace aviary
