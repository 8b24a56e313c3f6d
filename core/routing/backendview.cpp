// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/backendview.h"

#include <QVersionNumber>

#include <algorithm>

namespace aviary::routing {
namespace {

// Bits of srv_admin_state in "show servers state"; 0x04 only says how it was configured.
constexpr int maintenance_bits = 0x01 | 0x02 | 0x20;
constexpr int drain_bits = 0x08 | 0x10;
constexpr int stopped = 0; // srv_op_state

BackendServer *find(BackendView &view, const QByteArray &name) {
    const auto found = std::ranges::find(view.servers, name, &BackendServer::name);
    return found == view.servers.end() ? nullptr : &*found;
}

ServerState stateOf(int operation, int administration) {
    if ((administration & maintenance_bits) != 0) {
        return ServerState::Off;
    }
    if ((administration & drain_bits) != 0) {
        return ServerState::Draining;
    }
    return operation == stopped ? ServerState::Down : ServerState::Ready;
}

// "3 web 1 old-1 127.0.0.1 2 0 1 1 ...": one line of "show servers state".
void readState(const QByteArrayList &words, BackendView &view) {
    BackendServer server;
    server.name = words[3];
    server.host = QString::fromLatin1(words[4]);
    server.state = stateOf(words[5].toInt(), words[6].toInt());
    server.weight = words[7].toInt();
    server.port = words[18].toUShort();
    view.servers.push_back(server);
}

// The server's own answers, and those that HAProxy gave because it did not answer.
void readServer(const StatLine &line, BackendServer &server) {
    const qint64 unanswered = line.number("econ") + line.number("eresp");
    server.backup = line.number("bck") > 0;
    server.open_requests = static_cast<quint32>(line.number("scur"));
    server.answers = line.answers() + unanswered;
    server.errors = line.number("hrsp_5xx") + unanswered;
}

void readStat(const StatLine &line, BackendView &view) {
    if (line.text("svname") == "BACKEND") {
        view.there = true;
        view.mode = line.text("mode");
        view.algorithm = line.text("algo");
    } else if (BackendServer *server = find(view, line.text("svname"))) {
        readServer(line, *server);
    }
}

Error objection(const QString &what, const QString &where, const QString &remedy) {
    return {ErrorCode::Refused, what, where, remedy};
}

} // namespace

// States come before counters, so that each server is known when it is counted.
QByteArrayList backendQuestions(const QByteArray &backend) {
    return {"show cli level", "show info", "show servers state " + backend,
            "show stat " + backend + " 6 -1"};
}

Result<BackendView> readBackend(const QByteArray &answer, const QByteArray &backend) {
    BackendView view;
    QByteArrayList columns;
    const QByteArray prefix = backend + ',';
    for (const QByteArray &line : answer.split('\n')) {
        const QByteArrayList words = line.split(' ');
        if (line == "user" || line == "operator" || line == "admin") {
            view.level = line;
        } else if (line.startsWith("Version: ")) {
            view.version = QVersionNumber::fromString(QString::fromLatin1(words[1])).toString();
        } else if (line.startsWith("Pid: ")) {
            view.pid = words[1].toLongLong();
        } else if (line.startsWith("# pxname,svname,")) {
            columns = line.mid(2).split(',');
        } else if (words.size() >= 19 && words[1] == backend) {
            readState(words, view);
        } else if (line.startsWith(prefix) && !columns.isEmpty()) {
            readStat(StatLine(columns, line), view);
        }
    }
    if (view.version.isEmpty()) {
        return fail(ErrorCode::Unreachable,
                    u"this is no HAProxy: it answers \"" +
                        QString::fromUtf8(answer.left(200)).simplified() + u'"',
                    {}, QStringLiteral("give its runtime socket"));
    }
    return view;
}

std::vector<Error> objectionsTo(const BackendView &view, const QByteArray &backend,
                                const QString &socket) {
    const QString name = QString::fromUtf8(backend);
    std::vector<Error> all;
    if (QVersionNumber::fromString(view.version) < QVersionNumber(2, 6)) {
        all.push_back(
            objection(u"HAProxy " + view.version + u" is older than 2.6", socket,
                      QStringLiteral("update it: it cannot add and delete servers as it runs")));
    }
    if (view.level != "admin") {
        all.push_back(objection(
            u"the socket has level " +
                (view.level.isEmpty() ? QStringLiteral("unknown") : QString::fromUtf8(view.level)) +
                u", which may change nothing",
            socket,
            QStringLiteral("write \"level admin\" on its line: stats socket ... level admin")));
    }
    if (!view.there) {
        all.push_back({ErrorCode::NotFound, u"HAProxy has no backend \"" + name + u'"', socket,
                       QStringLiteral("add it to its configuration, or name another in "
                                      "settings.router.backends")});
        return all;
    }
    const QString where = u"backend " + name;
    if (view.mode != "http") {
        all.push_back(objection(u"it has mode " + QString::fromUtf8(view.mode) +
                                    u", in which no answers are counted",
                                where, QStringLiteral("give it \"mode http\"")));
    }
    static const QByteArrayList by_weight{"roundrobin", "leastconn", "random"};
    if (!view.algorithm.isEmpty() && !by_weight.contains(view.algorithm)) {
        all.push_back(objection(
            u"\"balance " + QString::fromUtf8(view.algorithm) +
                u"\" does not follow weights that change at run time",
            where, QStringLiteral("give it \"balance roundrobin\", leastconn or random")));
    }
    return all;
}

std::optional<ServerName> ourName(const QByteArray &name, const QByteArray &prefix) {
    const QByteArrayList words = name.split('.');
    if (words.size() != 3 || words[0] != prefix) {
        return std::nullopt;
    }
    const auto revision = nameOfWord(words[1]);
    const auto node = nameOfWord(words[2]);
    if (!revision || !node || revision->isEmpty()) {
        return std::nullopt;
    }
    return ServerName{*revision, *node};
}

} // namespace aviary::routing
