// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/fleetwords.h"

#include "core/support/words.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace aviary {
namespace {

constexpr int name_max = 80;
constexpr int text_max = 200;
constexpr qint64 heartbeat_late_ms = 15'000;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(aviary::fleet)
};

const api::RolloutRow *newest(const std::vector<api::RolloutRow> &rollouts) {
    const auto found = std::ranges::max_element(rollouts, {}, &api::RolloutRow::started_wall_ms);
    return found == rollouts.end() ? nullptr : &*found;
}

quint32 total(const FleetStore::RevisionCounts &revisions) {
    quint32 sum = 0;
    for (const auto &[revision, count] : revisions) {
        sum += count;
    }
    return sum;
}

// Why a node that is heard is not well: what its first service that is not ready says of itself.
QString serviceTrouble(const FleetStore &store, NodeIndex node) {
    for (const FleetStore::Service &one : store.serviceSets()[store.serviceSet(node)]) {
        if (one.ready) {
            continue;
        }
        const QString &text = store.words()[one.text];
        return text.isEmpty() ? Words::tr("%1 %2 is not ready")
                                    .arg(boundedText(store.words()[one.service], name_max),
                                         boundedText(store.words()[one.revision], name_max))
                              : boundedText(text, text_max);
    }
    return {};
}

std::optional<double> share(qint64 used, qint64 capacity) {
    return capacity > 0 ? std::optional(100.0 * double(used) / double(capacity)) : std::nullopt;
}

} // namespace

FleetFocus focusOf(const FleetStore &store, const std::vector<api::RolloutRow> &rollouts) {
    if (const api::RolloutRow *rollout = newest(rollouts)) {
        return {rollout->service, rollout->to, rollout->from};
    }
    FleetFocus focus;
    quint32 most = 0;
    for (const auto &[service, revisions] : store.services()) {
        if (const quint32 nodes = total(revisions); nodes > most) {
            most = nodes;
            focus.service = service;
            focus.stable = std::ranges::max_element(revisions, {}, [](const auto &entry) {
                               return entry.second;
                           })->first;
        }
    }
    return focus;
}

QString healthText(const FleetStore &store, NodeIndex node, qint64 now_wall_ms) {
    const qint64 heard = store.heardWallMs(node);
    if (heard == 0) {
        return Words::tr("never heard");
    }
    const qint64 age = std::max<qint64>(0, now_wall_ms - heard);
    if (store.status(node) == kernel::NodeStatus::Offline) {
        return Words::tr("offline %1").arg(ageText(age));
    }
    const QString trouble = serviceTrouble(store, node);
    if (!trouble.isEmpty()) {
        return trouble;
    }
    if (age >= heartbeat_late_ms) {
        return Words::tr("heartbeat %1 old").arg(ageText(age));
    }
    if (store.status(node) == kernel::NodeStatus::Degraded) {
        return Words::tr("degraded");
    }
    return store.flapping(node) ? Words::tr("flapping") : Words::tr("healthy");
}

QString rolloutText(const FleetStore &store, NodeIndex node, const FleetScene &scene) {
    QStringList parts;
    for (const api::RolloutRow &rollout : scene.rollouts) {
        if (store.revision(node, rollout.service) == rollout.to) {
            parts += Words::tr("%1, %2").arg(boundedText(rollout.service, name_max),
                                             percentText(rollout.weight));
        }
    }
    if (store.behind(node) > 0) {
        parts += countedText(store.behind(node), Words::tr("1 behind"), Words::tr("%1 behind"));
    }
    return parts.join(QStringLiteral("; "));
}

QString flagsText(kernel::NodeFlags flags) {
    QStringList words;
    if (flags.draining) {
        words += Words::tr("draining");
    }
    if (flags.maintenance) {
        words += Words::tr("maintenance");
    }
    if (flags.excluded) {
        words += Words::tr("excluded");
    }
    return words.join(QStringLiteral(", "));
}

