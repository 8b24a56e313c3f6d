// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/linesession.h"

namespace aviary::api {

using namespace Qt::Literals;

namespace {

constexpr int backoff_ms_min = 100;
constexpr int backoff_ms_max = 5'000;

} // namespace

LineSession::LineSession(Introduction introduction, QObject *parent)
    : Session(parent), introduction_(std::move(introduction)), backoff_ms_(backoff_ms_min) {
    retry_timer_.setSingleShot(true);
    deadline_timer_.setSingleShot(true);
    connect(&retry_timer_, &QTimer::timeout, this, &LineSession::attempt);
    connect(&deadline_timer_, &QTimer::timeout, this, &LineSession::expire);
}

void LineSession::open() {
    if (!std::exchange(wanted_, true)) {
        attempt();
    }
}

void LineSession::close() {
    wanted_ = false;
    retry_timer_.stop();
    dropDevice();
    device_ = nullptr;
    setLink(Link::Closed);
    failAll({ErrorCode::Unreachable, u"the session was closed"_qs, {}, {}});
}

void LineSession::tryNow() {
    if (retry_timer_.isActive()) {
        retry_timer_.stop();
        attempt();
    }
}

void LineSession::attempt() {
    setLink(Link::Connecting);
    connectDevice();
}

void LineSession::setLink(Link link) {
    if (std::exchange(link_, link) != link) {
        Q_EMIT linkChanged(link);
    }
}

void LineSession::call(const QString &verb, const QJsonObject &parameters, Answer answer) {
    if (link_ == Link::Open) {
        return send(verb, parameters, std::move(answer));
    }
    if (link_ == Link::Closed || int(waiting_.size()) >= waiting_calls_max) {
        const Error why{ErrorCode::Unreachable, u"there is no link to the daemon"_qs, verb,
                        last_error_.what};
        QMetaObject::invokeMethod(
            this, [answer, why] { answer(tl::unexpected<Error>(why)); }, Qt::QueuedConnection);
        return;
    }
    waiting_.push_back({verb, parameters, std::move(answer)});
}

void LineSession::send(const QString &verb, const QJsonObject &parameters, Answer answer) {
    const qint64 id = next_id_++;
    pending_.emplace(id, Pending{verb, std::move(answer), QDeadlineTimer(call_ms_max)});
    watchDeadlines();
    device_->write(rpc::toLine(rpc::Call{id, verb, parameters}));
}

void LineSession::subscribe(const QString &topic) {
    topics_.insert(topic);
    if (link_ == Link::Open) {
        send(u"subscribe"_qs, {{u"topic"_qs, topic}}, [](const Result<QJsonObject> &) {});
    }
}

void LineSession::unsubscribe(const QString &topic) {
    topics_.erase(topic);
    if (link_ == Link::Open) {
        send(u"unsubscribe"_qs, {{u"topic"_qs, topic}}, [](const Result<QJsonObject> &) {});
    }
}

void LineSession::deviceOpened(QIODevice *device) {
    device_ = device;
    lines_ = rpc::Lines();
    connect(device, &QIODevice::readyRead, this, &LineSession::readSome);
    QJsonObject hello{{u"client"_qs, introduction_.client}, {u"version"_qs, introduction_.version}};
    if (!introduction_.as.isEmpty()) {
        hello.insert(u"as"_qs, introduction_.as);
    }
    send(u"hello"_qs, hello, [this](const Result<QJsonObject> &daemon) { welcomed(daemon); });
    readSome();
}

void LineSession::welcomed(const Result<QJsonObject> &daemon) {
    if (device_.isNull()) {
        return; // the link broke before the answer; deviceLost() says the rest
    }
    if (!daemon) {
        dropDevice();
        return deviceLost(daemon.error());
    }
    backoff_ms_ = backoff_ms_min;
    last_error_ = {};
    setLink(Link::Open);
    Q_EMIT introduced(*daemon);
    for (const QString &topic : topics_) {
        send(u"subscribe"_qs, {{u"topic"_qs, topic}}, [](const Result<QJsonObject> &) {});
    }
    for (Waiting &call : std::exchange(waiting_, {})) {
        send(call.verb, call.parameters, std::move(call.answer));
    }
}

void LineSession::deviceLost(const Error &why) {
    if (device_) {
        disconnect(device_, nullptr, this, nullptr);
    }
    device_ = nullptr;
    if (!wanted_) {
        return;
    }
    last_error_ = why;
    setLink(Link::Connecting);
    retry_timer_.start(backoff_ms_);
    backoff_ms_ = std::min(backoff_ms_ * 2, backoff_ms_max);
    failAll(why);
}

void LineSession::failAll(const Error &why) {
    // Taken first: an answer may lead to the next call, which waits for the next link.
    auto sent = std::exchange(pending_, {});
    auto waiting = std::exchange(waiting_, {});
    for (auto &[id, call] : sent) {
        call.answer(fail(ErrorCode::TimedOut,
                         u"the link broke before the answer came; what became of it is unknown"_qs,
                         call.verb, why.what));
    }
    for (Waiting &call : waiting) {
        call.answer(tl::unexpected<Error>(why));
    }
}

void LineSession::readSome() {
    if (device_.isNull()) {
        return;
    }
    lines_.append(device_->readAll());
    while (const std::optional<rpc::Lines::Line> line = lines_.next()) {
        if (line->too_long) {
            take(rpc::Malformed{{}, rpc::Fault::Shape, u"a line is too long"_qs});
        } else {
            take(rpc::parse(line->text));
        }
        if (device_.isNull()) {
            return;
        }
    }
}

void LineSession::take(const rpc::Message &message) {
    if (const auto *reply = std::get_if<rpc::Reply>(&message)) {
        auto found = pending_.extract(reply->id.toInteger(-1));
        if (found) {
            found.mapped().answer(reply->result);
        }
    } else if (const auto *notice = std::get_if<rpc::Notice>(&message)) {
        const QString topic = notice->parameters.value(u"topic"_qs).toString();
        if (notice->method == u"changed"_qs && topics_.contains(topic)) {
            Q_EMIT changed(topic, notice->parameters);
        } else if (notice->method == u"dropped"_qs) {
            const QString reason = notice->parameters.value(u"reason"_qs).toString();
            dropDevice();
            deviceLost(
                {ErrorCode::Unreachable, u"the daemon ended the link: "_qs + reason, {}, {}});
        }
    } else {
        // Whoever writes this is no daemon of ours, or its stream is damaged: begin anew.
        dropDevice();
        deviceLost({ErrorCode::Unreachable,
                    u"what answers there does not speak the daemon's language"_qs,
                    {},
                    u"check the host, and that both ends have the same version"_qs});
    }
}

void LineSession::watchDeadlines() {
    if (!pending_.empty() && !deadline_timer_.isActive()) {
        const QDeadlineTimer first = pending_.begin()->second.deadline; // ids rise with time
        deadline_timer_.start(int(first.remainingTime()) + 1);
    }
}

void LineSession::expire() {
    while (!pending_.empty() && pending_.begin()->second.deadline.hasExpired()) {
        auto late = pending_.extract(pending_.begin());
        late.mapped().answer(
            fail(ErrorCode::TimedOut, u"no answer came in %1 s"_qs.arg(call_ms_max / 1000),
                 late.mapped().verb, u"ask for its state before you ask again"_qs));
    }
    watchDeadlines();
}

} // namespace aviary::api
