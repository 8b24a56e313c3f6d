// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/codec.h"
#include "tests/core/record/arbitrary.h"

#include <QJsonDocument>
#include <QTest>

#include <utility>

using namespace aviary;
using namespace aviary::record;
using kernel::Command;
using kernel::Event;

namespace {

template <class V>
QByteArray bytesOf(const V &value) {
    Writer out;
    encode(value, out);
    return out.take();
}

// A text as it would stand in a file, read back.
QJsonObject throughText(const QJsonObject &json) {
    return QJsonDocument::fromJson(QJsonDocument(json).toJson(QJsonDocument::Compact)).object();
}

// Compared as bytes, because a NaN is not equal to itself.
template <class V>
void roundTrip(const V &value, Kind kind) {
    const QByteArray bytes = bytesOf(value);
    Reader in(bytes);
    Event event;
    Command command;
    RC_ASSERT(decode(in, event, command) == kind);
    RC_ASSERT(in.atEnd());
    RC_ASSERT((kind == Kind::Event ? bytesOf(event) : bytesOf(command)) == bytes);
}

// The compiler writes a value that no enumerator names as a cast: "(aviary::kernel::Cause)17".
template <auto V>
constexpr bool hasEnumerator() {
    const std::string_view name = __PRETTY_FUNCTION__;
    const auto at = name.find("V = ");
    return name[at + 4] != '(';
}
template <class E, std::size_t... I>
void sameEnumerators(const char *name, std::index_sequence<I...>) {
    const bool same =
        ((hasEnumerator<static_cast<E>(I)>() == (codeOf(static_cast<E>(I)) != 0)) && ...);
    QVERIFY2(same, name);
}

} // namespace

class TestCodec : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyEnumeratorHasACode();
    void wordsAreThoseOfTheKernel();
    void codesAreUnique();
    void eventsAndCommandsComeBack();
    void jsonComesBack();
    void theBytesAreFixed_data();
    void theBytesAreFixed();
    void jsonReadsWell();
    void anyBytesEndInAValueOrARefusal();
    void bytesHaveOneForm_data();
    void bytesHaveOneForm();
    void wrongJsonIsRefusedWithItsPlace_data();
    void wrongJsonIsRefusedWithItsPlace();
};

void TestCodec::everyEnumeratorHasACode() {
    constexpr std::make_index_sequence<40> all;
    sameEnumerators<kernel::Cause>("Cause", all);
    sameEnumerators<kernel::Status>("Status", all);
    sameEnumerators<kernel::NodeStatus>("NodeStatus", all);
    sameEnumerators<kernel::Ruling>("Ruling", all);
    sameEnumerators<kernel::StrategyKind>("StrategyKind", all);
    sameEnumerators<kernel::UpdateMode>("UpdateMode", all);
    sameEnumerators<kernel::RouterKind>("RouterKind", all);
    sameEnumerators<kernel::RouterScope>("RouterScope", all);
    sameEnumerators<kernel::Standing>("Standing", all);
    sameEnumerators<kernel::Reach>("Reach", all);
    sameEnumerators<kernel::Remark::Kind>("Remark::Kind", all);
    sameEnumerators<kernel::OnFailure>("OnFailure", all);
    sameEnumerators<kernel::HealthSource>("HealthSource", all);
    sameEnumerators<kernel::CatchUp>("CatchUp", all);
}

void TestCodec::wordsAreThoseOfTheKernel() {
    for (const auto &word : Words<kernel::Status>::all) {
        QVERIFY(word.name == nameOf(word.value));
    }
    for (const auto &word : Words<kernel::Cause>::all) {
        QVERIFY(word.name == nameOf(word.value));
    }
}

template <class V, std::size_t... I>
std::set<int> codes(std::index_sequence<I...>) {
    return {code_of<std::variant_alternative_t<I, V>>...};
}
template <class V>
std::set<int> codes() {
    return codes<V>(std::make_index_sequence<std::variant_size_v<V>>{});
}

void TestCodec::codesAreUnique() {
    QCOMPARE(codes<Event>().size(), std::variant_size_v<Event>);
    QCOMPARE(codes<Command>().size(), std::variant_size_v<Command>);
    QCOMPARE(codes<kernel::Request>().size(), std::variant_size_v<kernel::Request>);
    QVERIFY(*codes<Event>().rbegin() < command_code_min);
    QVERIFY(*codes<Command>().begin() >= command_code_min);
}

void TestCodec::eventsAndCommandsComeBack() {
    QVERIFY(rc::check("event", [] { roundTrip(*tests::any<Event>(), Kind::Event); }));
    QVERIFY(rc::check("command", [] { roundTrip(*tests::any<Command>(), Kind::Command); }));
}

