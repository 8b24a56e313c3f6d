// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetgrid.h"

#include "core/support/words.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr int name_max = 60;
constexpr int share_steps = 5;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(aviary::FleetGrid)
};

// Revisions that are neither the new nor the old one, the most frequent first.
constexpr std::array other_tints{std::pair{Role::OldLine, 0.95}, std::pair{Role::OldFill, 0.5},
                                 std::pair{Role::OldLine, 0.55}, std::pair{Role::Accent, 0.4}};

QString spokenHealth(const QString &word) {
    const std::map<QString, QString> spoken{
        {QStringLiteral("healthy"), Words::tr("healthy")},
        {QStringLiteral("failing"), Words::tr("a service is not ready")},
        {QStringLiteral("flapping"), Words::tr("flapping")},
        {QStringLiteral("degraded"), Words::tr("degraded")},
        {QStringLiteral("offline"), Words::tr("offline")},
        {QStringLiteral("unknown"), Words::tr("never heard")},
    };
    const auto found = spoken.find(word);
    return found == spoken.end() ? word : found->second;
}

} // namespace

void FleetGrid::look(const FleetGrouping &grouping, FleetColouring colouring,
                     const FleetFocus &focus) {
    grouping_ = grouping;
    colouring_ = colouring;
    focus_ = focus;
}

// ---- Colours

void FleetGrid::mixRevisions() {
    const auto add = [this](const QString &revision, const QString &name, Role role, double much) {
        tint_of_.emplace(revision, static_cast<Tint>(tints_.size()));
        tints_.push_back({name, role, much});
    };
    const auto shortName = [](const QString &revision) { return boundedText(revision, name_max); };
    if (!focus_.fresh.isEmpty()) {
        add(focus_.fresh, Words::tr("%1 new").arg(shortName(focus_.fresh)), Role::Accent, 1);
    }
    if (!focus_.stable.isEmpty() && focus_.stable != focus_.fresh) {
        add(focus_.stable, shortName(focus_.stable), Role::OldFill, 1);
    }
    std::vector<std::pair<quint32, QString>> others;
    for (const auto &[service, revisions] : store_.services()) {
        for (const auto &[revision, nodes] : revisions) {
            const bool looked_at = focus_.service.isEmpty() || service == focus_.service;
            if (looked_at && !tint_of_.contains(revision)) {
                others.emplace_back(nodes, revision);
            }
        }
    }
    std::ranges::sort(others, std::greater());
    const std::size_t own = std::min(others.size(), other_tints.size());
    for (std::size_t i = 0; i < own; ++i) {
        const auto [role, much] = other_tints[i];
        add(others[i].second, shortName(others[i].second), role, much);
    }
    spare_tints_ = other_tints.size() - own;
    other_tint_ = static_cast<Tint>(tints_.size());
    tints_.push_back({Words::tr("others"), Role::OldLine, 0.3});
    add({},
        focus_.service.isEmpty() ? Words::tr("nothing")
                                 : Words::tr("no %1").arg(shortName(focus_.service)),
        Role::OldFill, 0.3);
}

void FleetGrid::mixTints() {
    tints_.clear();
    tint_of_.clear();
    switch (colouring_) {
    case FleetColouring::Revision:
        mixRevisions();
        return;
    case FleetColouring::Health:
        for (const auto &[word, role, much] :
             {std::tuple{"healthy", Role::Good, 0.6}, std::tuple{"flapping", Role::Attention, 0.6},
              std::tuple{"degraded", Role::Attention, 1.0}, std::tuple{"failing", Role::Bad, 0.6},
              std::tuple{"offline", Role::Bad, 1.0}, std::tuple{"unknown", Role::OldLine, 0.6}}) {
            const QString text = QString::fromLatin1(word);
            tint_of_.emplace(text, static_cast<Tint>(tints_.size()));
            tints_.push_back({spokenHealth(text), role, much});
        }
        return;
    case FleetColouring::Behind:
        tints_ = {{Words::tr("up to date"), Role::OldFill, 1},
                  {Words::tr("1 behind"), Role::Attention, 0.55},
                  {Words::tr("2 or more behind"), Role::Attention, 1}};
        return;
    default:
        for (int step = 0; step < share_steps; ++step) {
            tints_.push_back({Words::tr("%1 to %2 %").arg(step * 20).arg(step * 20 + 20),
                              Role::Accent, 0.12 + 0.22 * step});
        }
        tints_.push_back({Words::tr("not known"), Role::OldFill, 0.4});
    }
}

std::optional<FleetGrid::Tint> FleetGrid::tintByShare(std::optional<double> percent) const {
    if (!percent) {
        return static_cast<Tint>(share_steps);
    }
    return static_cast<Tint>(std::clamp(static_cast<int>(*percent / 20), 0, share_steps - 1));
}

