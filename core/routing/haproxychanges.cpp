// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxychanges.h"

#include <QHostAddress>

#include <algorithm>

namespace aviary::routing {
namespace {

QByteArray wordFor(int slot, const QString &node) {
    return "slot" + QByteArray::number(slot) + '/' + wordOf(node);
}

QByteArray splitCommand(const SlotSplit &split) {
    return "set map split.map split " + splitText(split);
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
    commands +=
        "set map slots.map " + QByteArray::number(slot) + ' ' + slotText(slotAt(view, slot));
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

// What a server that comes to `slot` changes in the split.
QByteArrayList withSplit(const HaproxyView &view, int slot, QByteArrayList commands) {
    SlotSplit split = view.split;
    if (split.fresh < 0 && split.stable < 0) {
        split.fresh = slot;
        split.weight = kernel::full_weight;
    }
    split.spill = split.spill && slot != split.stable;
    if (split != view.split) {
        commands += splitCommand(split);
    }
    return commands;
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
    const QByteArray word = wordFor(*slot, server.node);
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
        commands += splitCommand(split);
    }
    commands += "set server " + wordFor(present->slot, server.node) + " state drain";
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
        appendRemoval(commands, wordFor(present->slot, server.node));
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
    SlotSplit wanted;
    const Result<int> fresh = claimSlot(known, split.fresh, commands);
    if (!fresh) {
        return tl::unexpected(fresh.error());
    }
    known.split.fresh = *fresh; // so that the stable one does not get the same slot
    if (!split.stable.isEmpty()) {
        const Result<int> stable = claimSlot(known, split.stable, commands);
        if (!stable) {
            return tl::unexpected(stable.error());
        }
        wanted.stable = *stable;
    }
    wanted.fresh = *fresh;
    wanted.weight = split.weight;
    wanted.latency_limit_ms = split.latency_limit_ms;
    const bool same = wanted.stable == view.split.stable && wanted.fresh == view.split.fresh;
    wanted.spill = same && view.split.spill && !view.anyReady(wanted.stable);
    if (wanted != view.split) {
        commands += splitCommand(wanted);
    }
    return commands;
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
