// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxyrouter.h"

#include "core/routing/norouter.h"
#include "core/routing/operatorsrouter.h"
#include "core/routing/ownhaproxyrouter.h"

#include <QDir>
#include <QHostAddress>
#include <QHostInfo>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QVersionNumber>

namespace aviary::routing {

HaproxyRouter::HaproxyRouter(QString directory, std::map<QString, quint16> ports, QObject *parent)
    : Router(parent), directory_(std::move(directory)), ports_(std::move(ports)) {}

quint16 HaproxyRouter::portOf(const QString &service) const {
    const auto port = ports_.find(service);
    return port == ports_.end() ? quint16{0} : port->second;
}

void HaproxyRouter::later(const Reply<void> &reply, const Result<void> &result) {
    QMetaObject::invokeMethod(
        this, [reply, result] { reply(result); }, Qt::QueuedConnection);
}

void HaproxyRouter::open(Reply<void> reply) {
    Result<void> result;
    for (const QString &word : QDir(directory_).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const std::optional<QString> name = nameOfWord(word.toLatin1());
        if (!name) {
            continue;
        }
        if (const auto service = serviceFor(*name, true); !service && result) {
            result = tl::unexpected(service.error());
        }
    }
    later(reply, result);
}

QStringList HaproxyRouter::services() const {
    QStringList names;
    for (const auto &[name, service] : services_) {
        names += name;
    }
    return names;
}

Result<HaproxyRoute *> HaproxyRouter::serviceFor(const QString &name, bool wanted) {
    const auto found = services_.find(name);
    if (found != services_.end()) {
        return found->second.get();
    }
    if (!wanted) {
        return fail(ErrorCode::NotFound, u"\"" + name + u"\" has no route", {},
                    QStringLiteral("deploy the service first"));
    }
    const QString directory = directory_ + u'/' + QString::fromLatin1(wordOf(name));
    if (!QDir().mkpath(directory) ||
        !QFile::setPermissions(directory, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner)) {
        return fail(ErrorCode::Storage, QStringLiteral("no directory for HAProxy"), directory,
                    QStringLiteral("make the directory above it writable"));
    }
    std::unique_ptr<HaproxyRoute> service = make(directory, name);
    if (const Result<void> opened = service->open(); !opened) {
        return tl::unexpected(opened.error());
    }
    return services_.emplace(name, std::move(service)).first->second.get();
}

void HaproxyRouter::add(const Server &server, Reply<void> reply) {
    if (waits(server, [=, this] { add(server, reply); })) {
        return;
    }
    if (QHostAddress(server.host).isNull()) {
        lookUp(server, std::move(reply));
    } else if (const auto service = serviceFor(server.service, true)) {
        (*service)->add(server, std::move(reply));
    } else {
        later(reply, tl::unexpected(service.error()));
    }
}

bool HaproxyRouter::waits(const Server &server, std::function<void()> work) {
    const auto found = lookups_.find(server.host);
    if (found == lookups_.end()) {
        return false;
    }
    found->second.push_back(std::move(work));
    return true;
}

void HaproxyRouter::lookUp(Server server, Reply<void> reply) {
    lookups_[server.host];
    QHostInfo::lookupHost(server.host, this, [=, this](const QHostInfo &found) mutable {
        const auto waiting = lookups_.extract(server.host);
        if (found.addresses().isEmpty()) {
            reply(fail(ErrorCode::Unreachable,
                       u"the name \"" + server.host + u"\" has no address: " + found.errorString(),
                       server.node, QStringLiteral("check the name, or give an IP address")));
        } else {
            server.host = found.addresses().constFirst().toString();
            add(server, std::move(reply));
        }
        for (const auto &work : waiting.mapped()) {
            work();
        }
    });
}

void HaproxyRouter::drain(const Server &server, int limit_ms, Reply<void> reply) {
    if (waits(server, [=, this] { drain(server, limit_ms, reply); })) {
        return;
    }
    if (const auto service = serviceFor(server.service, false)) {
        (*service)->drain(server, limit_ms, std::move(reply));
    } else {
        later(reply, {});
    }
}

void HaproxyRouter::remove(const Server &server, Reply<void> reply) {
    if (waits(server, [=, this] { remove(server, reply); })) {
        return;
    }
    if (const auto service = serviceFor(server.service, false)) {
        (*service)->remove(server, std::move(reply));
    } else {
        later(reply, {});
    }
}

void HaproxyRouter::setSplit(const Split &split, Reply<void> reply) {
    if (const auto service = serviceFor(split.service, true)) {
        (*service)->setSplit(split, std::move(reply));
    } else {
        later(reply, tl::unexpected(service.error()));
    }
}

void HaproxyRouter::observe(const QString &service, Reply<RouteView> reply) {
    if (const auto route = serviceFor(service, false)) {
        (*route)->observe(std::move(reply));
    } else {
        QMetaObject::invokeMethod(
            this, [reply, error = route.error()] { reply(tl::unexpected(error)); },
            Qt::QueuedConnection);
    }
}

QString haproxyVersion(const QByteArray &text) {
    static const QRegularExpression pattern(QStringLiteral("^HA-?Proxy version (\\d+(\\.\\d+)+)"));
    return pattern.match(QString::fromUtf8(text.left(1'000))).captured(1);
}

std::unique_ptr<Router> makeRouter(const QString &directory, std::map<QString, quint16> ports,
                                   const RouterSettings &settings) {
    if (settings.running) {
        return std::make_unique<OperatorsRouter>(*settings.running, directory, std::move(ports));
    }
    QString path = settings.program.isEmpty()
                       ? QStandardPaths::findExecutable(QStringLiteral("haproxy"))
                       : settings.program;
    if (path.isEmpty()) {
        path = QStandardPaths::findExecutable(
            QStringLiteral("haproxy"),
            {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/local/sbin")});
    }
    if (path.isEmpty()) {
        return std::make_unique<NoRouter>(QStringLiteral("no HAProxy"));
    }
    QProcess process;
    process.start(path, {QStringLiteral("-v")});
    process.waitForFinished(3'000);
    const QString version = haproxyVersion(process.readAllStandardOutput());
    if (QVersionNumber::fromString(version) < QVersionNumber(2, 6)) {
        return std::make_unique<NoRouter>(
            u"HAProxy " + (version.isEmpty() ? QStringLiteral("of an unknown version") : version) +
            u" is older than 2.6");
    }
    return std::make_unique<OwnHaproxyRouter>(path, version, directory, std::move(ports));
}

} // namespace aviary::routing
