// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/fleetfile.h"

#include "core/kernel/strategy/compile.h"
#include "core/support/exactjson.h"
#include "core/support/fieldreader.h"

#include <algorithm>
#include <limits>
#include <set>

namespace aviary::plans {

namespace {

using kernel::Node;

constexpr QLatin1StringView format_word("aviary-fleet/1");
constexpr qsizetype text_length_max = 4'096;
constexpr qsizetype members_max = 10'000;
constexpr std::size_t flaws_max = 25; // the line of each is searched for
constexpr qint64 most = std::numeric_limits<qint64>::max();
constexpr qint64 count_max = std::numeric_limits<std::uint32_t>::max();

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

// One node of the file.
class NodeReader {
public:
    NodeReader(const QCborMap &map, qsizetype index, Flaws &flaws)
        : path_{u"nodes"_qs, QString::number(index)}, reader_(map, path_, flaws), flaws_(flaws) {}

    Node read() {
        Node node;
        node.id = string("id", {});
        if (node.id.empty()) {
            reader_.flaw(u"id"_qs, u"is missing"_qs, u"a name that is unique in the fleet"_qs);
        }
        node.labels = texts("labels");
        const auto site = node.labels.find("site");
        node.name = string("name", node.id);
        node.address = string("address", {});
        node.site = string("site", site == node.labels.end() ? std::string() : site->second);
        status(node);
        node.flags.draining = reader_.boolean(u"draining"_qs, false);
        node.flags.maintenance = reader_.boolean(u"maintenance"_qs, false);
        node.flags.excluded = reader_.boolean(u"excluded"_qs, false);
        for (const QString &one : reader_.texts(u"capabilities"_qs, members_max, text_length_max)) {
            node.capabilities.push_back(one.toStdString());
        }
        std::sort(node.capabilities.begin(), node.capabilities.end());
        capacity(node.capacity);
        usage(node.usage);
        if (const qint64 age = reader_.integer(u"heartbeat_age_ms"_qs, -1, 0, most); age >= 0) {
            node.heartbeat_age = age;
        }
        node.revisions = texts("revisions");
        reader_.finish();
        return node;
    }

private:
    std::string string(const char *name, const std::string &by_default) {
        return reader_
            .text(QString::fromUtf8(name), QString::fromStdString(by_default), text_length_max)
            .toStdString();
    }
    std::map<std::string, std::string> texts(const char *name) {
        std::map<std::string, std::string> result;
        const QString member = QString::fromUtf8(name);
        for (const auto &[key, value] : reader_.object(member, members_max)) {
            if (!value.isString() || value.toString().size() > text_length_max) {
                reader_.flaw(member, u"has a value that is no text"_qs, u"texts"_qs);
                continue;
            }
            result.emplace(key.toString().toStdString(), value.toString().toStdString());
        }
        return result;
    }
    void status(Node &node) {
        using kernel::NodeStatus;
        const QString given = reader_.text(u"status"_qs, u"online"_qs, text_length_max);
        for (const NodeStatus one :
             {NodeStatus::Online, NodeStatus::Degraded, NodeStatus::Offline}) {
            if (given == text(nameOf(one))) {
                node.status = one;
                return;
            }
        }
        reader_.flaw(u"status"_qs, QStringLiteral("is \"%1\"").arg(given.left(40)),
                     u"online, degraded, offline"_qs);
    }
    void capacity(kernel::Capacity &capacity) {
        const QCborMap given = reader_.object(u"capacity"_qs, members_max);
        if (given.isEmpty()) {
            return;
        }
        FieldReader reader(given, path_ + QStringList{u"capacity"_qs}, flaws_);
        capacity.memory_mib = reader.integer(u"memory_mib"_qs, 0, 0, most);
        capacity.disk_mib = reader.integer(u"disk_mib"_qs, 0, 0, most);
        capacity.services =
            static_cast<std::uint32_t>(reader.integer(u"services"_qs, 0, 0, count_max));
        reader.finish();
    }
    void usage(kernel::Usage &usage) {
        const QCborMap given = reader_.object(u"usage"_qs, members_max);
        if (given.isEmpty()) {
            return;
        }
        FieldReader reader(given, path_ + QStringList{u"usage"_qs}, flaws_);
        usage.cpu = static_cast<kernel::Ppm>(reader.integer(u"cpu_ppm"_qs, 0, 0, kernel::ppm_one));
        usage.memory_mib = reader.integer(u"memory_mib"_qs, 0, 0, most);
        usage.disk_mib = reader.integer(u"disk_mib"_qs, 0, 0, most);
        usage.services =
            static_cast<std::uint32_t>(reader.integer(u"services"_qs, 0, 0, count_max));
        reader.finish();
    }

