// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/daemonhouse.h"

#include <QTest>

using namespace aviary;
using namespace aviary::api;
using namespace aviary::tests;
using namespace Qt::Literals;

Q_DECLARE_METATYPE(aviary::api::GitState)

class TestVerbs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void listNamesTheRollout();
    void aRolloutIsFoundByItsNames_data();
    void aRolloutIsFoundByItsNames();
    void promoteStatesItsEffectAndIsConfirmed();
    void production_data();
    void production();
    void whatLowersExposureIsNeverHeldUp();
    void aRefusalSaysWhatWouldAllowIt();
    void aLateRefusalIsNoSuccess();
    void withoutAWordItIsUnknown();
    void aBrokenLinkIsSettledByTheRequest();
    void watchEndsAsTheRolloutEnds_data();
    void watchEndsAsTheRolloutEnds();
    void watchGivesUpInTime();
    void watchDrawsInPlaceOnATerminal();
    void everyAnswerHasItsJson_data();
    void everyAnswerHasItsJson();
    void textFromOutsideCannotAct();
    void aSyncEndsAsTheRepositoryStands_data();
    void aSyncEndsAsTheRepositoryStands();
    void whatStartsByItselfInProductionIsConfirmed();
    void badUsageIsTwo_data();
    void badUsageIsTwo();
    void deploySendsOnlyWhatWasGiven();
    void unknownHealthIsNoSuccess();
    void completionsComplete();
    void withoutDaemonNothingIsStarted();

private:
    std::unique_ptr<DaemonHouse> house_;
};

void TestVerbs::init() {
    house_ = std::make_unique<DaemonHouse>();
    house_->open();
}

void TestVerbs::listNamesTheRollout() {
    const auto ran = house_->run({u"list"_qs});
    QCOMPARE(ran.code, 0);
    QVERIFY(ran.out.contains(u"01ARZ3NDEK"));
    QVERIFY(ran.out.contains(u"v41 → v42"));
    QVERIFY(ran.out.contains(u"waits for you at 10 %"));
    QVERIFY2(!ran.out.contains(u'\x1b'), "colours went into a pipe");
}

void TestVerbs::aRolloutIsFoundByItsNames_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("text");
    QTest::newRow("id") << u"01ARZ3NDEKTSV4RRFFQ69G5FAV"_qs << 0 << u"waits for you"_qs;
    QTest::newRow("service") << u"shop"_qs << 0 << u"waits for you"_qs;
    QTest::newRow("beginning") << u"01ARZ"_qs << 0 << u"waits for you"_qs;
    QTest::newRow("lower case") << u"01arz3ndek"_qs << 0 << u"waits for you"_qs;
    QTest::newRow("beginning of a service") << u"sho"_qs << 0 << u"waits for you"_qs;
    QTest::newRow("several") << u"01"_qs << 2 << u"may be several"_qs;
    QTest::newRow("none") << u"till"_qs << 1 << u"aviary list names them"_qs;
}

void TestVerbs::aRolloutIsFoundByItsNames() {
    QFETCH(QString, name);
    QFETCH(int, code);
    QFETCH(QString, text);
    RolloutRow old; // an older rollout of the same service, and one of another
    old.id = u"01AAA3NDEKTSV4RRFFQ69G5FAV"_qs;
    old.service = u"shop"_qs;
    old.status = kernel::Status::Failed;
    RolloutRow other = old;
    other.id = u"01ZZZ3NDEKTSV4RRFFQ69G5FAV"_qs;
    other.service = u"pump"_qs;
    house_->provider.more = {old, other};
    const auto ran = house_->run({u"status"_qs, name});
    QCOMPARE(ran.code, code);
    const QString said = ran.out + ran.err;
    QVERIFY2(said.contains(text), qPrintable(said));
    if (code == 0) {
        const QString asked =
            house_->provider.calls.value(u"rollout.get"_qs).value(u"rollout"_qs).toString();
        QCOMPARE(asked, u"01ARZ3NDEKTSV4RRFFQ69G5FAV"_qs);
    }
}

