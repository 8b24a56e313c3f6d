// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/targetcells.h"

#include "core/support/words.h"
#include "ui/models/signs.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>
#include <array>
#include <map>

namespace aviary {
namespace {

using kernel::Phase;

constexpr std::size_t revisions_max = 6; // of the old ones; more share a tint
constexpr int names_max = 3;

struct Cells {
    Q_DECLARE_TR_FUNCTIONS(Cells)
};

// It runs the new revision, as far as is known.
bool isFresh(const api::TargetRow &target) {
    return target.phase == Phase::Healthy || target.phase == Phase::Proving ||
           target.phase == Phase::Failed;
}

// The names of the first few, then how many more.
QString named(const QStringList &names, int count) {
    QString text = names.join(QStringLiteral(", "));
    if (count > names.size()) {
        text += Cells::tr(" and %1 more").arg(countText(count - names.size()));
    }
    return text;
}

QString signText(Sign sign, int count, const QStringList &names) {
    const QString head = nameOf(sign) + QStringLiteral(", ") + countText(count);
    switch (sign) {
    case Sign::NodeOffline:
    case Sign::NodeBehind:
        return Cells::tr("%1: %2, catches up on return").arg(head, named(names, count));
    case Sign::NodeFailed:
        return head + QStringLiteral(": ") + named(names, count);
    default:
        return head;
    }
}

} // namespace

TargetCells::Update TargetCells::setValue(const RolloutValue &value) {
    Update update;
    detail_ = value.detail;
    more_ = value.more_targets;
    std::vector<const api::TargetRow *> targets;
    if (detail_) {
        targets.reserve(detail_->targets.size() + more_.size());
        const auto add = [&targets](const std::vector<api::TargetRow> &rows) {
            for (const api::TargetRow &row : rows) {
                targets.push_back(&row);
            }
        };
        add(detail_->targets);
        add(more_);
    }
    update.same_places = placed(targets);
    targets_ = std::move(targets);
    if (!update.same_places) {
        place(targets_);
    }
    for (std::size_t square = 0; square < order_.size(); ++square) {
        const FleetCell cell = cellOf(*targets_[order_[square]]);
        if (!update.same_places) {
            map_.cells[square] = cell;
        } else if (!(map_.cells[square] == cell)) {
            map_.cells[square] = cell;
            update.changes.push_back({square, cell});
        }
    }
    count();
    return update;
}

bool TargetCells::placed(const std::vector<const api::TargetRow *> &targets) const {
    if (targets.size() != order_.size() || map_.tints.empty() || !detail_ ||
        map_.tints.front().name != detail_->row.to) {
        return false;
    }
    std::size_t square = 0;
    for (const FleetSite &site : map_.sites) {
        for (std::size_t i = 0; i < site.count; ++i, ++square) {
            if (targets[order_[square]]->site != site.name) {
                return false;
            }
        }
    }
    return true;
}

void TargetCells::place(const std::vector<const api::TargetRow *> &targets) {
    map_ = {};
    map_.tints = {{detail_ ? detail_->row.to : QString(), Role::Accent, 1},
                  {detail_ ? detail_->row.from : QString(), Role::OldFill, 1}};
    QHash<QString, std::size_t> sites;
    std::vector<std::size_t> site_of(targets.size());
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const auto known = sites.constFind(targets[i]->site);
        if (known == sites.constEnd()) {
            sites.insert(targets[i]->site, map_.sites.size());
            map_.sites.push_back({targets[i]->site, {}, 0});
        }
        site_of[i] = sites.value(targets[i]->site);
        ++map_.sites[site_of[i]].count;
    }
    std::vector<std::size_t> next(map_.sites.size());
    for (std::size_t site = 1; site < next.size(); ++site) {
        next[site] = next[site - 1] + map_.sites[site - 1].count;
    }
    order_.assign(targets.size(), 0);
    for (std::size_t i = 0; i < targets.size(); ++i) {
        order_[next[site_of[i]]++] = i;
    }
    map_.cells.assign(targets.size(), {});
}

std::uint16_t TargetCells::tintOf(const api::TargetRow &target) {
    if (isFresh(target)) {
        return 0;
    }
    for (std::size_t tint = 1; tint < map_.tints.size(); ++tint) {
        if (map_.tints[tint].name == target.previous) {
            return static_cast<std::uint16_t>(tint);
        }
    }
    if (map_.tints.size() < revisions_max) {
        map_.tints.push_back({target.previous, Role::OldFill, 0.5});
    }
    return static_cast<std::uint16_t>(map_.tints.size() - 1);
}

FleetCell TargetCells::cellOf(const api::TargetRow &target) {
    return {tintOf(target), signOf(target), false};
}

void TargetCells::count() {
    std::vector<int> tints(map_.tints.size());
    struct Seen {
        int count = 0;
        QStringList names;
    };
    std::map<Sign, Seen> signs;
    for (std::size_t square = 0; square < order_.size(); ++square) {
        const FleetCell &cell = map_.cells[square];
        ++tints[cell.tint];
        if (cell.sign != Sign::NodeHealthy) {
            Seen &seen = signs[cell.sign];
            ++seen.count;
            if (seen.names.size() < names_max) {
                seen.names << boundedText(target(square).node, 40);
            }
        }
    }
    legend_.clear();
    for (std::size_t tint = 0; tint < tints.size(); ++tint) {
        const QString &name = map_.tints[tint].name;
        if (tints[tint] > 0) {
            legend_.push_back({map_.tints[tint], Sign::None,
                               (name.isEmpty() ? Cells::tr("nothing") : boundedText(name, 40)) +
                                   QStringLiteral(", ") + countText(tints[tint])});
        }
    }
    for (const auto &[sign, seen] : signs) {
        legend_.push_back({std::nullopt, sign, signText(sign, seen.count, seen.names)});
    }
}

const api::TargetRow &TargetCells::target(std::size_t square) const {
    return *targets_[order_[square]];
}

QStringList TargetCells::card(std::size_t square) const {
    const api::TargetRow &row = target(square);
    QStringList lines{boundedText(row.node, 60)};
    const QString revision = isFresh(row) ? detail_->row.to : row.previous;
    lines << (revision.isEmpty() ? Cells::tr("runs nothing yet")
                                 : Cells::tr("on %1").arg(boundedText(revision, 40)));
    const Sign sign = signOf(row);
    lines << nameOf(sign);
    if (!row.text.isEmpty()) {
        lines << boundedText(row.text, 80);
    }
    return lines;
}

} // namespace aviary
