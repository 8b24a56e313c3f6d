// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journeys/ground.h"

#include "core/clusters/docker/dockerinstance.h"
#include "core/clusters/local/localcluster.h"
#include "core/support/freeport.h"
#include "tests/support/processes.h"
#include "tests/support/programs.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>

#include <signal.h>

namespace aviary::tests {

LocalGround::LocalGround() : port_(freePort()) {}

LocalGround::~LocalGround() {
    endProcessesIn(directory_.path());
}

QJsonObject LocalGround::settings() const {
    clusters::LocalCluster cluster = clusters::someLocalNodes(nodes, sites);
    cluster.ports[shop] = port_;
    return {{QStringLiteral("cluster"), toJson(cluster)},
            {QStringLiteral("directory"), directory_.path()}};
}

QJsonObject LocalGround::sampleDefinition(const QStringList &options) {
    const QJsonObject ready{{QStringLiteral("kind"), QStringLiteral("http")},
                            {QStringLiteral("path"), QStringLiteral("/ready")},
                            {QStringLiteral("interval_ms"), 200}};
    return {{QStringLiteral("command"), program("aviary-sample")},
            {QStringLiteral("args"), QJsonArray::fromStringList(options)},
            {QStringLiteral("checks"), QJsonArray{ready}},
            {QStringLiteral("restart"),
             QJsonObject{{QStringLiteral("attempts"), 2}, {QStringLiteral("delay_ms"), 100}}}};
}

QString LocalGround::instance(const QString &node, const QString &revision) const {
    return directory_.filePath(u"nodes/" + node + u"/instances/shop/" + revision);
}

bool LocalGround::killService(const QString &node, const QString &revision) {
    const auto identity = readProcessRecord(instance(node, revision) + u"/pid");
    return identity && isAlive(*identity) && ::kill(identity->pid, SIGKILL) == 0;
}

void LocalGround::setOffline(const QString &node, bool offline) {
    QFile mark(directory_.filePath(u"nodes/" + node + u"/offline"));
    if (!offline) {
        mark.remove();
    } else if (!mark.open(QIODevice::WriteOnly)) {
        qFatal("%s", qPrintable(mark.errorString()));
    }
}

QStringList LocalGround::running() const {
    QStringList found;
    for (int i = 1; i <= nodes; ++i) {
        const QString node = QStringLiteral("n%1").arg(i);
        const QDir revisions(instance(node, QString()));
        for (const QString &revision : revisions.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            const auto identity = readProcessRecord(instance(node, revision) + u"/pid");
            if (identity && isAlive(*identity)) {
                found << node + u' ' + revision;
            }
        }
    }
    found.sort();
    return found;
}

// The service says so once, in its log, each time that it starts.
int LocalGround::starts(const QString &node, const QString &revision) const {
    QFile log(instance(node, revision) + u"/log");
    return log.open(QIODevice::ReadOnly)
               ? static_cast<int>(log.readAll().count("listening on 127.0.0.1:"))
               : 0;
}

// ---- An operator's HAProxy ----------------------------------------------------------------------

QJsonObject OperatorsGround::settings() const {
    QJsonObject settings = LocalGround::settings();
    QJsonObject cluster = settings[u"cluster"].toObject();
    cluster[u"ports"] = QJsonObject{{shop, port()}};
    settings[u"cluster"] = cluster;
    settings[u"router"] =
        QJsonObject{{QStringLiteral("socket"), haproxy_.socket()},
                    {QStringLiteral("backends"), QJsonObject{{shop, QStringLiteral("web")}}}};
    return settings;
}

// ---- Docker -----------------------------------------------------------------------------------

DockerGround::DockerGround()
    : ports_first_(Engines::freePorts(nodes * ports_each + 1))
    , port_(static_cast<quint16>(ports_first_ + nodes * ports_each)) {
    for (int i = 0; i < nodes && whyNot().isEmpty(); ++i) {
        const QString node = QStringLiteral("n%1").arg(i + 1);
        hosts_ += cables_.lay(node, engines_.socket(engineOf(node)));
    }
}
DockerGround::~DockerGround() {
    endProcessesIn(directory_.path()); // HAProxy outlives the daemon
}

// n1 to n4 on the first engine, and so on.
int DockerGround::engineOf(const QString &node) {
    return (node.mid(1).toInt() - 1) / (nodes / sites);
}

QJsonObject DockerGround::settings() const {
    QJsonArray list;
    for (int i = 0; i < nodes; ++i) {
        const QString id = QStringLiteral("n%1").arg(i + 1);
        const int port = ports_first_ + ports_each * i;
        list += QJsonObject{
            {QStringLiteral("id"), id},
            {QStringLiteral("site"), QString(u"site-" + QString(QChar(u'a' + engineOf(id))))},
            {QStringLiteral("host"), hosts_[i]},
            {QStringLiteral("network"), QStringLiteral("host")},
            {QStringLiteral("ports"), QJsonArray{port, port + ports_each - 1}}};
    }
    const QJsonObject cluster{{QStringLiteral("nodes"), list},
                              {QStringLiteral("ports"), QJsonObject{{shop, port_}}},
                              {QStringLiteral("pull"), false},
                              {QStringLiteral("offline_after_ms"), offline_after_ms}};
    return {{QStringLiteral("cluster"), cluster}, {QStringLiteral("directory"), directory_.path()}};
}

QJsonObject DockerGround::definition(const QStringList &options) const {
    QJsonObject definition = LocalGround::sampleDefinition(options);
    definition[QStringLiteral("command")] = QStringLiteral("/bin/aviary-sample");
    definition[QStringLiteral("image")] = Engines::image(QStringLiteral("v1"));
    definition[QStringLiteral("stop_grace_ms")] = 2'000;
    return definition;
}

QString DockerGround::told(const QString &node, const QString &revision,
                           const QString &format) const {
    using namespace clusters;
    const auto label = [](const QString &name, const QString &value) -> QString {
        return u"label=" + name + u'=' + value;
    };
    const QString id =
        engines_
            .docker(engineOf(node),
                    {QStringLiteral("ps"), QStringLiteral("-aq"), QStringLiteral("--filter"),
                     label(docker_label::node, node), QStringLiteral("--filter"),
                     label(docker_label::revision, revision)})
            .trimmed();
    return id.isEmpty() ? QString()
                        : engines_
                              .docker(engineOf(node),
                                      {QStringLiteral("inspect"), QStringLiteral("-f"), format, id})
                              .trimmed();
}

bool DockerGround::killService(const QString &node, const QString &revision) {
    const pid_t pid = told(node, revision, QStringLiteral("{{.State.Pid}}")).toInt();
    return pid > 0 && ::kill(pid, SIGKILL) == 0;
}

void DockerGround::setOffline(const QString &node, bool offline) {
    cables_.set(node, offline ? Cable::Cut : Cable::Whole);
}

bool DockerGround::setPowered(const QString &node, bool powered) {
    if (!powered) {
        engines_.stop(engineOf(node));
    } else if (!engines_.start(engineOf(node))) {
        qFatal("the engine does not start again");
    }
    return true;
}

int DockerGround::starts(const QString &node, const QString &revision) const {
    const QString id = told(node, revision, QStringLiteral("{{.Id}}"));
    return static_cast<int>(engines_.docker(engineOf(node), {QStringLiteral("logs"), id})
                                .count(QStringLiteral("listening on 127.0.0.1:")));
}

std::unique_ptr<Ground> someGround() {
    const QString wanted = qEnvironmentVariable("AVIARY_TEST_GROUND");
    if (wanted == QStringLiteral("docker")) {
        return std::make_unique<DockerGround>();
    }
    if (wanted == QStringLiteral("operators")) {
        return std::make_unique<OperatorsGround>();
    }
    return std::make_unique<LocalGround>();
}

} // namespace aviary::tests