void TestVerbs::promoteStatesItsEffectAndIsConfirmed() {
    const auto ran = house_->run({u"promote"_qs, u"shop"_qs, u"--to"_qs, u"25"_qs});
    QCOMPARE(ran.code, 0);
    QVERIFY(ran.out.contains(u"traffic on v42: 10 % to 25 %"));
    QVERIFY(ran.out.contains(u"applied"));
    QVERIFY(ran.out.contains(u"confirmed by HAProxy"));
    const QJsonObject sent = house_->provider.calls.value(u"request"_qs);
    QCOMPARE(sent.value(u"to"_qs).toInt(), 2'500);
    QCOMPARE(sent.value(u"effect"_qs).toString(), u"token-7"_qs);
    QCOMPARE(sent.value(u"epoch"_qs).toInt(), 7);
    QCOMPARE(sent.value(u"request_id"_qs).toString().size(), 26);
}

void TestVerbs::production_data() {
    QTest::addColumn<bool>("yes");
    QTest::addColumn<int>("code");
    QTest::newRow("unconfirmed") << false << 2;
    QTest::newRow("with --yes") << true << 0;
}

void TestVerbs::production() {
    QFETCH(bool, yes);
    QFETCH(int, code);
    house_->provider.cluster.klass = ClusterClass::Production;
    QStringList words{u"promote"_qs, u"shop"_qs};
    words += yes ? QStringList{u"--yes"_qs} : QStringList{};
    const auto ran = house_->run(words);
    QCOMPARE(ran.code, code);
    QCOMPARE(house_->provider.asked(u"request"_qs), yes);
    if (yes) {
        QCOMPARE(house_->provider.calls.value(u"request"_qs).value(u"confirm"_qs).toString(),
                 u"shop"_qs);
    } else {
        QVERIFY(ran.err.contains(u"--yes"));
    }
}

void TestVerbs::whatLowersExposureIsNeverHeldUp() {
    house_->provider.cluster.klass = ClusterClass::Production;
    for (const QStringList &words :
         {QStringList{u"pause"_qs, u"shop"_qs}, QStringList{u"rollback"_qs, u"shop"_qs},
          QStringList{u"lower"_qs, u"shop"_qs, u"--to"_qs, u"5%"_qs}}) {
        const auto ran = house_->run(words);
        QCOMPARE(ran.code, 0);
        QVERIFY(!house_->provider.asked(u"effect"_qs));
    }
}

void TestVerbs::aRefusalSaysWhatWouldAllowIt() {
    house_->provider.fate = ShopProvider::Fate::Refused;
    const auto ran = house_->run({u"promote"_qs, u"shop"_qs});
    QCOMPARE(ran.code, 1);
    QVERIFY(ran.err.contains(u"resume it first"));
    const auto json = house_->run({u"promote"_qs, u"shop"_qs, u"--json"_qs});
    QCOMPARE(json.code, 1);
    QCOMPARE(json.json().value(u"error"_qs).toObject().value(u"code"_qs).toString(), u"refused"_qs);
}

void TestVerbs::aLateRefusalIsNoSuccess() {
    house_->provider.fate = ShopProvider::Fate::Late;
    const auto ran = house_->run({u"promote"_qs, u"shop"_qs});
    QCOMPARE(ran.code, 1);
    QVERIFY(ran.out.contains(u"refused"));
    QVERIFY(ran.out.contains(u"the router refused"));
    QVERIFY(!ran.out.contains(u"applied"));
}

void TestVerbs::withoutAWordItIsUnknown() {
    house_->provider.fate = ShopProvider::Fate::Never;
    const auto ran = house_->run({u"promote"_qs, u"shop"_qs, u"--timeout"_qs, u"100ms"_qs});
    QCOMPARE(ran.code, 3);
    QVERIFY(ran.out.contains(u"unknown"));
    QVERIFY(!ran.out.contains(u"applied"));
}

void TestVerbs::aBrokenLinkIsSettledByTheRequest() {
    house_->provider.fate = ShopProvider::Fate::Silent;
    const auto ran = house_->run({u"promote"_qs, u"shop"_qs}, [this] {
        QTRY_VERIFY(house_->provider.asked(u"request"_qs));
        house_->close();
        house_->open();
    });
    QVERIFY(ran.err.contains(u"unknown"));
    QVERIFY2(ran.out.contains(u"confirmed all the same"), qPrintable(ran.out + ran.err));
    QCOMPARE(ran.code, 0);
}

void TestVerbs::watchEndsAsTheRolloutEnds_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("code");
    QTest::newRow("completed") << int(kernel::Status::Completed) << 0;
    QTest::newRow("rolled back") << int(kernel::Status::RolledBack) << 1;
    QTest::newRow("failed") << int(kernel::Status::Failed) << 1;
    QTest::newRow("superseded") << int(kernel::Status::Superseded) << 1;
}

