// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxybackend.h"

#include "core/routing/haproxyweights.h"
#include "core/support/wholefile.h"

#include <QFile>
#include <QTime>

#include <algorithm>
#include <utility>

namespace aviary::routing {
namespace {

constexpr int watch_ms = 500;
constexpr qint64 memory_bytes_max = 1024 * 1024;

} // namespace

QString HaproxyBackend::remedyWhenAway() {
    return QStringLiteral("start HAProxy, or correct settings.router.socket; the line in its "
                          "configuration: stats socket PATH mode 660 level admin");
}

HaproxyBackend::HaproxyBackend(Place place, const QString &directory, QString service,
                               QObject *parent)
    : HaproxyRoute(directory, std::move(service), place.port, place.socket, remedyWhenAway(),
                   parent)
    , place_(std::move(place)) {
    connect(&watch_, &QTimer::timeout, this, &HaproxyBackend::watch);
}

Result<void> HaproxyBackend::open() {
    recall();
    watch_.start(watch_ms);
    goOn();
    return {};
}

HaproxyView HaproxyBackend::asKnown() const {
    HaproxyView view;
    view.backend = place_.backend;
    view.prefix = place_.prefix;
    view.slots = last_.slots;
    view.split = last_.split;
    return view;
}

Result<HaproxyView> HaproxyBackend::read(const QByteArray &said) {
    const Result<BackendView> answer = readBackend(said, place_.backend);
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    const std::vector<Error> objections = objectionsTo(*answer, place_.backend, place_.socket);
    if (!objections.empty()) {
        return tl::unexpected(objections.front());
    }
    pid_ = answer->pid;
    version_ = answer->version;
    HaproxyView view = asKnown();
    place(answer->servers, view);
    last_.slots = view.slots; // what was counted is not counted again
    compare(view);
    return view;
}

// Revisions that are known come first: a slot that is taken for another one must be free.
void HaproxyBackend::place(const std::vector<BackendServer> &servers, HaproxyView &view) {
    std::map<QByteArray, Counted> counted;
    for (const bool known : {true, false}) {
        for (const BackendServer &server : servers) {
            const auto name = ourName(server.name, place_.prefix);
            if (!name || counted.contains(server.name) ||
                (known && view.slotOf(name->revision) < 0)) {
                continue;
            }
            int slot = view.slotOf(name->revision);
            if (slot < 0) {
                slot = view.freeSlot();
            }
            if (slot < 0) {
                continue; // more revisions than slots: not made by this router
            }
            Slot &its = view.slots[static_cast<std::size_t>(slot)];
            if (its.revision != name->revision) {
                its = {name->revision, its.counters, its.counters};
            }
            count(server, its);
            counted[server.name] = {server.answers, server.errors};
            view.servers.push_back({slot, name->node, server.host, server.port, server.state,
                                    server.open_requests, server.weight});
        }
    }
    counted_ = std::move(counted);
}

// A server that was started again, with HAProxy, counts from zero.
void HaproxyBackend::count(const BackendServer &server, Slot &slot) {
    const Counted before = counted_[server.name];
    const bool anew = server.answers < before.answers || server.errors < before.errors;
    slot.counters.values[0] += server.answers - (anew ? 0 : before.answers);
    slot.counters.values[1] += server.errors - (anew ? 0 : before.errors);
}

bool HaproxyBackend::isThere(const HaproxyView &view, const Server &server) const {
    return view.find(view.slotOf(server.revision), server.node) != nullptr;
}

void HaproxyBackend::wish(const Server &server, Wish wish) {
    const QByteArray name = nameOf(place_.prefix, server.revision, server.node);
    if (const auto known = wanted_.find(name); known != wanted_.end()) {
        known->second.wish = wish;
        known->second.server = wish == Wish::Serves ? server : known->second.server;
    } else if (wish == Wish::Serves) {
        wanted_[name] = {server, wish, false};
    }
}

// How many servers HAProxy lost; one that should go and is not there is done.
void HaproxyBackend::compare(const HaproxyView &view) {
    int lost = 0;
    for (auto entry = wanted_.begin(); entry != wanted_.end();) {
        Wanted &wanted = entry->second;
        const bool there = isThere(view, wanted.server);
        lost += !there && wanted.seen && wanted.wish == Wish::Serves ? 1 : 0;
        wanted.seen = wanted.seen || there;
        entry = !there && wanted.wish == Wish::Goes ? wanted_.erase(entry) : std::next(entry);
    }
    lost_ = std::max(lost_, lost);
}

void HaproxyBackend::intend(const HaproxyView &view) {
    if (!before_ && view.split != last_.split) {
        before_ = last_.split;
    }
    last_.slots = view.slots;
    last_.split = view.split;
    remember();
}

void HaproxyBackend::giveUpIntent() {
    if (before_) {
        last_.split = *std::exchange(before_, std::nullopt);
        remember();
    }
}

Result<void> HaproxyBackend::keep() {
    before_.reset();
    if (lost_ > 0) {
        const QString what =
            pid_ == known_pid_
                ? QStringLiteral("servers of Aviary were deleted from HAProxy by someone else")
                : QStringLiteral("HAProxy was started again");
        const QString text =
            QStringLiteral("%1; at %2 %3 of %4 were put back")
                .arg(what, QTime::currentTime().toString(QStringLiteral("HH:mm:ss")))
                .arg(lost_)
                .arg(service_);
        lost_ = 0;
        qWarning("routing: %s", qPrintable(text));
        Q_EMIT said(text);
    }
    known_pid_ = pid_;
    remember();
    return {};
}

QByteArrayList HaproxyBackend::commandsToMend(const HaproxyView &view) const {
    QByteArrayList commands;
    HaproxyView then = view;
    for (const auto &[name, wanted] : wanted_) {
        if (wanted.wish == Wish::Serves && !isThere(view, wanted.server)) {
            commands += commandsToAdd(then, wanted.server).value_or(QByteArrayList());
            then = afterAdd(std::move(then), wanted.server);
        }
    }
    return commands + commandsToWeigh(then);
}

// Each look: what is lost is put back, weights follow who is ready, what should be gone goes as
// soon as its last connection has ended.
void HaproxyBackend::watch() {
    if (watching_ || !isIdle()) {
        return;
    }
    watching_ = true;
    look([this](const Result<HaproxyView> &view) {
        watching_ = false;
        Q_EMIT heard(version_, view ? QString() : toText(view.error()));
        if (!view || !isIdle()) {
            return;
        }
        for (const auto &[name, wanted] : wanted_) {
            if (wanted.wish == Wish::Goes && isThere(*view, wanted.server)) {
                tell(commandsToRemove(*view, wanted.server));
            }
        }
        if (!commandsToMend(*view).isEmpty()) {
            mend();
        }
    });
}

void HaproxyBackend::remember() {
    QByteArray text =
        slotLines(last_) + splitLine(last_) + "pid " + QByteArray::number(known_pid_) + '\n';
    for (const auto &[name, wanted] : wanted_) {
        const auto counted = counted_.find(name);
        const Counted last = counted == counted_.end() ? Counted{} : counted->second;
        text += "server " + name + ' ' + wanted.server.host.toLatin1() + ' ' +
                QByteArray::number(wanted.server.port) + ' ' +
                QByteArray::number(static_cast<int>(wanted.wish)) + ' ' +
                QByteArray::number(last.answers) + ' ' + QByteArray::number(last.errors) + '\n';
    }
    if (const Result<void> written = writeWhole(directory_ + u"/backend", text); !written) {
        qWarning("routing: %s", qPrintable(toText(written.error()))); // it is told all the same
    }
}

void HaproxyBackend::recall() {
    QFile file(directory_ + u"/backend");
    if (!file.open(QIODevice::ReadOnly)) {
        return;
    }
    for (const QByteArray &line : file.read(memory_bytes_max).split('\n')) {
        const QByteArrayList words = line.split(' ');
        if (words.size() == 2 && words[0] == "split") {
            readSplit(words[1], last_.split);
        } else if (words.size() == 2 && words[0] == "pid") {
            known_pid_ = words[1].toLongLong();
        } else if (words.size() == 7 && words[0] == "server") {
            recallServer(words);
        } else if (words.size() == 2 && words[0].toUInt() < last_.slots.size()) {
            readSlot(words[1], last_.slots[words[0].toUInt()]);
        }
    }
}

void HaproxyBackend::recallServer(const QByteArrayList &words) {
    if (const auto name = ourName(words[1], place_.prefix)) {
        const Wish wish = words[4] == "0"   ? Wish::Serves
                          : words[4] == "1" ? Wish::Drained
                                            : Wish::Goes;
        wanted_[words[1]] = {{service_, name->revision, name->node, QString::fromLatin1(words[2]),
                              words[3].toUShort()},
                             wish,
                             true};
        counted_[words[1]] = {words[5].toLongLong(), words[6].toLongLong()};
    }
}

} // namespace aviary::routing
