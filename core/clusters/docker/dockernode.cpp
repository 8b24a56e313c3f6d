// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/dockernode.h"

#include "core/support/wholefile.h"

#include <QDateTime>
#include <QFile>
#include <QJsonDocument>
#include <QPointer>
#include <QSet>
#include <QtEndian>

#include <algorithm>
#include <cstdlib>

namespace aviary::clusters {
namespace {

constexpr qsizetype line_max = 4'096;
constexpr qint64 mib = 1024 * 1024;
constexpr qint64 clock_off_ms = 2'000; // a slow answer looks like a clock that is behind

QString labelOf(const QString &name, const QString &value) {
    return name + u'=' + value;
}

QString listPath(const QString &cluster, const QString &node) {
    const QJsonObject filters{
        {QStringLiteral("label"),
         QJsonArray{labelOf(docker_label::cluster, cluster), labelOf(docker_label::node, node)}}};
    const QByteArray text =
        QJsonDocument(filters).toJson(QJsonDocument::Compact).toPercentEncoding();
    return u"/containers/json?all=1&filters=" + QString::fromLatin1(text);
}

// "2026-11-20T12:00:00.123456789Z text"; Podman has whole seconds.
LogLine lineOf(const QByteArray &text) {
    const qsizetype space = text.indexOf(' ');
    QString time = QString::fromLatin1(text.left(std::max<qsizetype>(space, 0)));
    if (time.endsWith(u'Z')) {
        time = time.chopped(1).left(23) + u'Z'; // Qt knows milliseconds
    }
    const QDateTime at = QDateTime::fromString(time, Qt::ISODateWithMs);
    LogLine line;
    line.wall_ms = at.isValid() ? at.toMSecsSinceEpoch() : 0;
    line.text = QString::fromUtf8(at.isValid() ? text.mid(space + 1) : text).left(line_max);
    std::ranges::replace_if(
        line.text, [](QChar c) { return c.category() == QChar::Other_Control && c != u'\t'; },
        QChar::ReplacementCharacter);
    return line;
}

} // namespace

std::vector<LogLine> logLines(const QByteArray &answer) {
    QByteArray text;
    for (qsizetype at = 0; at + 8 <= answer.size();) {
        const qsizetype size = qFromBigEndian<quint32>(answer.constData() + at + 4);
        text += answer.mid(at + 8, size);
        at += 8 + size;
    }
    std::vector<LogLine> lines;
    for (const QByteArray &line : text.split('\n')) {
        if (!line.isEmpty()) {
            lines.push_back(lineOf(line));
        }
    }
    return lines;
}

DockerNode::DockerNode(const DockerPlace &place, const DockerCluster &cluster,
                       const QString &cluster_id, const QString &directory, routing::Router &router,
                       QObject *parent)
    : HostedNode(place.node, directory, router, parent)
    , place_(place)
    , cluster_(cluster)
    , engine_(place.engine, cluster.docker, labelOf(docker_label::cluster, cluster_id))
    , ground_{engine_, router, place_, cluster_, cluster_id} {
    patience_.setSingleShot(true);
    connect(&patience_, &QTimer::timeout, this, [this] {
        setOffline(true);
        settle();
    });
    connect(&engine_, &Engine::cameUp, this, &DockerNode::lookAnew);
    connect(&engine_, &Engine::wentDown, this, [this] {
        if (!isOffline() && !patience_.isActive()) {
            patience_.start(cluster_.offline_after_ms);
        }
    });
    connect(&engine_, &Engine::happened, this, &DockerNode::noteEvent);
}

void DockerNode::connectEngine() {
    patience_.start(cluster_.offline_after_ms);
    engine_.open();
}

std::optional<Error> DockerNode::trouble() const {
    if (!engine_.isUp()) {
        return engine_.trouble();
    }
    const qint64 ahead_ms = engine_.facts().clock_ahead_ms;
    if (std::abs(ahead_ms) < clock_off_ms) {
        return std::nullopt;
    }
    return Error{ErrorCode::Invalid,
                 QStringLiteral("its clock is %1 s %2 ours")
                     .arg(std::abs(ahead_ms) / 1'000)
                     .arg(ahead_ms > 0 ? u"ahead of" : u"behind"),
                 QString::fromStdString(facts().id),
                 QStringLiteral("run NTP there; its logs have its own time")};
}

void DockerNode::settle() {
    if (!std::exchange(settled_, true)) {
        Q_EMIT settled();
    }
}

void DockerNode::lookAnew() {
    if (facts().capacity.memory_mib == 0) {
        kernel::Capacity capacity = facts().capacity;
        capacity.memory_mib = engine_.facts().memory_mib;
        setCapacity(capacity);
    }
    const QString id = QString::fromStdString(facts().id);
    engine_.ask({.path = listPath(ground_.cluster_id, id)},
                [self = QPointer(this)](const Result<EngineAnswer> &answer) {
                    if (!self || !answer) {
                        return; // it is looked at when the engine is back
                    }
                    self->patience_.stop();
                    self->setOffline(false);
                    self->takeAll(Engine::listOf(*answer));
                    for (HostedInstance *instance : self->all()) {
                        instance->resume();
                    }
                    self->readMemory();
                    self->settle();
                    Q_EMIT self->changed();
                });
}

// Containers of ours that no record tells of: the directory was lost, or a kill came in between.
void DockerNode::takeAll(const QJsonArray &containers) {
    for (const QJsonValue &container : containers) {
        const auto record = recordOf(container[u"Labels"].toObject());
        if (record && find({record->service, record->revision}) == nullptr) {
            take(*record);
        }
    }
}

void DockerNode::noteEvent(const QJsonObject &event) {
    const QJsonObject actor = event[u"Actor"].toObject();
    const QJsonObject attributes = actor[u"Attributes"].toObject();
    if (attributes[docker_label::node].toString() != QString::fromStdString(facts().id)) {
        return; // another node of ours on the same engine
    }
    auto *instance = static_cast<DockerInstance *>(
        find({attributes[docker_label::service].toString(),
              attributes[docker_label::revision].toString()})); // all are, here
    if (instance != nullptr && !instance->containerId().isEmpty() &&
        instance->containerId() == actor[u"ID"].toString()) {
        instance->noteEvent(event[u"Action"].toString(), attributes);
    }
}

// ---- What HostedNode asks -----------------------------------------------------------------------

std::unique_ptr<HostedInstance> DockerNode::make(InstanceRecord record, QString directory) {
    noteImage(record.service, record.definition.image);
    auto instance =
        std::make_unique<DockerInstance>(std::move(record), std::move(directory), ground_);
    const QString service = instance->record().service;
    connect(
        instance.get(), &HostedInstance::gone, this, [this, service] { pruneImages(service); },
        Qt::QueuedConnection);
    return instance;
}

QString DockerNode::objectionTo(const ServiceDefinition &definition) const {
    if (definition.image.isEmpty()) {
        return QStringLiteral("there is no image to run");
    }
    int commands = 0;
    for (const CheckDefinition &check : definition.checks) {
        if (check.kind == CheckDefinition::Kind::Memory ||
            check.kind == CheckDefinition::Kind::Disk) {
            return QStringLiteral("a check of memory or disk looks at the daemon's own machine; "
                                  "use http, tcp or command");
        }
        commands += check.kind == CheckDefinition::Kind::Command ? 1 : 0;
    }
    return commands > 1 ? QStringLiteral("a container has one command check; there are more")
                        : QString();
}

quint16 DockerNode::choosePort(const ServiceDefinition & /*definition*/) const {
    QSet<int> taken;
    int newest = place_.port_first - 1;
    quint64 serial = 0;
    for (const HostedInstance *instance : all()) {
        taken.insert(instance->record().port);
        if (instance->record().serial >= serial) {
            serial = instance->record().serial;
            newest = instance->record().port;
        }
    }
    // Round the range, so that a port that was just left rests for a while.
    const int count = place_.port_last - place_.port_first + 1;
    for (int i = 1; i <= count; ++i) {
        const int port = place_.port_first + (newest - place_.port_first + i) % count;
        if (!taken.contains(port)) {
            return static_cast<quint16>(port);
        }
    }
    return 0;
}

kernel::Node DockerNode::view(const std::map<QString, Traffic> &traffic) const {
    kernel::Node node = HostedNode::view(traffic);
    node.heartbeat_age = engine_.silentForMs();
    node.usage.disk_mib = disk_mib_;
    return node;
}

void DockerNode::readMemory() {
    if (!engine_.isUp()) {
        return;
    }
    for (HostedInstance *instance : all()) {
        static_cast<DockerInstance *>(instance)->readMemory();
    }
}

void DockerNode::readDisk() {
    if (!engine_.isUp()) {
        return;
    }
    engine_.ask({.path = QStringLiteral("/system/df"), .timeout_ms = 60'000},
                [self = QPointer(this)](const Result<EngineAnswer> &answer) {
                    if (self && answer && answer->status == 200) {
                        self->disk_mib_ =
                            Engine::objectOf(*answer)[u"LayersSize"].toInteger() / mib;
                    }
                });
}

void DockerNode::readLog(const QString &service, int lines,
                         std::function<void(const Result<std::vector<LogLine>> &)> reply) {
    const auto *instance = static_cast<const DockerInstance *>(newest(service));
    if (instance == nullptr) {
        reply(fail(ErrorCode::NotFound, u"\"" + service + u"\" does not run there",
                   QString::fromStdString(facts().id),
                   QStringLiteral("choose a node that runs it")));
        return;
    }
    const QString path =
        QStringLiteral("/containers/%1/logs?stdout=1&stderr=1&timestamps=1&tail=%2")
            .arg(instance->name())
            .arg(lines);
    engine_.ask({.path = path}, [reply = std::move(reply)](const Result<EngineAnswer> &answer) {
        if (!answer) {
            reply(tl::unexpected<Error>(answer.error()));
        } else if (answer->status != 200) {
            reply(fail(ErrorCode::NotFound, Engine::messageOf(*answer)));
        } else {
            reply(logLines(answer->body));
        }
    });
}

// ---- Images -------------------------------------------------------------------------------------

QJsonObject DockerNode::images() const {
    QFile file(imagesPath());
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.read(mib)).object()
                                          : QJsonObject();
}

void DockerNode::noteImage(const QString &service, const QString &image) {
    QJsonObject all = images();
    QJsonArray list = all[service].toArray();
    if (!list.isEmpty() && list.first().toString() == image) {
        return;
    }
    for (qsizetype i = list.size() - 1; i >= 0; --i) {
        if (list[i].toString() == image) {
            list.removeAt(i);
        }
    }
    list.prepend(image);
    all[service] = list;
    if (const auto written = writeWhole(imagesPath(), QJsonDocument(all).toJson()); !written) {
        qWarning("docker: %s", qPrintable(toText(written.error())));
    }
}

// The newest stay, for the way back; so does what an instance still needs. The engine itself
// refuses to remove what anything else uses.
void DockerNode::pruneImages(const QString &service) {
    const QJsonArray list = images()[service].toArray();
    for (qsizetype i = cluster_.images_kept; i < list.size(); ++i) {
        const QString image = list[i].toString();
        const bool used = std::ranges::any_of(all(), [&image](const HostedInstance *instance) {
            return instance->record().definition.image == image;
        });
        if (!used) {
            engine_.ask(
                {.method = "DELETE",
                 .path = u"/images/" + QString::fromLatin1(image.toUtf8().toPercentEncoding())},
                [](const Result<EngineAnswer> &) {}); // gone, in use, or never there
        }
    }
}

} // namespace aviary::clusters