void TestVerbs::watchEndsAsTheRolloutEnds() {
    QFETCH(int, status);
    QFETCH(int, code);
    const auto ran = house_->run({u"watch"_qs, u"shop"_qs}, [this, status] {
        QTRY_VERIFY(house_->provider.asked(u"rollout.get"_qs));
        house_->provider.move(kernel::Status::InProgress, u"promoted to 25 %"_qs);
        house_->provider.move(kernel::Status(status), u"this is how it ended"_qs);
    });
    QCOMPARE(ran.code, code);
    QVERIFY(ran.out.contains(u"began"));
    QVERIFY2(ran.out.contains(u"promoted to 25 %"), qPrintable(ran.out));
    QVERIFY(ran.out.contains(u"this is how it ended"));
    QCOMPARE(ran.out.count(u"began"_qs), 1);
}

void TestVerbs::watchGivesUpInTime() {
    const auto ran = house_->run({u"watch"_qs, u"shop"_qs, u"--timeout"_qs, u"100ms"_qs});
    QCOMPARE(ran.code, 3);
    QVERIFY(ran.err.contains(u"it goes on"));
}

void TestVerbs::watchDrawsInPlaceOnATerminal() {
    QProcess script; // gives the program a terminal
    QProcessEnvironment environment = house_->environment();
    environment.insert(u"TERM"_qs, u"xterm"_qs);
    environment.remove(u"NO_COLOR"_qs);
    script.setProcessEnvironment(environment);
    script.setStandardInputFile(QProcess::nullDevice());
    QByteArray seen;
    connect(&script, &QProcess::readyRead, this, [&] { seen += script.readAll(); });
    script.start(u"script"_qs,
                 {u"-qec"_qs, DaemonHouse::program() + u" watch shop"_qs, u"/dev/null"_qs});
    QTRY_VERIFY(house_->provider.asked(u"rollout.get"_qs));
    QTRY_VERIFY(seen.contains("Hold for you"));
    house_->provider.move(kernel::Status::Completed, u"done"_qs);
    QTRY_COMPARE(script.state(), QProcess::NotRunning);
    seen += script.readAll();
    QCOMPARE(script.exitCode(), 0);
    QVERIFY(seen.contains("A\r\x1b[J")); // up, and over what was there
    QVERIFY(seen.contains("\x1b[32m"));
}

void TestVerbs::everyAnswerHasItsJson_data() {
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("member");
    const auto row = [](const char *words, const char *member) {
        QTest::newRow(words) << QString::fromLatin1(words) << QString::fromLatin1(member);
    };
    row("list", "rollouts");
    row("status", "waiting");
    row("status shop", "row");
    row("nodes", "nodes");
    row("services --include-canary", "instances");
    row("history shop", "deployments");
    row("diff shop:3 d-2", "lines");
    row("summary", "success_rate");
    row("snapshots shop", "snapshots");
    row("gitops status", "repositories");
    row("gitops add edge /srv/edge.git --start auto", "repository");
    row("gitops remove edge", "repository");
    row("health", "overall");
    row("verify shop", "overall");
    row("cluster list", "clusters");
    row("cluster test edge", "checks");
    row("cluster unlock edge", "cluster");
    row("cluster add more --kind local --set sites.eu=4 --set name=x", "cluster");
    row("pause shop --reason because", "request");
    row("daemon status", "version");
}

