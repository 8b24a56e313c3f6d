// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/filter.h"

#include <QElapsedTimer>
#include <QTest>

#include <rapidcheck.h>

using namespace aviary;
using namespace aviary::api;
using namespace Qt::Literals;

namespace {

NodeRow store() {
    NodeRow node;
    node.id = u"eu-north-07"_qs;
    node.name = u"Store 7, Malmö"_qs;
    node.address = u"10.0.0.7:8080"_qs;
    node.site = u"eu-north"_qs;
    node.labels = {{u"tier"_qs, u"gold"_qs}, {u"Rack"_qs, u"r 1"_qs}};
    node.heard_wall_ms = 1;
    node.behind = 2;
    node.flags.draining = true;
    node.services = {{u"shop"_qs, u"v41"_qs, true, {}}, {u"till"_qs, u"v7"_qs, true, {}}};
    node.usage = {500'000, 512, 0, 2};
    node.capacity.memory_mib = 1024;
    return node;
}

} // namespace

class TestFilter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNodeMatches_data();
    void aNodeMatches();
    void errorsNameTheCharacter_data();
    void errorsNameTheCharacter();
    void healthIsNeverBetterThanWhatIsKnown();
    void anyTextIsReadOrRefused();
    void aHundredThousandNodesAreQuick();
};

void TestFilter::aNodeMatches_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("match");
    const auto row = [](const char *filter, bool match) {
        QTest::newRow(filter) << QString::fromUtf8(filter) << match;
    };
    row("", true);
    row("   ", true);
    row("revision:v41", true);
    row("revision:V41", true);
    row("revision:v4", false);
    row("revision:v4?", true);
    row("revision:!v41", false);
    row("revision:!v42", true);
    row("site:eu-*", true);
    row("site:*north", true);
    row("site:*-*-*", false);
    row("site:us-*,eu-*", true);
    row("site:!us-*,eu-*", false);
    row("health:healthy", true);
    row("health:!healthy", false);
    row("behind:>0", true);
    row("behind:2", true);
    row("behind:>=3", false);
    row("behind:<3", true);
    row("behind:!2", false);
    row("label.tier:gold", true);
    row("label.tier:silver", false);
    row("label.none:*", false);
    row("label.Rack:\"r 1\"", true);
    row("flag:draining", true);
    row("flag:!maintenance", true);
    row("status:online site:eu-north", true);
    row("status:online site:eu-south", false);
    row("malm", true);
    row("\"store 7, malm\"", true);
    row("store malmo", false);
    row("\"10.0.0.7:8080\"", true);
    row("memory:50", true);
    row("memory:>50%", false);
    row("disk:<1000", false); // its capacity is unknown
    row("disk:>=0", false);
    row("cpu:>=50", true);
    row("service:shop revision:v41", true);
    row("service:shop revision:v7", false); // that is the till's
    row("service:shop revision:!v7", true);
    row("service:shop revision:!v41", false);
    row("service:pump revision:!v41", false);
    row("ready:no", false);
    row("id:\"eu-*\"", false); // in quotes a star is a star
}

void TestFilter::aNodeMatches() {
    QFETCH(QString, filter);
    QFETCH(bool, match);
    const auto parsed = Filter::parse(filter);
    QVERIFY2(parsed, parsed ? "" : qPrintable(aviary::toText(parsed.error())));
    QCOMPARE(parsed->matches(store()), match);
}

void TestFilter::errorsNameTheCharacter_data() {
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("place");
    QTest::newRow("key") << u"site:a colour:blue"_qs << u"character 8"_qs;
    QTest::newRow("word") << u"status:asleep"_qs << u"character 8"_qs;
    QTest::newRow("number") << u"behind:many"_qs << u"character 8"_qs;
    QTest::newRow("infinite") << u"behind:1e999"_qs << u"character 8"_qs;
    QTest::newRow("no value") << u"site: x"_qs << u"character 6"_qs;
    QTest::newRow("no alternative") << u"site:a, b"_qs << u"character 8"_qs;
    QTest::newRow("quotes") << u"site:\"a"_qs << u"character 6"_qs;
    QTest::newRow("comma") << u",a"_qs << u"character 1"_qs;
    QTest::newRow("address") << u"10.0.0.7:80"_qs << u"character 1"_qs;
}

void TestFilter::errorsNameTheCharacter() {
    QFETCH(QString, filter);
    QFETCH(QString, place);
    const auto parsed = Filter::parse(filter);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().where, place);
    QVERIFY(!parsed.error().remedy.isEmpty());
}

void TestFilter::healthIsNeverBetterThanWhatIsKnown() {
    NodeRow node = store();
    node.heard_wall_ms = 0;
    QCOMPARE(healthWord(node), u"unknown"_qs);
    node.heard_wall_ms = 1;
    node.services[1].ready = false;
    QCOMPARE(healthWord(node), u"failing"_qs);
    node.flapping = true;
    QCOMPARE(healthWord(node), u"flapping"_qs);
    node.status = kernel::NodeStatus::Offline;
    QCOMPARE(healthWord(node), u"offline"_qs);
}

void TestFilter::anyTextIsReadOrRefused() {
    QVERIFY(rc::check([](const std::string &bytes) {
        const auto filter = Filter::parse(QString::fromUtf8(bytes.data(), qsizetype(bytes.size())));
        if (filter) {
            (void)filter->matches(store());
        } else {
            RC_ASSERT(filter.error().code == ErrorCode::Invalid);
        }
    }));
    QVERIFY(!Filter::parse(QString(5'000, u'a')));
    QVERIFY(!Filter::parse(u"a "_qs.repeated(100)));
    const auto stars = Filter::parse(u"site:"_qs + u"*a"_qs.repeated(300) + u"b"_qs);
    NodeRow node;
    node.site = QString(5'000, u'a');
    QVERIFY(!stars->matches(node)); // and ends
}

void TestFilter::aHundredThousandNodesAreQuick() {
    std::vector<NodeRow> nodes(100'000, store());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        nodes[i].site = u"eu-%1"_qs.arg(i % 50);
        nodes[i].behind = quint32(i % 3);
    }
    const auto filter = Filter::parse(u"revision:v41 site:eu-1* health:healthy behind:>0"_qs);
    QElapsedTimer timer;
    timer.start();
    const auto count =
        std::ranges::count_if(nodes, [&](const NodeRow &node) { return filter->matches(node); });
    QVERIFY2(timer.elapsed() < 500, qPrintable(u"%1 ms"_qs.arg(timer.elapsed())));
    QVERIFY(count > 10'000);
}

QTEST_GUILESS_MAIN(TestFilter)
#include "test_filter.moc"
