// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/clusterdesk.h"

#include "core/api/presentation.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace aviary::orchestrator {

using namespace clusters;

namespace {
constexpr int age_check_ms = 1'000;
constexpr int look_ms = 5'000;
constexpr qint64 retell_ms = 30'000; // nodes are told so often that are as they were
constexpr int gap_look_ms = 500;     // it answers again, and what was missed is not known yet

using InstancesOn = std::map<QString, std::vector<std::size_t>>; // by node

InstancesOn placesOf(const std::vector<Instance> &instances) {
    InstancesOn on;
    for (std::size_t i = 0; i < instances.size(); ++i) {
        on[instances[i].node].push_back(i);
    }
    return on;
}

// Whether a node's row says the same of what runs on it.
bool sameOn(const QString &node, const InstancesOn &known_on, const std::vector<Instance> &known,
            const InstancesOn &now_on, const std::vector<Instance> &now) {
    const auto before = known_on.find(node);
    const auto after = now_on.find(node);
    if (before == known_on.end() || after == now_on.end()) {
        return (before == known_on.end()) == (after == now_on.end());
    }
    const auto shown = [](const Instance &one) {
        return std::tie(one.service, one.revision, one.ready, one.text);
    };
    return std::ranges::equal(before->second, after->second, [&](std::size_t was, std::size_t is) {
        return shown(known[was]) == shown(now[is]);
    });
}

} // namespace

ClusterDesk::ClusterDesk(api::ClusterRow row, std::unique_ptr<Driver> driver, const Clock &clock)
    : row_(std::move(row)), driver_(std::move(driver)), clock_(clock) {
    connect(driver_.get(), &Driver::opened, this, [this](const Result<void> &result) {
        if (!result) {
            lost(result.error());
            return;
        }
        heard();
        driver_->observe();
        look_timer_.start(look_ms);
    });
    connect(driver_.get(), &Driver::observed, this, &ClusterDesk::take);
    connect(driver_.get(), &Driver::heard, this, &ClusterDesk::heard);
    connect(driver_.get(), &Driver::lost, this, &ClusterDesk::lost);
    connect(driver_.get(), &Driver::nodeChanged, this, [this](const kernel::Node &node) {
        put(node);
        ++fleet_revision_;
        heard();
        Q_EMIT nodesChanged({api::text(node.id)});
    });
    connect(driver_.get(), &Driver::nodeGone, this, [this](const QString &id) {
        if (const auto at = find(id)) {
            fleet_.nodes[*at].status = kernel::NodeStatus::Offline;
            ++fleet_revision_;
        }
        Q_EMIT nodeGone(id);
    });
    connect(&age_timer_, &QTimer::timeout, this, &ClusterDesk::checkAge);
    age_timer_.start(age_check_ms);
    connect(&look_timer_, &QTimer::timeout, driver_.get(), &Driver::observe);
}

void ClusterDesk::start() {
    driver_->open();
}

void ClusterDesk::configure(const api::ClusterRow &row) {
    row_.name = row.name;
    row_.klass = row.klass;
    row_.age_limit_ms = row.age_limit_ms;
    row_.needs_approval = row.needs_approval;
}

void ClusterDesk::heard() {
    // What was ordered while nothing was heard may never have arrived.
    const bool back = lost_ || (observed_ && stale());
    heard_monotonic_ms_ = clock_.monotonicMs();
    heard_wall_ms_ = clock_.wallMs();
    lost_ = false;
    checkAge();
    if (back) {
        gap_ = true;
        trouble_.clear();
        driver_->observe();
    }
    // The look that was asked for may be lost as well.
    if (gap_ && look_timer_.isActive() && look_timer_.interval() != gap_look_ms) {
        look_timer_.start(gap_look_ms);
    }
}

void ClusterDesk::lost(const Error &why) {
    lost_ = true;
    gap_ = true;
    if (look_timer_.isActive()) {
        look_timer_.start(look_ms);
    }
    trouble_ = toText(why);
    Q_EMIT contactChanged();
}

void ClusterDesk::checkAge() {
    if (stale() != was_stale_) {
        was_stale_ = stale();
        Q_EMIT contactChanged();
    }
}

bool ClusterDesk::stale() const {
    return heard_monotonic_ms_ < 0 ||
           clock_.monotonicMs() - heard_monotonic_ms_ > row_.age_limit_ms;
}

