// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journeys/journey.h"
#include "tests/support/loopbacksshd.h"
#include "tests/support/origin.h"

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

// A repository is pushed to over ssh, and what it says comes to run on a real cluster; then all
// that can go wrong with it.
class TestGitOps : public QObject {
    Q_OBJECT

    std::unique_ptr<Origin> origin_;
    std::unique_ptr<LoopbackSshd> sshd_;
    std::unique_ptr<Journey> journey_;

    QJsonObject json(QStringList arguments, int code = 0) {
        const OperatorDesk::Ran ran = journey_->desk.aviary(arguments << u"--json"_qs);
        if (ran.code != code) {
            qWarning("aviary %s: exit %d\n%s%s", qPrintable(arguments.join(u' ')), ran.code,
                     qPrintable(ran.out), qPrintable(ran.err));
            QTest::qFail("another exit code", __FILE__, __LINE__);
        }
        return ran.json();
    }
    QJsonObject sync(int code = 0, const QStringList &options = {}) {
        return json(QStringList{u"gitops"_qs, u"sync"_qs, u"edge"_qs} + options,
                    code)[u"repository"]
            .toObject();
    }
    QString serviceState() {
        return json({u"gitops"_qs, u"status"_qs,
                     u"edge"_qs})[u"repositories"][0][u"services"][0][u"state"]
            .toString();
    }
    QString push(const QString &latency) {
        origin_->write(u"shop.plan.yaml"_qs,
                       journey_->desk.planText({.strategy = u"{kind: rolling, delay: 0 s}"_qs,
                                                .policy = u"max_parallel: 12"_qs,
                                                .options = {u"--latency"_qs, latency}}));
        return origin_->push(u"latency "_qs + latency);
    }
    bool awaitEverywhere(const QString &revision) {
        return QTest::qWaitFor(
                   [&] { return journey_->ground->running() == Journey::everywhere(revision); },
                   60'000) &&
               QTest::qWaitFor([this] { return serviceState() == u"in_sync"; }, 20'000);
    }

private Q_SLOTS:
    void initTestCase() {
        origin_ = std::make_unique<Origin>();
        sshd_ = std::make_unique<LoopbackSshd>(origin_->path({}),
                                               QStringList{u"PATH=/usr/bin:/bin"_qs});
        const bool started = sshd_->start();
        if (sshd_->unusable()) {
            QSKIP(qPrintable(sshd_->said()));
        }
        QVERIFY2(started, qPrintable(sshd_->said()));
        qputenv("GIT_SSH_COMMAND", "ssh -F " + QFile::encodeName(sshd_->config()));
        journey_ = std::make_unique<Journey>();
        QVERIFY(journey_->desk.open());
    }
    void cleanupTestCase() {
        journey_.reset();
        sshd_.reset();
    }

    void aPushStartsByItself() {
        const QString commit = push(u"1"_qs);
        json({u"gitops"_qs, u"add"_qs, u"edge"_qs, u"ssh://here"_qs + origin_->bare(),
              u"--start"_qs, u"auto"_qs, u"--interval"_qs, u"1s"_qs});
        QVERIFY(awaitEverywhere(u"v1"_qs)); // looked at by itself
        const QJsonObject record = json({u"history"_qs, u"shop"_qs})[u"deployments"][0].toObject();
        QCOMPARE(record[u"commit"].toString(), commit);
        QVERIFY(record[u"who"].toString().contains(u"Ann Author"));
    }

    void orBecomesADraftThatAPersonStarts() {
        json({u"gitops"_qs, u"add"_qs, u"edge"_qs, u"--start"_qs, u"draft"_qs});
        push(u"2"_qs);
        const QJsonObject seen = sync();
        QCOMPARE(seen[u"services"][0][u"state"].toString(), u"draft"_qs);
        QCOMPARE(journey_->ground->running(), Journey::everywhere(u"v1"_qs));
        json({u"start"_qs, seen[u"services"][0][u"rollout"].toString()});
        QVERIFY(awaitEverywhere(u"v2"_qs));
    }

    void aLostNetworkIsToldAndFoundAgain() {
        sshd_->stop();
        const QJsonObject lost = sync(1);
        QCOMPARE(lost[u"state"].toString(), u"unreachable"_qs);
        QVERIFY2(lost[u"text"].toString().contains(u"refused"),
                 qPrintable(lost[u"text"].toString()));
        QVERIFY(lost[u"fetched_wall_ms"].toInteger() > 0);
        QCOMPARE(journey_->ground->running(), Journey::everywhere(u"v2"_qs));
        QVERIFY2(sshd_->start(), qPrintable(sshd_->said()));
        QCOMPARE(sync()[u"state"].toString(), u"in_sync"_qs);
    }

    void brokenAndConflictingFilesChangeNothing() {
        const QByteArray good =
            journey_->desk.planText({.strategy = u"{kind: rolling, delay: 0 s}"_qs,
                                     .policy = u"max_parallel: 12"_qs,
                                     .options = {u"--latency"_qs, u"2"_qs}});
        for (const QByteArray &bad :
             {QByteArray("service: [shop\n"), QByteArray("<<<<<<< HEAD\n" + good + "=======\n")}) {
            origin_->write(u"shop.plan.yaml"_qs, bad);
            origin_->push(u"oops"_qs);
            const QJsonObject seen = sync(1);
            QCOMPARE(seen[u"state"].toString(), u"broken"_qs);
            QVERIFY(!seen[u"services"][0][u"text"].toString().isEmpty());
        }
        QCOMPARE(journey_->ground->running(), Journey::everywhere(u"v2"_qs));
        push(u"2"_qs);
        QCOMPARE(sync()[u"state"].toString(), u"in_sync"_qs);
    }

    void aForcePushWaitsForAPerson() {
        origin_->git({u"reset"_qs, u"-q"_qs, u"--hard"_qs, u"HEAD~2"_qs});
        push(u"3"_qs);
        QCOMPARE(sync(1)[u"state"].toString(), u"rewritten"_qs);
        QCOMPARE(journey_->ground->running(), Journey::everywhere(u"v2"_qs));
        const QJsonObject seen = sync(0, {u"--accept-rewrite"_qs});
        QCOMPARE(seen[u"services"][0][u"state"].toString(), u"draft"_qs);
    }

    void removedItIsForgotten() {
        json({u"gitops"_qs, u"remove"_qs, u"edge"_qs});
        json({u"gitops"_qs, u"status"_qs, u"edge"_qs}, 1);
        QCOMPARE(journey_->ground->running(), Journey::everywhere(u"v2"_qs));
    }
};

QTEST_GUILESS_MAIN(TestGitOps)
#include "test_gitops.moc"
