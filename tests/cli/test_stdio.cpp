// SPDX-License-Identifier: GPL-3.0-or-later
// The daemon's protocol through `aviary stdio`: a pair of pipes, and a real ssh to this machine.
#include "core/api/processsession.h"
#include "tests/cli/daemonhouse.h"
#include "tests/support/loopbacksshd.h"

#include <QSignalSpy>
#include <QTest>

using namespace aviary;
using namespace aviary::api;
using namespace aviary::tests;
using namespace Qt::Literals;

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
    std::unique_ptr<DaemonHouse> house_;
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

void TestStdio::aRealSshCarriesTheCommandLine() {
    const QString folder = QFileInfo(DaemonHouse::program()).path();
    LoopbackSshd sshd(house_->path({}), {u"PATH=%1:/usr/bin:/bin"_qs.arg(folder),
                                         u"AVIARY_STATE_DIR=%1"_qs.arg(house_->path({}))});
    const bool started = sshd.start();
    if (sshd.unusable()) {
        QSKIP(qPrintable(sshd.said()));
    }
    QVERIFY2(started, qPrintable(sshd.said()));
    qputenv("AVIARY_SSH", "ssh -F " + QFile::encodeName(sshd.config()));
    const auto ran = house_->run({u"--host"_qs, u"here"_qs, u"promote"_qs, u"shop"_qs});
    const auto who =
        house_->run({u"--host"_qs, u"here"_qs, u"--json"_qs, u"daemon"_qs, u"status"_qs});
    qunsetenv("AVIARY_SSH");
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QVERIFY(ran.out.contains(u"confirmed by HAProxy"));
    QCOMPARE(who.json().value(u"who"_qs).toString(), ownUser());
}

QTEST_GUILESS_MAIN(TestStdio)
#include "test_stdio.moc"
