// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/process/backoff.h"
#include "core/support/process/logfile.h"
#include "core/support/process/process.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <signal.h>
#include <unistd.h>

using namespace aviary;

namespace {

QByteArray contentOf(const QString &path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool exists(pid_t pid) {
    return pid > 0 && identityOf(pid).has_value();
}

} // namespace

class TestProcess : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> place_;
    std::vector<pid_t> pids_;

    QString path(const char *name) const { return place_->filePath(QString::fromLatin1(name)); }
    Launch shell(const QString &script) const {
        return {{QStringLiteral("/bin/sh"), QStringLiteral("-c"), script},
                {QStringLiteral("NODE=n 1"), QStringLiteral("PORT=7")},
                place_->path(),
                path("log"),
                {}};
    }
    // Starts and waits until the program itself runs.
    void run(Process &process, const QString &script) {
        QSignalSpy started(&process, &Process::started);
        const Result<void> result = process.start(shell(script));
        QVERIFY2(result.has_value(), qPrintable(result ? QString() : toText(result.error())));
        QVERIFY(started.count() > 0 || started.wait());
        pids_.push_back(process.pid());
    }

private Q_SLOTS:
    void init() { place_ = std::make_unique<QTemporaryDir>(); }
    void cleanup() {
        for (const pid_t pid : pids_) {
            if (exists(pid)) {
                ::kill(-pid, SIGKILL);
            }
        }
        pids_.clear();
    }

