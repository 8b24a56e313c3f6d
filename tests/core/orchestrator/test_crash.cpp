// SPDX-License-Identifier: GPL-3.0-or-later
// Kill -9 at every commit of a scripted rollout: the same end, no node updated twice to the same
// revision, nothing acknowledged lost. AVIARY_LONG=1 takes every commit, else every fifth.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

class TestCrash : public QObject {
    Q_OBJECT

    struct Run {
        bool killed = false;
        int code = -1;
        QStringList lines;
        QString after(const QString &word) const {
            for (const QString &line : lines) {
                if (line.startsWith(word + u' ')) {
                    return line.mid(word.size() + 1);
                }
            }
            return {};
        }
    };

    static Run run(const QString &directory, int commit, const QString &when) {
        QProcess process;
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(QStringLiteral(AVIARY_BINARY_DIR "/bin/crashstory"),
                      {directory, QString::number(commit), when});
        Run run;
        if (!process.waitForFinished(60'000)) {
            process.kill();
            process.waitForFinished();
        }
        run.killed = process.exitStatus() == QProcess::CrashExit;
        run.code = process.exitCode();
        run.lines =
            QString::fromUtf8(process.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
        return run;
    }

private Q_SLOTS:
    void endsTheSameWhereverItIsKilled_data() {
        QTest::addColumn<int>("commit");
        QTest::addColumn<QString>("when");
        const QTemporaryDir directory;
        const Run calm = run(directory.path(), 0, QStringLiteral("after"));
        QCOMPARE(calm.code, 0);
        const int commits = calm.after(QStringLiteral("commits")).toInt();
        QVERIFY2(commits > 10, qPrintable(calm.lines.join(u'\n')));
        const int stride = qEnvironmentVariableIsSet("AVIARY_LONG") ? 1 : 5;
        for (int commit = 1; commit <= commits; commit += stride) {
            for (const char *when : {"before", "after"}) {
                QTest::addRow("%s commit %d of %d", when, commit, commits)
                    << commit << QString::fromLatin1(when);
            }
        }
    }

    void endsTheSameWhereverItIsKilled() {
        QFETCH(int, commit);
        QFETCH(QString, when);
        const QTemporaryDir directory;
        const Run first = run(directory.path(), commit, when);
        QVERIFY2(first.killed, qPrintable(first.lines.join(u'\n')));
        const Run second = run(directory.path(), 0, when);
        QVERIFY2(second.code == 0, qPrintable(second.lines.join(u'\n')));
        QCOMPARE(second.after(QStringLiteral("twice")), QString());
        QCOMPARE(second.after(QStringLiteral("weight")), QStringLiteral("10000"));
        QCOMPARE(second.after(QStringLiteral("whole")), QStringLiteral("yes"));
        // What was acknowledged before is not asked for a second time.
        for (const QString &line : first.lines) {
            QVERIFY2(!line.startsWith(u"deployed ") || !second.lines.contains(line),
                     qPrintable(line));
        }
    }
};

QTEST_GUILESS_MAIN(TestCrash)
#include "test_crash.moc"