// None: a colour that the legend does not have yet.
std::optional<FleetGrid::Tint> FleetGrid::tintOf(NodeIndex node) const {
    switch (colouring_) {
    case FleetColouring::Revision: {
        const auto found = tint_of_.find(store_.revision(node, focus_.service));
        if (found != tint_of_.end()) {
            return found->second;
        }
        return spare_tints_ > 0 ? std::nullopt : std::optional(other_tint_);
    }
    case FleetColouring::Health:
        return tint_of_.at(store_.words()[store_.healthWord(node)]);
    case FleetColouring::Behind:
        return static_cast<Tint>(std::min(store_.behind(node), 2U));
    case FleetColouring::Cpu:
        return tintByShare(cpuPercent(store_.usage(node)));
    case FleetColouring::Memory:
        return tintByShare(memoryPercent(store_.usage(node), store_.capacity(node)));
    case FleetColouring::Disk:
        return tintByShare(diskPercent(store_.usage(node), store_.capacity(node)));
    }
    return Tint(0);
}

// ---- Places

QString FleetGrid::groupOf(NodeIndex node) const {
    switch (grouping_.by) {
    case FleetGrouping::By::Revision:
        return store_.revision(node, focus_.service);
    case FleetGrouping::By::Label:
        return store_.label(node, grouping_.label);
    case FleetGrouping::By::Site:
        break;
    }
    return store_.site(node);
}

FleetCell FleetGrid::cell(NodeIndex node) const {
    return {tint_of_node_[node], store_.sign(node), !match_.at(node)};
}

// Groups in the order of their names; who has none comes last.
void FleetGrid::arrange(FleetMapValue &value) {
    const auto before = [](const QString &a, const QString &b) {
        return a.isEmpty() != b.isEmpty() ? b.isEmpty() : naturallyBefore(a, b);
    };
    std::map<QString, std::vector<NodeIndex>, decltype(before)> groups(before);
    for (NodeIndex node = 0; node < store_.end(); ++node) {
        if (store_.has(node)) {
            groups[groupOf(node)].push_back(node);
        }
    }
    order_.clear();
    groups_.clear();
    cells_.assign(store_.end(), no_cell);
    group_of_.assign(store_.end(), 0);
    tint_counts_.assign(tints_.size(), 0);
    tint_of_node_.assign(store_.end(), 0);
    for (const auto &[name, nodes] : groups) {
        std::vector<quint32> by_tint(tints_.size());
        for (const NodeIndex node : nodes) {
            tint_of_node_[node] = tintOf(node).value_or(other_tint_);
            ++by_tint[tint_of_node_[node]];
            ++tint_counts_[tint_of_node_[node]];
            group_of_[node] = static_cast<quint32>(groups_.size());
            cells_[node] = order_.size();
            order_.push_back(node);
        }
        groups_.push_back(name);
        value.sites.push_back({name.isEmpty() ? Words::tr("none") : boundedText(name, name_max),
                               note(by_tint, nodes.size()), nodes.size()});
    }
}

// "v42 25 %": how much of a group has the new revision.
QString FleetGrid::note(const std::vector<quint32> &by_tint, std::size_t count) const {
    if (colouring_ != FleetColouring::Revision || focus_.fresh.isEmpty() || by_tint[0] == 0) {
        return {};
    }
    const double share = static_cast<double>(by_tint[0]) / static_cast<double>(count);
    return boundedText(focus_.fresh, name_max) + u' ' + rateText(share, share < 0.1 ? 1 : 0);
}

FleetMapValue FleetGrid::whole() {
    mixTints();
    FleetMapValue value;
    arrange(value);
    value.tints = tints_;
    value.cells.reserve(order_.size());
    for (const NodeIndex node : order_) {
        value.cells.push_back(cell(node));
    }
    return value;
}

std::optional<std::vector<FleetCellChange>> FleetGrid::changes(const FleetChange &change) {
    if (change.structure || cells_.size() != store_.end()) {
        return std::nullopt;
    }
    std::vector<FleetCellChange> changes;
    changes.reserve(change.nodes.size());
    for (const NodeIndex node : change.nodes) {
        const std::optional<Tint> tint = tintOf(node);
        if (!tint || cells_[node] == no_cell || groups_[group_of_[node]] != groupOf(node)) {
            return std::nullopt;
        }
        --tint_counts_[tint_of_node_[node]];
        ++tint_counts_[*tint];
        tint_of_node_[node] = *tint;
        changes.push_back({cells_[node], cell(node)});
    }
    return changes;
}

std::vector<FleetGrid::Entry> FleetGrid::legend() const {
    std::vector<Entry> entries;
    for (std::size_t i = 0; i < tints_.size(); ++i) {
        if (tint_counts_[i] > 0) {
            entries.push_back({tints_[i], tint_counts_[i]});
        }
    }
    return entries;
}

} // namespace aviary