void TestVerbs::everyAnswerHasItsJson() {
    QFETCH(QString, words);
    QFETCH(QString, member);
    const auto ran = house_->run(words.split(u' ') + QStringList{u"--json"_qs});
    QVERIFY2(ran.json().contains(member), qPrintable(ran.out + ran.err));
    const bool health = member == u"overall"_qs; // unknown here
    QCOMPARE(ran.code, health ? 1 : 0);
}

void TestVerbs::textFromOutsideCannotAct() {
    const auto ran = house_->run({u"nodes"_qs});
    QCOMPARE(ran.code, 0);
    QVERIFY(!ran.out.contains(u'\x1b'));
    QVERIFY(!ran.out.contains(QChar(0x202e)));
    QVERIFY2(ran.out.contains(u"evil\\u{202E}\\u{001B}[31m"), qPrintable(ran.out));
}

void TestVerbs::aSyncEndsAsTheRepositoryStands_data() {
    QTest::addColumn<GitState>("state");
    QTest::addColumn<int>("code");
    QTest::newRow("in sync") << GitState::InSync << 0;
    QTest::newRow("drifted") << GitState::Drifted << 0;
    QTest::newRow("rewritten") << GitState::Rewritten << 1;
    QTest::newRow("broken") << GitState::Broken << 1;
    QTest::newRow("unreachable") << GitState::Unreachable << 1;
    QTest::newRow("refused") << GitState::Refused << 1;
}

void TestVerbs::aSyncEndsAsTheRepositoryStands() {
    QFETCH(GitState, state);
    QFETCH(int, code);
    GitRepositoryRow &repository = house_->provider.repository;
    repository.id = u"edge"_qs;
    repository.state = state;
    repository.commit = u"0123456789abcdef"_qs;
    repository.subject = u"evil\u001b[31m"_qs;
    repository.services = {{u"edge/shop"_qs,
                            u"shop"_qs,
                            u"shop.plan.yaml"_qs,
                            Drift::Blocked,
                            u"v2"_qs,
                            {},
                            {},
                            u"v3 was tried"_qs}};
    const auto ran = house_->run({u"gitops"_qs, u"sync"_qs, u"edge"_qs, u"--again"_qs});
    QCOMPARE(ran.code, code);
    for (const char *part : {"01234567", "never", "blocked", "v3 was tried"}) {
        QVERIFY2(ran.out.contains(QLatin1String(part)), qPrintable(ran.out));
    }
    QVERIFY(!ran.out.contains(u'\x1b'));
    const QJsonObject sent = house_->provider.calls.value(u"gitops.sync"_qs);
    QVERIFY(sent.value(u"again"_qs).toBool());
    QVERIFY(!sent.value(u"accept_rewrite"_qs).toBool());
}

void TestVerbs::whatStartsByItselfInProductionIsConfirmed() {
    house_->provider.cluster.klass = ClusterClass::Production;
    const QStringList words{u"gitops"_qs,  u"add"_qs,  u"edge"_qs,        u"/srv/edge.git"_qs,
                            u"--start"_qs, u"auto"_qs, u"--production"_qs};
    QCOMPARE(house_->run(words).code, 2); // nobody is at a terminal
    QVERIFY(!house_->provider.asked(u"gitops.set"_qs));
    QCOMPARE(house_->run(words + QStringList{u"--yes"_qs}).code, 0);
    const QJsonObject sent = house_->provider.calls.value(u"gitops.set"_qs);
    QCOMPARE(sent.value(u"confirm"_qs).toString(), house_->provider.cluster.id);
    QVERIFY(!sent.contains(u"interval_ms"_qs)); // only what was given
}

void TestVerbs::badUsageIsTwo_data() {
    QTest::addColumn<QString>("words");
    for (const char *words : {"",
                              "dance",
                              "promote",
                              "promote shop --to 120",
                              "promote shop --to -1",
                              "promote shop --to ten",
                              "promote shop --to 25 --full",
                              "lower shop",
                              "watch shop --timeout soon",
                              "history --limit 0",
                              "gitops",
                              "gitops sync",
                              "gitops add",
                              "gitops add edge /srv/x --start now",
                              "snapshots",
                              "services --role boss",
                              "nodes --filter colour:blue",
                              "rollback shop --version 1 --tag x",
                              "cluster",
                              "cluster add x --kind moon",
                              "deploy /nowhere/at/all",
                              "deploy . --strategy hope",
                              "deploy . --draft --wait",
                              "completion tcsh",
                              "list --host -oProxyCommand=x",
                              "cluster add x --set =1"}) {
        QTest::newRow(words) << QString::fromLatin1(words);
    }
}

