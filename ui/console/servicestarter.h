// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "core/rehearsal/nextversion.h"
#include "ui/console/fleetofdesk.h"

#include <QJsonObject>
#include <QObject>
#include <QPointer>

#include <functional>

namespace aviary {

class Console;
class Desk;
class RehearsalPresenter;
class ServiceForm;
struct ServiceWish;

// A version of a service on a cluster that runs its rollouts itself: described in a form, planned
// by the cluster, shown with all that it would change, and started once it was confirmed, as long
// as what is there is what it was planned against. Or it is rehearsed, and nothing is started.
class ServiceStarter : public QObject {
    Q_OBJECT
public:
    ServiceStarter(Console &console, RehearsalPresenter &rehearsal);

private:
    void open();
    // Asks the cluster what it would do; `then` gets the question and the answer. What is wrong
    // stands in the form.
    using Planned = std::function<void(const QJsonObject &, const QJsonObject &)>;
    void ask(const ServiceWish &wish, const Planned &then);
    void plan(const ServiceWish &wish);
    void rehearse(const ServiceWish &wish);
    void takeFleet();
    void propose(const QJsonObject &parameters, const QString &service,
                 const api::EffectRow &effect);

    Console &console_;
    RehearsalPresenter &rehearsal_;
    ServiceForm *form_;
    FleetOfDesk fleet_;
    rehearsal::PlannedVersion planned_; // is rehearsed as soon as the fleet is here
    QString part_;
    QPointer<Desk> desk_;
    QString cluster_;
    quint64 plans_ = 0; // an answer to an older one is passed over
};

// What the daemon is asked (service.effect, service.request), or what is wrong with it.
Result<QJsonObject> startParameters(const ServiceWish &wish);

} // namespace aviary
