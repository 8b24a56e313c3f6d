// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/engine.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QPointer>
#include <QUrl>
#include <QVersionNumber>

#include <algorithm>

namespace aviary::clusters {
namespace {

constexpr int again_ms_min = 1'000, again_ms_max = 60'000;
constexpr int look_ms = 5'000;    // between two signs of life
constexpr int silence_ms = 5'000; // without an answer to a ping it is lost
constexpr int events_silence_ms = 24 * 3'600 * 1'000;
constexpr qsizetype event_bytes_max = 1024 * 1024;
constexpr qint64 mib = 1024 * 1024;

QString versioned(const QString &path) {
    return u"/v1.40" + path;
}

} // namespace

Engine::Engine(EngineAddress address, QString docker, QString label, QObject *parent)
    : QObject(parent)
    , address_(std::move(address))
    , docker_(std::move(docker))
    , label_(std::move(label)) {
    since_heard_.start();
    again_.setSingleShot(true);
    connect(&again_, &QTimer::timeout, this, &Engine::open);
    connect(&look_, &QTimer::timeout, this, &Engine::look);
}

Engine::~Engine() = default;

QString Engine::messageOf(const EngineAnswer &answer) {
    const QString message = objectOf(answer)[u"message"].toString();
    return (message.isEmpty() ? QString::fromUtf8(answer.body) : message).trimmed().left(500);
}

QJsonObject Engine::objectOf(const EngineAnswer &answer) {
    return QJsonDocument::fromJson(answer.body).object();
}

QJsonArray Engine::listOf(const EngineAnswer &answer) {
    return QJsonDocument::fromJson(answer.body).array();
}

void Engine::open() {
    if (!up_ && !opening_) {
        opening_ = true;
        greet();
    }
}

void Engine::tryNow() {
    if (!up_ && !opening_) {
        again_.stop();
        open();
    }
}

void Engine::greet() {
    sendOn(*newConnection(),
           {{.path = QStringLiteral("/version")}, [this](const Result<EngineAnswer> &answer) {
                if (!answer) {
                    goDown(answer.error());
                } else {
                    noteVersion(*answer);
                }
            }});
}

void Engine::noteVersion(const EngineAnswer &answer) {
    const QJsonObject object = objectOf(answer);
    const QString api = object[u"ApiVersion"].toString();
    if (answer.status != 200 || api.isEmpty()) {
        goDown({ErrorCode::Unreachable, QStringLiteral("this is no Docker or Podman engine"),
                address_.text(), QStringLiteral("check the address and the port")});
        return;
    }
    if (QVersionNumber::fromString(api) < QVersionNumber(1, 40)) {
        goDown({ErrorCode::Unreachable, u"the engine speaks API " + api + u", 1.40 is needed",
                address_.text(), QStringLiteral("Docker 19.03 and Podman 3 and later have it")});
        return;
    }
    facts_.api_version = api;
    facts_.version = object[u"Version"].toString();
    const QJsonArray parts = object[u"Components"].toArray();
    facts_.name = parts.isEmpty() ? QStringLiteral("Docker Engine")
                                  : parts.first().toObject()[u"Name"].toString();
    sendOn(*newConnection(),
           {{.path = versioned(QStringLiteral("/info"))}, [this](const Result<EngineAnswer> &info) {
                if (!info) {
                    goDown(info.error());
                } else {
                    noteSystem(*info);
                }
            }});
}

void Engine::noteSystem(const EngineAnswer &answer) {
    const QJsonObject object = objectOf(answer);
    facts_.memory_mib = object[u"MemTotal"].toInteger() / mib;
    facts_.root = object[u"DockerRootDir"].toString();
    const QDateTime there =
        QDateTime::fromString(object[u"SystemTime"].toString(), Qt::ISODateWithMs);
    facts_.clock_ahead_ms =
        there.isValid() ? QDateTime::currentDateTimeUtc().msecsTo(there.toUTC()) : 0;
    if (last_event_ns_ == 0) { // what happens from now on, by its own clock
        last_event_ns_ = (QDateTime::currentMSecsSinceEpoch() + facts_.clock_ahead_ms) * 1'000'000;
    }
    opening_ = false;
    up_ = true;
    tries_ = 0;
    trouble_.reset();
    look_.start(look_ms);
    listen();
    Q_EMIT cameUp();
    serve();
}

void Engine::listen() {
    event_line_.clear();
    const QJsonObject filters{{QStringLiteral("type"), QJsonArray{QStringLiteral("container")}},
                              {QStringLiteral("label"), QJsonArray{label_}}};
    const QByteArray text =
        QJsonDocument(filters).toJson(QJsonDocument::Compact).toPercentEncoding();
    const QString since = QStringLiteral("%1.%2")
                              .arg(last_event_ns_ / 1'000'000'000)
                              .arg(last_event_ns_ % 1'000'000'000, 9, 10, QLatin1Char('0'));
    events_ = std::make_unique<EngineConnection>(address_, docker_);
    connect(events_.get(), &EngineConnection::heard, this, [this] { since_heard_.start(); });
    events_->send(
        {.path = versioned(u"/events?since=" + since + u"&filters=" + QString::fromLatin1(text)),
         .timeout_ms = events_silence_ms},
        [this](const Result<EngineAnswer> &answer) {
            const Error ended{ErrorCode::Unreachable, QStringLiteral("the engine ended its events"),
                              address_.text(), QStringLiteral("it is tried again")};
            goDown(answer ? ended : answer.error());
        },
        [this](const QByteArray &bytes) { noteEvents(bytes); });
}

void Engine::noteEvents(const QByteArray &bytes) {
    event_line_ += bytes;
    const QPointer<Engine> self = this;
    for (qsizetype end = event_line_.indexOf('\n'); end >= 0 && self;
         end = event_line_.indexOf('\n')) {
        const QJsonObject event = QJsonDocument::fromJson(event_line_.left(end)).object();
        event_line_.remove(0, end + 1);
        last_event_ns_ = std::max(last_event_ns_, event[u"timeNano"].toInteger() + 1);
        if (!event.isEmpty()) {
            Q_EMIT happened(event);
        }
    }
    if (self && event_line_.size() > event_bytes_max) {
        event_line_.clear();
    }
}

void Engine::ask(EngineRequest request, Reply reply) {
    if (!up_) {
        const Error why = trouble_.value_or(explainFailure(QStringLiteral("timed out"), address_));
        QMetaObject::invokeMethod(
            this, [reply, why] { reply(tl::unexpected<Error>(why)); }, Qt::QueuedConnection);
        return;
    }
    request.path = versioned(request.path);
    waiting_.push_back({std::move(request), std::move(reply)});
    serve();
}

EngineConnection *Engine::newConnection() {
    connections_.push_back(std::make_unique<EngineConnection>(address_, docker_));
    EngineConnection *made = connections_.back().get();
    connect(made, &EngineConnection::heard, this, [this] { since_heard_.start(); });
    connect(made, &EngineConnection::freed, this, &Engine::serve, Qt::QueuedConnection);
    return made;
}

void Engine::serve() {
    std::erase_if(connections_, [](auto &one) {
        const bool over = one->isDead() && one->isIdle();
        if (over) {
            one.release()->deleteLater(); // it may be inside its signal
        }
        return over;
    });
    while (up_ && !waiting_.empty()) {
        const auto idle =
            std::ranges::find_if(connections_, [](const auto &one) { return one->isIdle(); });
        if (idle == connections_.end() && std::ssize(connections_) >= connections_max) {
            return;
        }
        EngineConnection *connection = idle == connections_.end() ? newConnection() : idle->get();
        Asked asked = std::move(waiting_.front());
        waiting_.pop_front();
        sendOn(*connection, std::move(asked));
    }
}

void Engine::sendOn(EngineConnection &connection, Asked asked) {
    const bool stale = connection.wasUsed() && !asked.again;
    const EngineRequest request = asked.request;
    connection.send(request, [this, stale, asked = std::move(asked)](
                                 const Result<EngineAnswer> &answer) mutable {
        if (answer || !up_) {
            asked.reply(answer);
        } else if (stale) { // the engine closed it while it was idle: once more, on another
            asked.again = true;
            waiting_.push_front(std::move(asked));
        } else {
            const Error why = answer.error();
            asked.reply(answer);
            goDown(why);
        }
    });
}

void Engine::look() {
    if (since_heard_.elapsed() >= look_ms - 100) {
        ask({.path = QStringLiteral("/_ping"), .timeout_ms = silence_ms},
            [](const Result<EngineAnswer> &) {}); // hearing it, or losing it, is all
    }
}

void Engine::goDown(const Error &why) {
    if (!up_ && !opening_) {
        return;
    }
    up_ = false;
    opening_ = false;
    trouble_ = why;
    look_.stop();
    for (auto &one : std::exchange(connections_, {})) {
        one->disconnect(this);
        one->abandon(why);
        one.release()->deleteLater(); // it may be inside its reply
    }
    if (events_) {
        events_->disconnect(this);
        events_.release()->deleteLater(); // it may be inside its reply
    }
    // Whoever waits is told; nothing is kept for an engine that may be away for hours.
    for (const Asked &asked : std::exchange(waiting_, {})) {
        asked.reply(tl::unexpected<Error>(why));
    }
    const int wait_ms = std::min(again_ms_max, again_ms_min << std::min(tries_, 6));
    ++tries_;
    again_.start(wait_ms);
    Q_EMIT wentDown(why);
}

} // namespace aviary::clusters
