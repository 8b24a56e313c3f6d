// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/shellfeed.h"

#include "core/api/clusterlimits.h"
#include "core/support/words.h"
#include "ui/models/signs.h"

#include <QCoreApplication>

#include <algorithm>

namespace aviary {

using namespace Qt::Literals;

namespace {

struct Feed {
    Q_DECLARE_TR_FUNCTIONS(aviary::ShellFeed)
};

constexpr std::size_t palette_rollouts_max = 200;

api::ClusterRow seenRow(const Desk &desk, api::ClusterRow row) {
    if (!desk.travelling() && !desk.isFile()) {
        if (desk.link() != Desk::Link::Open) {
            row.contact = api::Contact::Lost;
        } else if (row.contact == api::Contact::Live && desk.isStale(row.id)) {
            row.contact = api::Contact::Stale;
        }
    }
    return row;
}

QString whoText(const Desk *desk) {
    if (!desk || desk->daemon().who.isEmpty()) {
        return {};
    }
    const QString who = boundedText(desk->daemon().who, 60);
    return desk->id() == local_desk ? Feed::tr("%1 on this computer").arg(who)
                                    : Feed::tr("%1 on %2").arg(who, boundedText(desk->name(), 60));
}

QString journalText(const Desk *desk) {
    if (!desk || desk->daemon().version.isEmpty()) {
        return {};
    }
    const api::DaemonState &daemon = desk->daemon();
    if (daemon.read_only) {
        return Feed::tr("journal cannot be written: %1").arg(boundedText(daemon.text));
    }
    const QString entries = Feed::tr("journal %1").arg(countText(qint64(daemon.journal_entries)));
    return daemon.journal_whole ? entries : Feed::tr("%1, its chain is broken").arg(entries);
}

} // namespace

std::vector<api::ClusterRow> seenClusters(const Desk &desk) {
    std::vector<api::ClusterRow> rows;
    for (const api::ClusterRow &row : desk.clusters()) {
        rows.push_back(seenRow(desk, row));
    }
    return rows;
}

DataAgeValue ageOf(const Desk &desk, const QString &cluster) {
    DataAgeValue age;
    age.as_of = desk.asOf();
    age.from_file = desk.isFile();
    age.age_ms = desk.ageMs(cluster);
    if (const api::ClusterRow *row = desk.cluster(cluster)) {
        age.limit_ms = row->age_limit_ms;
    }
    return age;
}

DataAgeValue ageOf(const Choice &choice) {
    return choice.desk() ? ageOf(*choice.desk(), choice.cluster()) : DataAgeValue{};
}

ShellState shellStateOf(const Desks &desks, const Choice &choice) {
    ShellState state;
    for (const Desk *desk : desks.all()) {
        for (api::ClusterRow row : seenClusters(*desk)) {
            row.id = toText(DeskKey{desk->id(), row.id});
            state.clusters.push_back(std::move(row));
        }
        for (api::RolloutRow row : desk->rollouts()) {
            if (!kernel::isEnd(row.status)) {
                row.id = toText(DeskKey{desk->id(), row.id});
                row.cluster = toText(DeskKey{desk->id(), row.cluster});
                state.rollouts.push_back(std::move(row));
            }
        }
        state.waiting += static_cast<quint32>(desk->waiting().size());
    }
    if (const api::ClusterRow *row = choice.clusterRow()) {
        state.cluster = seenRow(*choice.desk(), *row);
        state.cluster->id = toText(DeskKey{choice.desk()->id(), row->id});
        state.nodes = nodesSentence(*row);
    }
    state.who = whoText(choice.desk());
    state.journal = journalText(choice.desk());
    if (choice.desk()) {
        state.present = choice.desk()->daemon().present;
    }
    state.age = ageOf(choice);
    return state;
}

ActionContext contextOf(const Desk &desk, const api::RolloutRow &row,
                        const api::RolloutDetail *detail) {
    ActionContext context;
    context.host = hostOfDesk(desk.id());
    context.cluster = context.cluster_name = row.cluster;
    context.as_of = desk.isFile() ? Feed::tr("a file") : desk.asOf();
    if (const api::ClusterRow *cluster = desk.cluster(row.cluster)) {
        context.cluster_name = cluster->name;
        context.locked = !cluster->unlocked;
    }
    if (context.as_of.isEmpty() && desk.isStale(row.cluster)) {
        const auto age_ms = desk.ageMs(row.cluster);
        context.stale = age_ms ? Feed::tr("the data is %1 old").arg(ageText(*age_ms))
                               : Feed::tr("nothing was heard yet");
    }
    context.rollout = row.id.isEmpty() ? QString() : toText(DeskKey{desk.id(), row.id});
    context.service = row.service;
    context.from = row.from;
    context.to = row.to;
    if (detail) {
        context.permissions = detail->permissions;
        for (const kernel::Weight stage : detail->stages) {
            if (stage > row.weight) {
                context.next_weight = stage;
                break;
            }
            if (stage < row.weight) {
                context.lower_weight = stage;
            }
        }
        if (row.weight > 0 && !context.lower_weight) {
            context.lower_weight = 0;
        }
    }
    return context;
}

ActionContext contextOf(const Choice &choice) {
    ActionContext context;
    if (!choice.desk()) {
        return context;
    }
    if (const api::RolloutRow *row = choice.rolloutRow()) {
        context = contextOf(*choice.desk(), *row, choice.detail());
    } else if (const api::ClusterRow *cluster = choice.clusterRow()) {
        api::RolloutRow of_cluster;
        of_cluster.cluster = cluster->id;
        context = contextOf(*choice.desk(), of_cluster, nullptr);
    } else {
        context.as_of = choice.desk()->asOf();
    }
    context.node = choice.node();
    if (const api::ClusterRow *cluster = choice.clusterRow()) {
        const QString exclusion = api::exclusionRefusal(cluster->kind);
        const QString start = api::ownStartRefusal(cluster->kind);
        context.permissions.push_back({u"node.exclude"_qs, exclusion.isEmpty(), exclusion});
        context.permissions.push_back({u"service.start"_qs, start.isEmpty(), start});
    }
    return context;
}

std::vector<ActionContext> otherContexts(const Desks &desks, const Choice &choice) {
    std::vector<ActionContext> contexts;
    for (const Desk *desk : desks.all()) {
        for (const api::RolloutRow &row : desk->rollouts()) {
            const bool chosen = desk == choice.desk() && row.id == choice.rollout();
            if (!chosen && !kernel::isEnd(row.status) && contexts.size() < palette_rollouts_max) {
                contexts.push_back(contextOf(*desk, row, nullptr));
            }
        }
    }
    return contexts;
}

std::vector<PalettePlace> placesOf(const Desks &desks) {
    std::vector<PalettePlace> places;
    for (const Desk *desk : desks.all()) {
        for (const api::ClusterRow &row : desk->clusters()) {
            places.push_back(
                {boundedText(row.name, 80), Feed::tr("cluster, %1").arg(nameOf(row.kind)),
                 u"cluster:"_qs + toText(DeskKey{desk->id(), row.id}), u"clusters"_qs});
        }
        for (const api::RolloutRow &row : desk->rollouts()) {
            places.push_back({boundedText(row.service + u' ' + row.to, 80),
                              Feed::tr("rollout on %1, %2")
                                  .arg(boundedText(row.cluster, 60), nameOf(signOf(row.status))),
                              u"rollout:"_qs + toText(DeskKey{desk->id(), row.id}),
                              u"rollouts"_qs});
        }
    }
    return places;
}

} // namespace aviary
