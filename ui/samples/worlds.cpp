// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples/rolloutstates.h"
#include "ui/samples/world.h"

#include <array>

namespace aviary::samples {

using namespace Qt::Literals;

namespace {

constexpr qint64 minute_ms = 60'000;

api::ClusterRow cluster(const QString &id, const QString &name, api::ClusterKind kind,
                        quint32 nodes, qint64 now_wall_ms) {
    api::ClusterRow row;
    row.id = id;
    row.name = name;
    row.kind = kind;
    row.contact = api::Contact::Live;
    row.heard_wall_ms = now_wall_ms - 200;
    row.unlocked = true;
    row.nodes = row.healthy = nodes;
    row.splits_traffic = true;
    row.text = u"HAProxy 2.6.12"_qs;
    return row;
}

std::vector<api::ClusterRow> clusters(qint64 now_wall_ms) {
    using Kind = api::ClusterKind;
    std::vector<api::ClusterRow> rows{
        cluster(u"edge-eu"_qs, u"edge-eu"_qs, Kind::Docker, 48, now_wall_ms),
        cluster(u"local"_qs, u"This machine"_qs, Kind::Local, 12, now_wall_ms),
        cluster(u"factory-7"_qs, u"factory-7"_qs, Kind::Nomad, 1'204, now_wall_ms),
        cluster(u"prod"_qs, u"prod"_qs, Kind::Kubernetes, 96, now_wall_ms),
        cluster(u"depot-3"_qs, u"depot-3"_qs, Kind::File, 0, now_wall_ms)};
    rows[0].klass = api::ClusterClass::Production;
    rows[2].klass = api::ClusterClass::Staging;
    rows[2].contact = api::Contact::Stale;
    rows[2].heard_wall_ms = now_wall_ms - 48'000;
    rows[2].text = u"connection refused at 10.2.0.4:4646; next try in 6 s"_qs;
    rows[3].klass = api::ClusterClass::Production;
    rows[3].unlocked = false;
    return rows;
}

// Looked at another time: every instant of it moves by as much.
api::RolloutDetail seenAt(api::RolloutDetail detail, qint64 wall_ms) {
    const qint64 later_ms = wall_ms - sampled_wall_ms;
    for (qint64 *instant :
         {&detail.row.started_wall_ms, &detail.row.changed_wall_ms, &detail.row.ended_wall_ms}) {
        *instant += *instant == 0 ? 0 : later_ms;
    }
    for (api::TrafficPoint &point : detail.traffic) {
        point.wall_ms += later_ms;
    }
    for (api::Happening &happening : detail.happenings) {
        happening.wall_ms += later_ms;
    }
    return detail;
}

api::RolloutDetail brief(const QString &service, const QString &from, const QString &to,
                         kernel::Status status, const QString &headline, qint64 now_wall_ms) {
    api::RolloutDetail detail = seenAt(waitingRollout(), now_wall_ms);
    detail.row.id = u"01KA"_qs + service.toUpper();
    detail.row.cluster = u"factory-7"_qs;
    detail.row.service = service;
    detail.row.from = from;
    detail.row.to = to;
    detail.row.status = status;
    detail.row.headline = headline;
    return detail;
}

std::vector<api::RolloutDetail> rollouts(qint64 now_wall_ms) {
    using kernel::Status;
    std::vector<api::RolloutDetail> all{
        seenAt(waitingRollout(), now_wall_ms),
        brief(u"camera-agent"_qs, u"v11"_qs, u"v12"_qs, Status::InProgress,
              u"updates wave 3 of 8"_qs, now_wall_ms),
        brief(u"gateway"_qs, u"v8"_qs, u"v9"_qs, Status::Paused, u"paused at 50 %"_qs, now_wall_ms),
        brief(u"telemetry"_qs, u"v30"_qs, u"v31"_qs, Status::RollingBack,
              u"goes back to v30, 8 of 10 nodes"_qs, now_wall_ms)};
    all[1].row.strategy = kernel::StrategyKind::Rolling;
    all[1].row.wave = 3;
    all[1].row.waves = 8;
    all[1].row.step = 5;
    all[2].row.weight = 5'000;
    all[2].row.step = 10;
    all[3].row.step = 13;
    return all;
}

std::vector<api::WaitingRow> waiting(qint64 now_wall_ms) {
    return {{u"edge-eu"_qs, u"checkout-api"_qs, waitingRollout().row.id,
             u"checkout-api v42 holds at 10 %, verdict not worse"_qs, u"promote"_qs,
             now_wall_ms - 12 * minute_ms},
            {u"factory-7"_qs, u"gateway"_qs, QString(), u"3 nodes came back and do not run v8"_qs,
             u"catch_up"_qs, now_wall_ms - 40 * minute_ms}};
}

void sizeEdge(World &world, quint32 nodes, qint64 now_wall_ms) {
    world.fleets[u"edge-eu"_qs] = sampleFleet({{u"eu-west"_qs, 0.375, 0.111},
                                               {u"eu-north"_qs, 1.0 / 3, 0.0625},
                                               {u"eu-south"_qs, 1, 0.0715}},
                                              nodes, u"checkout-api"_qs, now_wall_ms);
    countNodes(world.clusters[0], world.fleets[u"edge-eu"_qs]);
}

// The trouble of the design's 48 nodes.
void troubleEdge(World &world, qint64 now_wall_ms) {
    std::vector<api::NodeRow> &nodes = world.fleets[u"edge-eu"_qs];
    nodes[11].status = nodes[27].status = kernel::NodeStatus::Degraded;
    nodes[41].status = kernel::NodeStatus::Offline;
    nodes[41].heard_wall_ms = now_wall_ms - 240'000;
    nodes[41].behind = 1;
    nodes[41].services[0].revision = u"v40"_qs;
    countNodes(world.clusters[0], nodes);
}

World sized(quint32 nodes, qint64 now_wall_ms) {
    World world = usualWorld(now_wall_ms);
    sizeEdge(world, nodes, now_wall_ms);
    return world;
}

World emptyWorld(qint64) {
    World world;
    world.daemon.version = u"0.1.0"_qs;
    world.daemon.who = u"ops"_qs;
    return world;
}

// The usual world with `first` in place of the canary that waits.
World worldWith(api::RolloutDetail first, qint64 now_wall_ms) {
    World world = usualWorld(now_wall_ms);
    world.rollouts[0] = seenAt(std::move(first), now_wall_ms);
    world.effects[world.rollouts[0].row.id] = promoteEffect();
    world.waiting.erase(world.waiting.begin());
    return world;
}

World staleWorld(qint64 now_wall_ms) {
    World world = usualWorld(now_wall_ms);
    api::ClusterRow &edge = world.clusters[0];
    edge.contact = api::Contact::Stale;
    edge.heard_wall_ms = now_wall_ms - 48'000;
    edge.text = u"connection refused at 10.2.0.4:2376; next try in 6 s"_qs;
    return world;
}

// Names and texts as nobody should have to read them: HTML, ANSI, bidi, 10,000
// characters.
World hostileWorld(qint64 now_wall_ms) {
    World world = usualWorld(now_wall_ms);
    const QString tags = u"<b onclick=\"x\">bold</b>&amp;<img src=x>"_qs;
    const QString turned = u"\u202egnorw-si-txet\u202c \x1b[31mred\x1b[0m"_qs;
    const QString endless = QString(10'000, u'W');
    world.clusters[0].name = tags;
    world.clusters[1].name = endless;
    world.clusters[2].text = turned + endless;
    api::RolloutDetail &rollout = world.rollouts[0];
    rollout.row.service = u"checkout-"_qs + tags + endless;
    rollout.row.to = u"v42-"_qs + endless;
    rollout.row.headline = turned + endless;
    rollout.why = tags + turned + endless;
    rollout.verdict_text = endless;
    rollout.evidence = {tags, turned, endless};
    for (api::Happening &happening : rollout.happenings) {
        happening.who = turned + tags;
        happening.text = tags + endless;
    }
    for (api::TargetRow &target : rollout.targets) {
        target.text = tags + endless;
    }
    world.waiting[0].text = tags + turned + endless;
    world.waiting[1].subject = endless;
    world.daemon.who = tags;
    world.daemon.present = {turned, endless};
    for (api::NodeRow &node : world.fleets[u"edge-eu"_qs]) {
        node.name = tags + node.name;
        node.services[0].text = turned + endless;
    }
    for (api::DeploymentRow &row : world.deployments) {
        row.reason = tags + endless;
        row.outcome = turned;
        row.tags = {tags, endless};
    }
    return world;
}

template <api::RolloutDetail (*make)()>
World with(qint64 now_wall_ms) {
    return worldWith(make(), now_wall_ms);
}

struct Named {
    const char *name;
    World (*make)(qint64 now_wall_ms);
};
constexpr std::array worlds{Named{"usual", &usualWorld},
                            Named{"empty", &emptyWorld},
                            Named{"stale", &staleWorld},
                            Named{"hostile", &hostileWorld},
                            Named{"running", &with<&runningRollout>},
                            Named{"paused", &with<&pausedRollout>},
                            Named{"going-back", &with<&rollingBackRollout>},
                            Named{"rolled-back", &with<&rolledBackRollout>},
                            Named{"failed", &with<&failedRollout>},
                            Named{"undecided", &with<&undecidedRollout>},
                            Named{"draft", &with<&draftRollout>},
                            Named{"completed", &with<&completedRollout>},
                            Named{"first", &with<&firstRollout>},
                            Named{"nodes-12", [](qint64 now) { return sized(12, now); }},
                            Named{"nodes-1000", [](qint64 now) { return sized(1'000, now); }},
                            Named{"nodes-100000", [](qint64 now) { return sized(100'000, now); }}};

} // namespace

World usualWorld(qint64 now_wall_ms) {
    World world;
    world.daemon.version = u"0.1.0"_qs;
    world.daemon.host = u"ops-desk"_qs;
    world.daemon.who = u"ops"_qs;
    world.daemon.journal_entries = 1'482;
    world.daemon.present = {u"mara"_qs};
    world.clusters = clusters(now_wall_ms);
    world.rollouts = rollouts(now_wall_ms);
    world.waiting = waiting(now_wall_ms);
    world.checks = nodeChecks();
    world.happenings = nodeHappenings(now_wall_ms);
    world.log = nodeLog(now_wall_ms);
    for (const api::RolloutDetail &detail : world.rollouts) {
        world.effects[detail.row.id] = promoteEffect();
    }
    addHistory(world, now_wall_ms);
    sizeEdge(world, 48, now_wall_ms);
    troubleEdge(world, now_wall_ms);
    world.fleets[u"local"_qs] =
        sampleFleet({{u"shop"_qs, 0.34, 0}, {u"depot"_qs, 0.34, 0}, {u"van"_qs, 1, 0}}, 12,
                    u"hello"_qs, now_wall_ms);
    return world;
}

QStringList worldNames() {
    QStringList names;
    for (const Named &known : worlds) {
        names << QString::fromLatin1(known.name);
    }
    return names;
}

Result<World> worldFrom(const QString &name, qint64 now_wall_ms) {
    for (const Named &known : worlds) {
        if (name == QLatin1String(known.name)) {
            return known.make(now_wall_ms);
        }
    }
    return fail(ErrorCode::NotFound, u"there is no sample %1"_qs.arg(name), {},
                u"use one of: "_qs + worldNames().join(u", "_qs));
}

} // namespace aviary::samples