    QStringList path_;
    FieldReader reader_;
    Flaws &flaws_;
};

void readNodes(const QCborArray &nodes, kernel::Fleet &fleet, Flaws &flaws) {
    std::set<std::string> ids;
    fleet.nodes.reserve(static_cast<std::size_t>(nodes.size()));
    for (qsizetype i = 0; i < nodes.size() && flaws.size() < flaws_max; ++i) {
        const QString index = QString::number(i);
        if (!nodes.at(i).isMap()) {
            flaws.push_back({{u"nodes"_qs, index},
                             u"nodes."_qs + index + u" is no object"_qs,
                             u"an object with an id"_qs});
            continue;
        }
        Node node = NodeReader(nodes.at(i).toMap(), i, flaws).read();
        if (!node.id.empty() && !ids.insert(node.id).second) {
            flaws.push_back({{u"nodes"_qs, index, u"id"_qs},
                             u"nodes."_qs + index + u".id is \""_qs +
                                 QString::fromStdString(node.id).left(60) + u"\" once more"_qs,
                             u"each id once"_qs});
        }
        fleet.nodes.push_back(std::move(node));
    }
}

template <class Number>
void putNumber(QCborMap &map, const QString &key, Number value) {
    if (value != 0) {
        map.insert(key, static_cast<qint64>(value));
    }
}

QCborMap textsOf(const std::map<std::string, std::string> &texts) {
    QCborMap map;
    for (const auto &[key, value] : texts) {
        map.insert(QString::fromStdString(key), QString::fromStdString(value));
    }
    return map;
}

void putMap(QCborMap &map, const QString &key, const QCborMap &value) {
    if (!value.isEmpty()) {
        map.insert(key, value);
    }
}

QCborMap nodeOf(const Node &node) {
    QCborMap map;
    map.insert(u"id"_qs, QString::fromStdString(node.id));
    if (node.name != node.id) {
        map.insert(u"name"_qs, QString::fromStdString(node.name));
    }
    if (!node.address.empty()) {
        map.insert(u"address"_qs, QString::fromStdString(node.address));
    }
    map.insert(u"site"_qs, QString::fromStdString(node.site));
    putMap(map, u"labels"_qs, textsOf(node.labels));
    map.insert(u"status"_qs, text(nameOf(node.status)));
    for (const auto &[key, value] : {std::pair{u"draining"_qs, bool(node.flags.draining)},
                                     std::pair{u"maintenance"_qs, bool(node.flags.maintenance)},
                                     std::pair{u"excluded"_qs, bool(node.flags.excluded)}}) {
        if (value) {
            map.insert(key, true);
        }
    }
    QCborArray capabilities;
    for (const std::string &one : node.capabilities) {
        capabilities.append(QString::fromStdString(one));
    }
    if (!capabilities.isEmpty()) {
        map.insert(u"capabilities"_qs, capabilities);
    }
    QCborMap capacity;
    putNumber(capacity, u"memory_mib"_qs, node.capacity.memory_mib);
    putNumber(capacity, u"disk_mib"_qs, node.capacity.disk_mib);
    putNumber(capacity, u"services"_qs, node.capacity.services);
    putMap(map, u"capacity"_qs, capacity);
    QCborMap usage;
    putNumber(usage, u"cpu_ppm"_qs, node.usage.cpu);
    putNumber(usage, u"memory_mib"_qs, node.usage.memory_mib);
    putNumber(usage, u"disk_mib"_qs, node.usage.disk_mib);
    putNumber(usage, u"services"_qs, node.usage.services);
    putMap(map, u"usage"_qs, usage);
    if (node.heartbeat_age) {
        map.insert(u"heartbeat_age_ms"_qs, qint64(*node.heartbeat_age));
    }
    putMap(map, u"revisions"_qs, textsOf(node.revisions));
    return map;
}

Flaw flawOfDocument(const Error &error) {
    const QStringList place = error.where.split(u':');
    Flaw flaw{{}, error.what, error.remedy};
    flaw.line = place.value(0).toInt();
    flaw.column = place.value(1).toInt();
    return flaw;
}

} // namespace

FleetReading readFleet(const QByteArray &text) {
    FleetReading reading;
    JsonLimits limits;
    limits.bytes_max = fleet_bytes_max;
    limits.depth_max = 32;
    const auto document = readJson(text, {}, limits);
    if (!document || !document->isMap()) {
        const Error no_object{
            ErrorCode::Invalid, u"this is no fleet"_qs, {}, u"an object with the member nodes"_qs};
        reading.flaws.push_back(flawOfDocument(document ? no_object : document.error()));
        return reading;
    }
    FleetFile file;
    FieldReader top(document->toMap(), {}, reading.flaws);
    const QString format = top.text(u"format"_qs, QString(format_word), text_length_max);
    if (format != format_word) {
        top.flaw(u"format"_qs, QStringLiteral("is \"%1\"").arg(format.left(40)),
                 QString(format_word));
    }
    file.cluster = top.text(u"cluster"_qs, {}, text_length_max);
    file.taken_wall_ms = top.integer(u"taken_wall_ms"_qs, 0, 0, most);
    if (!top.has(u"nodes"_qs)) {
        top.flaw(u"nodes"_qs, u"is missing"_qs, u"a list of nodes"_qs);
    }
    readNodes(top.list(u"nodes"_qs, static_cast<qsizetype>(kernel::targets_max)), file.fleet,
              reading.flaws);
    top.finish();
    reading.flaws.resize(std::min(reading.flaws.size(), flaws_max));
    for (Flaw &flaw : reading.flaws) {
        flaw.line = lineOf(text, flaw.path);
    }
    if (reading.flaws.empty()) {
        reading.file = std::move(file);
    }
    return reading;
}

QByteArray writeFleet(const FleetFile &file) {
    QByteArray text = "{\"format\":\"" + QByteArray(format_word.data(), format_word.size()) + '"';
    if (!file.cluster.isEmpty()) {
        text += ",\"cluster\":" + writeJson(QCborValue(file.cluster));
    }
    if (file.taken_wall_ms != 0) {
        text += ",\"taken_wall_ms\":" + QByteArray::number(file.taken_wall_ms);
    }
    text += ",\"nodes\":[";
    for (std::size_t i = 0; i < file.fleet.nodes.size(); ++i) {
        text += i == 0 ? "\n" : ",\n";
        text += writeJson(nodeOf(file.fleet.nodes[i]));
    }
    return text + "\n]}\n";
}

} // namespace aviary::plans
