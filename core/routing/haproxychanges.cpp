// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxychanges.h"

#include "core/routing/haproxyweights.h"

#include <QHostAddress>

#include <algorithm>

namespace aviary::routing {
namespace {

// An operator's HAProxy has no map for it: the weights of the servers follow from the split.
void appendSplit(QByteArrayList &commands, const HaproxyView &view, const SlotSplit &split) {
    if (view.backend.isEmpty()) {
        commands += "set map split.map split " + splitText(split);
    }
}

Slot &slotAt(HaproxyView &view, int slot) {
    return view.slots[static_cast<std::size_t>(slot)];
}

// The slot of a revision; one that has none gets one, counting from zero.
Result<int> claimSlot(HaproxyView &view, const QString &revision, QByteArrayList &commands) {
    int slot = view.slotOf(revision);
    if (slot >= 0) {
        return slot;
    }
    slot = view.freeSlot();
    if (slot < 0) {
        return fail(ErrorCode::Refused,
                    QStringLiteral("%1 revisions of the service have servers").arg(haproxy_slots),
                    revision, QStringLiteral("retire one of them"));
    }
    slotAt(view, slot).revision = revision;
    slotAt(view, slot).base = slotAt(view, slot).counters;
    if (view.backend.isEmpty()) {
        commands +=
            "set map slots.map " + QByteArray::number(slot) + ' ' + slotText(slotAt(view, slot));
    }
    return slot;
}

const SlotServer *serverIn(const HaproxyView &view, const Server &server) {
    return view.find(view.slotOf(server.revision), server.node);
}

void appendRemoval(QByteArrayList &commands, const QByteArray &word) {
    commands += "set server " + word + " state maint";
    commands += "del server " + word;
}

bool isAt(const HaproxyView &view, const Server &server) {
    const SlotServer *present = serverIn(view, server);
    return present != nullptr && present->port == server.port &&
           QHostAddress(present->host) == QHostAddress(server.host);
}

// The last stable server that is ready goes: the fresh ones take over.
bool handsOver(const HaproxyView &view, const SlotServer &going) {
    const auto ready =
        std::count_if(view.servers.begin(), view.servers.end(), [&going](const SlotServer &other) {
            return other.slot == going.slot && other.state == ServerState::Ready;
        });
    return going.slot == view.split.stable && ready == 1 && !view.split.spill;
}

// The split when a server comes to `slot`.
SlotSplit splitWith(const HaproxyView &view, int slot) {
    SlotSplit split = view.split;
    if (split.fresh < 0 && split.stable < 0) {
        split.fresh = slot;
        split.weight = kernel::full_weight;
    }
    split.spill = split.spill && slot != split.stable;
    return split;
}

QByteArrayList withSplit(const HaproxyView &view, int slot, QByteArrayList commands) {
    const SlotSplit split = splitWith(view, slot);
    if (split != view.split) {
        appendSplit(commands, view, split);
    }
    return commands;
}

// The slots of a split, which are claimed in `view`.
Result<SlotSplit> slotsFor(HaproxyView &view, const Split &split, QByteArrayList &commands) {
    SlotSplit wanted;
    const Result<int> fresh = claimSlot(view, split.fresh, commands);
    if (!fresh) {
        return tl::unexpected(fresh.error());
    }
    const SlotSplit before = view.split;
    view.split.fresh = *fresh; // so that the stable one does not get the same slot
    if (!split.stable.isEmpty()) {
        const Result<int> stable = claimSlot(view, split.stable, commands);
        if (!stable) {
            return tl::unexpected(stable.error());
        }
        wanted.stable = *stable;
    }
    wanted.fresh = *fresh;
    wanted.weight = split.weight;
    wanted.latency_limit_ms = split.latency_limit_ms;
    const bool same = wanted.stable == before.stable && wanted.fresh == before.fresh;
    wanted.spill = same && before.spill && !view.anyReady(wanted.stable);
    return wanted;
}

} // namespace

Result<QByteArrayList> commandsToAdd(const HaproxyView &view, const Server &server) {
    const QHostAddress address(server.host);
    if (address.isNull() || server.port == 0) {
        return fail(ErrorCode::Invalid,
                    QStringLiteral("\"%1:%2\" is no address").arg(server.host).arg(server.port),
                    server.node, QStringLiteral("give an IP address and a port"));
    }
    HaproxyView known = view;
    QByteArrayList commands;
    const Result<int> slot = claimSlot(known, server.revision, commands);
    if (!slot) {
        return tl::unexpected(slot.error());
    }
    const QByteArray word = known.wordFor(*slot, server.node);
    if (!isAdded(view, server)) {
        if (isAt(view, server)) { // it was drained, or HAProxy found it down
            commands += "set server " + word + " state ready";
            commands += "set server " + word + " health up";
            return withSplit(view, *slot, std::move(commands));
        }
        if (view.find(*slot, server.node) != nullptr) {
            appendRemoval(commands, word);
        }
        const bool v6 = address.protocol() == QAbstractSocket::IPv6Protocol;
        const QByteArray host = server.host.toLatin1();
        commands += "add server " + word + ' ' + (v6 ? QByteArray('[' + host + ']') : host) + ':' +
                    QByteArray::number(server.port) + " check inter 500ms fall 2 rise 1";
        if (!view.backend.isEmpty()) { // its share comes with those of the others
            commands.last() += " weight 0";
        }
        commands += "enable health " + word;
        commands += "enable server " + word;
    }
    return withSplit(view, *slot, std::move(commands));
}

QByteArrayList commandsToDrain(const HaproxyView &view, const Server &server) {
    const SlotServer *present = serverIn(view, server);
    QByteArrayList commands;
    if (present == nullptr || isDrained(view, server)) {
        return commands;
    }
    if (handsOver(view, *present)) {
        SlotSplit split = view.split;
        split.spill = true;
        appendSplit(commands, view, split);
    }
    commands += "set server " + view.wordFor(present->slot, server.node) + " state drain";
    return commands;
}

HaproxyView afterDrain(HaproxyView view, const Server &server) {
    const SlotServer *present = serverIn(view, server);
    if (present != nullptr && !isDrained(view, server)) {
        view.split.spill = view.split.spill || handsOver(view, *present);
        view.servers[static_cast<std::size_t>(present - view.servers.data())].state =
            ServerState::Draining;
    }
    return view;
}

QByteArrayList commandsToRemove(const HaproxyView &view, const Server &server) {
    QByteArrayList commands;
    if (const SlotServer *present = serverIn(view, server)) {
        appendRemoval(commands, view.wordFor(present->slot, server.node));
    }
    return commands;
}

Result<QByteArrayList> commandsToSplit(const HaproxyView &view, const Split &split) {
    if (split.weight < 0 || split.weight > kernel::full_weight || split.fresh.isEmpty()) {
        return fail(ErrorCode::Invalid,
                    QStringLiteral("a weight of %1 for \"%2\"").arg(split.weight).arg(split.fresh),
                    split.service, QStringLiteral("give a revision and a weight of 0 to 10000"));
    }
    HaproxyView known = view;
    QByteArrayList commands;
    const Result<SlotSplit> wanted = slotsFor(known, split, commands);
    if (!wanted) {
        return tl::unexpected(wanted.error());
    }
    known.split = *wanted;
    if (!view.backend.isEmpty() && isTooFine(known)) {
        return fail(ErrorCode::Refused,
                    QStringLiteral("weights of HAProxy end at %1: a share of %2 % is too small")
                        .arg(server_weight_max)
                        .arg(split.weight / 100.0),
                    split.service, QStringLiteral("give more, or keep more stable servers"));
    }
    if (*wanted != view.split) {
        appendSplit(commands, view, *wanted);
    }
    return commands;
}

HaproxyView afterAdd(HaproxyView view, const Server &server) {
    QByteArrayList commands;
    const Result<int> slot = claimSlot(view, server.revision, commands);
    if (!slot) {
        return view;
    }
    view.split = splitWith(view, *slot);
    const SlotServer *present = view.find(*slot, server.node);
    if (!view.backend.isEmpty() && present == nullptr) {
        view.servers.push_back(
            {*slot, server.node, server.host, server.port, ServerState::Ready, 0, 0});
    } else if (isAt(view, server)) {
        view.servers[static_cast<std::size_t>(present - view.servers.data())].state =
            ServerState::Ready;
    }
    return view;
}

HaproxyView afterSplit(HaproxyView view, const Split &split) {
    HaproxyView after = view;
    QByteArrayList commands;
    if (const Result<SlotSplit> wanted = slotsFor(after, split, commands)) {
        after.split = *wanted;
        return after;
    }
    return view;
}

bool isAdded(const HaproxyView &view, const Server &server) {
    return isAt(view, server) && serverIn(view, server)->state == ServerState::Ready;
}

bool isDrained(const HaproxyView &view, const Server &server) {
    const SlotServer *present = serverIn(view, server);
    return present == nullptr || present->state == ServerState::Draining ||
           present->state == ServerState::Off;
}

quint32 openRequests(const HaproxyView &view, const Server &server) {
    const SlotServer *present = serverIn(view, server);
    return present == nullptr ? 0 : present->open_requests;
}

bool isRemoved(const HaproxyView &view, const Server &server) {
    return serverIn(view, server) == nullptr;
}

bool isSplit(const HaproxyView &view, const Split &split) {
    return view.split.fresh == view.slotOf(split.fresh) && view.split.fresh >= 0 &&
           view.split.stable == view.slotOf(split.stable) && view.split.weight == split.weight &&
           view.split.latency_limit_ms == split.latency_limit_ms;
}

RouteView routeView(const HaproxyView &view, const QString &service, quint16 port) {
    const auto revisionOf = [&view](int slot) {
        return slot < 0 ? QString() : view.slots[static_cast<std::size_t>(slot)].revision;
    };
    RouteView route;
    route.service = service;
    route.port = port;
    route.split = {service, revisionOf(view.split.fresh), revisionOf(view.split.stable),
                   view.split.weight, view.split.latency_limit_ms};
    for (const SlotServer &server : view.servers) {
        route.servers.push_back(
            {{service, revisionOf(server.slot), server.node, server.host, server.port},
             server.state,
             server.open_requests});
    }
    for (const Slot &slot : view.slots) {
        if (!slot.revision.isEmpty()) {
            route.samples[slot.revision] = slot.sample();
        }
    }
    return route;
}

} // namespace aviary::routing