void TestCodec::jsonComesBack() {
    QVERIFY(rc::check("event", [] {
        const Event event = *tests::any<Event>();
        const auto back = eventFromJson(throughText(toJson(event)), {});
        RC_ASSERT(back.has_value());
        RC_ASSERT(bytesOf(*back) == bytesOf(event));
        RC_ASSERT(toJson(*back) == toJson(event));
    }));
    QVERIFY(rc::check("command", [] {
        const Command command = *tests::any<Command>();
        const auto back = commandFromJson(throughText(toJson(command)), {});
        RC_ASSERT(back.has_value());
        RC_ASSERT(bytesOf(*back) == bytesOf(command));
    }));
}

// These bytes stand in journals: when a row fails, the change breaks every journal there is.
void TestCodec::theBytesAreFixed_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("hex");
    using namespace kernel;
    const auto row = [](const char *name, const auto &value, const char *hex) {
        QTest::newRow(name) << bytesOf(value) << QByteArray(hex);
    };
    row("time", Event(TimePassed{}), "01");
    row("ready", Event(NodeReady{3, 300}), "0203ac02");
    row("failed", Event(NodeFailed{1, 2, Cause::Exited}), "04010205");
    row("status", Event(NodeStatusChanged{7, NodeStatus::Offline}), "060703");
    row("flags", Event(NodeFlagsChanged{7, true, false, true}), "0707010001");
    row("measured", Event(TrafficMeasured{true, {1, 2, 3, 128}}), "0a010102038001");
    row("metric", Event(MetricMeasured{1, 0, true, true, 1.0}), "0b01000101000000000000f03f");
    row("promote", Event(Requested{Promote{2'500}}), "0d038827");
    row("skip all", Event(Requested{Skip{every_target}}), "0d09ffffffff0f");
    row("update", Command(UpdateNode{17, 4}), "401104");
    row("weight", Command(SetWeight{18, 10'000}), "4312a09c01");
    row("status command", Command(ChangeStatus{Status::Failed, Cause::Verdict, every_target}),
        "500a0bffffffff0f");
    row("rule", Command(Rule{Ruling::Pass}), "5302");
}
void TestCodec::theBytesAreFixed() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, hex);
    QCOMPARE(bytes.toHex(), hex);
}

void TestCodec::jsonReadsWell() {
    using namespace kernel;
    const auto text = [](const auto &value) {
        return QJsonDocument(toJson(value)).toJson(QJsonDocument::Compact);
    };
    QCOMPARE(text(Event(NodeReady{3, 17})), R"({"event":"node_ready","order":17,"target":3})");
    QCOMPARE(text(Event(Requested{Promote{2'500}})),
             R"({"event":"requested","request":{"request":"promote","to":2500}})");
    QCOMPARE(text(Event(Requested{Skip{every_target}})),
             R"({"event":"requested","request":{"request":"skip"}})");
    QCOMPARE(text(Event(TrafficMeasured{true, {~0ull, 9'007'199'254'740'993, 0, 0}})),
             R"({"event":"traffic_measured","fresh":true,"sample":{"errors":9007199254740993,)"
             R"("requests":"18446744073709551615","slow":0,"timed":0}})");
    QCOMPARE(text(Command(ChangeStatus{Status::RollingBack, Cause::Verdict, 2})),
             R"({"cause":"verdict","command":"change_status","status":"rolling_back","target":2})");
}

void TestCodec::anyBytesEndInAValueOrARefusal() {
    QVERIFY(rc::check([](const std::vector<std::uint8_t> &soup) {
        const QByteArray bytes(reinterpret_cast<const char *>(soup.data()),
                               static_cast<qsizetype>(soup.size()));
        Reader in(bytes);
        Event event;
        Command command;
        const Kind kind = decode(in, event, command);
        RC_ASSERT((kind == Kind::None) == !in.ok());
        if (kind != Kind::None) { // whatever was read writes the bytes that it was read from
            const QByteArray again = kind == Kind::Event ? bytesOf(event) : bytesOf(command);
            RC_ASSERT(again == bytes.left(in.position()));
        } else {
            RC_ASSERT(in.problem() != nullptr);
            RC_ASSERT(in.position() <= bytes.size());
        }
    }));
    QVERIFY(rc::check("a value with one byte changed or cut", [] {
        QByteArray bytes = bytesOf(*tests::any<Event>());
        const auto at = *rc::gen::inRange<qsizetype>(0, bytes.size());
        if (*rc::gen::arbitrary<bool>()) {
            bytes.truncate(at);
        } else {
            bytes[at] = *rc::gen::arbitrary<char>();
        }
        Reader in(bytes);
        Event event;
        Command command;
        const Kind kind = decode(in, event, command);
        if (kind == Kind::Event) {
            RC_ASSERT(bytesOf(event) == bytes.left(in.position()));
        }
    }));
}

void TestCodec::bytesHaveOneForm_data() {
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<QByteArray>("problem");
    QTest::newRow("nothing") << QByteArray() << QByteArray("the bytes end too early");
    QTest::newRow("code 0") << QByteArray("00") << QByteArray("no such event, command or request");
    QTest::newRow("code 255") << QByteArray("ff")
                              << QByteArray("no such event, command or request");
    QTest::newRow("padded number")
        << QByteArray("02830003") << QByteArray("a number is longer than it need be");
    QTest::newRow("33 bits") << QByteArray("02ffffffff1f03")
                             << QByteArray("a number is out of range");
    QTest::newRow("65 bits") << QByteArray("0a01ffffffffffffffffff02000000")
                             << QByteArray("a number has more than 64 bits");
    QTest::newRow("bool 2") << QByteArray("0707020001") << QByteArray("a yes or no is neither");
    QTest::newRow("cause 0") << QByteArray("04010200") << QByteArray("a word has no such code");
    QTest::newRow("cause 99") << QByteArray("04010263") << QByteArray("a word has no such code");
    QTest::newRow("another NaN") << QByteArray("0b01000101010000000000f87f")
                                 << QByteArray(
                                        "a number has two forms, and this is not the one in use");
    QTest::newRow("cut real") << QByteArray("0b0100010100")
                              << QByteArray("the bytes end too early");
}
void TestCodec::bytesHaveOneForm() {
    QFETCH(QByteArray, hex);
    QFETCH(QByteArray, problem);
    const QByteArray bytes = QByteArray::fromHex(hex);
    Reader in(bytes);
    Event event;
    Command command;
    QVERIFY(decode(in, event, command) == Kind::None);
    QCOMPARE(QByteArray(in.problem()), problem);
}

void TestCodec::wrongJsonIsRefusedWithItsPlace_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const char *text, const char *what,
                        const char *where = "line 7") {
        QTest::newRow(name) << QByteArray(text) << QString::fromUtf8(what)
                            << QString::fromUtf8(where);
    };
    row("empty", "{}", "\"event\" is missing");
    row("a command", R"({"command":"update_node","order":1,"target":2})", "\"event\" is missing");
    row("unknown", R"({"event":"node_won"})", "\"event\" \"node_won\" is not known");
    row("missing", R"({"event":"node_ready","target":3})", "\"order\" is missing");
    row("surplus", R"({"event":"time_passed","why":1})", "\"why\" is not known here");
    row("negative", R"({"event":"node_ready","order":-1,"target":3})",
        "\"order\" is outside 0 to 4294967295");
    row("too large", R"({"event":"node_ready","order":4294967296,"target":3})",
        "\"order\" is outside 0 to 4294967295");
    row("a fraction", R"({"event":"node_ready","order":1.5,"target":3})",
        "\"order\" is no whole number");
    row("a text", R"({"event":"node_ready","order":"1","target":3})",
        "\"order\" is no whole number");
    row("null", R"({"event":"node_ready","order":null,"target":3})",
        "\"order\" is no whole number");
    row("every target said", R"({"event":"node_ready","order":1,"target":4294967295})",
        "\"target\" is left out when it is every target");
    row("nested", R"({"event":"requested","request":{"request":"promote","to":true}})",
        "\"to\" is no whole number", "line 7.request");
    row("1e400",
        R"({"event":"metric_measured","judge":0,"metric":0,"candidate":true,)"
        R"("present":true,"value":1e400})",
        "\"event\" is missing"); // Qt refuses the document whole
    row("digits that fit",
        R"({"event":"traffic_measured","fresh":true,"sample":)"
        R"({"requests":"5","errors":0,"timed":0,"slow":0}})",
        "\"requests\" is no number; only one over 9223372036854775807 is a text of its digits",
        "line 7.sample");
}
void TestCodec::wrongJsonIsRefusedWithItsPlace() {
    QFETCH(QByteArray, text);
    QFETCH(QString, what);
    QFETCH(QString, where);
    const auto event =
        eventFromJson(QJsonDocument::fromJson(text).object(), QStringLiteral("line 7"));
    QVERIFY(!event);
    QCOMPARE(event.error().what, what);
    QCOMPARE(event.error().where, where);
    QCOMPARE(event.error().code, ErrorCode::Invalid);
}

QTEST_GUILESS_MAIN(TestCodec)
#include "test_codec.moc"