void TestVerbs::badUsageIsTwo() {
    QFETCH(QString, words);
    const auto ran = house_->run(words.split(u' ', Qt::SkipEmptyParts));
    QVERIFY2(!ran.err.isEmpty() || !ran.out.isEmpty(), "it said nothing");
    QCOMPARE(ran.code, 2);
    QVERIFY(!house_->provider.asked(u"request"_qs));
    QVERIFY(!house_->provider.asked(u"deploy"_qs));
}

void TestVerbs::deploySendsOnlyWhatWasGiven() {
    QDir(house_->path({})).mkdir(u"bundle"_qs);
    const auto ran = house_->run({u"deploy"_qs, house_->path(u"bundle"_qs), u"--max-parallel"_qs,
                                  u"2"_qs, u"--no-auto-promote"_qs, u"--min-healthy"_qs, u"5s"_qs});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const QJsonObject sent = house_->provider.calls.value(u"deploy"_qs);
    QCOMPARE(sent.value(u"bundle"_qs).toString(), house_->path(u"bundle"_qs));
    const QJsonObject wanted{
        {u"max_parallel"_qs, 2}, {u"auto_promote"_qs, false}, {u"min_healthy_ms"_qs, 5000}};
    QCOMPARE(sent.value(u"policy"_qs).toObject(), wanted);
    QVERIFY(sent.value(u"start"_qs).toBool());
    QVERIFY(!house_->provider.asked(u"plan.compile"_qs));
    house_->provider.cluster.klass = ClusterClass::Production;
    house_->provider.calls.clear();
    QCOMPARE(house_->run({u"deploy"_qs, house_->path(u"bundle"_qs)}).code, 2);
    QVERIFY(house_->provider.asked(u"plan.compile"_qs));
    QVERIFY(!house_->provider.asked(u"deploy"_qs));
}

void TestVerbs::unknownHealthIsNoSuccess() {
    const auto ran = house_->run({u"verify"_qs, u"shop"_qs});
    QCOMPARE(ran.code, 1);
    QVERIFY(ran.out.contains(u"unknown"));
}

void TestVerbs::completionsComplete() {
    const auto ran = house_->run({u"completion"_qs, u"bash"_qs});
    QCOMPARE(ran.code, 0);
    const auto complete = [&ran](const QString &words, int at) {
        QProcess bash;
        bash.start(u"bash"_qs,
                   {u"-c"_qs, ran.out + u"\nCOMP_WORDS=(aviary "_qs + words +
                                  u"); COMP_CWORD=%1; _aviary; echo ${COMPREPLY[*]}"_qs.arg(at)});
        bash.waitForFinished();
        return QString::fromUtf8(bash.readAll()).trimmed();
    };
    QCOMPARE(complete(u"clu"_qs, 1), u"cluster"_qs);
    QCOMPARE(complete(u"cluster un"_qs, 2), u"unlock"_qs);
    QCOMPARE(complete(u"promote shop --fu"_qs, 3), u"--full"_qs);
    QCOMPARE(house_->run({u"completion"_qs, u"zsh"_qs}).code, 0);
    QVERIFY(house_->run({u"completion"_qs, u"fish"_qs}).out.contains(u"-l max-parallel"));
}

void TestVerbs::withoutDaemonNothingIsStarted() {
    house_->close();
    const auto ran = house_->run({u"daemon"_qs, u"status"_qs});
    QCOMPARE(ran.code, 1);
    QVERIFY(ran.err.contains(u"aviary daemon start"));
    QVERIFY(!QFile::exists(house_->path(u"aviaryd.log"_qs)));
}

QTEST_GUILESS_MAIN(TestVerbs)
#include "test_verbs.moc"
