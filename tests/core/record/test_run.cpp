// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/run.h"
#include "tests/core/record/arbitrary.h"
#include "tests/core/record/plans.h"

#include <QBuffer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace aviary;
using namespace aviary::record;

namespace {

RunHeader header() {
    RunHeader header;
    header.rollout = QStringLiteral("01HF0000000000000000000000");
    header.cluster = QStringLiteral("edge-eu");
    header.plan = tests::canaryPlan(5);
    header.who = QStringLiteral("ops");
    header.begun_wall_ms = 1'700'000'000'000;
    header.version = QStringLiteral("0.1.0");
    header.seed = 0xffff'ffff'ffff'fff0ull;
    header.context = QJsonObject{{QStringLiteral("deployment"), QStringLiteral("d-1")}};
    return header;
}

Entry entryOf(std::vector<kernel::Event> events, const kernel::Commands &commands) {
    Entry entry;
    entry.at = 1'500;
    entry.wall_ms = 1'700'000'000'123;
    entry.state_hash = 0xdead'beef'0000'0001ull;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (i + 1 == events.size()) {
            entry.log.commands = commands;
        }
        entry.log.close(events[i]);
    }
    return entry;
}

Run sampleRun() {
    using namespace kernel;
    Run run = beginRun(header());
    Entry first = entryOf({Requested{Start{}}}, {EnterStep{0}, UpdateNode{1, 0}});
    first.who = QStringLiteral("ops");
    first.reason = QStringLiteral("Größe <b>1</b>\n\u202e");
    Entry second = entryOf({NodeFailed{0, 1, Cause::Exited}, TimePassed{}}, {});
    second.notes = {{0, QStringLiteral("exited with 1")}, {every_target, QStringLiteral("x")}};
    for (const Entry &entry : {first, second, entryOf({TimePassed{}}, {})}) {
        if (!addEntry(run, entry)) {
            qFatal("an entry of the sample was refused");
        }
    }
    return run;
}

QByteArray textOf(const Run &run) {
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    RunWriter writer(buffer, headerLine(run.header));
    for (const SealedEntry &entry : run.entries) {
        writer.write(entry);
    }
    if (!writer.finish()) {
        qFatal("the run could not be written");
    }
    return buffer.data();
}

Result<Run> readText(QByteArray text, const RunLimits &limits = {}) {
    QBuffer buffer(&text);
    buffer.open(QIODevice::ReadOnly);
    return readRun(buffer, QStringLiteral("a.run.jsonl"), limits);
}

QByteArrayList linesOf(const QByteArray &text) {
    QByteArrayList lines = text.split('\n');
    lines.removeLast();
    return lines;
}
QByteArray joined(const QByteArrayList &lines) {
    return lines.join('\n') + '\n';
}

} // namespace

class TestRun : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void entriesComeBack();
    void longTextsAreCutBetweenCharacters();
    void mutatedEntriesNeverCrash();
    void comesBack();
    void changedLinesAreNamed_data();
    void changedLinesAreNamed();
    void aCutFileIsReadAsFarAsItIsWhole();
    void limitsHold();
    void mutatedTextNeverCrashes();
    void savingIsAllOrNothing();
    void anchorsComeBack();
};

void TestRun::entriesComeBack() {
    QVERIFY(rc::check([] {
        Entry entry;
        entry.sequence = *rc::gen::arbitrary<std::uint64_t>();
        entry.at = *rc::gen::arbitrary<std::int64_t>();
        entry.wall_ms = *rc::gen::arbitrary<std::int64_t>();
        entry.state_hash = *rc::gen::arbitrary<std::uint64_t>();
        entry.notes.push_back({*rc::gen::arbitrary<std::uint32_t>(), QStringLiteral("ü")});
        const auto count = *rc::gen::inRange(1, 5);
        for (int i = 0; i < count; ++i) {
            const auto commands =
                *rc::gen::container<kernel::Commands>(tests::any<kernel::Command>());
            entry.log.commands.insert(entry.log.commands.end(), commands.begin(), commands.end());
            entry.log.close(*tests::any<kernel::Event>());
        }
        const auto sealed = seal(entry, {});
        RC_ASSERT(sealed.has_value());
        const auto back = decodeEntry(sealed->bytes);
        RC_ASSERT(back.has_value());
        RC_ASSERT(seal(*back, {})->hash == sealed->hash); // a NaN is not equal to itself
        const auto json = entryFromJson(toJson(*back, *sealed), {});
        RC_ASSERT(json.has_value());
        RC_ASSERT(json->bytes == sealed->bytes);
    }));
}

