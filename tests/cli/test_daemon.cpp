// SPDX-License-Identifier: GPL-3.0-or-later
// The real aviaryd: started on demand, once; stopped cleanly; found again after kill -9.
#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalSocket>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>

#include <csignal>

using namespace Qt::Literals;

namespace {

QString program(const QString &name) {
    return QCoreApplication::applicationDirPath() + u'/' + name;
}

} // namespace

class TestDaemon : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aClientStartsIt();
    void twoClientsStartOne();
    void aSecondOneIsRefused();
    void aSignalStopsItCleanly();
    void itComesBackAfterAKill();
    void aDirectoryOfOthersIsRefused();
    void clustersAreKept();

private:
    struct Ran {
        int code = -1;
        QString out, err;
    };
    std::unique_ptr<QProcess> start(const QString &name, const QStringList &words);
    Ran run(const QString &name, const QStringList &words);
    QString socketPath() const { return state_ + u"/aviaryd.socket"_qs; }
    pid_t daemonPid() const; // 0: none answers
    static bool isGone(pid_t pid) { return pid == 0 || kill(pid, 0) != 0; }

    std::unique_ptr<QTemporaryDir> directory_;
    QString state_;
};

void TestDaemon::init() {
    directory_ = std::make_unique<QTemporaryDir>();
    state_ = directory_->filePath(u"state"_qs);
}

void TestDaemon::cleanup() {
    if (const pid_t pid = daemonPid(); pid > 0) {
        kill(pid, SIGTERM);
        QTRY_VERIFY(isGone(pid));
    }
}

std::unique_ptr<QProcess> TestDaemon::start(const QString &name, const QStringList &words) {
    auto process = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"AVIARY_STATE_DIR"_qs, state_);
    process->setProcessEnvironment(environment);
    process->setStandardInputFile(QProcess::nullDevice());
    process->start(program(name), words);
    return process;
}

TestDaemon::Ran TestDaemon::run(const QString &name, const QStringList &words) {
    const auto process = start(name, words);
    process->waitForFinished();
    return {process->exitCode(), QString::fromUtf8(process->readAllStandardOutput()),
            QString::fromUtf8(process->readAllStandardError())};
}

