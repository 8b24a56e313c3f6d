// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/orchestrator/alertcourier.h"
#include "core/orchestrator/orchestrator.h"

#include <QJsonObject>

namespace aviary::orchestrator {

// What of a rollout may call people.
struct AlertCause {
    QString rollout, cluster, subject; // ids; subject: the service
    kernel::Status status = kernel::Status::Draft;
    quint64 epoch = 0; // names a hold: another one later calls again
    QString text;      // one sentence
};

// What people are called for, and whether somebody took it up. An alert about a rollout is
// journalled in the transaction of the turn that raised it, so that a crash loses none and raises
// none twice; one that was raised and not delivered before a crash is delivered after it.
class AlertDesk : public QObject {
    Q_OBJECT
public:
    AlertDesk(journal::Journal &journal, const Clock &clock, QObject *parent = nullptr);

    // From the journal, the oldest fact first; then resume() once.
    Result<void> restore(const journal::Fact &fact);
    void resume();

    // What the state of a rollout raises and ends; told once they are stored.
    std::vector<journal::Fact> factsOf(const LiveRollout &rollout);
    std::vector<journal::Fact> factsOf(const AlertCause &cause);
    void stored(const QString &rollout);

    void clusterLost(const QString &cluster, const QString &name, const QString &why);
    void clusterBack(const QString &cluster);
    Result<api::AlertRow> leftFan(const LiveRollout &rollout, const QString &text);

    Result<api::AlertRow> acknowledge(const QString &id, const QString &who);
    Result<api::AlertRow> snooze(const QString &id, qint64 for_ms, const QString &who);

    const api::AlertDelivery &delivery() const { return courier_.delivery(); }
    Result<void> setDelivery(const api::AlertDelivery &delivery);

    std::vector<api::AlertRow> rows() const; // newest first, at most kept_max

    static constexpr std::size_t kept_max = 500;

Q_SIGNALS:
    void changed(const aviary::api::AlertRow &row);

private:
    std::optional<api::AlertRow> raisedBy(const AlertCause &cause) const;
    Result<api::AlertRow *> find(const QString &id);
    Result<void> write(const std::vector<api::AlertRow> &rows);
    void take(const api::AlertRow &row);
    void deliver(const api::AlertRow &row);
    void wake();
    void forgetOld();

    journal::Journal &journal_;
    const Clock &clock_;
    AlertCourier courier_;
    QTimer wake_timer_; // at the end of the next snooze
    std::map<QString, api::AlertRow> rows_;
    std::map<QString, std::vector<api::AlertRow>> pending_; // by rollout, until they are stored
    std::map<QString, QString> lost_;                       // alert of each cluster that is lost
};

} // namespace aviary::orchestrator
