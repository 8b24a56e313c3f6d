// SPDX-License-Identifier: GPL-3.0-or-later
// Style as a test: the rules of tests/tidy on the whole tree.
#include "tests/tidy/rules.h"

#include <QFile>
#include <QProcess>
#include <QTest>

using namespace aviary::tidy;

namespace {
const QString kernel_library = QStringLiteral(AVIARY_BINARY_DIR "/libaviary_core_kernel.a");
}

class TestTree : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        tree_ = readTree(QStringLiteral(AVIARY_SOURCE_DIR));
        QFile table(QStringLiteral(AVIARY_BINARY_DIR "/layers.txt"));
        QVERIFY2(table.open(QIODevice::ReadOnly), qPrintable(table.fileName()));
        layers_ = Layers::fromText(QString::fromUtf8(table.readAll()));
        QVERIFY(!layers_.isEmpty());
        const auto cpp = std::count_if(tree_.cbegin(), tree_.cend(),
                                       [](const Source &source) { return source.isCpp(); });
        QVERIFY2(cpp >= 10, "the walk did not find the sources");
    }

    void everyFileKeepsTheRule_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < fileRules().size(); ++i) {
            QTest::newRow(fileRules()[i].name) << i;
        }
    }
    void everyFileKeepsTheRule() {
        QFETCH(int, index);
        Findings findings;
        for (const Source &source : tree_) {
            findings += fileRules()[index].rule(source);
        }
        QVERIFY2(findings.isEmpty(), qPrintable(u'\n' + toText(findings)));
    }

    void includesFollowTheArrows() {
        const Findings findings = includes(tree_, layers_);
        QVERIFY2(findings.isEmpty(), qPrintable(u'\n' + toText(findings)));
    }

    void everyHeaderIsIncluded() {
        const Findings findings = deadHeaders(tree_);
        QVERIFY2(findings.isEmpty(), qPrintable(u'\n' + toText(findings)));
    }

    void arrowsDoNotGoRound() { QCOMPARE(layers_.circles(), QStringList()); }

    void kernelNeedsOnlyTheLanguage() {
        const Findings findings = kernelSymbols(nm(QStringLiteral("--undefined-only")),
                                                nm(QStringLiteral("--defined-only")));
        QVERIFY2(findings.isEmpty(), qPrintable(u'\n' + toText(findings)));
    }

private:
    static QString nm(const QString &which) {
        QProcess process;
        process.start(QStringLiteral("nm"), {QStringLiteral("-C"), which, kernel_library});
        const bool ended = process.waitForFinished() && process.exitCode() == 0;
        return ended ? QString::fromUtf8(process.readAllStandardOutput())
                     : QStringLiteral("nm failed:\n U nm");
    }

    QList<Source> tree_;
    Layers layers_;
};

QTEST_GUILESS_MAIN(TestTree)
#include "test_tree.moc"
