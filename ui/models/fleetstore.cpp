// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/fleetstore.h"

#include "core/api/filter.h"
#include "ui/models/signs.h"

#include <algorithm>

namespace aviary {
namespace {

constexpr int announce_interval_ms = 34; // at most 30 a second
// So many places stay their nodes' own after they went, and a quarter of those that are there.
constexpr std::size_t vacant_kept = 4'096;

void countIn(SignCounts &counts, Sign sign, bool more) {
    const quint32 step = more ? 1U : ~0U;
    counts.of[static_cast<std::size_t>(sign)] += step;
    counts.nodes += step;
}

} // namespace

FleetStore::FleetStore(QObject *parent) : QObject(parent) {
    timer_.setSingleShot(true);
    timer_.setTimerType(Qt::PreciseTimer);
    connect(&timer_, &QTimer::timeout, this, &FleetStore::announce);
}

void FleetStore::begin() {
    told_ = true;
    expected_ = 0;
    for (NodeIndex node = 0; node < end(); ++node) {
        leave(node);
    }
    change_.structure = true;
    schedule();
}

void FleetStore::forget() {
    begin();
    told_ = false;
}

void FleetStore::apply(const std::vector<api::NodeRow> &rows, const QStringList &gone) {
    told_ = true;
    for (const api::NodeRow &row : rows) {
        put(place(row.id), row);
    }
    for (const QString &id : gone) {
        if (const auto node = find(id)) {
            leave(*node);
        }
    }
    schedule();
}

std::optional<NodeIndex> FleetStore::find(const QString &id) const {
    const auto found = by_id_.constFind(id);
    return found != by_id_.constEnd() && has(*found) ? std::optional(*found) : std::nullopt;
}

// The node's own place, one that is free, or a new one.
NodeIndex FleetStore::place(const QString &id) {
    if (const auto found = by_id_.constFind(id); found != by_id_.constEnd()) {
        return *found;
    }
    const std::size_t vacant_max = std::max<std::size_t>(vacant_kept, count() / 4);
    while (!vacant_.empty() && ids_.size() - count() > vacant_max) {
        const NodeIndex node = vacant_.front();
        vacant_.pop_front();
        state_[node].vacant = false;
        if (!state_[node].there) {
            by_id_.remove(ids_[node]);
            ids_[node] = id;
            by_id_.insert(id, node);
            change_.given.push_back(node);
            return node;
        }
    }
    const NodeIndex node = end();
    ids_.push_back(id);
    names_.emplace_back();
    addresses_.emplace_back();
    for (auto *column : {&sites_, &health_, &labels_, &services_, &behind_}) {
        column->push_back(0);
    }
    state_.emplace_back();
    heard_.push_back(0);
    usage_.emplace_back();
    capacity_.emplace_back();
    by_id_.insert(id, node);
    return node;
}

void FleetStore::put(NodeIndex node, const api::NodeRow &row) {
    State &state = state_[node];
    // The new values are taken before the old ones are dropped, so that what stays is not remade.
    const Words::Id site = words_.take(row.site);
    const Words::Id health = words_.take(api::healthWord(row));
    const quint32 labels = takeLabels(row);
    const quint32 services = takeServices(row);
    if (state.there) {
        count(node, false);
        dropShared(node);
    } else {
        change_.structure = true;
    }
    state.there = true;
    state.status = row.status;
    state.flags = row.flags;
    state.flapping = row.flapping;
    state.sign = signOf(row);
    names_[node] = row.name == row.id ? ids_[node] : row.name;
    addresses_[node] = row.address == row.id ? ids_[node] : row.address;
    sites_[node] = site;
    health_[node] = health;
    labels_[node] = labels;
    services_[node] = services;
    heard_[node] = row.heard_wall_ms;
    behind_[node] = row.behind;
    usage_[node] = row.usage;
    capacity_[node] = row.capacity;
    count(node, true);
    note(node);
}

void FleetStore::leave(NodeIndex node) {
    State &state = state_[node];
    if (!state.there) {
        return;
    }
    count(node, false);
    dropShared(node);
    names_[node].clear();
    addresses_[node].clear();
    state.there = false;
    change_.structure = true;
    if (!state.vacant) {
        state.vacant = true;
        vacant_.push_back(node);
    }
}

// A set holds its words once, however many nodes share it.
quint32 FleetStore::takeLabels(const api::NodeRow &row) {
    Labels labels;
    labels.reserve(qsizetype(row.labels.size()));
    for (const auto &[key, value] : row.labels) {
        const Words::Id key_word = words_.take(key);
        labels.emplace_back(key_word, words_.take(value));
    }
    const quint32 set = label_sets_.take(labels);
    if (label_sets_.uses(set) > 1) {
        dropWords(labels);
    }
    return set;
}

quint32 FleetStore::takeServices(const api::NodeRow &row) {
    Services services;
    services.reserve(qsizetype(row.services.size()));
    for (const api::ServiceOnNode &one : row.services) {
        const Words::Id service = words_.take(one.service);
        const Words::Id revision = words_.take(one.revision);
        services.push_back({service, revision, words_.take(one.text), one.ready});
    }
    const quint32 set = service_sets_.take(services);
    if (service_sets_.uses(set) > 1) {
        dropWords(services);
    }
    return set;
}

void FleetStore::dropWords(const Labels &labels) {
    for (const auto &[key, value] : labels) {
        words_.drop(key);
        words_.drop(value);
    }
}

void FleetStore::dropWords(const Services &services) {
    for (const Service &service : services) {
        words_.drop(service.service);
        words_.drop(service.revision);
        words_.drop(service.text);
    }
}

void FleetStore::dropShared(NodeIndex node) {
    if (label_sets_.uses(labels_[node]) == 1) {
        dropWords(label_sets_[labels_[node]]);
    }
    label_sets_.drop(labels_[node]);
    if (service_sets_.uses(services_[node]) == 1) {
        dropWords(service_sets_[services_[node]]);
    }
    service_sets_.drop(services_[node]);
    words_.drop(sites_[node]);
    words_.drop(health_[node]);
}

void FleetStore::count(NodeIndex node, bool more) {
    const Sign sign = state_[node].sign;
    countIn(totals_, sign, more);
    const auto at_site = site_counts_.try_emplace(site(node)).first;
    countIn(at_site->second, sign, more);
    if (at_site->second.nodes == 0) {
        site_counts_.erase(at_site);
    }
    for (const Service &one : service_sets_[services_[node]]) {
        const auto service = service_counts_.try_emplace(words_[one.service]).first;
        const auto revision = service->second.try_emplace(words_[one.revision], 0).first;
        revision->second += more ? 1U : ~0U;
        if (revision->second == 0) {
            service->second.erase(revision);
        }
        if (service->second.empty()) {
            service_counts_.erase(service);
        }
    }
}

// ---- Telling

void FleetStore::note(NodeIndex node) {
    if (!state_[node].changed) {
        state_[node].changed = true;
        change_.nodes.push_back(node);
    }
}

void FleetStore::schedule() {
    if (!timer_.isActive()) {
        const qint64 passed = since_.isValid() ? since_.elapsed() : announce_interval_ms;
        timer_.start(static_cast<int>(std::max<qint64>(0, announce_interval_ms - passed)));
    }
}

void FleetStore::announce() {
    since_.start();
    FleetChange change;
    std::swap(change, change_);
    for (const NodeIndex node : change.nodes) {
        state_[node].changed = false;
    }
    std::erase_if(change.nodes, [this](NodeIndex node) { return !has(node); });
    if (change.structure || !change.nodes.empty()) {
        Q_EMIT changed(change);
    }
}

// ---- Reading

api::NodeRow FleetStore::row(NodeIndex node) const {
    api::NodeRow row;
    row.id = id(node);
    row.name = name(node);
    row.address = address(node);
    row.site = site(node);
    for (const auto &[key, value] : label_sets_[labels_[node]]) {
        row.labels.emplace_back(words_[key], words_[value]);
    }
    row.status = status(node);
    row.flags = flags(node);
    row.flapping = flapping(node);
    row.heard_wall_ms = heardWallMs(node);
    row.behind = behind(node);
    for (const Service &one : service_sets_[services_[node]]) {
        row.services.push_back(
            {words_[one.service], words_[one.revision], one.ready, words_[one.text]});
    }
    row.usage = usage(node);
    row.capacity = capacity(node);
    return row;
}

QString FleetStore::label(NodeIndex node, const QString &key) const {
    for (const auto &[one, value] : label_sets_[labels_[node]]) {
        if (words_[one] == key) {
            return words_[value];
        }
    }
    return {};
}

QString FleetStore::revision(NodeIndex node, const QString &service) const {
    for (const Service &one : service_sets_[services_[node]]) {
        if (service.isEmpty() || words_[one.service] == service) {
            return words_[one.revision];
        }
    }
    return {};
}

} // namespace aviary
