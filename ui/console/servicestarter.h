// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QJsonObject>
#include <QObject>
#include <QPointer>

namespace aviary {

class Console;
class Desk;
class ServiceForm;
struct ServiceWish;

// A version of a service on a cluster that runs its rollouts itself: described in a form, planned
// by the cluster, shown with all that it would change, and started once it was confirmed, as long
// as what is there is what it was planned against.
class ServiceStarter : public QObject {
    Q_OBJECT
public:
    explicit ServiceStarter(Console &console);

private:
    void open();
    void plan(const ServiceWish &wish);
    void propose(const QJsonObject &parameters, const QString &service,
                 const api::EffectRow &effect);

    Console &console_;
    ServiceForm *form_;
    QPointer<Desk> desk_;
    QString cluster_;
    quint64 plans_ = 0; // an answer to an older one is passed over
};

// What the daemon is asked (service.effect, service.request), or what is wrong with it.
Result<QJsonObject> startParameters(const ServiceWish &wish);

} // namespace aviary
