// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/replayserver.h"

#include "tests/replay/replayconnection.h"

#include <QSslSocket>
#include <QTest>
#include <QUrlQuery>

#include <algorithm>

namespace aviary::tests {
namespace {

constexpr int wait_ms_by_default = 300'000;

int waitOf(const Asked &asked) {
    QByteArray wait = asked.query("wait");
    const bool in_ms = wait.endsWith("ms");
    wait.chop(in_ms ? 2 : 1);
    return wait.isEmpty() ? wait_ms_by_default : wait.toInt() * (in_ms ? 1 : 1'000);
}

} // namespace

QByteArray Asked::query(const QByteArray &name) const {
    const qsizetype mark = target.indexOf('?');
    const QUrlQuery query(mark < 0 ? QString() : QString::fromLatin1(target.mid(mark + 1)));
    return query.queryItemValue(QString::fromLatin1(name), QUrl::FullyDecoded).toUtf8();
}

ReplayServer::ReplayServer() {
    if (!listen(QHostAddress::LocalHost)) {
        QTest::qFail(qPrintable(errorString()), __FILE__, __LINE__);
    }
}

ReplayServer::ReplayServer(const QSslConfiguration &tls) : ReplayServer() {
    tls_ = tls;
}

ReplayServer::~ReplayServer() {
    close();
    qDeleteAll(std::exchange(connections_, {}));
}

QString ReplayServer::address() const {
    return QStringLiteral("%1://127.0.0.1:%2")
        .arg(tls_ ? QStringLiteral("https") : QStringLiteral("http"))
        .arg(serverPort());
}

void ReplayServer::script(const QByteArray &method, const QByteArray &path, const Scripted &answer,
                          int times) {
    rules_.push_front({method, path, answer, times});
}

void ReplayServer::unscript() {
    rules_.clear();
}

void ReplayServer::put(const QByteArray &path, const QByteArray &body, quint64 index) {
    places_[path] = {body, index};
    for (ReplayConnection *connection : std::as_const(connections_)) {
        if (connection->waitsFor(path)) {
            connection->answer(answerOf(places_[path]));
        }
    }
}

void ReplayServer::put(int recording) {
    const auto &all = recordings();
    const auto found = std::ranges::find(all, recording, &Recording::number);
    if (found == all.end()) {
        QTest::qFail("there is no such recording", __FILE__, __LINE__);
        return;
    }
    const auto index = std::ranges::find(found->headers, QByteArray("X-Nomad-Index"),
                                         &std::pair<QByteArray, QByteArray>::first);
    const QByteArray path = found->path.split('?').first();
    put(path, found->body, index == found->headers.end() ? 0 : index->second.toULongLong());
}

Scripted ReplayServer::answerOf(const Place &place) {
    Scripted answer{.body = place.body};
    answer.headers = {{"Content-Type", "application/json"},
                      {"X-Nomad-Index", QByteArray::number(place.index)},
                      {"X-Nomad-Knownleader", "true"},
                      {"X-Nomad-Lastcontact", "0"}};
    return answer;
}

void ReplayServer::tell(const QByteArray &line) {
    if (line != "{}") {
        lines_.append(line);
    }
    for (ReplayConnection *connection : std::as_const(connections_)) {
        if (connection->isStream()) {
            connection->send(line);
        }
    }
}

void ReplayServer::cutStreams(const QByteArray &last_words) {
    for (ReplayConnection *connection : QList(connections_)) {
        if (connection->isStream()) {
            connection->endStream(last_words);
        }
    }
}

void ReplayServer::cutAll() {
    for (ReplayConnection *connection : QList(connections_)) {
        connection->cut();
    }
}

void ReplayServer::goAway() {
    port_ = serverPort();
    close();
    cutAll();
}

void ReplayServer::comeBack() {
    if (!listen(QHostAddress::LocalHost, port_)) {
        QTest::qFail(qPrintable(errorString()), __FILE__, __LINE__);
    }
}

int ReplayServer::openStreams() const {
    return static_cast<int>(std::ranges::count_if(connections_, &ReplayConnection::isStream));
}

int ReplayServer::count(const QByteArray &method, const QByteArray &path) const {
    return static_cast<int>(std::ranges::count_if(
        asked_, [&](const Asked &one) { return one.method == method && one.path() == path; }));
}

std::optional<Asked> ReplayServer::last(const QByteArray &path) const {
    const auto found = std::find_if(asked_.rbegin(), asked_.rend(),
                                    [&](const Asked &one) { return one.path() == path; });
    return found == asked_.rend() ? std::nullopt : std::optional(*found);
}

void ReplayServer::incomingConnection(qintptr handle) {
    QTcpSocket *socket = nullptr;
    if (tls_) {
        auto *secure = new QSslSocket;
        secure->setSslConfiguration(*tls_);
        secure->setSocketDescriptor(handle);
        secure->startServerEncryption();
        socket = secure;
    } else {
        socket = new QTcpSocket;
        socket->setSocketDescriptor(handle);
    }
    auto *connection = new ReplayConnection(socket, this);
    connections_.append(connection);
    connect(connection, &ReplayConnection::asked, this,
            [this, connection](const Asked &asked) { take(*connection, asked); });
    connect(connection, &ReplayConnection::ended, this, [this, connection] {
        connections_.removeOne(connection);
        connection->deleteLater();
    });
}

void ReplayServer::take(ReplayConnection &connection, const Asked &asked) {
    asked_.push_back(asked);
    if (answerScripted(connection, asked)) {
    } else if (asked.path() == "/v1/event/stream" && asked.method == "GET") {
        openStream(connection);
    } else if (asked.method != "GET" || !answerPut(connection, asked)) {
        answerRecorded(connection, asked);
    }
    Q_EMIT heard();
}

bool ReplayServer::answerScripted(ReplayConnection &connection, const Asked &asked) {
    const auto rule = std::ranges::find_if(rules_, [&](const Rule &one) {
        return one.method == asked.method && one.path == asked.path();
    });
    if (rule == rules_.end()) {
        return false;
    }
    const Scripted answer = rule->answer;
    if (--rule->left <= 0) {
        rules_.erase(rule);
    }
    connection.answer(answer);
    return true;
}

bool ReplayServer::answerPut(ReplayConnection &connection, const Asked &asked) {
    const QByteArray path = asked.path();
    const auto place = places_.constFind(path);
    if (place == places_.constEnd()) {
        return false;
    }
    if (!asked.query("prefix").isEmpty()) {
        connection.answer(answerOf({"[]", place->index}));
        return true;
    }
    const quint64 seen = asked.query("index").toULongLong();
    if (seen > 0 && seen >= place->index) {
        connection.waitFor(path, waitOf(asked), [this, path, &connection] {
            connection.answer(answerOf(places_[path]));
        });
    } else {
        connection.answer(answerOf(*place));
    }
    return true;
}

void ReplayServer::answerRecorded(ReplayConnection &connection, const Asked &asked) {
    const auto &all = recordings();
    const auto found = std::ranges::find_if(all, [&](const Recording &one) {
        return one.method == asked.method && one.path == asked.target;
    });
    if (found == all.end()) {
        connection.answer({.status = 404});
    } else {
        connection.answer({found->status, found->body, found->headers});
    }
}

void ReplayServer::openStream(ReplayConnection &connection) {
    connection.startStream();
    for (const QByteArray &line : std::as_const(lines_)) {
        connection.send(line);
    }
}

} // namespace aviary::tests
