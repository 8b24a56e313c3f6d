// SPDX-License-Identifier: GPL-3.0-or-later
// The daemon's protocol through `aviary stdio`: a pair of pipes, and a real ssh to this machine.
#include "core/api/processsession.h"
#include "tests/cli/daemonhouse.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <unistd.h>

using namespace aviary;
using namespace aviary::api;
using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

void write(const QString &path, const QByteArray &bytes) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

quint16 freePort() {
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

bool runs(const QString &program, const QStringList &arguments) {
    QProcess process;
    process.start(program, arguments);
    return process.waitForFinished() && process.exitCode() == 0;
}

} // namespace

class TestStdio : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aPairOfPipesCarriesASession();
    void aBrokenPipeLeavesTheOutcomeUnknownAndComesBack();
    void theFarEndIsToldWhenThereIsNoProgram();
    void aHostIsNeverAnOption_data();
    void aHostIsNeverAnOption();
    void aRealSshCarriesTheCommandLine();

private:
    QStringList stdio() const {
        return {u"env"_qs, u"AVIARY_STATE_DIR="_qs + house_->path({}), DaemonHouse::program(),
                u"stdio"_qs};
    }
    bool startSshd();

    std::unique_ptr<DaemonHouse> house_;
    QProcess sshd_;
    quint16 port_ = 0;
};

void TestStdio::init() {
    house_ = std::make_unique<DaemonHouse>();
    house_->open();
}

void TestStdio::aPairOfPipesCarriesASession() {
    ProcessSession session(stdio(), {u"test"_qs, u"1"_qs, {}});
    QSignalSpy spy(&session, &Session::changed);
    session.open();
    session.subscribe(u"rollout:"_qs + house_->provider.rollout.row.id);
    std::optional<Result<QJsonObject>> daemon;
    session.call(u"hello"_qs, {}, [&](const Result<QJsonObject> &answer) { daemon = answer; });
    QTRY_VERIFY(daemon.has_value());
    QCOMPARE(daemon->value().value(u"who"_qs).toString(), ownUser());
    QTRY_COMPARE(spy.size(), 1);
    house_->provider.move(kernel::Status::Paused, u"paused"_qs);
    QTRY_COMPARE(spy.size(), 2);
}

