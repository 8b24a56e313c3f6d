// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/fleetmatch.h"

#include <algorithm>

namespace aviary {
namespace {

using Key = api::Filter::Key;

// What is asked of each node anew, as nodes share no value there.
bool isOwn(Key key) {
    return key == Key::Text || key == Key::Id || key == Key::Name || key == Key::Address ||
           (key >= Key::Behind && key <= Key::Disk);
}

} // namespace

void FleetMatch::setFilter(const api::Filter &filter) {
    filter_ = filter;
    conditions_.clear();
    for (const Term &term : filter_.terms()) {
        conditions_.push_back({&term, {}, 0});
    }
    if (filter_.readsServices()) {
        conditions_.push_back({});
    }
    std::ranges::stable_sort(conditions_, {}, [](const Condition &condition) {
        return condition.term && isOwn(condition.term->key);
    });
    lookAtAll();
}

void FleetMatch::update(const FleetChange &change) {
    if (change.structure || matches_.size() != store_.end()) {
        lookAtAll();
        return;
    }
    for (const NodeIndex node : change.nodes) {
        const bool fits = std::ranges::all_of(
            conditions_, [this, node](Condition &condition) { return holds(condition, node); });
        if (fits != matches_[node]) {
            matches_[node] = fits;
            count_ += fits ? 1U : ~0U;
        }
    }
}

void FleetMatch::lookAtAll() {
    matches_.assign(store_.end(), false);
    count_ = 0;
    for (NodeIndex node = 0; node < store_.end(); ++node) {
        bool fits = store_.has(node);
        for (auto condition = conditions_.begin(); fits && condition != conditions_.end();
             ++condition) {
            fits = holds(*condition, node);
        }
        matches_[node] = fits;
        count_ += fits;
    }
}

bool FleetMatch::holds(Condition &condition, NodeIndex node) {
    const std::optional<quint32> value = shared(condition, node);
    if (!value) {
        return answer(condition, node);
    }
    if (const quint64 now = version(condition); now != condition.version) {
        condition.version = now;
        condition.known.clear();
    }
    if (condition.known.size() <= *value) {
        condition.known.resize(*value + 1, -1);
    }
    signed char &known = condition.known[*value];
    if (known < 0) {
        known = answer(condition, node) ? 1 : 0;
    }
    return known == 1;
}

// The number of the value that the condition reads and others may share; none: it is the node's
// own.
std::optional<quint32> FleetMatch::shared(const Condition &condition, NodeIndex node) const {
    if (!condition.term) {
        return store_.serviceSet(node);
    }
    switch (condition.term->key) {
    case Key::Site:
        return store_.siteWord(node);
    case Key::Label:
        return store_.labelSet(node);
    case Key::Health:
        return store_.healthWord(node);
    case Key::Status:
        return static_cast<quint32>(store_.status(node));
    case Key::Flag: {
        const kernel::NodeFlags flags = store_.flags(node);
        return (flags.draining ? 1U : 0U) + (flags.maintenance ? 2U : 0U) +
               (flags.excluded ? 4U : 0U);
    }
    default:
        return {};
    }
}

quint64 FleetMatch::version(const Condition &condition) const {
    if (!condition.term) {
        return store_.serviceSets().version();
    }
    switch (condition.term->key) {
    case Key::Site:
    case Key::Health:
        return store_.words().version();
    case Key::Label:
        return store_.labelSets().version();
    default:
        return 0;
    }
}

// The filter's own answer, of a row that holds what the condition reads.
bool FleetMatch::answer(const Condition &condition, NodeIndex node) {
    if (!condition.term) {
        return filter_.servicesMatch(store_.row(node));
    }
    const Key key = condition.term->key;
    if (!isOwn(key)) {
        return api::Filter::holds(*condition.term, store_.row(node));
    }
    if (key >= Key::Behind) {
        scratch_.behind = store_.behind(node);
        scratch_.usage = store_.usage(node);
        scratch_.capacity = store_.capacity(node);
    } else {
        scratch_.id = store_.id(node);
        scratch_.name = store_.name(node);
        scratch_.address = store_.address(node);
        scratch_.site = store_.site(node);
    }
    return api::Filter::holds(*condition.term, scratch_);
}

} // namespace aviary