void ClusterDesk::take(const Result<Observation> &result) {
    if (!result) {
        lost(result.error());
        return;
    }
    const qint64 before_wall_ms = heard_wall_ms_;
    heard();
    ++fleet_revision_;
    observed_ = true;
    const bool places_itself = driver_->capabilities().runs_rollouts_itself;
    const auto on = places_itself ? placesOf(result->instances) : InstancesOn();
    // Nodes that we hear ourselves are told with each look, for when they were heard. Those that
    // report to a cluster which places instances itself are told when they changed, and now and
    // then for that.
    const bool all = !places_itself || heard_wall_ms_ / retell_ms != before_wall_ms / retell_ms;
    QStringList ids;
    for (const kernel::Node &node : result->nodes) {
        const QString id = api::text(node.id);
        const auto at = find(id);
        const bool was_flapping = at && flapping_.at(id).flapping();
        const bool same = at && fleet_.nodes[*at] == node &&
                          sameOn(id, instances_on_, instances_, on, result->instances);
        put(node);
        if (all || !same || flapping_.at(id).flapping() != was_flapping) {
            ids << id;
        }
    }
    instances_ = result->instances;
    instances_on_ = on;
    Q_EMIT nodesChanged(ids);
    if (std::exchange(gap_, false)) {
        look_timer_.start(look_ms);
        Q_EMIT looked(*result);
    }
    Q_EMIT contactChanged();
    Q_EMIT refreshed();
}

void ClusterDesk::put(const kernel::Node &node) {
    const QString id = api::text(node.id);
    const auto [at, is_new] = places_.try_emplace(id, fleet_.nodes.size());
    if (is_new) {
        fleet_.nodes.push_back(node);
    } else {
        fleet_.nodes[at->second] = node;
    }
    flapping_[id].look(node.status == kernel::NodeStatus::Online);
}

std::optional<std::size_t> ClusterDesk::find(const QString &node) const {
    const auto at = places_.find(node);
    return at == places_.end() ? std::nullopt : std::optional(at->second);
}

api::ClusterRow ClusterDesk::row() const {
    api::ClusterRow row = row_;
    row.heard_wall_ms = heard_wall_ms_;
    row.contact = !observed_ && !lost_ ? api::Contact::Connecting
                  : lost_              ? api::Contact::Lost
                  : stale()            ? api::Contact::Stale
                                       : api::Contact::Live;
    const Capabilities can = driver_->capabilities();
    row.splits_traffic = can.router != kernel::RouterKind::None;
    row.text = trouble_.isEmpty() ? can.router_text : trouble_;
    row.nodes = static_cast<quint32>(fleet_.nodes.size());
    row.healthy = row.degraded = row.offline = 0;
    for (const kernel::Node &node : fleet_.nodes) {
        row.healthy += node.status == kernel::NodeStatus::Online;
        row.degraded += node.status == kernel::NodeStatus::Degraded;
        row.offline += node.status == kernel::NodeStatus::Offline;
    }
    return row;
}

api::NodeRow ClusterDesk::nodeRow(std::size_t at) const {
    const kernel::Node &node = fleet_.nodes[at];
    api::NodeRow row;
    row.id = api::text(node.id);
    row.name = api::text(node.name);
    row.address = api::text(node.address);
    row.site = api::text(node.site);
    for (const auto &[key, value] : node.labels) {
        row.labels.emplace_back(api::text(key), api::text(value));
    }
    row.status = node.status;
    row.flags = node.flags;
    row.flapping = flapping_.at(row.id).flapping();
    row.heard_wall_ms = node.heartbeat_age ? heard_wall_ms_ - *node.heartbeat_age : 0;
    for (const auto &[service, revision] : node.revisions) {
        row.services.push_back({api::text(service), api::text(revision),
                                node.status == kernel::NodeStatus::Online, QString()});
    }
    addInstances(row);
    row.usage = node.usage;
    row.capacity = node.capacity;
    return row;
}

// A cluster that places instances itself has several revisions on a node, and some that are not
// ready: each is told, with its own words.
void ClusterDesk::addInstances(api::NodeRow &row) const {
    const auto on = instances_on_.find(row.id);
    if (on == instances_on_.end()) {
        return;
    }
    row.services.clear();
    for (const std::size_t at : on->second) {
        const Instance &one = instances_[at];
        row.services.push_back({one.service, one.revision, one.ready, one.text});
    }
}

} // namespace aviary::orchestrator
