// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engines/simulatedengines.h"

#include "core/clusters/docker/dockerinstance.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalServer>
#include <QLocalSocket>
#include <QPointer>
#include <QTimer>
#include <QUrl>

#include <map>

namespace aviary::tests {

namespace {

struct Container {
    QString id;
    QJsonObject labels;
    bool running = false;
};

struct Answer {
    int status = 200;
    QJsonValue body = QJsonObject();
    int takes_ms = 0;
    bool is_work = true;
    bool cut = false;
    std::function<void()> then = {}; // when it is sent
};

QByteArray bytesOf(const QJsonValue &value) {
    return value.isArray() ? QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)
                           : QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
}

QJsonObject message(const QString &text) {
    return {{QStringLiteral("message"), text}};
}

} // namespace

class SimulatedEngines::One : public QObject {
public:
    One(QString path, int number, const std::function<EngineWeather(int)> &weather,
        const QElapsedTimer &clock)
        : path_(std::move(path)), number_(number), weather_(weather), clock_(clock) {
        server_ = new QLocalServer(this);
        connect(server_, &QLocalServer::newConnection, this, [this] {
            while (QLocalSocket *socket = server_->nextPendingConnection()) {
                connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
                connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
            }
        });
    }
    bool listen() { return server_->listen(path_); }

    bool silent = false;
    bool had_mishap = false;
    int made = 0;
    Work work;
    QString path() const { return path_; }
    QStringList running() const {
        QStringList all;
        for (const auto &[name, one] : containers_) {
            if (one.running) {
                all += one.labels[clusters::docker_label::node].toString() + u' ' +
                       one.labels[clusters::docker_label::revision].toString();
            }
        }
        return all;
    }

private:
    void read(QLocalSocket *socket) {
        QByteArray &bytes = unread_[socket];
        bytes += socket->readAll();
        const qsizetype head = bytes.indexOf("\r\n\r\n");
        if (silent || head < 0) {
            return;
        }
        const qsizetype field = bytes.left(head).toLower().indexOf("content-length:");
        const qsizetype size =
            field < 0 ? 0 : bytes.mid(field + 15, bytes.indexOf('\r', field) - field - 15).toInt();
        if (bytes.size() < head + 4 + size) {
            return;
        }
        const QList<QByteArray> words = bytes.left(bytes.indexOf('\r')).split(' ');
        const QByteArray body = bytes.mid(head + 4, size);
        unread_.remove(socket);
        QString target = QString::fromLatin1(words.value(1));
        if (target.startsWith(u"/v1.40/")) {
            target.remove(0, 6);
        }
        if (target.startsWith(u"/events")) {
            listeners_ += socket;
            socket->write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            return;
        }
        send(socket, answerTo(words.value(0), QUrl(target), body));
    }

    void send(QLocalSocket *socket, const Answer &answer) {
        const int takes_ms = weather_(number_).answer_ms + answer.takes_ms;
        if (answer.is_work) {
            work.first_ms = work.first_ms < 0 ? clock_.elapsed() : work.first_ms;
            work.dealt_ms += takes_ms;
        }
        QTimer::singleShot(takes_ms, this, [this, to = QPointer(socket), answer] {
            if (answer.then) {
                answer.then();
            }
            if (!to || silent) {
                return;
            }
            if (answer.cut) {
                to->abort();
                return;
            }
            const bool empty = answer.status == 204 || answer.status == 304;
            const QByteArray body = empty ? QByteArray() : bytesOf(answer.body);
            QByteArray head = "HTTP/1.1 " + QByteArray::number(answer.status) + " said\r\n";
            head += empty ? QByteArray()
                          : "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
            dribble(to, head + "\r\n" + body);
        });
    }
    void dribble(const QPointer<QLocalSocket> &to, const QByteArray &bytes) {
        const int piece = weather_(number_).piece_bytes;
        if (!to || bytes.isEmpty()) {
            return;
        }
        to->write(piece == 0 ? bytes : bytes.left(piece));
        if (piece > 0) {
            QTimer::singleShot(1, this, [this, to, rest = bytes.mid(piece)] { dribble(to, rest); });
        }
    }
    void tell(const QString &action, const Container &container, QJsonObject attributes) {
        for (auto it = container.labels.begin(); it != container.labels.end(); ++it) {
            attributes[it.key()] = it.value();
        }
        const qint64 now_ms =
            QDateTime::currentMSecsSinceEpoch() + weather_(number_).clock_ahead_ms;
        const QJsonObject event{
            {QStringLiteral("Type"), QStringLiteral("container")},
            {QStringLiteral("Action"), action},
            {QStringLiteral("Actor"), QJsonObject{{QStringLiteral("ID"), container.id},
                                                  {QStringLiteral("Attributes"), attributes}}},
            {QStringLiteral("timeNano"), now_ms * 1'000'000}};
        const QByteArray line = bytesOf(event) + '\n';
        for (const QPointer<QLocalSocket> &listener : listeners_) {
            if (listener) {
                listener->write(QByteArray::number(line.size(), 16) + "\r\n" + line + "\r\n");
            }
        }
    }

