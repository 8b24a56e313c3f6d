// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxyview.h"

#include <algorithm>

namespace aviary::routing {
namespace {

tl::unexpected<Error> strange(const QByteArray &answer) {
    return fail(ErrorCode::Unreachable,
                u"HAProxy answered \"" + QString::fromUtf8(answer.left(200)).simplified() + u'"',
                {}, QStringLiteral("use HAProxy 2.6 or later"));
}

int slotOfBackend(const QByteArray &backend) {
    bool good = false;
    const int slot = backend.startsWith("slot") ? backend.mid(4).toInt(&good) : -1;
    return good && slot >= 0 && slot < haproxy_slots ? slot : -1;
}

ServerState stateOf(const QByteArray &status) {
    if (status.startsWith("UP") || status.startsWith("no check")) {
        return ServerState::Ready;
    }
    return status.startsWith("DRAIN")   ? ServerState::Draining
           : status.startsWith("MAINT") ? ServerState::Off
                                        : ServerState::Down;
}

void readCounters(const StatLine &line, SlotCounters &counters) {
    counters.values[0] = line.answers();
    counters.values[1] = line.number("hrsp_5xx");
}

// "slot0,n1,...": a server, or with BACKEND in its place the sum of all.
void readStat(const StatLine &line, HaproxyView &view) {
    const int slot = slotOfBackend(line.text("pxname"));
    if (slot < 0) {
        return;
    }
    if (line.text("svname") == "BACKEND") {
        readCounters(line, view.slots[static_cast<std::size_t>(slot)].counters);
        return;
    }
    const QByteArray address = line.text("addr");
    const qsizetype colon = address.lastIndexOf(':');
    view.servers.push_back({slot, nameOfWord(line.text("svname")).value_or(QString()),
                            QString::fromLatin1(address.left(colon)).remove(u'[').remove(u']'),
                            address.mid(colon + 1).toUShort(), stateOf(line.text("status")),
                            static_cast<quint32>(line.number("scur")), 0});
}

// "0x..: key=0 use=0 exp=0 gpc0=12 gpc1=3"
void readTable(const QByteArrayList &words, HaproxyView &view) {
    std::map<QByteArray, qint64> values;
    for (const QByteArray &word : words.mid(1)) {
        const qsizetype equals = word.indexOf('=');
        values[word.left(equals)] = word.mid(equals + 1).toLongLong();
    }
    if (values["key"] >= 0 && values["key"] < haproxy_slots) {
        SlotCounters &counters = view.slots[static_cast<std::size_t>(values["key"])].counters;
        counters.values[2] = values["gpc0"];
        counters.values[3] = values["gpc1"];
    }
}

// "0x55942cc412a0 KEY VALUE", of either map. True when it said something.
bool readMap(const QByteArrayList &words, HaproxyView &view) {
    if (words[1] == "split") {
        return readSplit(words[2], view.split);
    }
    const int slot = slotOfBackend(QByteArray("slot" + words[1]));
    return slot >= 0 && readSlot(words[2], view.slots[static_cast<std::size_t>(slot)]);
}

} // namespace

bool readSplit(const QByteArray &text, SlotSplit &split) {
    const QByteArrayList words = text.split(':');
    if (words.size() != 5) {
        return false;
    }
    const auto slot = [](const QByteArray &word) {
        return word == "x" ? -1 : slotOfBackend(QByteArray("slot" + word));
    };
    split.stable = slot(words[0]);
    split.fresh = slot(words[1]);
    split.weight = words[2].toInt();
    split.latency_limit_ms = words[3].toLongLong();
    split.spill = words[4] == "1";
    return true;
}

bool readSlot(const QByteArray &text, Slot &slot) {
    const QByteArrayList words = text.split(',');
    const std::optional<QString> revision = nameOfWord(words[0]);
    if (words.size() != 5 || !revision) {
        return false;
    }
    slot.revision = *revision == u"." ? QString() : *revision;
    for (std::size_t i = 0; i < slot.base.values.size(); ++i) {
        slot.base.values[i] = words[static_cast<qsizetype>(i) + 1].toLongLong();
    }
    return true;
}

QByteArray StatLine::text(const char *column) const {
    const qsizetype at = columns_.indexOf(column);
    return at >= 0 && at < values_.size() ? values_[at] : QByteArray();
}

qint64 StatLine::answers() const {
    qint64 answers = 0;
    for (const char *column :
         {"hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other"}) {
        answers += number(column);
    }
    return answers;
}

QByteArray wordOf(const QString &name) {
    QByteArray word;
    for (const char byte : name.toUtf8()) {
        const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
        word += plain ? QByteArray(1, byte) : ':' + QByteArray(1, byte).toHex();
    }
    return word;
}

std::optional<QString> nameOfWord(const QByteArray &word) {
    QByteArray name;
    for (qsizetype i = 0; i < word.size(); ++i) {
        if (word[i] != ':') {
            name += word[i];
            continue;
        }
        bool good = false;
        const uint byte = word.mid(i + 1, 2).toUInt(&good, 16);
        if (!good || i + 2 >= word.size()) {
            return std::nullopt;
        }
        name += static_cast<char>(byte);
        i += 2;
    }
    return QString::fromUtf8(name);
}

kernel::Sample Slot::sample() const {
    const auto since = [this](std::size_t i) {
        return static_cast<std::uint64_t>(std::max<qint64>(0, counters.values[i] - base.values[i]));
    };
    return {since(0), since(1), since(2), since(3)};
}

int HaproxyView::slotOf(const QString &revision) const {
    for (std::size_t i = 0; i < slots.size() && !revision.isEmpty(); ++i) {
        if (slots[i].revision == revision) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

int HaproxyView::freeSlot() const {
    for (const bool used_before : {false, true}) {
        for (int slot = 0; slot < haproxy_slots; ++slot) {
            const bool named = !slots[static_cast<std::size_t>(slot)].revision.isEmpty();
            const bool busy = slot == split.stable || slot == split.fresh ||
                              std::any_of(servers.begin(), servers.end(),
                                          [slot](const SlotServer &s) { return s.slot == slot; });
            if (!busy && named == used_before) {
                return slot;
            }
        }
    }
    return -1;
}

const SlotServer *HaproxyView::find(int slot, const QString &node) const {
    const auto found = std::find_if(servers.begin(), servers.end(), [&](const SlotServer &server) {
        return server.slot == slot && server.node == node;
    });
    return found == servers.end() ? nullptr : &*found;
}

bool HaproxyView::anyReady(int slot) const {
    return std::any_of(servers.begin(), servers.end(), [slot](const SlotServer &server) {
        return server.slot == slot && server.state == ServerState::Ready;
    });
}

QByteArray HaproxyView::wordFor(int slot, const QString &node) const {
    if (backend.isEmpty()) {
        return "slot" + QByteArray::number(slot) + '/' + wordOf(node);
    }
    return backend + '/' + nameOf(prefix, slots[static_cast<std::size_t>(slot)].revision, node);
}

QByteArray nameOf(const QByteArray &prefix, const QString &revision, const QString &node) {
    return prefix + '.' + wordOf(revision) + '.' + wordOf(node);
}

QByteArrayList viewQuestions() {
    return {"show stat -1 6 -1", "show table counted", "show map split.map", "show map slots.map"};
}

Result<HaproxyView> readView(const QByteArray &answer) {
    HaproxyView view;
    QByteArrayList columns;
    int map_lines = 0;
    for (const QByteArray &line : answer.split('\n')) {
        const QByteArrayList words = line.split(' ');
        if (line.startsWith("# pxname,svname,")) {
            columns = line.mid(2).split(',');
        } else if (line.startsWith("0x") && words.size() == 3) {
            map_lines += readMap(words, view) ? 1 : 0;
        } else if (line.startsWith("0x") && words.size() > 1 && words[1].startsWith("key=")) {
            readTable(words, view);
        } else if (line.startsWith("slot") && !columns.isEmpty()) {
            readStat(StatLine(columns, line), view);
        }
    }
    if (columns.isEmpty() || map_lines != haproxy_slots + 1) {
        return strange(answer);
    }
    return view;
}

QByteArray splitText(const SlotSplit &split) {
    const auto slot = [](int number) {
        return number < 0 ? QByteArray("x") : QByteArray::number(number);
    };
    return slot(split.stable) + ':' + slot(split.fresh) + ':' + QByteArray::number(split.weight) +
           ':' + QByteArray::number(split.latency_limit_ms) + (split.spill ? ":1" : ":0");
}

QByteArray slotText(const Slot &slot) {
    QByteArray text = slot.revision.isEmpty() ? QByteArray(".") : wordOf(slot.revision);
    for (const qint64 value : slot.base.values) {
        text += ',' + QByteArray::number(value);
    }
    return text;
}

QByteArray slotLines(const HaproxyView &view) {
    QByteArray lines;
    for (std::size_t i = 0; i < view.slots.size(); ++i) {
        Slot slot = view.slots[i];
        for (std::size_t j = 0; j < slot.base.values.size(); ++j) {
            slot.base.values[j] -= slot.counters.values[j];
        }
        lines += QByteArray::number(static_cast<int>(i)) + ' ' + slotText(slot) + '\n';
    }
    return lines;
}

QByteArray splitLine(const HaproxyView &view) {
    return "split " + splitText(view.split) + '\n';
}

} // namespace aviary::routing
