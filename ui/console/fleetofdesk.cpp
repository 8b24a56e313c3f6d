// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/fleetofdesk.h"

#include "core/api/valuesjson.h"

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr std::size_t nodes_max = 200'000;

kernel::Node nodeFrom(const api::NodeRow &row) {
    kernel::Node node;
    node.id = row.id.toStdString();
    node.name = row.name.toStdString();
    node.address = row.address.toStdString();
    node.site = row.site.toStdString();
    for (const auto &[key, value] : row.labels) {
        node.labels[key.toStdString()] = value.toStdString();
    }
    node.status = row.status;
    node.flags = row.flags;
    node.capacity = row.capacity;
    node.usage = row.usage;
    if (row.heard_wall_ms > 0) {
        node.heartbeat_age = 0;
    }
    for (const api::ServiceOnNode &service : row.services) {
        if (service.ready) {
            node.revisions[service.service.toStdString()] = service.revision.toStdString();
        }
    }
    return node;
}

} // namespace

void FleetOfDesk::fetch(Desk &desk, const QString &cluster) {
    desk_ = &desk;
    cluster_ = cluster;
    fleet_ = {};
    complete_ = false;
    ++turn_;
    next();
}

void FleetOfDesk::next() {
    if (!desk_) {
        return;
    }
    desk_->call(u"fleet.page"_qs,
                {{u"cluster"_qs, cluster_},
                 {u"first"_qs, static_cast<qint64>(fleet_.nodes.size())},
                 {u"count"_qs, api::page_nodes_max}},
                [self = QPointer<FleetOfDesk>(this), turn = turn_](const auto &answer) {
                    if (self && self->turn_ == turn) {
                        self->take(answer);
                    }
                });
}

void FleetOfDesk::take(const Result<QJsonObject> &answer) {
    const auto page = answer.and_then(
        [](const QJsonObject &json) { return api::fromJson<api::FleetPage>(json); });
    if (!page) {
        Q_EMIT failed(page.error());
        return;
    }
    for (const api::NodeRow &row : page->nodes) {
        fleet_.nodes.push_back(nodeFrom(row));
    }
    const bool more = !page->nodes.empty() && fleet_.nodes.size() < page->total &&
                      fleet_.nodes.size() < nodes_max;
    if (more) {
        next();
        return;
    }
    complete_ = true;
    Q_EMIT fetched();
}

} // namespace aviary