pid_t TestDaemon::daemonPid() const {
    QLocalSocket socket;
    socket.connectToServer(socketPath());
    if (!socket.waitForConnected(1'000)) {
        return 0;
    }
    ucred peer{};
    socklen_t size = sizeof peer;
    getsockopt(int(socket.socketDescriptor()), SOL_SOCKET, SO_PEERCRED, &peer, &size);
    return peer.pid;
}

void TestDaemon::aClientStartsIt() {
    QCOMPARE(daemonPid(), 0);
    const Ran ran = run(u"aviary"_qs, {u"list"_qs});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const pid_t pid = daemonPid();
    QVERIFY(pid > 0);
    QCOMPARE(getsid(pid) == getsid(0), false); // outlives the client's session
    QCOMPARE(run(u"aviary"_qs, {u"daemon"_qs, u"status"_qs}).code, 0);
    QCOMPARE(daemonPid(), pid);
    QCOMPARE(run(u"aviary"_qs, {u"daemon"_qs, u"stop"_qs}).code, 0);
    QTRY_VERIFY(isGone(pid));
    QVERIFY(!QFile::exists(socketPath()));
    QCOMPARE(run(u"aviary"_qs, {u"daemon"_qs, u"status"_qs}).code, 1);
}

void TestDaemon::twoClientsStartOne() {
    std::vector<std::unique_ptr<QProcess>> clients;
    for (int i = 0; i < 4; ++i) {
        clients.push_back(start(u"aviary"_qs, {u"list"_qs, u"--json"_qs}));
    }
    for (const auto &client : clients) {
        client->waitForFinished();
        QVERIFY2(client->exitCode() == 0, client->readAllStandardError().constData());
    }
    // The losers have ended by themselves, and said why.
    QFile log(state_ + u"/aviaryd.log"_qs);
    QVERIFY(log.open(QIODevice::ReadOnly));
    QCOMPARE(log.readAll().count("serves"), 1);
    QVERIFY(daemonPid() > 0);
}

void TestDaemon::aSecondOneIsRefused() {
    QCOMPARE(run(u"aviary"_qs, {u"daemon"_qs, u"start"_qs}).code, 0);
    const pid_t pid = daemonPid();
    const Ran second = run(u"aviaryd"_qs, {u"--foreground"_qs});
    QCOMPARE(second.code, 1);
    QVERIFY2(!second.err.isEmpty(), "it said nothing");
    QCOMPARE(daemonPid(), pid);
}

void TestDaemon::aSignalStopsItCleanly() {
    const auto daemon = start(u"aviaryd"_qs, {u"--foreground"_qs});
    QTRY_VERIFY(daemonPid() > 0);
    QCOMPARE(daemonPid(), pid_t(daemon->processId()));
    daemon->terminate();
    QVERIFY(daemon->waitForFinished());
    QCOMPARE(daemon->exitStatus(), QProcess::NormalExit);
    QCOMPARE(daemon->exitCode(), 0);
    QVERIFY(daemon->readAllStandardError().contains("TERM"));
    QVERIFY(!QFile::exists(socketPath()));
}

void TestDaemon::itComesBackAfterAKill() {
    QCOMPARE(run(u"aviary"_qs, {u"cluster"_qs, u"add"_qs, u"here"_qs}).code, 0);
    const pid_t pid = daemonPid();
    kill(pid, SIGKILL);
    QTRY_VERIFY(isGone(pid));
    QVERIFY(QFile::exists(socketPath())); // left behind
    const Ran ran = run(u"aviary"_qs, {u"cluster"_qs, u"list"_qs});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QVERIFY(ran.out.contains(u"here"));
    QVERIFY(daemonPid() != pid);
}

void TestDaemon::aDirectoryOfOthersIsRefused() {
    QVERIFY(QFile::link(directory_->path(), state_));
    const Ran ran = run(u"aviary"_qs, {u"list"_qs});
    QCOMPARE(ran.code, 1);
    QVERIFY2(ran.err.contains(u"not a directory of its own"), qPrintable(ran.err));
    QCOMPARE(run(u"aviaryd"_qs, {u"--foreground"_qs}).code, 1);
}

void TestDaemon::clustersAreKept() {
    const Ran added = run(u"aviary"_qs, {u"cluster"_qs, u"add"_qs, u"here"_qs, u"--set"_qs,
                                         u"nodes=4"_qs, u"--set"_qs, u"sites=2"_qs});
    QVERIFY2(added.code == 0, qPrintable(added.err));
    QCOMPARE(run(u"aviary"_qs, {u"daemon"_qs, u"stop"_qs}).code, 0);
    QJsonArray nodes;
    // The cluster is opened after the start; its nodes come a moment later.
    QTRY_VERIFY([&] {
        const Ran ran = run(u"aviary"_qs, {u"nodes"_qs, u"--json"_qs});
        nodes = QJsonDocument::fromJson(ran.out.toUtf8()).object().value(u"nodes"_qs).toArray();
        return nodes.size() == 4;
    }());
    const Ran tested = run(u"aviary"_qs, {u"cluster"_qs, u"test"_qs, u"here"_qs});
    QVERIFY2(tested.out.contains(u"4 of 4 nodes are healthy"), qPrintable(tested.out + tested.err));
    const Ran wrong =
        run(u"aviary"_qs, {u"cluster"_qs, u"add"_qs, u"there"_qs, u"--set"_qs, u"moons=4"_qs});
    QCOMPARE(wrong.code, 2);
    QVERIFY(wrong.err.contains(u"moons"));
    QCOMPARE(run(u"aviary"_qs, {u"cluster"_qs, u"remove"_qs, u"here"_qs}).code, 0);
}

QTEST_GUILESS_MAIN(TestDaemon)
#include "test_daemon.moc"
