// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/future.h"

#include <algorithm>

namespace aviary::rehearsal {

using kernel::Cause;
using kernel::NodeStatus;
using kernel::Order;
using kernel::TargetIndex;

// ---- Orders

void Future::add(Millis after, Kind kind, std::uint32_t subject, std::uint32_t order) {
    const Millis at = now_ + after;
    if (at <= world_.scenario().horizon_ms) {
        wheel_.add({at, subject, order, kind});
    }
}

void Future::update(TargetIndex target, Order order) {
    const bool in_place = plan_.mode == kernel::UpdateMode::InPlace;
    if (in_place) {
        seeDown(state_.cells[target].site);
    }
    const bool labelled = !suspicion_->labelled.empty() && suspicion_->labelled[target] != 0;
    const Fates &fates = labelled ? suspicion_->labelled_fates : suspicion_->fates;
    const std::uint64_t word =
        luck_.word(world_.identity[target], Purpose::Start, nodes_[target].turns++);
    const std::uint32_t fate = lowHalf(word);
    const Millis latency = world_.start.at(highHalf(word));
    if (fate >= fates.slow) {
        add(latency, Kind::Ready, target, order);
    } else if (fate < fates.refused) {
        befell(Happening::What::Refused, target);
        add(latency, Kind::Refused, target, order);
    } else if (fate < fates.failed) {
        befell(Happening::What::StartFailed, target);
        add(latency, Kind::Failed, target, order);
    } else if (fate < fates.silent) {
        befell(Happening::What::FellSilent, target);
    } else {
        befell(Happening::What::Slow, target);
        add(latency * world_.scenario().start.slow_times, Kind::Ready, target, order);
    }
}

void Future::restore(TargetIndex target, Order order) {
    seeDown(state_.cells[target].site);
    const std::uint64_t word =
        luck_.word(world_.identity[target], Purpose::Back, nodes_[target].turns++);
    const bool fails = lowHalf(word) < world_.back_failed;
    add(world_.back.at(highHalf(word)), fails ? Kind::Failed : Kind::Ready, target, order);
}

void Future::retire(TargetIndex target, Order order) {
    const std::uint64_t word =
        luck_.word(world_.identity[target], Purpose::Stop, nodes_[target].turns++);
    add(world_.stop.at(highHalf(word)), Kind::Retired, target, order);
}

void Future::route(Order order) {
    const std::uint64_t word = luck_.word(0, Purpose::Router, ++routed_);
    const bool refuses = lowHalf(word) < world_.router_refused;
    add(world_.router.at(highHalf(word)), refuses ? Kind::Rejected : Kind::Applied, 0, order);
}

// ---- Reports

// A node that is dark says nothing until it is back.
void Future::report(const Occurrence &one) {
    const TargetIndex target = one.subject;
    const Millis dark_until = nodes_[target].dark_until;
    if (now_ < dark_until) {
        add(dark_until + world_.scenario().notice_ms - now_, one.kind, target, one.order);
        return;
    }
    switch (one.kind) {
    case Kind::Ready:
        ready(target, one.order);
        break;
    case Kind::Failed:
        tell(kernel::NodeFailed{target, one.order, Cause::StartFailed});
        break;
    case Kind::Refused:
        tell(kernel::NodeFailed{target, one.order, Cause::OrderRefused});
        break;
    case Kind::Retired:
        tell(kernel::NodeRetired{target, one.order});
        break;
    default:
        flap(one);
    }
    seeDown(state_.cells[target].site);
}

void Future::ready(TargetIndex target, Order order) {
    tell(kernel::NodeReady{target, order});
    if (!fresh_began_ && state_.cells[target].ready) {
        fresh_began_ = true;
        crowd_.freshBegan(now_);
    }
    if (world_.flapping == 0 || !isPresent(target, order)) {
        return;
    }
    const std::uint64_t identity = world_.identity[target];
    if (lowHalf(luck_.word(identity, Purpose::Flaps, 0)) < world_.flapping) {
        const double mean = static_cast<double>(world_.scenario().flapping.up_mean_ms);
        const std::uint64_t word = luck_.word(identity, Purpose::FlapUp, nodes_[target].turns++);
        add(exponentialAt(mean, word), Kind::FlapDown, target, order);
    }
}

bool Future::isPresent(TargetIndex target, Order order) const {
    const kernel::Cell &cell = state_.cells[target];
    return cell.order == order && !cell.returning;
}

void Future::flap(const Occurrence &one) {
    const TargetIndex target = one.subject;
    if (!isPresent(target, one.order)) {
        return;
    }
    if (one.kind == Kind::FlapUp) {
        ready(target, one.order);
        return;
    }
    befell(Happening::What::Flapped, target);
    tell(kernel::NodeNotReady{target, one.order});
    const double mean = static_cast<double>(world_.scenario().flapping.down_mean_ms);
    const std::uint64_t word =
        luck_.word(world_.identity[target], Purpose::FlapDown, nodes_[target].turns++);
    add(exponentialAt(mean, word), Kind::FlapUp, target, one.order);
}

// ---- Troubles

void Future::beginTroubles() {
    next(world_.outages, Kind::Outage, Purpose::SiteOutage, 0);
    next(world_.node_outages, Kind::NodeOutage, Purpose::NodeOutage, 0);
    next(world_.drains, Kind::Drain, Purpose::Drain, 0);
    if (!world_.setup.now) {
        return;
    }
    for (const TargetIndex target : world_.subjects) {
        const kernel::Cell &cell = state_.cells[target];
        const std::uint64_t word = luck_.word(world_.identity[target], Purpose::Remainder, 0);
        if (cell.status == NodeStatus::Offline) {
            nodes_[target].reported_dark = true;
            goDark(target, world_.node_outages.length.at(highHalf(word)));
            add(nodes_[target].dark_until, Kind::NodeNoticed, target, 0);
        }
        if (cell.drained) {
            nodes_[target].draining = true;
            add(world_.drains.length.at(lowHalf(word)), Kind::Drained, target, 0);
        }
    }
}

// The gap is of the even word, the subject of the odd one.
void Future::next(const Process &process, Kind kind, Purpose purpose, std::uint32_t count) {
    if (process.gap_mean_ms > 0.0) {
        const std::uint64_t word = luck_.word(0, purpose, 2 * std::uint64_t{count});
        add(exponentialAt(process.gap_mean_ms, word), kind, 0, count);
    }
}

void Future::goDark(TargetIndex target, Millis until) {
    nodes_[target].dark_until = std::max(nodes_[target].dark_until, until);
}

void Future::siteOutage(std::uint32_t count) {
    next(world_.outages, Kind::Outage, Purpose::SiteOutage, count + 1);
    const std::uint64_t which = luck_.word(0, Purpose::SiteOutage, 2 * std::uint64_t{count} + 1);
    const auto sites = static_cast<std::uint32_t>(world_.site_subjects.size());
    const std::uint32_t site = world_.site_subjects[placeOf(which, sites)];
    if (now_ < site_dark_until_[site]) {
        return;
    }
    const std::uint64_t word =
        luck_.word(world_.site_identity[site], Purpose::SiteOutageLength, count);
    const Millis length = world_.outages.length.at(highHalf(word));
    site_dark_until_[site] = now_ + length;
    befell(Happening::What::SiteDark, site);
    for (const TargetIndex target : world_.site_targets[site]) {
        goDark(target, now_ + length);
    }
    const Millis notice_ms = world_.scenario().notice_ms;
    add(notice_ms, Kind::SiteNoticed, site, 0);
    add(length + notice_ms, Kind::SiteNoticed, site, 0);
}

void Future::nodeOutage(std::uint32_t count) {
    next(world_.node_outages, Kind::NodeOutage, Purpose::NodeOutage, count + 1);
    const std::uint64_t which = luck_.word(0, Purpose::NodeOutage, 2 * std::uint64_t{count} + 1);
    const auto nodes = static_cast<std::uint32_t>(world_.subjects.size());
    const TargetIndex target = world_.subjects[placeOf(which, nodes)];
    if (now_ < nodes_[target].dark_until) {
        return;
    }
    const std::uint64_t word =
        luck_.word(world_.identity[target], Purpose::NodeOutageLength, count);
    const Millis length = world_.node_outages.length.at(highHalf(word));
    befell(Happening::What::NodeDark, target);
    goDark(target, now_ + length);
    const Millis notice_ms = world_.scenario().notice_ms;
    add(notice_ms, Kind::NodeNoticed, target, 0);
    add(length + notice_ms, Kind::NodeNoticed, target, 0);
}

void Future::drain(std::uint32_t count) {
    next(world_.drains, Kind::Drain, Purpose::Drain, count + 1);
    const std::uint64_t which = luck_.word(0, Purpose::Drain, 2 * std::uint64_t{count} + 1);
    const auto nodes = static_cast<std::uint32_t>(world_.subjects.size());
    const TargetIndex target = world_.subjects[placeOf(which, nodes)];
    if (nodes_[target].draining) {
        return;
    }
    const std::uint64_t word = luck_.word(world_.identity[target], Purpose::DrainLength, count);
    befell(Happening::What::Draining, target);
    add(world_.drains.length.at(highHalf(word)), Kind::Drained, target, 0);
    drained(target);
}

void Future::drained(TargetIndex target) {
    nodes_[target].draining = !nodes_[target].draining;
    tell(kernel::NodeFlagsChanged{target, nodes_[target].draining, false, false});
    seeDown(state_.cells[target].site);
}

void Future::noticeSite(std::uint32_t site) {
    for (const TargetIndex target : world_.site_targets[site]) {
        if (kernel::isEnd(state_.status)) {
            return;
        }
        notice(target);
    }
}

void Future::notice(TargetIndex target) {
    NodeLuck &node = nodes_[target];
    const bool dark = now_ < node.dark_until;
    if (dark != node.reported_dark) {
        node.reported_dark = dark;
        tell(kernel::NodeStatusChanged{target, dark ? NodeStatus::Offline : NodeStatus::Online});
        seeDown(state_.cells[target].site);
    }
}

} // namespace aviary::rehearsal