    Answer answerTo(const QByteArray &method, const QUrl &url, const QByteArray &body) {
        const QStringList parts = url.path().split(u'/', Qt::SkipEmptyParts);
        const QString what = parts.value(0), name = parts.value(1), verb = parts.value(2);
        if (what == u"containers" && name == u"create") {
            return create(url.query().section(QStringLiteral("name="), 1).section(u'&', 0, 0),
                          body);
        }
        if (what == u"containers" && name != u"json") {
            return method == "DELETE" ? erase(name) : ofContainer(name, verb);
        }
        if (what == u"images") {
            return name == u"create" ? pull() : ofImage();
        }
        return ofEngine(what);
    }

    Answer ofEngine(const QString &what) {
        const QDateTime now =
            QDateTime::currentDateTimeUtc().addMSecs(weather_(number_).clock_ahead_ms);
        QJsonValue body =
            QJsonObject{{QStringLiteral("Version"), QStringLiteral("20.10.24")},
                        {QStringLiteral("ApiVersion"), QStringLiteral("1.41")},
                        {QStringLiteral("MemTotal"), 1024.0 * 1024 * 1024},
                        {QStringLiteral("SystemTime"), now.toString(Qt::ISODateWithMs)}};
        if (what == u"containers") {
            QJsonArray list;
            for (const auto &[name, one] : containers_) {
                list += QJsonObject{{QStringLiteral("Id"), one.id},
                                    {QStringLiteral("Labels"), one.labels}};
            }
            body = list;
        }
        return {.body = body, .is_work = false};
    }

    Answer ofImage() {
        const bool there = weather_(number_).has_image || pulled_;
        return {.status = there ? 200 : 404, .body = message(QStringLiteral("No such image"))};
    }
    Answer pull() {
        const QString error = weather_(number_).pull_error;
        pulled_ = error.isEmpty();
        return {.body = pulled_ ? QJsonObject() : QJsonObject{{QStringLiteral("error"), error}}};
    }

    Answer create(const QString &name, const QByteArray &body) {
        if (containers_.contains(name)) {
            return {.status = 409, .body = message(QStringLiteral("the name is in use"))};
        }
        const QJsonObject asked = QJsonDocument::fromJson(body).object();
        const QString id = QStringLiteral("%1-%2").arg(number_).arg(++made);
        containers_[name] = {id, asked[u"Labels"].toObject()};
        return {.status = 201, .body = QJsonObject{{QStringLiteral("Id"), id}}};
    }

    Answer ofContainer(const QString &name, const QString &verb) {
        const auto found = containers_.find(name);
        if (found == containers_.end()) {
            return {.status = 404, .body = message(QStringLiteral("No such container"))};
        }
        if (verb == u"start") {
            return start(name);
        }
        if (verb == u"stop") {
            const bool ran = found->second.running;
            return {.status = ran ? 204 : 304,
                    .takes_ms = ran ? weather_(number_).stop_ms : 0,
                    .then = [this, name] { end(name); }};
        }
        const QJsonObject state{{QStringLiteral("Running"), found->second.running}};
        return {.body = QJsonObject{{QStringLiteral("Id"), found->second.id},
                                    {QStringLiteral("State"), state}},
                .is_work = verb == u"json"};
    }

