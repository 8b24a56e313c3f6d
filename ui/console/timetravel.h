// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/travel/travelprovider.h"
#include "ui/models/desk.h"

#include <QPointer>
#include <QTimer>

#include <memory>
#include <set>

namespace aviary {

// Takes a desk back in time: fetches the records of what ran, reads them on another thread, and
// shows the desk what they say of an instant. Nothing can be asked of the past.
class TimeTravel : public QObject {
    Q_OBJECT
public:
    explicit TimeTravel(QObject *parent = nullptr);
    ~TimeTravel() override;

    // The desk shows `wall_ms` as soon as what ran then is read; of several wishes the last counts.
    void goTo(Desk &desk, qint64 wall_ms);
    void leave();
    // One event after the other, up to 30 a second; long records in larger strides.
    void play(bool on);

    Desk *desk() const { return desk_; } // that travels; null: none
    std::optional<qint64> instantWallMs() const { return shown_; }
    // Where the person wants to be; shown as soon as what ran then is read.
    std::optional<qint64> wantedWallMs() const { return wanted_; }
    bool playing() const { return play_timer_.isActive(); }
    // Of the desk when it began: all that was known since, and until when that goes.
    const std::vector<api::DeploymentRow> &deployments() const { return deployments_; }
    qint64 endWallMs() const { return end_wall_ms_; }

    // Where a step of one event, or of one turn of a rollout, can stop: of all records read.
    const std::vector<qint64> &eventsMs() const { return events_ms_; }
    const std::vector<qint64> &turnsMs() const { return turns_ms_; }
    QString loading() const;                     // "reading 2 records"; empty: none is
    QString trouble() const { return trouble_; } // why something is not shown

Q_SIGNALS:
    void changed();

private:
    using Run = std::shared_ptr<travel::RecordedRun>;

    void begin(Desk &desk);
    std::vector<QString> neededAt(qint64 wall_ms) const;
    void fetch(const QString &rollout);
    void read(const QString &rollout, const QByteArray &lines);
    void arrived(const QString &rollout, const Result<Run> &run);
    void showWhenReady();
    void collectInstants();
    void playOn();

    QPointer<Desk> desk_;
    QPointer<api::Session> live_;
    std::unique_ptr<travel::TravelProvider> provider_;
    std::unique_ptr<api::Session> past_; // ends before its provider
    std::vector<api::RolloutRow> rollouts_;
    std::vector<api::DeploymentRow> deployments_;
    std::set<QString> asked_, pending_; // rollouts
    std::vector<qint64> events_ms_, turns_ms_;
    std::optional<qint64> wanted_, shown_;
    qint64 end_wall_ms_ = 0;
    quint64 journey_ = 0; // what arrives for an earlier one is passed over
    QString trouble_;
    QTimer play_timer_;
};

// "09:48:12", with the day where it is another one than `now_ms`.
QString instantText(qint64 wall_ms, qint64 now_ms);

} // namespace aviary