void TestStdio::aBrokenPipeLeavesTheOutcomeUnknownAndComesBack() {
    house_->provider.fate = ShopProvider::Fate::Silent;
    ProcessSession session(stdio(), {u"test"_qs, u"1"_qs, {}});
    session.open();
    std::optional<Result<QJsonObject>> result;
    session.call(u"request"_qs, {{u"request_id"_qs, u"r-1"_qs}},
                 [&](const Result<QJsonObject> &answer) { result = answer; });
    QTRY_VERIFY(house_->provider.asked(u"request"_qs));
    house_->close();
    QTRY_VERIFY(result.has_value());
    QCOMPARE(result->error().code, ErrorCode::TimedOut);
    house_->open();
    QTRY_COMPARE_WITH_TIMEOUT(session.link(), Session::Link::Open, 15'000);
    std::optional<Result<QJsonObject>> found;
    session.call(u"request.get"_qs, {{u"id"_qs, u"r-1"_qs}},
                 [&](const Result<QJsonObject> &answer) { found = answer; });
    QTRY_VERIFY(found.has_value());
    QVERIFY(*found);
}

void TestStdio::theFarEndIsToldWhenThereIsNoProgram() {
    ProcessSession session(
        {u"sh"_qs, u"-c"_qs, u"echo 'aviary: command not found' >&2; exit 127"_qs},
        {u"test"_qs, u"1"_qs, {}});
    session.open();
    std::optional<Result<QJsonObject>> result;
    session.call(u"waiting"_qs, {}, [&](const Result<QJsonObject> &answer) { result = answer; });
    QTRY_VERIFY(result.has_value());
    QCOMPARE(result->error().code, ErrorCode::Unreachable);
    QVERIFY(result->error().remedy.contains(u"command not found"));
}

void TestStdio::aHostIsNeverAnOption_data() {
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("good");
    QTest::newRow("host") << u"edge-1.example.org"_qs << true;
    QTest::newRow("user") << u"ops@10.0.0.1"_qs << true;
    QTest::newRow("option") << u"-oProxyCommand=touch /tmp/x"_qs << false;
    QTest::newRow("words") << u"a b"_qs << false;
    QTest::newRow("shell") << u"a;b"_qs << false;
    QTest::newRow("nothing") << QString() << false;
}

void TestStdio::aHostIsNeverAnOption() {
    QFETCH(QString, host);
    QFETCH(bool, good);
    QCOMPARE(sshCommand({}, host).has_value(), good);
}

// A daemon of our own: own port, own configuration, keys that are thrown away.
bool TestStdio::startSshd() {
    port_ = freePort();
    const QString host_key = house_->path(u"host"_qs), key = house_->path(u"key"_qs);
    for (const QString &name : {host_key, key}) {
        if (!runs(u"ssh-keygen"_qs,
                  {u"-q"_qs, u"-t"_qs, u"ed25519"_qs, u"-N"_qs, QString(), u"-f"_qs, name})) {
            return false;
        }
    }
    QFile::copy(key + u".pub"_qs, house_->path(u"authorized"_qs));
    const QString folder = QFileInfo(DaemonHouse::program()).path();
    write(house_->path(u"sshd_config"_qs),
          u"Port %1\nListenAddress 127.0.0.1\nHostKey %2\nPidFile none\nUsePAM no\nStrictModes "
          "no\nPermitRootLogin yes\nPasswordAuthentication no\nAuthorizedKeysFile %3\nSetEnv "
          "PATH=%4:/usr/bin:/bin AVIARY_STATE_DIR=%5\n"_qs.arg(port_)
              .arg(host_key, house_->path(u"authorized"_qs), folder, house_->path({}))
              .toUtf8());
    write(house_->path(u"ssh_config"_qs),
          u"Host here\n HostName 127.0.0.1\n Port %1\n IdentityFile %2\n IdentitiesOnly yes\n "
          "BatchMode yes\n StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n LogLevel "
          "ERROR\n"_qs.arg(port_)
              .arg(key)
              .toUtf8());
    sshd_.start(u"/usr/sbin/sshd"_qs,
                {u"-D"_qs, u"-e"_qs, u"-f"_qs, house_->path(u"sshd_config"_qs)});
    return QTest::qWaitFor([this] {
               QTcpSocket probe;
               probe.connectToHost(QHostAddress::LocalHost, port_);
               return probe.waitForConnected(100) || sshd_.state() == QProcess::NotRunning;
           }) &&
           sshd_.state() == QProcess::Running;
}

void TestStdio::aRealSshCarriesTheCommandLine() {
    if (!QFile::exists(u"/usr/sbin/sshd"_qs)) {
        QSKIP("there is no sshd on this machine");
    }
    // As root sshd insists on its directory for privilege separation.
    const bool made = geteuid() == 0 && QDir().mkdir(u"/run/sshd"_qs);
    const bool started = startSshd();
    const QString said = QString::fromUtf8(sshd_.readAllStandardError());
    if (!started && said.contains(u"privilege separation")) {
        QSKIP("sshd may not run here: /run/sshd is missing");
    }
    QVERIFY2(started, qPrintable(said));
    qputenv("AVIARY_SSH", "ssh -F " + QFile::encodeName(house_->path(u"ssh_config"_qs)));
    const auto ran = house_->run({u"--host"_qs, u"here"_qs, u"promote"_qs, u"shop"_qs});
    const auto who =
        house_->run({u"--host"_qs, u"here"_qs, u"--json"_qs, u"daemon"_qs, u"status"_qs});
    qunsetenv("AVIARY_SSH");
    sshd_.terminate();
    sshd_.waitForFinished();
    if (made) {
        QDir().rmdir(u"/run/sshd"_qs);
    }
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QVERIFY(ran.out.contains(u"confirmed by HAProxy"));
    QCOMPARE(who.json().value(u"who"_qs).toString(), ownUser());
}

QTEST_GUILESS_MAIN(TestStdio)
#include "test_stdio.moc"