QString servicesText(const FleetStore &store, NodeIndex node) {
    QStringList parts;
    for (const FleetStore::Service &one : store.serviceSets()[store.serviceSet(node)]) {
        const QString text = store.words()[one.service] + u' ' + store.words()[one.revision];
        parts += one.ready ? text : Words::tr("%1 (not ready)").arg(text);
    }
    return boundedText(parts.join(QStringLiteral(", ")), text_max);
}

QString labelsText(const FleetStore &store, NodeIndex node) {
    QStringList parts;
    for (const auto &[key, value] : store.labelSets()[store.labelSet(node)]) {
        parts += store.words()[key] + u'=' + store.words()[value];
    }
    return boundedText(parts.join(QStringLiteral(", ")), text_max);
}

QString heardText(qint64 heard_wall_ms, qint64 now_wall_ms) {
    return heard_wall_ms == 0 ? Words::tr("never") : ageText(now_wall_ms - heard_wall_ms);
}

QString exactTime(qint64 wall_ms) {
    return wall_ms == 0 ? Words::tr("never")
                        : QLocale().toString(QDateTime::fromMSecsSinceEpoch(wall_ms),
                                             QStringLiteral("d MMM yyyy HH:mm:ss"));
}

std::optional<double> cpuPercent(const kernel::Usage &usage) {
    return double(usage.cpu) / 10'000.0;
}

std::optional<double> memoryPercent(const kernel::Usage &usage, const kernel::Capacity &capacity) {
    return share(usage.memory_mib, capacity.memory_mib);
}

std::optional<double> diskPercent(const kernel::Usage &usage, const kernel::Capacity &capacity) {
    return share(usage.disk_mib, capacity.disk_mib);
}

QString percentOf(std::optional<double> percent) {
    return percent ? rateText(*percent / 100, *percent < 10 ? 1 : 0) : QString();
}

QStringList cardLines(const FleetStore &store, NodeIndex node, const FleetScene &scene) {
    QStringList lines{boundedText(store.name(node), name_max)};
    QString state = healthText(store, node, scene.now_wall_ms);
    const QString flags = flagsText(store.flags(node));
    lines += flags.isEmpty() ? state : state + QStringLiteral(", ") + flags;
    const auto add = [&lines](const QString &line) {
        if (!line.isEmpty()) {
            lines += boundedText(line, name_max);
        }
    };
    add(servicesText(store, node));
    add(rolloutText(store, node, scene));
    add(Words::tr("heard %1 ago").arg(heardText(store.heardWallMs(node), scene.now_wall_ms)));
    return lines;
}

int troubleOf(Sign sign) {
    switch (sign) {
    case Sign::NodeFailed:
        return 8;
    case Sign::NodeOffline:
        return 7;
    case Sign::NodeUnknown:
        return 6;
    case Sign::NodeDegraded:
        return 5;
    case Sign::NodeBehind:
        return 4;
    case Sign::NodeExcluded:
        return 3;
    case Sign::NodeMaintenance:
        return 2;
    case Sign::NodeDraining:
        return 1;
    default:
        return 0;
    }
}

bool naturallyBefore(QStringView a, QStringView b) {
    qsizetype i = 0, j = 0;
    const auto digits = [](QStringView text, qsizetype from) {
        qsizetype to = from;
        while (to < text.size() && text[to] >= u'0' && text[to] <= u'9') {
            ++to;
        }
        return to;
    };
    while (i < a.size() && j < b.size()) {
        const qsizetype a_end = digits(a, i), b_end = digits(b, j);
        if (a_end > i && b_end > j) {
            while (i < a_end - 1 && a[i] == u'0') {
                ++i;
            }
            while (j < b_end - 1 && b[j] == u'0') {
                ++j;
            }
            if (a_end - i != b_end - j) {
                return a_end - i < b_end - j;
            }
        }
        const char16_t left = a[i].toCaseFolded().unicode(), right = b[j].toCaseFolded().unicode();
        if (left != right) {
            return left < right;
        }
        ++i;
        ++j;
    }
    const qsizetype a_rest = a.size() - i, b_rest = b.size() - j;
    return a_rest != b_rest ? a_rest < b_rest : a < b;
}

} // namespace aviary
