// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/fleetfile.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <rapidcheck.h>

using namespace aviary;
using namespace aviary::plans;
using namespace aviary::kernel;

class TestFleetFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aNodeNeedsOnlyItsId();
    void everyMemberIsRead();
    void flaws_data();
    void flaws();
    void aFloodOfFlawsIsBounded();
    void anyFleetRoundTrips();
    void thirtyThousandNodes();
    void theSchemaKnowsEveryMember();
};

void TestFleetFile::aNodeNeedsOnlyItsId() {
    const FleetReading reading =
        readFleet(R"({"nodes": [{"id": "n0"}, {"id": "n1", "labels": {"site": "lyon"}}]})");
    QVERIFY(reading.file.has_value());
    const std::vector<Node> &nodes = reading.file->fleet.nodes;
    QCOMPARE(nodes[0].name, std::string("n0"));
    QCOMPARE(nodes[1].site, std::string("lyon"));
    QVERIFY(!nodes[0].heartbeat_age.has_value());
    QVERIFY(!isHealthy(nodes[0])); // never heard is never healthy
}

void TestFleetFile::everyMemberIsRead() {
    const FleetReading reading = readFleet(R"({"format": "aviary-fleet/1", "cluster": "edge-eu",
        "taken_wall_ms": 1790000000000, "nodes": [{"id": "n0", "name": "Till 1",
        "address": "10.0.0.1:80", "site": "lyon", "labels": {"ring": "1"}, "status": "degraded",
        "draining": true, "maintenance": true, "excluded": true, "capabilities": ["gpu", "arm64"],
        "capacity": {"memory_mib": 4096, "disk_mib": 10, "services": 8},
        "usage": {"cpu_ppm": 500000, "memory_mib": 900, "disk_mib": 1, "services": 2},
        "heartbeat_age_ms": 900, "revisions": {"web": "v1"}}]})");
    QVERIFY(reading.file.has_value());
    QCOMPARE(reading.file->cluster, u"edge-eu"_qs);
    QCOMPARE(reading.file->taken_wall_ms, 1'790'000'000'000);
    Node node;
    node.id = "n0";
    node.name = "Till 1";
    node.address = "10.0.0.1:80";
    node.site = "lyon";
    node.labels = {{"ring", "1"}};
    node.status = NodeStatus::Degraded;
    node.flags = {true, true, true};
    node.capabilities = {"arm64", "gpu"};
    node.capacity = {4096, 10, 8};
    node.usage = {500'000, 900, 1, 2};
    node.heartbeat_age = 900;
    node.revisions = {{"web", "v1"}};
    QCOMPARE(reading.file->fleet.nodes, std::vector<Node>{node});
}

void TestFleetFile::flaws_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("message");
    QTest::addColumn<int>("line");
    const auto row = [](const char *name, const char *text, const char *message, int line) {
        QTest::newRow(name) << QByteArray(text) << QString::fromUtf8(message) << line;
    };
    row("no JSON", "{\"nodes\": [\n}", "", 2);
    row("no object", "[]", "this is no fleet", 0);
    row("no nodes", "{}", "nodes is missing", 1);
    row("nodes is no list", "{\"nodes\": 3}", "nodes must be a list", 1);
    row("node is no object", "{\"nodes\": [\n 3]}", "nodes.0 is no object", 2);
    row("no id", "{\"nodes\": [\n{\"name\": \"a\"}]}", "nodes.0.id is missing", 2);
    row("id twice", "{\"nodes\": [{\"id\": \"a\"},\n{\"id\": \"a\"}]}",
        "nodes.1.id is \"a\" once more", 2);
    row("key twice", "{\"nodes\": [], \"nodes\": []}", "twice", 1);
    row("unknown member", "{\"nodes\": [{\"id\": \"a\",\n\"statsu\": 1}]}",
        "nodes.0.statsu is unknown", 2);
    row("status", "{\"nodes\": [{\"id\": \"a\", \"status\": \"up\"}]}", "nodes.0.status is \"up\"",
        1);
    row("negative age", "{\"nodes\": [{\"id\": \"a\", \"heartbeat_age_ms\": -5}]}",
        "heartbeat_age_ms must be an integer", 1);
    row("huge capacity", "{\"nodes\": [{\"id\": \"a\", \"capacity\": {\"services\": 1e400}}]}", "",
        1);
    row("label is a number", "{\"nodes\": [{\"id\": \"a\", \"labels\": {\"ring\": 1}}]}",
        "nodes.0.labels has a value that is no text", 1);
    row("another format", "{\"format\": \"x\", \"nodes\": []}", "format is \"x\"", 1);
}

