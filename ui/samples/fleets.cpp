// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples/world.h"

#include <array>

namespace aviary::samples {

using namespace Qt::Literals;

namespace {

// A small generator: the same picture every time.
class Noise {
public:
    explicit Noise(quint32 seed) : state_(seed) {}
    double next() {
        state_ = state_ * 1'664'525U + 1'013'904'223U;
        return (state_ >> 8) / 16'777'216.0;
    }

private:
    quint32 state_;
};

kernel::NodeStatus statusOf(double luck) {
    return luck < 0.004   ? kernel::NodeStatus::Offline
           : luck < 0.012 ? kernel::NodeStatus::Degraded
                          : kernel::NodeStatus::Online;
}

api::NodeRow nodeRow(const QString &site, quint32 number, qint64 now_wall_ms) {
    api::NodeRow row;
    row.name = u"%1-n%2"_qs.arg(site).arg(number, 2, 10, QChar(u'0'));
    row.id = row.name;
    row.site = site;
    row.address = u"10.%1.%2.%3:2376"_qs.arg(qHash(site) % 200).arg(number / 250).arg(number % 250);
    row.labels = {{u"site"_qs, site}, {u"arch"_qs, number % 5 == 0 ? u"arm64"_qs : u"amd64"_qs}};
    row.heard_wall_ms = now_wall_ms - 200;
    row.usage.cpu = 180'000 + number % 37 * 9'000;
    row.usage.memory_mib = 900 + number % 13 * 60;
    row.usage.services = 2;
    row.capacity.memory_mib = 4'096;
    row.capacity.services = 12;
    return row;
}

} // namespace

std::vector<api::NodeRow> sampleFleet(const std::vector<SiteShare> &sites, quint32 nodes,
                                      const QString &service, qint64 now_wall_ms) {
    std::vector<api::NodeRow> rows;
    rows.reserve(nodes);
    Noise noise(7);
    for (const SiteShare &site : sites) {
        const auto count = static_cast<quint32>(nodes * site.share + 0.5);
        for (quint32 i = 0; i < count && rows.size() < nodes; ++i) {
            api::NodeRow row = nodeRow(site.name, i + 1, now_wall_ms);
            const double luck = noise.next();
            // A small fleet has its trouble where the design shows it.
            row.status = nodes < 100 ? kernel::NodeStatus::Online : statusOf(luck);
            const bool fresh = i < site.fresh * count;
            row.services = {{service, fresh ? u"v42"_qs : u"v41"_qs,
                             row.status == kernel::NodeStatus::Online, QString()},
                            {u"gateway"_qs, u"v8"_qs, true, QString()}};
            if (row.status == kernel::NodeStatus::Offline) {
                row.heard_wall_ms = now_wall_ms - 240'000;
            }
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

void countNodes(api::ClusterRow &cluster, const std::vector<api::NodeRow> &nodes) {
    cluster.nodes = static_cast<quint32>(nodes.size());
    cluster.healthy = cluster.degraded = cluster.offline = cluster.behind = 0;
    for (const api::NodeRow &node : nodes) {
        cluster.healthy += node.status == kernel::NodeStatus::Online;
        cluster.degraded += node.status == kernel::NodeStatus::Degraded;
        cluster.offline += node.status == kernel::NodeStatus::Offline;
        cluster.behind += node.behind > 0;
    }
}

} // namespace aviary::samples
