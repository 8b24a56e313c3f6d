// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/journal.h"
#include "tests/core/journal/samples.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

using namespace aviary;
using namespace aviary::journal;

namespace {

int heldBatches(const Journal &journal) {
    const auto facts = journal.facts(QStringLiteral("request"));
    return facts ? static_cast<int>(facts->size()) : -1;
}

// In the child: appends until it is killed, and tells each batch that was acknowledged.
[[noreturn]] void writeUntilKilled(const QString &path, int from, int out) {
    auto journal = Journal::open(path, Access::Own);
    for (int n = from; journal && (*journal)->append(tests::batch(n)); ++n) {
        if (::write(out, &n, sizeof n) != sizeof n) {
            break;
        }
    }
    ::_exit(1);
}

} // namespace

// The process is killed in the midst of its writing, over and over, in one directory.
class TestKill : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void acknowledgedBatchesOutliveTheWriter();
};

void TestKill::acknowledgedBatchesOutliveTheWriter() {
    QTemporaryDir root;
    const QString path = root.filePath(QStringLiteral("state"));
    std::mt19937 chance(20'261'120);
    int held = 0;
    for (int round = 0; round < 25; ++round) {
        int pipe_ends[2];
        QCOMPARE(::pipe(pipe_ends), 0);
        const pid_t writer = ::fork();
        if (writer == 0) {
            ::close(pipe_ends[0]);
            writeUntilKilled(path, held, pipe_ends[1]);
        }
        QVERIFY(writer > 0);
        ::close(pipe_ends[1]);
        // After a few acknowledgements, at no particular instant of the next batch.
        int acknowledged = held - 1;
        for (auto left = 1 + chance() % 6; left > 0; --left) {
            QCOMPARE(::read(pipe_ends[0], &acknowledged, sizeof acknowledged),
                     ssize_t{sizeof acknowledged});
        }
        volatile unsigned spent = 0;
        for (auto spin = chance() % 2'000'000; spin > 0; --spin) {
            spent = spent + 1;
        }
        QCOMPARE(::kill(writer, SIGKILL), 0);
        int status = 0;
        QCOMPARE(::waitpid(writer, &status, 0), writer);
        QVERIFY(WIFSIGNALED(status));
        int later = 0;
        while (::read(pipe_ends[0], &later, sizeof later) == sizeof later) {
            acknowledged = later;
        }
        ::close(pipe_ends[0]);

        const auto journal = Journal::open(path, Access::Own); // the lock died with its holder
        QVERIFY2(journal, qPrintable(toText(journal ? Error{} : journal.error())));
        held = heldBatches(**journal);
        QVERIFY2(
            held == acknowledged + 1 || held == acknowledged + 2,
            qPrintable(QStringLiteral("%1 acknowledged, %2 held").arg(acknowledged + 1).arg(held)));
        const auto sound = (*journal)->verify();
        QVERIFY2(sound && sound->whole, qPrintable(sound ? sound->what : QString()));
        QCOMPARE((*journal)->rollouts()->front().entries, 2u * static_cast<unsigned>(held));
    }
}

QTEST_GUILESS_MAIN(TestKill)
#include "test_kill.moc"
