// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/norouter.h"

namespace aviary::routing {

NoRouter::NoRouter(QString why, QObject *parent) : Router(parent), why_(std::move(why)) {}

QString NoRouter::text() const {
    return why_ + u": traffic cannot be split";
}

void NoRouter::done(const Reply<void> &reply) {
    QMetaObject::invokeMethod(
        this, [reply] { reply({}); }, Qt::QueuedConnection);
}

Error NoRouter::refusal() const {
    return {ErrorCode::Refused, text(), {}, QStringLiteral("install HAProxy 2.6 or later")};
}

void NoRouter::open(Reply<void> reply) {
    done(reply);
}

void NoRouter::add(const Server &, Reply<void> reply) {
    done(reply);
}

void NoRouter::drain(const Server &, int, Reply<void> reply) {
    done(reply);
}

void NoRouter::remove(const Server &, Reply<void> reply) {
    done(reply);
}

void NoRouter::setSplit(const Split &, Reply<void> reply) {
    QMetaObject::invokeMethod(
        this, [this, reply] { reply(tl::unexpected(refusal())); }, Qt::QueuedConnection);
}

void NoRouter::observe(const QString &, Reply<RouteView> reply) {
    QMetaObject::invokeMethod(
        this, [this, reply] { reply(tl::unexpected(refusal())); }, Qt::QueuedConnection);
}

} // namespace aviary::routing