void TestFleetFile::flaws() {
    QFETCH(QByteArray, text);
    QFETCH(QString, message);
    QFETCH(int, line);
    const FleetReading reading = readFleet(text);
    QVERIFY(!reading.file);
    bool matched = false;
    QStringList found;
    for (const Flaw &flaw : reading.flaws) {
        found << flaw.message + u" at " + QString::number(flaw.line);
        matched = matched || (flaw.message.contains(message) && flaw.line == line);
    }
    QVERIFY2(matched, qPrintable(found.join(u'\n')));
}

void TestFleetFile::aFloodOfFlawsIsBounded() {
    QByteArray text = "{\"nodes\": [";
    for (int i = 0; i < 20'000; ++i) {
        text += i == 0 ? "{}" : ",{}";
    }
    const FleetReading reading = readFleet(text + "]}");
    QCOMPARE(reading.flaws.size(), std::size_t(25));
}

void TestFleetFile::anyFleetRoundTrips() {
    const bool holds = rc::check("what is written reads back as the same fleet", [] {
        FleetFile file;
        const auto text = rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
        file.cluster = QString::fromStdString(*text);
        file.taken_wall_ms = *rc::gen::inRange<qint64>(0, 1LL << 50);
        for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
            Node &node = file.fleet.nodes.emplace_back();
            node.id = *text + std::to_string(i);
            node.name = *text;
            node.site = *text;
            node.labels["site"] = *text;
            node.status =
                *rc::gen::element(NodeStatus::Online, NodeStatus::Degraded, NodeStatus::Offline);
            node.flags.maintenance = *rc::gen::arbitrary<bool>();
            node.capacity.memory_mib = *rc::gen::inRange<std::int64_t>(0, 1LL << 60);
            node.usage.cpu = *rc::gen::inRange<Ppm>(0, ppm_one);
            node.usage.services = *rc::gen::arbitrary<std::uint32_t>();
            if (*rc::gen::arbitrary<bool>()) {
                node.heartbeat_age = *rc::gen::inRange<Millis>(0, 1LL << 60);
                node.revisions[*text] = *text;
            }
        }
        const QByteArray written = writeFleet(file);
        const FleetReading reading = readFleet(written);
        if (!reading.file) {
            RC_FAIL(reading.flaws[0].message.toStdString() + "\n" + written.toStdString());
        }
        RC_ASSERT(*reading.file == file);
        RC_ASSERT(writeFleet(*reading.file) == written);
    });
    QVERIFY(holds);
}

void TestFleetFile::thirtyThousandNodes() {
    FleetFile file;
    for (int i = 0; i < 30'000; ++i) {
        Node &node = file.fleet.nodes.emplace_back();
        node.id = node.name = "node-" + std::to_string(i);
        node.site = "site-" + std::to_string(i % 40);
        node.heartbeat_age = i;
        node.revisions["web"] = "v1";
    }
    QElapsedTimer timer;
    timer.start();
    const QByteArray text = writeFleet(file);
    const qint64 written_ms = timer.restart();
    const FleetReading reading = readFleet(text);
    QVERIFY(reading.file == file);
    qInfo("%lld bytes written in %lld ms, read in %lld ms", qint64(text.size()), written_ms,
          timer.elapsed());
    QVERIFY(timer.elapsed() < 30'000);
}

void TestFleetFile::theSchemaKnowsEveryMember() {
    QFile file(QStringLiteral(AVIARY_SOURCE_DIR "/resources/schemas/fleet.schema.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject schema = QJsonDocument::fromJson(file.readAll()).object();
    QVERIFY(!schema.isEmpty());
    const auto membersOf = [](const QJsonObject &part) {
        return part[u"properties"].toObject().keys();
    };
    const auto allowedBeside = [](const QByteArray &text) {
        for (const Flaw &flaw : readFleet(text).flaws) {
            if (flaw.field().endsWith(u"qqqqqq")) {
                QStringList names = flaw.allowed.split(u", "_qs);
                names.sort();
                return names;
            }
        }
        return QStringList();
    };
    const QJsonObject node = schema[u"$defs"].toObject()[u"node"].toObject();
    const QJsonObject members = node[u"properties"].toObject();
    const QStringList top = allowedBeside("{\"nodes\": [], \"qqqqqq\": 1}");
    const QStringList inner = allowedBeside("{\"nodes\": [{\"id\": \"a\", \"qqqqqq\": 1}]}");
    QCOMPARE(membersOf(schema), top);
    QCOMPARE(membersOf(node), inner);
    for (const char *part : {"capacity", "usage"}) {
        const QByteArray text =
            QByteArray("{\"nodes\": [{\"id\": \"a\", \"") + part + "\": {\"qqqqqq\": 1}}]}";
        QCOMPARE(membersOf(members[QString::fromUtf8(part)].toObject()), allowedBeside(text));
    }
}

QTEST_GUILESS_MAIN(TestFleetFile)
#include "test_fleetfile.moc"
