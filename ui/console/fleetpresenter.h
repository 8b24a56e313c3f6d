// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/console.h"
#include "ui/fleet/fleetview.h"
#include "ui/fleet/nodepage.h"

#include <QPointer>

#include <functional>

namespace aviary {

// Feeds the fleet view with the nodes of the chosen cluster, and a node's page
// with what is asked of it; what a person wants goes to the requester.
class FleetPresenter : public QObject {
    Q_OBJECT
public:
    explicit FleetPresenter(Console &console);

    FleetView &view() { return *view_; }
    const FleetStore &store() const { return store_; }

private:
    void wire();
    void wirePage();
    void watch();
    void take(const QString &topic, const QJsonObject &change);
    void refresh();
    void refreshPage();
    qint64 nowWallMs() const;
    QString whyOff() const;
    std::vector<api::RolloutRow> rolloutsUnderWay() const;
    void choose();
    void carryOut(const QString &action, const ActionContext &context);
    void propose(const FlagEffect &effect);
    void planRollout(const QStringList &nodes);
    void open(const QString &node);
    // Asks about the node whose page is open; an answer about another one is
    // passed over.
    void ask(const QString &verb, QJsonObject parameters,
             const std::function<void(const Result<QJsonObject> &)> &answered);
    void askHistory();
    void askChecks();
    void askLog();
    void keepLook();

    Console &console_;
    FleetStore store_; // ends after the view that reads it
    FleetView *view_;  // the window's
    QPointer<Desk> desk_;
    QString cluster_;
    NodePageValue page_;
    bool log_asked_ = false;
    QTimer refresh_timer_; // ages
    QTimer log_timer_;
    QTimer history_timer_;
};

} // namespace aviary
