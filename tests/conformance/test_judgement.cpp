// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/report.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace aviary;
using namespace aviary::conformance;

// The frame itself: an answer that differs fails unless a rule asks for it, and a rule that applies
// to a case that agrees fails as well.
class TestJudgement : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void judges_data() {
        QTest::addColumn<int>("expected");
        QTest::addColumn<bool>("rule");
        QTest::addColumn<int>("standing");
        QTest::newRow("agrees") << 4 << false << int(Standing::Agrees);
        QTest::newRow("differs") << 5 << false << int(Standing::Fails);
        QTest::newRow("differs on purpose") << 5 << true << int(Standing::Deviates);
        QTest::newRow("a rule for nothing") << 4 << true << int(Standing::Fails);
    }
    void judges() {
        QFETCH(int, expected);
        QFETCH(bool, rule);
        QFETCH(int, standing);
        const Family doubling{
            u"double"_qs,
            [](const QCborMap &input) { return QCborValue(2 * input.value(u"n"_qs).toInteger()); },
            {{u"rule"_qs, u"sentence"_qs, [rule](const auto &) { return rule; }}},
            {}};
        const Case recorded{u"case"_qs, {{u"n"_qs, 2}}, expected};
        const Judgement judgement = judge(doubling, recorded);
        QCOMPARE(int(judgement.standing), standing);
        QCOMPARE(judgement.text.isEmpty(), judgement.standing != Standing::Fails);
    }

    void countsKindsThatNobodyKnows() {
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"a.jsonl"_qs));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"id\":\"x-1\",\"kind\":\"x\",\"input\":{},\"output\":1}\n\n");
        file.close();
        QMap<QString, Tally> tallies;
        QVERIFY(runFolder(folder.path(), {}, tallies));
        QCOMPARE(tallies.value(u"x"_qs).fail, 1);
    }

    void refusesAnEmptyFolderAndABrokenLine() {
        const QTemporaryDir folder;
        QMap<QString, Tally> tallies;
        QVERIFY(!runFolder(folder.path(), {}, tallies));
        QFile file(folder.filePath(u"a.jsonl"_qs));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"id\":");
        file.close();
        const auto ran = runFolder(folder.path(), {}, tallies);
        QVERIFY(!ran);
        QVERIFY(ran.error().where.contains(u"line 1"));
    }
};

QTEST_GUILESS_MAIN(TestJudgement)
#include "test_judgement.moc"
