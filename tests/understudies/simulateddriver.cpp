// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/understudies/simulateddriver.h"

#include <QTextStream>

namespace aviary::tests {

using namespace clusters;

SimulatedDriver::SimulatedDriver(std::vector<kernel::Node> nodes, const QString &log,
                                 QObject *parent)
    : Driver(parent), nodes_(std::move(nodes)) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        places_[QString::fromStdString(nodes_[i].id)] = i;
    }
    if (!log.isEmpty()) {
        log_.setFileName(log);
        load();
    }
}

std::vector<kernel::Node> SimulatedDriver::someNodes(int count, int sites) {
    std::vector<kernel::Node> nodes;
    for (int i = 0; i < count; ++i) {
        kernel::Node node;
        node.id = "n" + std::to_string(i);
        node.name = node.id;
        node.site = "site-" + std::to_string(i % sites);
        node.heartbeat_age = 0;
        nodes.push_back(node);
    }
    return nodes;
}

void SimulatedDriver::load() {
    if (log_.open(QIODevice::ReadOnly)) {
        while (!log_.atEnd()) {
            apply(QString::fromUtf8(log_.readLine().trimmed()).split(u' '));
        }
        log_.close();
    }
    if (!log_.open(QIODevice::Append | QIODevice::Unbuffered)) {
        qFatal("cannot append to %s", qPrintable(log_.fileName()));
    }
}

void SimulatedDriver::write(const QStringList &words) {
    apply(words);
    if (log_.isOpen()) {
        log_.write((words.join(u' ') + u'\n').toUtf8());
    }
}

// run ROLLOUT ORDER TARGET NODE SERVICE REVISION | stop NODE SERVICE REVISION
// | others NODE SERVICE REVISION | traffic SERVICE FRESH STABLE WEIGHT
void SimulatedDriver::apply(const QStringList &words) {
    const QString verb = words.value(0);
    if (verb == u"run" && words.size() == 7) {
        const Ticket ticket{words[1], words[2].toUInt(), words[3].toUInt()};
        running_[{words[4], words[5]}][words[6]] = {ticket, true};
        ++starts_[words[1] + u' ' + words[4] + u' ' + words[6]];
        ++runs_;
        node(words[4]).revisions[words[5].toStdString()] = words[6].toStdString();
    } else if (verb == u"stop" && words.size() == 4) {
        auto &here = running_[{words[1], words[2]}];
        here.erase(words[3]);
        auto &revisions = node(words[1]).revisions;
        if (here.empty()) {
            revisions.erase(words[2].toStdString());
        } else {
            revisions[words[2].toStdString()] = here.rbegin()->first.toStdString();
        }
    } else if (verb == u"others" && words.size() == 4) {
        auto &here = running_[{words[1], words[2]}];
        std::erase_if(here, [&](const auto &entry) { return entry.first != words[3]; });
        node(words[1]).revisions[words[2].toStdString()] = words[3].toStdString();
    } else if (verb == u"traffic" && words.size() == 5) {
        const QString stable = words[3] == u"-" ? QString() : words[3];
        traffic_[words[1]] = {words[1], words[2], stable, words[4].toInt()};
    }
}

kernel::Node &SimulatedDriver::node(const QString &id) {
    return nodes_[places_.at(id)];
}

Capabilities SimulatedDriver::capabilities() const {
    return {.router = kernel::RouterKind::Weights,
            .counts_traffic = true,
            .router_text = QStringLiteral("simulated")};
}

void SimulatedDriver::open() {
    QMetaObject::invokeMethod(
        this, [this] { Q_EMIT opened({}); }, Qt::QueuedConnection);
}

void SimulatedDriver::observe() {
    if (!answering_) {
        return;
    }
    Observation seen{.nodes = nodes_};
    for (const auto &[place, revisions] : running_) {
        for (const auto &[revision, running] : revisions) {
            seen.instances.push_back({.node = place.first,
                                      .service = place.second,
                                      .revision = revision,
                                      .ticket = running.ticket,
                                      .ready = running.ready,
                                      .running = true});
        }
    }
    for (const auto &[service, traffic] : traffic_) {
        seen.traffic.push_back(traffic);
    }
    QMetaObject::invokeMethod(
        this, [this, seen] { Q_EMIT observed(seen); }, Qt::QueuedConnection);
}

void SimulatedDriver::answer(std::vector<NodeAnswer> answers) {
    if (answering_ && !answers.empty()) {
        QMetaObject::invokeMethod(
            this,
            [this, answers = std::move(answers)] {
                Q_EMIT heard();
                Q_EMIT nodesAnswered(answers);
            },
            Qt::QueuedConnection);
    }
}

