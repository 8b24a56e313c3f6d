// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/console.h"

#include <map>

namespace aviary {

class WaitingView;
struct WaitingValue;

// What waits for this person on every desk, and what happened since the person left.
class WaitingPresenter : public QObject {
    Q_OBJECT
public:
    explicit WaitingPresenter(Console &console);

private:
    struct Waits {
        Desk *desk;
        api::WaitingRow row;
    };

    void follow(Desk *desk);
    void refreshSoon();
    void refresh();
    void refreshMissed(WaitingValue &value) const;
    void refreshAlerts(WaitingValue &value) const;
    void answerAlert(const QString &verb, const QString &key, QJsonObject parameters);
    std::vector<Waits> waits() const; // the longest first
    void watchDetails(const std::vector<Waits> &all);
    void act(const QString &id);
    void open(const QString &id);

    Console &console_;
    WaitingView *view_;
    QTimer refresh_timer_;
    // Rollouts whose detail says where a promotion leads.
    std::map<std::pair<QString, QString>, QPointer<Desk>> watched_;
    qint64 left_wall_ms_; // when the person was seen last, before this window
};

} // namespace aviary