    Answer start(const QString &name) {
        const EngineWeather weather = weather_(number_);
        const bool first = !std::exchange(had_mishap, true);
        if (first && weather.mishap == Mishap::RefusedAtStart) {
            return {.status = 500, .body = message(QStringLiteral("the engine is shutting down"))};
        }
        return {.status = 204,
                .takes_ms = weather.start_ms,
                .cut = first && weather.mishap == Mishap::CutAtStart,
                .then = [this, name] {
                    const auto found = containers_.find(name);
                    if (found != containers_.end() && !std::exchange(found->second.running, true)) {
                        tell(QStringLiteral("start"), found->second, {});
                    }
                }};
    }

    void end(const QString &name) {
        const auto found = containers_.find(name);
        if (found != containers_.end() && std::exchange(found->second.running, false)) {
            tell(QStringLiteral("die"), found->second,
                 {{QStringLiteral("exitCode"), QStringLiteral("0")}});
        }
    }

    Answer erase(const QString &name) {
        const bool there = containers_.contains(name);
        return {.status = there ? 204 : 404,
                .body = message(QStringLiteral("No such container")),
                .then = [this, name] {
                    end(name);
                    const auto gone = containers_.extract(name);
                    if (!gone.empty()) {
                        tell(QStringLiteral("destroy"), gone.mapped(), {});
                    }
                }};
    }

    QString path_;
    int number_;
    const std::function<EngineWeather(int)> &weather_;
    const QElapsedTimer &clock_;
    QLocalServer *server_;
    QHash<QLocalSocket *, QByteArray> unread_;
    QList<QPointer<QLocalSocket>> listeners_;
    std::map<QString, Container> containers_;
    bool pulled_ = false;
};

SimulatedEngines::SimulatedEngines(QString directory, int count,
                                   std::function<EngineWeather(int)> weather)
    : weather_(std::move(weather)) {
    clock_.start();
    thread_.start();
    for (int i = 0; i < count; ++i) {
        auto *one = new One(directory + QStringLiteral("/engine-%1").arg(i), i, weather_, clock_);
        one->moveToThread(&thread_);
        engines_.push_back(one);
    }
    onThread([this] {
        for (One *one : engines_) {
            if (!one->listen()) {
                qFatal("%s cannot be listened on", qPrintable(one->path()));
            }
        }
    });
}

SimulatedEngines::~SimulatedEngines() {
    for (One *one : engines_) {
        one->deleteLater();
    }
    thread_.quit();
    thread_.wait();
}

// The engines have one thread, and so has whoever asks.
void SimulatedEngines::onThread(const std::function<void()> &what) const {
    QMetaObject::invokeMethod(engines_.front(), what, Qt::BlockingQueuedConnection);
}

QString SimulatedEngines::host(int engine) const {
    return u"unix://" + engines_[static_cast<std::size_t>(engine)]->path();
}

void SimulatedEngines::setSilent(int engine, bool silent) {
    onThread([=, this] { engines_[static_cast<std::size_t>(engine)]->silent = silent; });
}

QStringList SimulatedEngines::running() const {
    QStringList all;
    onThread([&] {
        for (const One *one : engines_) {
            all += one->running();
        }
    });
    all.sort();
    return all;
}

int SimulatedEngines::made(int engine) const {
    int made = 0;
    onThread([&] { made = engines_[static_cast<std::size_t>(engine)]->made; });
    return made;
}

SimulatedEngines::Work SimulatedEngines::work(int engine) const {
    Work work;
    onThread([&] { work = engines_[static_cast<std::size_t>(engine)]->work; });
    return work;
}

void SimulatedEngines::beginAnew() {
    onThread([this] {
        for (One *one : engines_) {
            one->work = {};
            one->had_mishap = false;
        }
    });
}

} // namespace aviary::tests