void TestRun::longTextsAreCutBetweenCharacters() {
    Entry entry = entryOf({kernel::TimePassed{}}, {});
    entry.who = QString(300, u'ü');
    entry.reason = QChar(0xfeff) + QString(5'000, u'€');
    const auto sealed = seal(entry, {});
    const auto back = decodeEntry(sealed->bytes);
    QVERIFY(back);
    QCOMPARE(back->who, QString(128, u'ü'));
    QCOMPARE(back->reason, QString(1'365, u'€'));
}

void TestRun::mutatedEntriesNeverCrash() {
    const QByteArray whole = sampleRun().entries[1].bytes;
    for (qsizetype at = 0; at < whole.size(); ++at) {
        QVERIFY(!decodeEntry(QByteArrayView(whole).first(at)) || at > 20);
        for (int value = 0; value < 256; ++value) {
            QByteArray bytes = whole;
            bytes[at] = static_cast<char>(value);
            if (const auto entry = decodeEntry(bytes)) {
                QCOMPARE(seal(*entry, {})->bytes, bytes); // one form for each value
            }
        }
    }
}

void TestRun::comesBack() {
    const Run run = sampleRun();
    const auto back = readText(textOf(run));
    QVERIFY2(back, qPrintable(toText(back ? Error{} : back.error())));
    QVERIFY(back->header == run.header);
    QVERIFY(back->entries == run.entries);
    QVERIFY(back->warnings.isEmpty());
    QVERIFY(back->footer);
    QCOMPARE(back->footer->entries, 3u);
    QVERIFY(back->footer->head == run.head());
}

void TestRun::changedLinesAreNamed_data() {
    using Spoil = std::function<void(QByteArrayList &)>;
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<int>("line");
    QTest::addColumn<QString>("what");
    const auto row = [](const char *name, int line, const char *what, const Spoil &spoil) {
        QTest::newRow(name) << spoil << line << QString::fromUtf8(what);
    };
    using Lines = QByteArrayList;
    row("header edited", 2, "chain is broken",
        [](Lines &l) { l[0].replace("\"ops\"", "\"eve\""); });
    row("event edited", 3, "was changed", [](Lines &l) { l[2].replace("exited\"", "silent\""); });
    row("note edited", 3, "was changed", [](Lines &l) { l[2].replace("with 1", "with 0"); });
    row("who edited", 2, "was changed", [](Lines &l) { l[1].replace("\"ops\"", "\"eve\""); });
    row("line lost", 3, "stands where 2 belongs", [](Lines &l) { l.removeAt(2); });
    row("line twice", 3, "stands where 2 belongs", [](Lines &l) { l.insert(2, l[1]); });
    row("lines swapped", 2, "stands where 1 belongs", [](Lines &l) { l.swapItemsAt(1, 2); });
    row("end lost one", 4, "tells of 3 entries", [](Lines &l) { l.removeAt(3); });
    row("after the end", 6, "follows the end", [](Lines &l) { l.append(l[1]); });
    row("no JSON", 3, "column", [](Lines &l) { l[2] = "{{"; });
    row("an empty line", 3, "is empty", [](Lines &l) { l.insert(2, ""); });
    row("a list", 3, "no JSON object", [](Lines &l) { l[2] = "[]"; });
    row("newer format", 1, "this version reads 1",
        [](Lines &l) { l[0].replace("\"aviary_run\":1", "\"aviary_run\":2"); });
    row("no run", 1, "\"aviary_run\" is missing", [](Lines &l) { l[0] = "{}"; });
    row("deep", 2, "column", [](Lines &l) { l[1] = QByteArray(100'000, '['); });
    row("plan out of bounds", 1, "no such site",
        [](Lines &l) { l[0].replace("\"site\":2", "\"site\":7"); });
}
void TestRun::changedLinesAreNamed() {
    QFETCH(std::function<void(QByteArrayList &)>, spoil);
    QFETCH(int, line);
    QFETCH(QString, what);
    QByteArrayList lines = linesOf(textOf(sampleRun()));
    spoil(lines);
    const auto back = readText(joined(lines));
    QVERIFY(!back);
    QVERIFY2(back.error().where.startsWith(QStringLiteral("a.run.jsonl:%1").arg(line)),
             qPrintable(toText(back.error())));
    QVERIFY2(back.error().what.contains(what), qPrintable(toText(back.error())));
}

// Whatever was lost of the end, what is before it is read, and the loss is told.
void TestRun::aCutFileIsReadAsFarAsItIsWhole() {
    const QByteArray text = textOf(sampleRun());
    const qsizetype first_end = text.indexOf('\n') + 1;
    for (qsizetype size = first_end; size < text.size(); ++size) {
        const auto back = readText(text.left(size));
        QVERIFY2(back, qPrintable(QString::number(size)));
        const auto whole = text.left(size).count('\n') - 1;
        const bool footer_whole = size == text.size() - 1; // only its line feed is missing
        const bool entry_whole = size + 1 < text.size() && text[size] == '\n';
        QCOMPARE(static_cast<qsizetype>(back->entries.size()), whole + (entry_whole ? 1 : 0));
        QCOMPARE(back->footer.has_value(), footer_whole);
        QCOMPARE(back->warnings.isEmpty(), footer_whole);
    }
    QVERIFY(!readText(text.left(first_end - 2))); // without a header there is nothing
    QVERIFY(!readText({}));
}

void TestRun::limitsHold() {
    const QByteArray text = textOf(sampleRun());
    RunLimits limits;
    limits.entries_max = 2;
    QVERIFY(!readText(text, limits));
    limits = {};
    limits.bytes_max = text.size() - 1;
    QVERIFY(!readText(text, limits));
    limits = {};
    limits.line_bytes_max = text.indexOf('\n') - 5;
    const auto back = readText(text, limits);
    QVERIFY(!back);
    QCOMPARE(back.error().where, QStringLiteral("a.run.jsonl:1"));
}

void TestRun::mutatedTextNeverCrashes() {
    const QByteArray text = textOf(sampleRun());
    const auto run = readText(text);
    QVERIFY(rc::check([&] {
        QByteArray changed = text;
        const auto count = *rc::gen::inRange(1, 4);
        for (int i = 0; i < count; ++i) {
            const auto at = *rc::gen::inRange<qsizetype>(0, changed.size());
            changed[at] = *rc::gen::arbitrary<char>();
        }
        const auto back = readText(changed);
        // Either it is refused, or it says the same: JSON has a few ways to write one thing.
        RC_ASSERT(!back || back->entries.size() < 3 || back->entries == run->entries);
    }));
}

void TestRun::savingIsAllOrNothing() {
    QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("a.run.jsonl"));
    QVERIFY(saveRun(path, sampleRun()));
    const auto back = openRun(path);
    QVERIFY(back && back->entries.size() == 3);

    Run broken = sampleRun();
    broken.entries[2].bytes = "nonsense";
    QVERIFY(!saveRun(path, broken));
    QVERIFY(openRun(path)->entries == sampleRun().entries); // the old file stands
    QCOMPARE(saveRun(directory.filePath(QStringLiteral("no/such/a.run.jsonl")), sampleRun())
                 .error()
                 .code,
             ErrorCode::Storage);
    QCOMPARE(openRun(directory.filePath(QStringLiteral("none"))).error().code, ErrorCode::NotFound);
}

void TestRun::anchorsComeBack() {
    const Anchor anchor{12, sampleRun().head()};
    QCOMPARE(anchorFromText(toText(anchor)), std::optional(anchor));
    QVERIFY(!anchorFromText(QStringLiteral("aviary-anchor:1:12:zz")));
    QVERIFY(!anchorFromText(QStringLiteral("aviary-anchor:1:-2:") + hexOf(anchor.head)));
}

QTEST_GUILESS_MAIN(TestRun)
#include "test_run.moc"
