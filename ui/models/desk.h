// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/session.h"
#include "ui/models/rows.h"

#include <QElapsedTimer>
#include <QPointer>

#include <map>

namespace aviary {

// The client's picture of one daemon: the rows of the topics of its session, and how old they are.
// It decides nothing. Rows stay when the link breaks; they age.
//
// Time travel shows another session in its place: every row, and every call, is then of that one.
class Desk : public QObject {
    Q_OBJECT
public:
    using Link = api::Session::Link;

    // `id` names it among the desks of a window ("local", "ssh:HOST", "file:PATH"), `name` for
    // people ("this computer").
    Desk(QString id, QString name, QObject *parent = nullptr);

    const QString &id() const { return id_; }
    const QString &name() const { return name_; }

    // How this window is known to others, where the person gave a name; so that it is not told as
    // somebody else who is here.
    void setOwnName(const QString &name) { own_name_ = name; }

    // The live session, not owned; null: none. All rows are forgotten and come anew.
    void setSession(api::Session *session);
    // Shows another session until backToLive(); `as_of` is the instant in words ("09:48:12").
    void travelTo(api::Session *past, const QString &as_of);
    void backToLive();
    const QString &asOf() const { return as_of_; }
    bool travelling() const { return !past_.isNull(); }
    // Its data is a document: it has no age.
    void setFile(bool file) { file_ = file; }
    bool isFile() const { return file_; }

    // The session that is shown; null: none.
    api::Session *session() const { return past_ ? past_.data() : live_.data(); }
    Link link() const;
    // Why there is no link; empty while there is one, or nothing is known.
    QString trouble() const;
    // Asks the session that is shown; answers Unreachable where there is none, and not at all once
    // another session is shown.
    void call(const QString &verb, const QJsonObject &parameters, api::Answer answer);

    const api::DaemonState &daemon() const { return daemon_; }
    const std::vector<api::ClusterRow> &clusters() const { return clusters_.all(); }
    const api::ClusterRow *cluster(const QString &id) const { return clusters_.find(id); }
    const std::vector<api::RolloutRow> &rollouts() const { return rollouts_.all(); }
    const api::RolloutRow *rollout(const QString &id) const { return rollouts_.find(id); }
    const std::vector<api::WaitingRow> &waiting() const { return waiting_.all(); }
    const std::vector<api::RequestRow> &requests() const { return requests_.all(); }
    const api::RequestRow *request(const QString &id) const { return requests_.find(id); }
    const std::vector<api::DeploymentRow> &deployments() const { return deployments_.all(); }
    const std::vector<api::AlertRow> &alerts() const { return alerts_.all(); }

    // A rollout's detail is told between watchRollout() and as many unwatchRollout(); null until
    // its first word.
    void watchRollout(const QString &id);
    void unwatchRollout(const QString &id);
    const api::RolloutDetail *detail(const QString &id) const;
    // Any other topic; its changes come as topicChanged(). Counted like watchRollout().
    void watch(const QString &topic);
    void unwatch(const QString &topic);

    // Since the cluster was heard last, in ms, by this computer's steady clock; none: never heard.
    std::optional<qint64> ageMs(const QString &cluster) const;
    // Older than its limit, not answering, or told by a daemon that does not answer: requests that
    // raise exposure are off.
    bool isStale(const QString &cluster) const;

Q_SIGNALS:
    void linkChanged();
    void daemonChanged();
    void clustersChanged();
    void rolloutsChanged();
    void waitingChanged();
    void requestsChanged();
    void deploymentsChanged();
    void alertsChanged();
    void detailChanged(const QString &rollout);
    void topicChanged(const QString &topic, const QJsonObject &change);
    // Another session is shown, or none: every row is new, also those that are empty now.
    void sessionChanged();

private:
    struct Heard {
        qint64 wall_ms = 0;       // by the daemon's clock, as told
        qint64 age_ms = 0;        // when it was told
        QElapsedTimer since_told; // steady
    };

    void show(api::Session *session);
    void leave(api::Session *session);
    void forget();
    void take(const QString &topic, const QJsonObject &change);
    void takeDetail(const QString &id, const QJsonObject &change);
    void takeDaemon(api::DaemonState daemon);
    void hear();

    QString id_, name_, own_name_, as_of_;
    bool file_ = false;
    QPointer<api::Session> live_, past_;
    api::DaemonState daemon_;
    Rows<api::ClusterRow> clusters_;
    Rows<api::RolloutRow> rollouts_;
    Rows<api::WaitingRow> waiting_;
    Rows<api::RequestRow> requests_;
    Rows<api::DeploymentRow> deployments_;
    Rows<api::AlertRow> alerts_;
    std::map<QString, Rows<api::RolloutDetail>> details_;
    std::map<QString, int> watched_; // topics beyond the usual ones, with their count
    std::map<QString, Heard> heard_; // by cluster
};

} // namespace aviary
