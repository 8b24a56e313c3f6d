// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/exactjson.h"
#include "core/support/ulid.h"

#include <QCborArray>
#include <QTest>

using namespace aviary;

class TestExactJson : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsWhatWasWritten_data() {
        QTest::addColumn<QByteArray>("text");
        const QByteArrayList texts = {"{}",
                                      "[]",
                                      "[1,1.0,-0.5,9223372036854775807,-9223372036854775808]",
                                      "{\"a\":null,\"b\":[true,false,{\"c\":\"\\u0001x\\\"\"}]}",
                                      "[18446744073709551616,-99999999999999999999]",
                                      "[1e+300,0.1]",
                                      "\"\xC3\xBC\xF0\x9F\x98\x80\""};
        for (const auto &text : texts) {
            QTest::addRow("%s", text.left(40).constData()) << text;
        }
    }
    void keepsWhatWasWritten() {
        QFETCH(QByteArray, text);
        const auto value = readJson(text);
        QVERIFY2(value, qPrintable(value ? QString() : toText(value.error())));
        QCOMPARE(writeJson(*value), text);
    }

    void tellsIntegersFromDecimals() {
        const auto list = readJson("[1, 1.0, 18446744073709551616]")->toArray();
        QVERIFY(list.at(0).isInteger() && list.at(1).isDouble() && isHugeInteger(list.at(2)));
        QVERIFY(list.at(0) != list.at(1));
        QVERIFY(list.at(0) == withPlainNumbers(list.at(1)));
        QCOMPARE(digitsOf(list.at(2)), QStringLiteral("18446744073709551616"));
        QVERIFY(digitsOf(list.at(0)).isEmpty());
    }

    void orderOfKeysIsNoContent() {
        QVERIFY(*readJson("{\"b\":{\"y\":1,\"x\":2},\"a\":0}") ==
                *readJson("{\"a\":0,\"b\":{\"x\":2,\"y\":1}}"));
    }

    void readsEscapes() {
        QCOMPARE(readJson("\"\\u00fc\\ud83d\\ude00\\n\\/\"")->toString(), u"\u00fc\U0001F600\n/");
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("where");
        const auto row = [](const char *name, const QByteArray &text, const QString &where) {
            QTest::newRow(name) << text << where;
        };
        row("nothing", "", u"m.json:1:1"_qs);
        row("truncated", "{\"a\":\n [1,", u"m.json:2:5"_qs);
        row("key twice", "{\"a\":1,\n\"a\":2}", u"m.json:2:4"_qs);
        row("trailing", "{} x", u"m.json:1:4"_qs);
        row("trailing comma", "[1,]", u"m.json:1:4"_qs);
        row("leading zero", "[01]", u"m.json:1:2"_qs);
        row("bare point", "[1.]", u"m.json:1:2"_qs);
        row("too large", "[1e400]", u"m.json:1:2"_qs);
        row("not a number", "[NaN]", u"m.json:1:2"_qs);
        row("lone surrogate", "[\"\\ud800\"]", u"m.json:1:9"_qs);
        row("bad hex", "[\"\\u00 1\"]", u"m.json:1:4"_qs);
        row("bad UTF-8", "[\"\xff\"]", u"m.json:1:5"_qs);
        row("control character", "[\"\x01\"]", u"m.json:1:3"_qs);
        row("unended string", "[\"abc", u"m.json:1:6"_qs);
        row("unended escape", "[\"\\", u"m.json:1:4"_qs);
        row("deep", QByteArray(100'000, '['), u"m.json:1:65"_qs);
        row("many digits", "[" + QByteArray(500, '9') + "]", u"m.json:1:2"_qs);
    }
    void refuses() {
        QFETCH(QByteArray, text);
        QFETCH(QString, where);
        const auto value = readJson(text, u"m.json"_qs);
        QVERIFY(!value);
        QCOMPARE(value.error().code, ErrorCode::Invalid);
        QCOMPARE(value.error().where, where);
        QVERIFY(!value.error().what.isEmpty());
    }

    void keepsItsLimits() {
        QVERIFY(!readJson(QByteArray(64, ' ') + "1", {}, {.bytes_max = 10}));
        QVERIFY(!readJson("{\"a\":1,\"b\":2}", {}, {.members_max = 1}));
        QVERIFY(!readJson("[[1]]", {}, {.depth_max = 1}));
    }

    void findsLines() {
        const QByteArray text = "{\n \"a\": {\"b\": 0},\n \"x\": [\n  1,\n  {\"b\": 2}\n ]\n}\n";
        QCOMPARE(lineOf(text, {u"a"_qs, u"b"_qs}), 2);
        QCOMPARE(lineOf(text, {u"x"_qs, u"1"_qs, u"b"_qs}), 5);
        QCOMPARE(lineOf(text, {u"x"_qs, u"0"_qs}), 4);
        QCOMPARE(lineOf(text, {u"x"_qs, u"7"_qs}), 3);
        QCOMPARE(lineOf(text, {u"nowhere"_qs}), 1);
    }

    void ulidsSortByTime() {
        const UlidRandom ones = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
        QCOMPARE(ulid(1'469'918'176'385, {}), u"01ARYZ6S410000000000000000"_qs);
        QCOMPARE(ulid(0, ones), u"0000000000ZZZZZZZZZZZZZZZZ"_qs);
        QVERIFY(ulid(1'000, ones) < ulid(1'001, {}));
    }
};

QTEST_GUILESS_MAIN(TestExactJson)
#include "test_exactjson.moc"
