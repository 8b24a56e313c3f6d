// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernel/strategy/lint.h"

#include <algorithm>
#include <limits>
#include <map>

namespace aviary::kernel {

namespace {

using NodeIndex = std::size_t;

// Numbers names in the order in which they are first met.
class Register {
public:
    explicit Register(std::vector<std::string> &names) : names_(names) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            indexes_.emplace(names[i], i);
        }
    }
    std::size_t indexOf(const std::string &name) {
        const auto [place, is_new] = indexes_.emplace(name, names_.size());
        if (is_new) {
            names_.push_back(name);
        }
        return place->second;
    }

private:
    std::vector<std::string> &names_;
    std::map<std::string, std::size_t, std::less<>> indexes_;
};

std::string indexed(std::size_t index) {
    return "targets[" + std::to_string(index) + "]";
}

std::string quoted(const std::string &text) {
    constexpr std::size_t shown_max = 60;
    return '"' + (text.size() > shown_max ? text.substr(0, shown_max) + "..." : text) + '"';
}

std::map<std::string_view, NodeIndex> indexById(const Fleet &fleet, Problems &problems) {
    std::map<std::string_view, NodeIndex> index;
    for (NodeIndex i = 0; i < fleet.nodes.size(); ++i) {
        if (!index.emplace(fleet.nodes[i].id, i).second) {
            problems.add("fleet", "has two nodes " + quoted(fleet.nodes[i].id), "each id once");
        }
    }
    return index;
}

// The nodes of the request's list, in its order.
std::vector<NodeIndex> listedNodes(const std::vector<std::string> &ids,
                                   const std::map<std::string_view, NodeIndex> &index,
                                   Problems &problems) {
    std::vector<NodeIndex> nodes;
    std::map<std::string_view, std::size_t> seen;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const auto found = index.find(ids[i]);
        if (found == index.end()) {
            problems.add(indexed(i), "there is no node " + quoted(ids[i]), "a node of the fleet");
            continue;
        }
        const auto [first, is_new] = seen.emplace(ids[i], i);
        if (!is_new) {
            problems.add(indexed(i),
                         quoted(ids[i]) + " is listed already, as " + indexed(first->second),
                         "each node once");
            continue;
        }
        nodes.push_back(found->second);
    }
    return nodes;
}

std::vector<NodeIndex> candidates(const PlanRequest &request, const Fleet &fleet,
                                  Problems &problems) {
    const auto index = indexById(fleet, problems);
    if (!request.targets) {
        std::vector<NodeIndex> all(fleet.nodes.size());
        for (NodeIndex i = 0; i < all.size(); ++i) {
            all[i] = i;
        }
        return all;
    }
    if (request.targets->empty()) {
        problems.add("targets", "is empty", "at least one node, or no list for every online node");
    }
    return listedNodes(*request.targets, index, problems);
}

// Orders nodes by standing and notes their way back, site and reach.
class TargetList {
public:
    TargetList(const PlanRequest &request, Plan &plan)
        : request_(request), plan_(plan), sites_(site_names_), revisions_(plan.revisions) {}

    void add(const Node &node) {
        Target target;
        target.node = node.id;
        target.site = static_cast<std::uint32_t>(sites_.indexOf(node.site));
        const auto runs = node.revisions.find(request_.service);
        const bool is_done = runs != node.revisions.end() && runs->second == request_.to;
        if (runs != node.revisions.end() && runs->second != "") {
            target.previous = static_cast<RevisionIndex>(revisions_.indexOf(runs->second));
        }
        target.reach = reachOf(node, request_.service, request_.needs);
        const bool left_alone = target.reach == Reach::Touchable && !request_.targets &&
                                node.status == NodeStatus::Degraded;
        if (left_alone) {
            target.reach = Reach::Degraded;
        }
        if (target.reach != Reach::Touchable) {
            target.standing = Standing::Behind;
            behind_.push_back(std::move(target));
        } else if (shiftsOnly(request_.strategy)) {
            target.standing = Standing::Done;
            target.previous = plan_.from;
            done_.push_back(std::move(target));
        } else {
            target.standing = is_done ? Standing::Done : Standing::Pending;
            (is_done ? done_ : plan_.targets).push_back(std::move(target));
        }
    }

    void finish(const Fleet &fleet) {
        plan_.pending = static_cast<TargetIndex>(plan_.targets.size());
        plan_.active = plan_.pending + static_cast<TargetIndex>(done_.size());
        if (!shiftsOnly(request_.strategy)) {
            remark(Remark::Kind::NodeDone, done_);
        }
        remark(Remark::Kind::NodeBehind, behind_);
        std::move(done_.begin(), done_.end(), std::back_inserter(plan_.targets));
        std::move(behind_.begin(), behind_.end(), std::back_inserter(plan_.targets));
        for (std::string &name : site_names_) {
            plan_.sites.push_back({std::move(name), 0});
        }
        for (const Node &node : fleet.nodes) {
            const std::size_t site = sites_.indexOf(node.site);
            if (site < plan_.sites.size()) {
                ++plan_.sites[site].nodes;
            }
        }
    }

private:
    // A remark for each node, as long as a person would read them; the targets hold them all.
    void remark(Remark::Kind kind, const std::vector<Target> &targets) {
        constexpr std::size_t shown_max = 50;
        for (std::size_t i = 0; i < targets.size() && i < shown_max; ++i) {
            const std::string text = kind == Remark::Kind::NodeDone
                                         ? "runs " + request_.to + " already"
                                         : std::string(nameOf(targets[i].reach));
            plan_.remarks.push_back({kind, targets[i].node, text});
        }
        if (targets.size() > shown_max) {
            plan_.remarks.push_back(
                {kind, "", "and " + countText(targets.size() - shown_max) + " more nodes"});
        }
    }

    const PlanRequest &request_;
    Plan &plan_;
    std::vector<std::string> site_names_;
    Register sites_;
    Register revisions_;
    std::vector<Target> done_;
    std::vector<Target> behind_;
};

} // namespace

void chooseTargets(const PlanRequest &request, const Fleet &fleet, Plan &plan, Problems &problems) {
    const std::size_t listed = request.targets ? request.targets->size() : 0;
    if (fleet.nodes.size() > targets_max || listed > targets_max) {
        problems.add("targets",
                     countText(std::max(fleet.nodes.size(), listed)) + " nodes are too many",
                     "at most " + countText(targets_max));
        return;
    }
    plan.revisions = {""};
    if (!request.from.empty()) {
        plan.revisions.push_back(request.from);
        plan.from = 1;
    }
    if (request.to != request.from) {
        plan.revisions.push_back(request.to);
    }
    plan.to = static_cast<RevisionIndex>(plan.revisions.size() - 1);

    TargetList list(request, plan);
    const std::vector<NodeIndex> nodes = candidates(request, fleet, problems);
    for (const NodeIndex node : nodes) {
        list.add(fleet.nodes[node]);
    }
    list.finish(fleet);
    if (plan.revisions.size() > std::numeric_limits<RevisionIndex>::max()) {
        problems.add("fleet", "runs " + countText(plan.revisions.size()) + " revisions",
                     "at most 65,535 revisions of one service");
    }
    if (plan.active == 0 && !(request.targets && request.targets->empty())) {
        problems.add("targets",
                     nodes.empty() ? "the fleet has no such node"
                                   : "none of the nodes may be touched: all are offline, "
                                     "draining, in maintenance, excluded, incapable or full",
                     "at least one node that is online and free");
    }
}

} // namespace aviary::kernel
