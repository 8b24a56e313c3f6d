// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/yaml.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <rapidcheck.h>

using namespace aviary;
using namespace aviary::plans;

class TestYaml : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void placesAreKnown();
    void largeAndHostileEndsSoon();
    void writing();
    void anyJsonSurvives();
};

void TestYaml::reads_data() {
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char *name, const char *yaml, const char *json) {
        QTest::newRow(name) << QByteArray(yaml) << QByteArray(json);
    };
    row("words and numbers", "{a: b, c: 12, d: -1.5, e: true, f: ~, g: }",
        R"({"a":"b","c":12,"d":-1.5,"e":true,"f":null,"g":null})");
    row("quoted is text", "[\"12\", 'true', \"~\", \"\"]", R"(["12","true","~",""])");
    row("what YAML 1.1 took for something else", "[yes, no, on, 0o17, 0x1f, 1_000, 12:30, 007]",
        R"(["yes","no","on","0o17","0x1f","1_000","12:30","007"])");
    row("block", "a:\n  - b\n  - c: 1\n    d: 2\n", R"({"a":["b",{"c":1,"d":2}]})");
    row("folded", "a: >-\n  two\n  lines\nb: |\n  kept\n", R"({"a":"two lines","b":"kept\n"})");
    row("comments", "# c\na: 1 # d\n", R"({"a":1})");
    row("not a number", "[.nan, .inf, 1e999, nan]", R"([".nan",".inf","1e999","nan"])");
    row("beyond 64 bits", "[9223372036854775807, 9223372036854775808]",
        R"([9223372036854775807,9223372036854775808])");
}

void TestYaml::reads() {
    QFETCH(QByteArray, yaml);
    QFETCH(QByteArray, json);
    const auto node = readYaml(yaml);
    QVERIFY2(node.has_value(), node ? "" : qPrintable(toText(node.error())));
    const QJsonDocument expected = QJsonDocument::fromJson(json);
    QVERIFY(!expected.isNull());
    QCOMPARE(toJson(*node),
             expected.isArray() ? QJsonValue(expected.array()) : QJsonValue(expected.object()));
}

void TestYaml::refuses_data() {
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const QByteArray &yaml, const char *said,
                        const char *where) {
        QTest::newRow(name) << yaml << QString::fromUtf8(said) << QString::fromUtf8(where);
    };
    row("empty", "", "empty", "f");
    row("only a comment", "# nothing\n", "empty", "f");
    row("alias", "a: &x [1]\nb: *x\n", "anchors and aliases", "f:1:4");
    row("anchor on a map", "a: &x\n  b: 1\n", "anchors and aliases", "f:1:4");
    row("tag", "a: !!python/object:os.system x\n", "tags", "f:1:4");
    row("key twice", "a: 1\nb: 2\na: 3\n", "\"a\" is given twice", "f:3:1");
    row("list as key", "? [1, 2]\n: 3\n", "a key is a list", "f:1:3");
    row("second document", "a: 1\n---\nb: 2\n", "second document", "f:2:1");
    row("no YAML", "a: [1, 2\nb: 3\n", "no YAML", "f:2:2");
    row("tab", "a:\n\t- 1\n", "no YAML", "f:2:2");
    row("too deep", QByteArray(40, '[') + QByteArray(40, ']'), "too deeply", "f:1:33");
    row("no UTF-8", "a: \xff\xfe", "no UTF-8", "f");
    row("zero", QByteArray("a: \0b", 5), "no UTF-8", "f");
    row("too large", QByteArray(4 * 1024 * 1024 + 1, 'a'), "4194305 bytes", "f");
}

void TestYaml::refuses() {
    QFETCH(QByteArray, yaml);
    QFETCH(QString, said);
    QFETCH(QString, where);
    const auto node = readYaml(yaml, u"f"_qs);
    QVERIFY(!node);
    QVERIFY2(node.error().what.contains(said), qPrintable(node.error().what));
    QCOMPARE(node.error().where, where);
    QCOMPARE(int(node.error().code), int(ErrorCode::Invalid));
}

void TestYaml::placesAreKnown() {
    const auto root = readYaml("strategy:\n  stages: [10 %, 200 %]\n  bake: 1 min\n");
    QVERIFY(root.has_value());
    const auto place = [&](const char *field) {
        const YamlNode &node = nodeAt(*root, QString::fromUtf8(field));
        return QStringLiteral("%1:%2").arg(node.line).arg(node.column);
    };
    QCOMPARE(place("strategy.stages[1]"), u"2:18"_qs);
    QCOMPARE(place("strategy.bake"), u"3:9"_qs);
    QCOMPARE(place("strategy.stages[7]"), u"2:11"_qs); // the nearest there is
    QCOMPARE(place("policy.max_parallel"), u"1:1"_qs);
    QCOMPARE(place("[9999999999].x"), u"1:1"_qs);
}