    void runsInItsOwnSession() {
        Process process(path("pid"));
        run(process, QStringLiteral("echo $NODE $PORT $HOME; pwd; exec sleep 60"));
        QTRY_VERIFY(contentOf(path("log")).count('\n') == 2);
        QCOMPARE(contentOf(path("log")), "n 1 7\n" + place_->path().toUtf8() + "\n");
        QCOMPARE(::getsid(process.pid()), process.pid());
        QCOMPARE(QDir(QStringLiteral("/proc/%1/fd").arg(process.pid()))
                     .entryList(QDir::Files | QDir::System)
                     .size(),
                 3);
        const auto record = readProcessRecord(path("pid"));
        QVERIFY(record && isAlive(*record));
        QCOMPARE(record->pid, process.pid());
        QSignalSpy ended(&process, &Process::ended);
        process.stop(5'000);
        QVERIFY(ended.wait());
        const auto end = ended[0][0].value<ProcessEnd>();
        QCOMPARE(end, (ProcessEnd{true, true, SIGTERM, true, {}}));
        QVERIFY(!process.isRunning());
    }
    // The record is on disk before the program does anything.
    void recordComesBeforeTheProgram() {
        Process process(path("pid"));
        run(process, QStringLiteral("cat pid; echo $$; exec sleep 60"));
        QTRY_VERIFY(contentOf(path("log")).count('\n') == 2);
        const QList<QByteArray> lines = contentOf(path("log")).split('\n');
        QCOMPARE(lines[0].split(' ').first(), lines[1]);
    }
    void exitCodeIsKnown() {
        Process process(path("pid"));
        QSignalSpy ended(&process, &Process::ended);
        QVERIFY(process.start(shell(QStringLiteral("exit 3"))));
        QVERIFY(ended.wait());
        QCOMPARE(ended[0][0].value<ProcessEnd>(), (ProcessEnd{true, false, 3, false, {}}));
        QCOMPARE(toText(ended[0][0].value<ProcessEnd>()), QStringLiteral("exited with 3"));
    }
    void whatCannotRunSaysWhy() {
        Process process(path("pid"));
        Launch launch = shell({});
        launch.command = QStringList{QStringLiteral("no-such-program-anywhere")};
        QCOMPARE(process.start(launch).error().code, ErrorCode::NotFound);
        launch.command = QStringList{QStringLiteral("/etc/passwd")};
        QSignalSpy ended(&process, &Process::ended);
        QSignalSpy started(&process, &Process::started);
        QVERIFY(process.start(launch));
        QVERIFY(ended.wait());
        QVERIFY(ended[0][0].value<ProcessEnd>().failure.contains(u"/etc/passwd"));
        QCOMPARE(started.count(), 0);
        QVERIFY(!QFile::exists(path("pid")));
        launch.directory = path("missing");
        QVERIFY(process.start(launch));
        QVERIFY(ended.wait());
        launch.log = path("missing/log");
        QCOMPARE(process.start(launch).error().code, ErrorCode::Storage);
    }
    // SIGTERM is ignored: after the grace the whole group is killed.
    void stopIsFinal() {
        Process process(path("pid"));
        run(process, QStringLiteral("trap '' TERM; sleep 60 & echo $!; while :; do wait; done"));
        QTRY_VERIFY(contentOf(path("log")).endsWith('\n'));
        const pid_t grandchild = contentOf(path("log")).trimmed().toInt();
        QVERIFY(exists(grandchild));
        QSignalSpy ended(&process, &Process::ended);
        process.stop(100);
        QVERIFY(ended.wait());
        QCOMPARE(ended[0][0].value<ProcessEnd>().code, SIGKILL);
        QTRY_VERIFY(!exists(grandchild));
    }
    // What a crashed service left behind would keep its port.
    void crashTakesItsChildrenAlong() {
        Process process(path("pid"));
        QSignalSpy ended(&process, &Process::ended);
        run(process, QStringLiteral("sleep 60 & echo $!; kill -SEGV $$"));
        QVERIFY(ended.count() > 0 || ended.wait());
        QCOMPARE(ended[0][0].value<ProcessEnd>().code, SIGSEGV);
        const pid_t grandchild = contentOf(path("log")).trimmed().toInt();
        QTRY_VERIFY(!exists(grandchild));
    }
    // As after a restart of the daemon: the process is not our child.
    void adoptsAStrangersChild() {
        const QString script = QStringLiteral("setsid sh -c 'read l < /proc/self/stat; set -- $l; "
                                              "b=$(cat /proc/sys/kernel/random/boot_id); "
                                              "shift 21; echo \"$$ $1 $b\" > %1; exec sleep 60' & ")
                                   .arg(path("pid"));
        QCOMPARE(QProcess::execute(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), script}), 0);
        QTRY_VERIFY(readProcessRecord(path("pid")).has_value());
        Process process(path("pid"));
        QVERIFY(process.adopt());
        pids_.push_back(process.pid());
        QCOMPARE(process.start(shell(QStringLiteral("true"))).error().code, ErrorCode::Conflict);
        QSignalSpy ended(&process, &Process::ended);
        process.stop(5'000);
        QVERIFY(ended.wait());
        QCOMPARE(ended[0][0].value<ProcessEnd>(), (ProcessEnd{false, false, 0, true, {}}));
    }
    void runsOnWithoutItsObject() {
        auto process = std::make_unique<Process>(path("pid"));
        run(*process, QStringLiteral("exec sleep 60"));
        const pid_t pid = process->pid();
        process.reset();
        QVERIFY(exists(pid));
        Process again(path("pid"));
        QVERIFY(again.adopt());
        QCOMPARE(again.pid(), pid);
        QSignalSpy ended(&again, &Process::ended);
        ::kill(pid, SIGKILL);
        QVERIFY(ended.wait());
        QCOMPARE(ended[0][0].value<ProcessEnd>().code, SIGKILL);
        QVERIFY(!Process(path("pid")).adopt());
    }
    // A pid that was given to another process is not ours.
    void recordsOfOthers_data() {
        QTest::addColumn<QByteArray>("record");
        const auto self = identityOf(::getpid());
        const QByteArray pid = QByteArray::number(self->pid);
        const QByteArray ticks = QByteArray::number(self->start_ticks);
        const QByteArray boot = self->boot.toLatin1();
        QTest::newRow("other start")
            << pid + " " + QByteArray::number(self->start_ticks + 1) + " " + boot;
        QTest::newRow("other boot") << pid + " " + ticks + " 0-0-0";
        QTest::newRow("pid 0") << "0 " + ticks + " " + boot;
        QTest::newRow("negative") << "-" + pid + " " + ticks + " " + boot;
        QTest::newRow("torn") << pid + " " + ticks;
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("noise") << QByteArray(5'000, '\xff');
    }
    void recordsOfOthers() {
        QFETCH(QByteArray, record);
        QFile file(path("pid"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(record);
        file.close();
        QVERIFY(!Process(path("pid")).adopt());
    }
    void startTicksOfHostileNames() {
        const QByteArray stat =
            "12 (a) S 1 (b) R 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20\n";
        QCOMPARE(startTicks(stat.constData(), static_cast<std::size_t>(stat.size())),
                 quint64{4711});
        QCOMPARE(startTicks("12 (a", 5), quint64{0});
        QCOMPARE(startTicks("", 0), quint64{0});
    }
    void backsOff() {
        Backoff backoff({4, 1'000, 300});
        QCOMPARE(backoff.next(0), std::optional(300));
        QCOMPARE(backoff.next(100), std::optional(600));
        QCOMPARE(backoff.next(200), std::optional(1'000));
        QCOMPARE(backoff.next(300), std::optional(1'000));
        QCOMPARE(backoff.next(999), std::nullopt);
        QCOMPARE(backoff.next(1'000), std::optional(1'000)); // the first one left the window
        QCOMPARE(backoff.next(9'000), std::optional(300));
        QCOMPARE(Backoff({0, 1'000, 300}).next(0), std::nullopt);
    }
    void logsAreBounded() {
        Process process(path("pid"));
        run(process, QStringLiteral("i=0; while [ $i -lt 400 ]; do echo line $i of the log; "
                                    "i=$((i+1)); done; exec sleep 60"));
        QTRY_VERIFY(contentOf(path("log")).contains("line 399"));
        const LogLimit limit{4'000, 2};
        QVERIFY(rotateIfOver(path("log"), limit));
        QCOMPARE(contentOf(path("log")).size(), 0);
        QVERIFY(contentOf(path("log.1")).contains("line 399"));
        QCOMPARE(tailOf(path("log"), 2), (QStringList{QStringLiteral("line 398 of the log"),
                                                      QStringLiteral("line 399 of the log")}));
        QFile log(path("log"));
        QVERIFY(log.open(QIODevice::WriteOnly | QIODevice::Append));
        log.write("\x1b[31mred\x07\n");
        log.close();
        QCOMPARE(tailOf(path("log"), 1).first(), QStringLiteral("\uFFFD[31mred\uFFFD"));
        QCOMPARE(tailOf(path("log"), 2).first(), QStringLiteral("line 399 of the log"));
        QVERIFY(tailOf(path("none"), 5).isEmpty());
    }
    // The process goes on writing at the start of the emptied file, not at its old place.
    void logStaysSmallAfterRotation() {
        QCOMPARE(QProcess::execute(QStringLiteral("mkfifo"), {path("fifo")}), 0);
        Process process(path("pid"));
        run(process, QStringLiteral("yes | head -c 10000; read x < fifo; echo after; sleep 60"));
        QTRY_COMPARE(contentOf(path("log")).size(), 10'000);
        QVERIFY(rotateIfOver(path("log"), {1'000, 1}));
        QFile fifo(path("fifo"));
        QVERIFY(fifo.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        fifo.write("go\n");
        QTRY_COMPARE(contentOf(path("log")), "after\n");
    }
};

QTEST_GUILESS_MAIN(TestProcess)
#include "test_process.moc"