void SimulatedDriver::run(const std::vector<RunOrder> &orders) {
    std::vector<NodeAnswer> answers;
    for (const RunOrder &order : orders) {
        const Fate fate = fates_ ? fates_(order.node, order.revision.revision) : Fate{};
        if (fate.silent || node(order.node).status == kernel::NodeStatus::Offline) {
            continue;
        }
        if (fate.fails != kernel::Cause::None) {
            answers.push_back({order.ticket, NodeAnswer::Kind::Failed, fate.fails,
                               QStringLiteral("as scripted")});
            continue;
        }
        const QString &service = order.revision.service;
        const QString &revision = order.revision.revision;
        const auto &here = running_[{order.node, service}];
        const auto at = here.find(revision);
        const bool restoring = order.stop_others && at != here.end();
        if (!restoring && (at == here.end() || at->second.ticket != order.ticket)) {
            write({QStringLiteral("run"), order.ticket.rollout, QString::number(order.ticket.order),
                   QString::number(order.ticket.target), order.node, service, revision});
        }
        if (order.stop_others || order.mode == kernel::UpdateMode::InPlace) {
            write({QStringLiteral("others"), order.node, service, revision});
        }
        report(order.node);
        answers.push_back({order.ticket, NodeAnswer::Kind::Ready, kernel::Cause::None, {}});
    }
    answer(std::move(answers));
}

void SimulatedDriver::stop(const std::vector<StopOrder> &orders) {
    std::vector<NodeAnswer> answers;
    for (const StopOrder &order : orders) {
        if (node(order.node).status == kernel::NodeStatus::Offline) {
            continue;
        }
        if (running_[{order.node, order.service}].count(order.revision) > 0) {
            write({QStringLiteral("stop"), order.node, order.service, order.revision});
        }
        report(order.node);
        answers.push_back({order.ticket, NodeAnswer::Kind::Retired, kernel::Cause::None, {}});
    }
    answer(std::move(answers));
}

void SimulatedDriver::setTraffic(const TrafficOrder &order) {
    if (!answering_) {
        return;
    }
    if (!refuses_traffic_) {
        write({QStringLiteral("traffic"), order.service, order.fresh,
               order.stable.isEmpty() ? QStringLiteral("-") : order.stable,
               QString::number(order.weight)});
    }
    const TrafficAnswer said{order.ticket, !refuses_traffic_, {}};
    QMetaObject::invokeMethod(
        this, [this, said] { Q_EMIT trafficAnswered(said); }, Qt::QueuedConnection);
}

void SimulatedDriver::measure(const QStringList &services) {
    measured_ = services;
}

void SimulatedDriver::count(const QString &service, const QString &revision,
                            const kernel::Sample &sample) {
    if (measured_.contains(service)) {
        Q_EMIT measured(service, revision, sample);
    }
}

void SimulatedDriver::setFlags(const QString &id, kernel::NodeFlags flags) {
    node(id).flags = flags;
    report(id);
}

void SimulatedDriver::setStatus(const QString &id, kernel::NodeStatus status) {
    node(id).status = status;
    report(id);
}

void SimulatedDriver::report(const QString &id) {
    const kernel::Node changed = node(id);
    QMetaObject::invokeMethod(
        this, [this, changed] { Q_EMIT nodeChanged(changed); }, Qt::QueuedConnection);
}

void SimulatedDriver::setAnswering(bool answering) {
    answering_ = answering;
    if (answering) {
        Q_EMIT heard();
    } else {
        Q_EMIT lost({ErrorCode::Unreachable,
                     QStringLiteral("the simulated cluster does not answer"),
                     {},
                     {}});
    }
}

void SimulatedDriver::readLog(quint64 token, const QString &id, const QString &service, int lines) {
    std::vector<LogLine> log;
    for (int i = 0; i < lines; ++i) {
        log.push_back({0, QStringLiteral("%1 %2 line %3").arg(id, service).arg(i)});
    }
    QMetaObject::invokeMethod(
        this, [this, token, log] { Q_EMIT logRead(token, log); }, Qt::QueuedConnection);
}

kernel::Weight SimulatedDriver::weight(const QString &service) const {
    const auto at = traffic_.find(service);
    return at == traffic_.end() ? 0 : at->second.weight;
}

QString SimulatedDriver::revisionOn(const QString &id, const QString &service) const {
    const auto &revisions = nodes_[places_.at(id)].revisions;
    const auto at = revisions.find(service.toStdString());
    return at == revisions.end() ? QString() : QString::fromStdString(at->second);
}

QStringList SimulatedDriver::startedTwice() const {
    QStringList twice;
    for (const auto &[start, times] : starts_) {
        if (times > 1) {
            twice << start;
        }
    }
    return twice;
}

} // namespace aviary::tests