// Each of these has taken minutes, gigabytes or the stack in some YAML reader.
void TestYaml::largeAndHostileEndsSoon() {
    QElapsedTimer timer;
    timer.start();
    QByteArray laughs = "a: &a [lol]\n";
    for (char name = 'b'; name < 'k'; ++name) {
        laughs += QByteArray(1, name) + ": &" + name + " [" + QByteArray("*") + char(name - 1) +
                  ",*" + char(name - 1) + "]\n";
    }
    QVERIFY(!readYaml(laughs));
    QVERIFY(!readYaml(QByteArray(1'000'000, '[')));
    QVERIFY(!readYaml(QByteArray(1'000'000, '{')));
    QByteArray dashes;
    for (int i = 0; i < 100'000; ++i) {
        dashes += "- ";
    }
    QVERIFY(!readYaml(dashes));
    QByteArray keys;
    for (int i = 0; i < 100'000; ++i) {
        keys += "k" + QByteArray::number(i) + ": 1\n";
    }
    QVERIFY(readYaml(keys).has_value());
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
}

void TestYaml::writing() {
    YamlNode root;
    put(root, u"service"_qs, scalar(u"web"_qs));
    put(root, u"to"_qs, scalar(u"1.10"_qs));
    put(root, u"odd key"_qs, scalar(u"a: b\n\u202e\u0007\""_qs));
    put(root, u"stages"_qs, toYaml(QJsonArray{1, 2.5, true, QJsonValue::Null, u"no"_qs}));
    put(root, u"list"_qs,
        toYaml(QJsonArray{QJsonObject{{u"a"_qs, 1}, {u"b"_qs, QJsonArray{}}}, QJsonObject{}}));
    QCOMPARE(QString::fromUtf8(writeYaml(root)), u"service: web\n"
                                                 "to: \"1.10\"\n"
                                                 "\"odd key\": \"a: b\\n\\u202e\\u0007\\\"\"\n"
                                                 "stages: [1, 2.5, true, null, \"no\"]\n"
                                                 "list:\n"
                                                 "  - a: 1\n"
                                                 "    b: []\n"
                                                 "  - {}\n"_qs);
}

namespace {

QString drawText() {
    const auto points = *rc::gen::container<std::vector<char32_t>>(
        rc::gen::oneOf(rc::gen::inRange<char32_t>(1, 128), rc::gen::inRange<char32_t>(128, 0xd800),
                       rc::gen::inRange<char32_t>(0xe000, 0x110000)));
    return QString::fromUcs4(points.data(), qsizetype(points.size()));
}

QJsonValue drawJson(int depth) {
    switch (*rc::gen::inRange(0, depth > 0 ? 7 : 5)) {
    case 0:
        return QJsonValue::Null;
    case 1:
        return *rc::gen::arbitrary<bool>();
    case 2:
        return QJsonValue(qint64(*rc::gen::arbitrary<std::int64_t>()));
    case 3:
        return double(*rc::gen::inRange(-1'000'000, 1'000'000)) / 1'024.0;
    case 4:
        return *rc::gen::element(drawText(), u"true"_qs, u"1e5"_qs, u"- a"_qs, u"a # b"_qs, u" "_qs,
                                 u"~"_qs, u"[x"_qs, u"<<"_qs, u"0x1"_qs);
    case 5: {
        QJsonArray list;
        for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
            list.append(drawJson(depth - 1));
        }
        return list;
    }
    default: {
        QJsonObject object;
        for (int i = *rc::gen::inRange(0, 5); i > 0; --i) {
            object.insert(drawText(), drawJson(depth - 1));
        }
        return object;
    }
    }
}

} // namespace

void TestYaml::anyJsonSurvives() {
    const bool holds = rc::check("what is written reads back as the same", [] {
        QJsonObject object{{u"v"_qs, drawJson(4)}};
        const QByteArray text = writeYaml(toYaml(object));
        const auto node = readYaml(text);
        if (!node) {
            RC_FAIL(toText(node.error()).toStdString() + "\n" + text.toStdString());
        }
        RC_ASSERT(toJson(*node) == QJsonValue(object));
        RC_ASSERT(writeYaml(toYaml(toJson(*node))) == text);
    });
    QVERIFY(holds);
}

QTEST_GUILESS_MAIN(TestYaml)
#include "test_yaml.moc"
