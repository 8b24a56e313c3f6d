// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/inprocesssession.h"

#include <QPointer>

namespace aviary::api {

using namespace Qt::Literals;

namespace {

constexpr int feed_interval_ms = 34; // at most 30 a second

} // namespace

InProcessSession::InProcessSession(Provider &provider, Caller caller, QObject *parent)
    : Session(parent), provider_(provider), caller_(std::move(caller)) {
    feed_timer_.setSingleShot(true);
    connect(&feed_timer_, &QTimer::timeout, this, &InProcessSession::feed);
    connect(&provider_, &Provider::changed, this, &InProcessSession::deliver);
    provider_.arrived(caller_);
}

InProcessSession::~InProcessSession() {
    provider_.left(caller_);
}

void InProcessSession::call(const QString &verb, const QJsonObject &parameters, Answer answer) {
    // Queued both ways, so that a caller never sees its answer before call() returned.
    const Answer later = [self = QPointer<InProcessSession>(this),
                          answer = std::move(answer)](const Result<QJsonObject> &result) {
        if (self) {
            QMetaObject::invokeMethod(
                self, [answer, result] { answer(result); }, Qt::QueuedConnection);
        }
    };
    provider_.handle(caller_, verb, parameters, later);
}

void InProcessSession::subscribe(const QString &topic) {
    Result<QJsonObject> whole = provider_.whole(topic);
    feeds_.insert_or_assign(topic, ChangeFeed(topic));
    if (whole) {
        whole->insert(u"whole"_qs, true);
        deliver(topic, *whole);
    }
}

void InProcessSession::unsubscribe(const QString &topic) {
    feeds_.erase(topic);
}

void InProcessSession::deliver(const QString &topic, const QJsonObject &change) {
    const auto feed = feeds_.find(topic);
    if (feed == feeds_.end()) {
        return;
    }
    feed->second.add(change);
    if (!feed_timer_.isActive()) {
        feed_timer_.start(change.value(u"whole"_qs).toBool() ? 0 : feed_interval_ms);
    }
}

void InProcessSession::feed() {
    std::vector<std::pair<QString, QJsonObject>> messages;
    for (auto &[topic, feed] : feeds_) {
        while (!feed.isEmpty()) {
            messages.emplace_back(topic, feed.take());
        }
    }
    for (const auto &[topic, message] : messages) {
        Q_EMIT changed(topic, message);
    }
}

} // namespace aviary::api
