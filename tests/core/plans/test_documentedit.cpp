// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/documentedit.h"

#include <QTest>

using namespace aviary;
using namespace aviary::plans;
using namespace Qt::Literals;

namespace {

const QByteArray plan = "# who wrote this, and why\n"
                        "format: aviary-plan/1\n"
                        "service: checkout-api   # the shop\n"
                        "to: \"v42\"\n"
                        "strategy:\n"
                        "  # a careful one\n"
                        "  kind: canary\n"
                        "  stages: [10 %, 25 %, 100 %]  # three\n"
                        "\n"
                        "policy: {max_parallel: 4, max_load: 2}\n"
                        "targets:\n"
                        "  - store-1\n"
                        "  - store-2\n";

QByteArray edited(const QByteArray &text, const QString &path, const QString &value) {
    const auto got = withMember(text, path.split(u'.'), value);
    return got ? *got : QByteArray("error: ") + toText(got.error()).toUtf8();
}

QString at(const QByteArray &text, const QString &path) {
    return memberText(*readYaml(text), path.split(u'.'));
}

} // namespace

class TestDocumentEdit : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyTheMemberChanges_data();
    void onlyTheMemberChanges();
    void absentMembersFindTheirPlace();
    void aWordBecomesAMap();
    void aMemberGoes();
    void whatCannotBeEditedInPlaceLosesNoValue();
    void brokenDocumentsAndValuesAreRefused();
};

// Every other line stays byte for byte.
void TestDocumentEdit::onlyTheMemberChanges_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("line");
    QTest::addColumn<QByteArray>("text");
    QTest::addRow("comment stays")
        << u"service"_qs << u"cart"_qs << 2 << QByteArray("service: cart   # the shop");
    QTest::addRow("quoted") << u"to"_qs << u"v43"_qs << 3 << QByteArray("to: v43");
    QTest::addRow("deep") << u"strategy.kind"_qs << u"rolling"_qs << 6
                          << QByteArray("  kind: rolling");
    QTest::addRow("list") << u"strategy.stages"_qs << u"[50 %, 100 %]"_qs << 7
                          << QByteArray("  stages: [50 %, 100 %]  # three");
    QTest::addRow("in a flow map") << u"policy.max_load"_qs << u"1.5"_qs << 9
                                   << QByteArray("policy: {max_parallel: 4, max_load: 1.5}");
    QTest::addRow("new in a flow map")
        << u"policy.retries"_qs << u"1"_qs << 9
        << QByteArray("policy: {max_parallel: 4, max_load: 2, retries: 1}");
}
void TestDocumentEdit::onlyTheMemberChanges() {
    QFETCH(QString, path);
    QFETCH(QString, value);
    QFETCH(int, line);
    QFETCH(QByteArray, text);
    QList<QByteArray> expected = plan.split('\n');
    expected[line] = text;
    QCOMPARE(edited(plan, path, value).split('\n'), expected);
}

void TestDocumentEdit::absentMembersFindTheirPlace() {
    const QByteArray bake = edited(plan, u"strategy.bake"_qs, u"5 min"_qs);
    QVERIFY2(bake.contains("# three\n  bake: 5 min\n"), bake.constData());
    QVERIFY(bake.contains("# who wrote this"));
    const QByteArray mode = edited(plan, u"mode"_qs, u"beside"_qs);
    QVERIFY2(mode.contains("\nmode: beside\n"), mode.constData());
    QCOMPARE(at(mode, u"targets"_qs), u"store-1, store-2"_qs);
    const QByteArray needs = edited(plan, u"needs.memory_mib"_qs, u"512"_qs);
    QCOMPARE(at(needs, u"needs.memory_mib"_qs), u"512"_qs);
    QVERIFY(needs.contains("# a careful one"));
}

void TestDocumentEdit::aWordBecomesAMap() {
    const QByteArray text = "service: a # one\nstrategy: canary # two\n";
    const QByteArray got = edited(text, u"strategy.bake"_qs, u"5 min"_qs);
    QCOMPARE(got, QByteArray("service: a # one\nstrategy: {kind: canary, bake: 5 min} # two\n"));
    QCOMPARE(at(got, u"strategy"_qs), u"canary"_qs);
}

void TestDocumentEdit::aMemberGoes() {
    const QByteArray got = edited(plan, u"to"_qs, {});
    QVERIFY(!got.contains("v42"));
    QCOMPARE(got.split('\n').size(), plan.split('\n').size() - 1);
    QCOMPARE(edited(plan, u"absent"_qs, {}), plan);
}

void TestDocumentEdit::whatCannotBeEditedInPlaceLosesNoValue() {
    const QByteArray got = edited(plan, u"targets"_qs, u"[store-9]"_qs);
    QCOMPARE(at(got, u"targets"_qs), u"store-9"_qs);
    QCOMPARE(at(got, u"strategy.stages"_qs), u"10 %, 25 %, 100 %"_qs);
    QCOMPARE(at(got, u"to"_qs), u"v42"_qs);
}

void TestDocumentEdit::brokenDocumentsAndValuesAreRefused() {
    QVERIFY(edited("a: [1, 2\n", u"a"_qs, u"3"_qs).startsWith("error"));
    QVERIFY(edited(plan, u"to"_qs, u"[v1"_qs).startsWith("error"));
    // A value cannot smuggle in another member.
    const QByteArray got = edited(plan, u"service"_qs, u"a\nto: v1"_qs);
    QCOMPARE(at(got.startsWith("error") ? plan : got, u"to"_qs), u"v42"_qs);
}

QTEST_GUILESS_MAIN(TestDocumentEdit)
#include "test_documentedit.moc"
