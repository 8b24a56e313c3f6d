// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/hosting/hostednode.h"

#include "core/routing/haproxyview.h"
#include "core/support/wholefile.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>

#include <algorithm>

namespace aviary::clusters {
namespace {

QString word(const QString &name) {
    return QString::fromLatin1(routing::wordOf(name));
}

kernel::NodeFlags readFlags(const QString &path) {
    QFile file(path);
    kernel::NodeFlags flags;
    if (file.open(QIODevice::ReadOnly)) {
        const QJsonObject object = QJsonDocument::fromJson(file.read(4'096)).object();
        flags.draining = object[u"draining"].toBool();
        flags.maintenance = object[u"maintenance"].toBool();
        flags.excluded = object[u"excluded"].toBool();
    }
    return flags;
}

} // namespace

HostedNode::HostedNode(kernel::Node facts, QString directory, routing::Router &router,
                       QObject *parent)
    : QObject(parent), facts_(std::move(facts)), directory_(std::move(directory)), router_(router) {
    facts_.flags = readFlags(directory_ + u"/flags.json");
}

bool HostedNode::takesRequests() const {
    return !offline_ && !facts_.flags.draining && !facts_.flags.maintenance;
}

QString HostedNode::directoryOf(const Key &key) const {
    return directory_ + u"/instances/" + word(key.first) + u'/' + word(key.second);
}

Result<void> HostedNode::open() {
    const QString instances = directory_ + u"/instances";
    if (!QDir().mkpath(instances)) {
        return fail(ErrorCode::Storage, QStringLiteral("no directory for the node"), instances,
                    QStringLiteral("make the directory above it writable"));
    }
    QDirIterator files(instances, {QStringLiteral("instance.json")}, QDir::Files,
                       QDirIterator::Subdirectories);
    QStringList found;
    while (files.hasNext()) {
        found += QFileInfo(files.next()).path();
    }
    found.sort();
    std::for_each(found.begin(), found.end(), [this](const QString &path) { resume(path); });
    return {};
}

void HostedNode::resume(const QString &directory) {
    const Result<InstanceRecord> record = readInstanceRecord(directory + u"/instance.json");
    if (!record) {
        qWarning("local: %s", qPrintable(toText(record.error())));
        return;
    }
    serial_ = std::max(serial_, record->serial);
    Held &held = hold(*record);
    held.instance->setRouted(takesRequests());
    held.instance->resume();
}

void HostedNode::take(InstanceRecord record) {
    record.serial = ++serial_;
    const Key key{record.service, record.revision};
    const QString path = directoryOf(key);
    if (!QDir().mkpath(path)) {
        qWarning("node: no directory %s", qPrintable(path));
        return;
    }
    if (const auto written = writeInstanceRecord(path + u"/instance.json", record); !written) {
        qWarning("node: %s", qPrintable(toText(written.error())));
        return;
    }
    Held &held = hold(std::move(record));
    held.instance->setRouted(takesRequests());
    held.instance->resume();
    Q_EMIT changed();
}

HostedNode::Held &HostedNode::hold(InstanceRecord record) {
    const Key key{record.service, record.revision};
    Held &held = held_[key];
    held.instance = make(std::move(record), directoryOf(key));
    connect(held.instance.get(), &HostedInstance::changed, this, [this, key] { noteChange(key); });
    connect(held.instance.get(), &HostedInstance::gone, this, [this, key] { noteGone(key); });
    return held;
}

void HostedNode::run(const RunOrder &order) {
    if (offline_) {
        return;
    }
    const Key key{order.revision.service, order.revision.revision};
    DefinitionReading reading = readDefinition(order.revision.definition);
    const QString objection = reading.definition ? objectionTo(*reading.definition)
                              : reading.flaws.empty()
                                  ? QStringLiteral("there is no definition of what to run")
                                  : reading.flaws.front().message;
    if (!objection.isEmpty()) {
        say(order.ticket, NodeAnswer::Kind::Failed, kernel::Cause::OrderRefused, objection);
        return;
    }
    const auto found = held_.find(key);
    const bool leaving = found != held_.end() && found->second.instance->isRetiring();
    const bool in_place = order.mode == kernel::UpdateMode::InPlace;
    if (leaving || (in_place && !retireOthers(key))) {
        std::erase_if(parked_, [&](const RunOrder &parked) {
            return parked.node == order.node && parked.revision.service == order.revision.service;
        });
        parked_.push_back(order);
        return;
    }
    if (found == held_.end()) {
        create(order, std::move(*reading.definition));
        return;
    }
    found->second.said_ready = false;
    HostedInstance &instance = *found->second.instance;
    const bool again = instance.record().ticket == order.ticket;
    if (!(again && instance.isFailed())) {
        if (const Result<void> renewed = instance.renew(order.ticket, order.stop_others);
            !renewed) {
            say(order.ticket, NodeAnswer::Kind::Failed, kernel::Cause::OrderRefused,
                toText(renewed.error()));
            return;
        }
    }
    noteChange(key);
}

void HostedNode::create(const RunOrder &order, ServiceDefinition definition) {
    const Key key{order.revision.service, order.revision.revision};
    InstanceRecord record;
    record.ticket = order.ticket;
    record.node = order.node;
    record.service = key.first;
    record.revision = key.second;
    record.port = choosePort(definition);
    record.definition = std::move(definition);
    record.stop_others = order.stop_others;
    record.serial = ++serial_;
    QDir(directoryOf(key)).removeRecursively(); // what has no record is nothing
    if (!QDir().mkpath(directoryOf(key)) || record.port == 0) {
        say(order.ticket, NodeAnswer::Kind::Failed, kernel::Cause::OrderRefused,
            QStringLiteral("no directory or no free port for the instance"));
        return;
    }
    const Result<void> begun = hold(std::move(record)).instance->begin();
    if (!begun) {
        held_.erase(key);
        say(order.ticket, NodeAnswer::Kind::Failed, kernel::Cause::OrderRefused,
            toText(begun.error()));
    }
    Q_EMIT changed();
}

bool HostedNode::retireOthers(const Key &key) {
    bool none = true;
    for (auto &[other, held] : held_) {
        if (other.first == key.first && other.second != key.second) {
            none = false;
            held.instance->retire();
        }
    }
    return none;
}

void HostedNode::noteChange(const Key &key) {
    Held &held = held_.at(key);
    const HostedInstance &instance = *held.instance;
    const InstanceRecord &record = instance.record();
    Q_EMIT changed();
    if (offline_ || instance.isRetiring()) {
        return; // nothing is heard of it
    }
    if (instance.isFailed()) {
        held.said_ready = false;
        say(record.ticket, NodeAnswer::Kind::Failed, record.cause, record.failure);
    } else if (instance.isReady()) {
        // A way back is done when nothing else runs: said again once the others are gone.
        if (!held.said_ready && (!record.stop_others || retireOthers(key))) {
            held.said_ready = true;
            say(record.ticket, NodeAnswer::Kind::Ready);
        }
    } else if (held.said_ready) {
        held.said_ready = false;
        say(record.ticket, NodeAnswer::Kind::NotReady, kernel::Cause::None, instance.text());
    }
}

void HostedNode::noteGone(const Key &key) {
    Held gone = std::move(held_.at(key));
    held_.erase(key);
    gone.instance.release()->deleteLater(); // it is inside its signal
    for (const Ticket &ticket : gone.stops) {
        say(ticket, NodeAnswer::Kind::Retired);
    }
    const std::vector<RunOrder> parked = std::exchange(parked_, {});
    std::for_each(parked.begin(), parked.end(), [this](const RunOrder &order) { run(order); });
    std::vector<Key> same;
    for (const auto &[other, held] : held_) {
        if (other.first == key.first) {
            same.push_back(other);
        }
    }
    std::for_each(same.begin(), same.end(), [this](const Key &other) { noteChange(other); });
    Q_EMIT changed();
}

void HostedNode::stop(const StopOrder &order) {
    if (offline_) {
        return;
    }
    const Key key{order.service, order.revision};
    std::erase_if(parked_, [&key](const RunOrder &parked) {
        return Key{parked.revision.service, parked.revision.revision} == key;
    });
    const auto found = held_.find(key);
    if (found == held_.end()) {
        say(order.ticket, NodeAnswer::Kind::Retired);
        return;
    }
    found->second.stops.push_back(order.ticket);
    found->second.instance->retire();
}

void HostedNode::say(const Ticket &ticket, NodeAnswer::Kind kind, kernel::Cause cause,
                     const QString &text) {
    if (!offline_) {
        Q_EMIT answered({ticket, kind, cause, text.left(1'000)});
    }
}

Result<void> HostedNode::setFlags(kernel::NodeFlags flags) {
    const QJsonObject object{{QStringLiteral("draining"), bool{flags.draining}},
                             {QStringLiteral("maintenance"), bool{flags.maintenance}},
                             {QStringLiteral("excluded"), bool{flags.excluded}}};
    const auto written = writeWhole(directory_ + u"/flags.json", QJsonDocument(object).toJson());
    if (!written) {
        return written;
    }
    facts_.flags = flags;
    allowRoutes();
    Q_EMIT changed();
    return {};
}

void HostedNode::allowRoutes() {
    for (const auto &[key, held] : held_) {
        held.instance->setRouted(takesRequests());
    }
}

void HostedNode::setOffline(bool offline) {
    if (offline == offline_) {
        return;
    }
    offline_ = offline;
    allowRoutes();
    Q_EMIT changed();
    std::vector<Key> keys;
    for (auto &[key, held] : held_) {
        held.said_ready = false; // what was said is old; it is said again on return
        keys.push_back(key);
    }
    std::for_each(keys.begin(), keys.end(), [this](const Key &key) { noteChange(key); });
}

kernel::Node HostedNode::view(const std::map<QString, Traffic> &traffic) const {
    kernel::Node node = facts_;
    node.heartbeat_age = 0;
    std::map<QString, quint64> newest;
    for (const auto &[key, held] : held_) {
        const HostedInstance &instance = *held.instance;
        node.usage.services += 1;
        node.usage.memory_mib += instance.memoryMib();
        if (instance.isTroubled()) {
            node.status = kernel::NodeStatus::Degraded;
        }
        const auto split = traffic.find(key.first);
        const bool preferred = split != traffic.end() && !split->second.stable.isEmpty() &&
                               split->second.weight < kernel::full_weight &&
                               split->second.stable == key.second;
        // What served and cannot just now (its node was away, its checks fail) still is what the
        // node has: without it an update would leave it running, and a way back would not know it.
        constexpr quint64 is_ready = quint64{1} << 62;
        const quint64 rank =
            (instance.isReady() ? is_ready : 0) + (preferred ? is_ready : instance.record().serial);
        if ((instance.isReady() || instance.isTroubled()) && rank >= newest[key.first]) {
            newest[key.first] = rank;
            node.revisions[key.first.toStdString()] = key.second.toStdString();
        }
    }
    if (offline_) {
        node.status = kernel::NodeStatus::Offline;
        node.heartbeat_age = std::max<qint64>(0, silentForMs());
    }
    return node;
}

std::vector<Instance> HostedNode::instances() const {
    std::vector<Instance> views;
    for (const auto &[key, held] : held_) {
        views.push_back(held.instance->view());
    }
    return views;
}

HostedInstance *HostedNode::newest(const QString &service) const {
    HostedInstance *newest = nullptr;
    for (const auto &[key, held] : held_) {
        if (key.first == service &&
            (newest == nullptr || held.instance->record().serial > newest->record().serial)) {
            newest = held.instance.get();
        }
    }
    return newest;
}

HostedInstance *HostedNode::find(const Key &key) const {
    const auto found = held_.find(key);
    return found == held_.end() ? nullptr : found->second.instance.get();
}

std::vector<HostedInstance *> HostedNode::all() const {
    std::vector<HostedInstance *> all;
    for (const auto &[key, held] : held_) {
        all.push_back(held.instance.get());
    }
    return all;
}

} // namespace aviary::clusters
