// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/flageffect.h"

#include "core/support/words.h"

#include <QCoreApplication>

#include <algorithm>
#include <functional>
#include <map>

namespace aviary {
namespace {

constexpr int name_max = 60;
constexpr std::size_t sites_told_max = 6;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(aviary::FlagEffect)
};

bool setsIt(FlagChange change) {
    return change == FlagChange::Drain || change == FlagChange::BeginMaintenance ||
           change == FlagChange::Exclude;
}

bool has(kernel::NodeFlags flags, FlagChange change) {
    switch (change) {
    case FlagChange::Drain:
    case FlagChange::Undrain:
        return flags.draining;
    case FlagChange::BeginMaintenance:
    case FlagChange::EndMaintenance:
        return flags.maintenance;
    case FlagChange::Exclude:
    case FlagChange::Include:
        return flags.excluded;
    }
    return false;
}

QString verbOf(FlagChange change, const QString &nodes) {
    switch (change) {
    case FlagChange::Drain:
        return Words::tr("Drain %1").arg(nodes);
    case FlagChange::Undrain:
        return Words::tr("Undrain %1").arg(nodes);
    case FlagChange::BeginMaintenance:
        return Words::tr("Put %1 into maintenance").arg(nodes);
    case FlagChange::EndMaintenance:
        return Words::tr("End maintenance of %1").arg(nodes);
    case FlagChange::Exclude:
        return Words::tr("Exclude %1 from rollouts").arg(nodes);
    case FlagChange::Include:
        return Words::tr("Include %1 in rollouts").arg(nodes);
    }
    return {};
}

QString consequence(FlagChange change) {
    switch (change) {
    case FlagChange::Drain:
        return Words::tr("no new work goes there, and no rollout touches them");
    case FlagChange::Undrain:
        return Words::tr("work goes there again, and rollouts reach them");
    case FlagChange::BeginMaintenance:
        return Words::tr("they are left alone until it ends");
    case FlagChange::EndMaintenance:
        return Words::tr("rollouts reach them again");
    case FlagChange::Exclude:
        return Words::tr("they stay on what they run; a rollout records them as behind");
    case FlagChange::Include:
        return Words::tr("rollouts reach them again");
    }
    return {};
}

QString joined(const std::map<QString, quint32> &counts,
               const std::function<QString(const QString &, quint32)> &text) {
    QStringList parts;
    for (const auto &[name, count] : counts) {
        if (static_cast<std::size_t>(parts.size()) == sites_told_max) {
            parts += Words::tr("%1 more").arg(
                countText(static_cast<qint64>(counts.size() - sites_told_max)));
            break;
        }
        parts += text(name, count);
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace

QString flagText(FlagChange change) {
    switch (change) {
    case FlagChange::Drain:
        return Words::tr("Drain\u2026");
    case FlagChange::Undrain:
        return Words::tr("Undrain\u2026");
    case FlagChange::BeginMaintenance:
        return Words::tr("Maintenance\u2026");
    case FlagChange::EndMaintenance:
        return Words::tr("End maintenance\u2026");
    case FlagChange::Exclude:
        return Words::tr("Exclude\u2026");
    case FlagChange::Include:
        return Words::tr("Include\u2026");
    }
    return {};
}

QJsonObject flagParameters(FlagChange change) {
    const QString name = change == FlagChange::Drain || change == FlagChange::Undrain
                             ? QStringLiteral("draining")
                         : change == FlagChange::Exclude || change == FlagChange::Include
                             ? QStringLiteral("excluded")
                             : QStringLiteral("maintenance");
    return QJsonObject{{name, setsIt(change)}};
}

quint32 flagAffects(const FleetStore &store, const std::vector<NodeIndex> &nodes,
                    FlagChange change) {
    return static_cast<quint32>(std::ranges::count_if(nodes, [&store, change](NodeIndex node) {
        return has(store.flags(node), change) != setsIt(change);
    }));
}

FlagEffect flagEffect(const FleetStore &store, const std::vector<NodeIndex> &nodes,
                      FlagChange change, const FleetScene &scene) {
    std::map<QString, quint32> sites, services;
    quint32 already = 0, silent = 0;
    FlagEffect effect;
    effect.change = change;
    effect.raises_exposure = !setsIt(change);
    for (const NodeIndex node : nodes) {
        if (has(store.flags(node), change) == setsIt(change)) {
            ++already;
            continue;
        }
        effect.ids += store.id(node);
        ++sites[store.site(node)];
        silent += store.status(node) == kernel::NodeStatus::Offline;
        for (const api::RolloutRow &rollout : scene.rollouts) {
            services[rollout.service] += !store.revision(node, rollout.service).isNull();
        }
    }
    const QString counted = nodesText(effect.ids.size());
    effect.button = verbOf(change, counted);
    effect.title = Words::tr("%1?").arg(effect.button);
    const auto add = [&effect](const QString &label, const QString &text) {
        if (!text.isEmpty()) {
            effect.lines.push_back({label, text});
        }
    };
    add(Words::tr("nodes"), joined(sites, [](const QString &site, quint32 count) {
            return QString(boundedText(site, name_max) + u' ' + countText(count));
        }));
    add(Words::tr("then"), consequence(change));
    if (setsIt(change)) {
        add(Words::tr("left"), joined(sites, [&store](const QString &site, quint32 count) {
                const quint32 all = store.sites().at(site).nodes;
                return Words::tr("%1 %2 of %3")
                    .arg(boundedText(site, name_max), countText(all - count), countText(all));
            }));
    }
    std::erase_if(services, [](const auto &one) { return one.second == 0; });
    add(Words::tr("under way"), joined(services, [](const QString &service, quint32 count) {
            return Words::tr("%1 rolls out on %2 of them")
                .arg(boundedText(service, name_max), countText(count));
        }));
    if (already > 0) {
        add(Words::tr("unchanged"), nodesText(already));
    }
    if (silent > 0) {
        add(Words::tr("offline"),
            Words::tr("%1 hear of it when they are back").arg(nodesText(silent)));
    }
    return effect;
}

} // namespace aviary
