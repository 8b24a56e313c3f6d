// SPDX-License-Identifier: GPL-3.0-or-later
// A daemon that follows a real repository, over a simulated cluster.
#include "tests/support/origin.h"
#include "tests/understudies/daemonunderstudy.h"

#include <QtTest>

using namespace aviary;
using aviary::tests::DaemonUnderstudy;
using aviary::tests::Origin;
using aviary::tests::SimulatedDriver;

namespace {

const QString shop = QStringLiteral("shop");
const QString file = QStringLiteral("shop.plan.yaml");

} // namespace

class TestGitOps : public QObject {
    Q_OBJECT

    std::unique_ptr<Origin> origin_;
    std::unique_ptr<DaemonUnderstudy> daemon_;

    QJsonObject set(QJsonObject more = {}) {
        more[u"name"] = QStringLiteral("edge");
        more[u"url"] = origin_->url();
        return daemon_->must(QStringLiteral("gitops.set"), more)[u"repository"].toObject();
    }
    QJsonObject status() {
        return daemon_
            ->must(QStringLiteral("gitops.status"),
                   {{QStringLiteral("name"), QStringLiteral("edge")}})[u"repositories"][0]
            .toObject();
    }
    // Looks now, and waits for the answer.
    QJsonObject sync(QJsonObject more = {}) {
        more[u"name"] = QStringLiteral("edge");
        std::optional<Result<QJsonObject>> said;
        daemon_->provider().handle({QStringLiteral("ops"), {}, 1}, QStringLiteral("gitops.sync"),
                                   more,
                                   [&said](const Result<QJsonObject> &answer) { said = answer; });
        const bool came = QTest::qWaitFor([&said] { return said.has_value(); }, 30'000);
        return came && *said ? (**said)[u"repository"].toObject() : QJsonObject();
    }
    static QJsonObject service(const QJsonObject &repository, const QString &key = shop) {
        for (const QJsonValue &row : repository[u"services"].toArray()) {
            if (row[u"key"].toString() == key) {
                return row.toObject();
            }
        }
        return {};
    }
    QJsonObject newest() {
        return daemon_->must(QStringLiteral("history"))[u"deployments"][0].toObject();
    }
    bool awaitState(const QString &state) {
        return QTest::qWaitFor([&] { return service(status())[u"state"].toString() == state; },
                               20'000);
    }
    QString pushShop(const QString &image, const QString &more = {}) {
        origin_->write(file, Origin::plan(shop, image, more));
        return origin_->push(QStringLiteral("shop ") + image);
    }

private Q_SLOTS:
    void init() {
        origin_ = std::make_unique<Origin>();
        daemon_ = std::make_unique<DaemonUnderstudy>(4);
    }
    void cleanup() { daemon_.reset(); }

    void aChangeBecomesADraftThatWaits() {
        const QString commit = pushShop(QStringLiteral("a:1"));
        set();
        const QJsonObject seen = sync();
        QCOMPARE(seen[u"commit"].toString(), commit);
        QCOMPARE(seen[u"state"].toString(), QStringLiteral("drifted"));
        QCOMPARE(seen[u"signature"].toString(), QStringLiteral("unsigned"));
        QVERIFY(seen[u"fetched_wall_ms"].toInteger() > 0);
        QCOMPARE(service(seen)[u"state"].toString(), QStringLiteral("draft"));
        const QString rollout = service(seen)[u"rollout"].toString();
        QCOMPARE(daemon_->status(rollout), QStringLiteral("draft"));
        QCOMPARE(daemon_->cluster().runs(), 0);
        // Who asked, and for what commit, stands in its record.
        QCOMPARE(newest()[u"commit"].toString(), commit);
        QVERIFY(newest()[u"who"].toString().startsWith(u"Ann Author <ann@example.org>"));
        QVERIFY(newest()[u"reason"].toString().contains(u"shop a:1"));
        // It is asked once, however often it is looked at.
        sync();
        QCOMPARE(daemon_->must(QStringLiteral("history"))[u"deployments"].toArray().size(), 1);
        daemon_->must(QStringLiteral("request"),
                      {{QStringLiteral("rollout"), rollout},
                       {QStringLiteral("verb"), QStringLiteral("start")}});
        QVERIFY(daemon_->waitFor(rollout, QStringLiteral("completed")));
        QVERIFY(awaitState(QStringLiteral("in_sync")));
        QCOMPARE(status()[u"state"].toString(), QStringLiteral("in_sync"));
        QCOMPARE(service(status())[u"running_commit"].toString(), commit);
    }

    void aNewerCommitTakesThePlaceOfADraft() {
        pushShop(QStringLiteral("a:1"));
        set();
        const QString first = service(sync())[u"rollout"].toString();
        const QString commit = pushShop(QStringLiteral("a:2"));
        sync();
        QVERIFY(daemon_->waitFor(first, QStringLiteral("superseded")));
        QTRY_COMPARE(service(status())[u"state"].toString(), QStringLiteral("draft"));
        QVERIFY(service(status())[u"rollout"].toString() != first);
        QCOMPARE(newest()[u"commit"].toString(), commit);
    }

    void startsByItselfWhereClassAndSettingAllow_data() {
        QTest::addColumn<QString>("klass");
        QTest::addColumn<bool>("production");
        QTest::addColumn<bool>("unlocked");
        QTest::addColumn<QString>("state");
        const QString done = QStringLiteral("in_sync"), draft = QStringLiteral("draft");
        QTest::newRow("development") << QStringLiteral("development") << false << true << done;
        QTest::newRow("read-only") << QStringLiteral("development") << false << false << draft;
        QTest::newRow("production") << QStringLiteral("production") << false << true << draft;
        QTest::newRow("production allowed") << QStringLiteral("production") << true << true << done;
    }
    void startsByItselfWhereClassAndSettingAllow() {
        QFETCH(QString, klass);
        QFETCH(bool, production);
        QFETCH(bool, unlocked);
        QFETCH(QString, state);
        const QJsonObject sim{{QStringLiteral("id"), QStringLiteral("sim")}};
        QJsonObject edit = sim;
        edit[u"class"] = klass;
        daemon_->must(QStringLiteral("cluster.edit"), edit);
        QJsonObject lock = sim;
        lock[u"unlocked"] = unlocked;
        daemon_->must(QStringLiteral("cluster.lock"), lock);
        pushShop(QStringLiteral("a:1"));
        QJsonObject setting{{QStringLiteral("start"), QStringLiteral("auto")},
                            {QStringLiteral("production"), production}};
        if (production) {
            QJsonObject bare = setting;
            bare[u"name"] = QStringLiteral("edge");
            bare[u"url"] = origin_->url();
            const auto refused = daemon_->call(QStringLiteral("gitops.set"), bare);
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::Refused);
        }
        setting[u"confirm"] = QStringLiteral("sim");
        set(setting);
        sync();
        QVERIFY2(awaitState(state), qPrintable(service(status())[u"text"].toString()));
    }

    void aForcePushIsFollowedOnlyWhenAccepted() {
        pushShop(QStringLiteral("a:1"));
        const QString two = pushShop(QStringLiteral("a:2"));
        set({{QStringLiteral("start"), QStringLiteral("auto")}});
        sync();
        QVERIFY(awaitState(QStringLiteral("in_sync")));
        origin_->git({QStringLiteral("reset"), QStringLiteral("-q"), QStringLiteral("--hard"),
                      QStringLiteral("HEAD~1")});
        const QString other = pushShop(QStringLiteral("a:3"));
        const QJsonObject seen = sync();
        QCOMPARE(seen[u"state"].toString(), QStringLiteral("rewritten"));
        QVERIFY2(seen[u"text"].toString().contains(two.left(8)),
                 qPrintable(seen[u"text"].toString()));
        QCOMPARE(daemon_->must(QStringLiteral("history"))[u"deployments"].toArray().size(), 1);
        // Nor is it after a restart.
        daemon_->stop();
        daemon_->start();
        daemon_->must(
            QStringLiteral("cluster.lock"),
            {{QStringLiteral("id"), QStringLiteral("sim")}, {QStringLiteral("unlocked"), true}});
        QCOMPARE(sync()[u"state"].toString(), QStringLiteral("rewritten"));
        sync({{QStringLiteral("accept_rewrite"), true}});
        QVERIFY(awaitState(QStringLiteral("in_sync")));
        QCOMPARE(newest()[u"commit"].toString(), other);
    }

    void brokenFilesChangeNothing() {
        pushShop(QStringLiteral("a:1"));
        set({{QStringLiteral("start"), QStringLiteral("auto")}});
        sync();
        QVERIFY(awaitState(QStringLiteral("in_sync")));
        origin_->write(file, "service: [shop\n");
        origin_->push(QStringLiteral("oops"));
        const QJsonObject seen = sync();
        QCOMPARE(seen[u"state"].toString(), QStringLiteral("broken"));
        QCOMPARE(seen[u"services"][0][u"state"].toString(), QStringLiteral("broken"));
        QVERIFY(!seen[u"services"][0][u"text"].toString().isEmpty());
        QCOMPARE(daemon_->must(QStringLiteral("history"))[u"deployments"].toArray().size(), 1);
        pushShop(QStringLiteral("a:1"));
        QCOMPARE(sync()[u"state"].toString(), QStringLiteral("in_sync"));
    }

    void aLostNetworkShowsTheAgeOfWhatIsKnown() {
        pushShop(QStringLiteral("a:1"));
        set({{QStringLiteral("start"), QStringLiteral("auto")}});
        sync();
        QVERIFY(awaitState(QStringLiteral("in_sync")));
        const qint64 fetched = status()[u"fetched_wall_ms"].toInteger();
        QVERIFY(QDir().rename(origin_->bare(), origin_->bare() + u".gone"));
        const QJsonObject lost = sync();
        QCOMPARE(lost[u"state"].toString(), QStringLiteral("unreachable"));
        QVERIFY(!lost[u"text"].toString().isEmpty());
        QCOMPARE(lost[u"fetched_wall_ms"].toInteger(), fetched);
        QCOMPARE(lost[u"failures"].toInt(), 1);
        QVERIFY(lost[u"next_wall_ms"].toInteger() > lost[u"fetched_wall_ms"].toInteger() + 60'000);
        QCOMPARE(service(lost)[u"state"].toString(), QStringLiteral("in_sync"));
        QVERIFY(QDir().rename(origin_->bare() + u".gone", origin_->bare()));
        QCOMPARE(sync()[u"state"].toString(), QStringLiteral("in_sync"));
    }

    void whatFailedIsNotTriedAgainUnasked() {
        pushShop(QStringLiteral("a:1"));
        set({{QStringLiteral("start"), QStringLiteral("auto")}});
        sync();
        QVERIFY(awaitState(QStringLiteral("in_sync")));
        daemon_->cluster().setFates([](const QString &, const QString &revision) {
            return SimulatedDriver::Fate{
                revision == u"v2" ? kernel::Cause::StartFailed : kernel::Cause::None, false};
        });
        pushShop(QStringLiteral("a:2"));
        sync();
        QVERIFY2(awaitState(QStringLiteral("blocked")),
                 qPrintable(service(status())[u"text"].toString()));
        QVERIFY(service(status())[u"text"].toString().contains(u"v2 was tried"));
        const auto count = [this] {
            return daemon_->must(QStringLiteral("history"))[u"deployments"].toArray().size();
        };
        const auto before = count();
        sync();
        QCOMPARE(count(), before);
        sync({{QStringLiteral("again"), true}});
        QVERIFY(count() > before);
        QVERIFY(awaitState(QStringLiteral("in_sync")));
    }

    void aPersonsRolloutComesFirst() {
        set({{QStringLiteral("start"), QStringLiteral("auto")}});
        const auto made = daemon_->must(
            QStringLiteral("deploy"),
            {{QStringLiteral("plan"), QString::fromUtf8(Origin::plan(shop, QStringLiteral("a:9")))},
             {QStringLiteral("start"), false}});
        const QString rollout = made[u"rollout"][u"id"].toString();
        const QString commit = pushShop(QStringLiteral("a:1"));
        QCOMPARE(service(sync())[u"state"].toString(), QStringLiteral("conflict"));
        QCOMPARE(daemon_->status(rollout), QStringLiteral("draft"));
        daemon_->must(QStringLiteral("request"),
                      {{QStringLiteral("rollout"), rollout},
                       {QStringLiteral("verb"), QStringLiteral("start")}});
        QVERIFY(daemon_->waitFor(rollout, QStringLiteral("completed")));
        QVERIFY(awaitState(QStringLiteral("in_sync"))); // it follows by itself
        QCOMPARE(newest()[u"commit"].toString(), commit);
    }

    void whatChangedByHandIsToldAndNotUndone() {
        pushShop(QStringLiteral("a:1"));
        set({{QStringLiteral("start"), QStringLiteral("auto")}});
        sync();
        QVERIFY(awaitState(QStringLiteral("in_sync")));
        const auto made =
            daemon_->must(QStringLiteral("deploy"),
                          {{QStringLiteral("plan"),
                            QString::fromUtf8(Origin::plan(shop, QStringLiteral("a:9")))}});
        QVERIFY(daemon_->waitFor(made[u"rollout"][u"id"].toString(), QStringLiteral("completed")));
        QVERIFY(awaitState(QStringLiteral("drifted")));
        const QString text = service(status())[u"text"].toString();
        QVERIFY2(text.contains(u"replaced by v2"), qPrintable(text));
        QCOMPARE(service(sync())[u"state"].toString(), QStringLiteral("drifted"));
    }

    void aServiceThatLeavesTheRepositoryGoesOnRunning() {
        origin_->write(QStringLiteral("till.plan.yaml"),
                       Origin::plan(QStringLiteral("till"), QStringLiteral("b:1")));
        pushShop(QStringLiteral("a:1"));
        set({{QStringLiteral("start"), QStringLiteral("auto")}});
        sync();
        QVERIFY(awaitState(QStringLiteral("in_sync")));
        origin_->write(file, {});
        origin_->push(QStringLiteral("no shop"));
        const QJsonObject seen = sync();
        QCOMPARE(service(seen)[u"state"].toString(), QStringLiteral("gone"));
        QCOMPARE(service(seen)[u"running"].toString(), QStringLiteral("v1"));
        QCOMPARE(daemon_->cluster().revisionOn(QStringLiteral("n0"), shop), QStringLiteral("v1"));
    }

    void onlySignedCommitsAreFollowedWhereThatIsAsked() {
        pushShop(QStringLiteral("a:1"));
        set({{QStringLiteral("start"), QStringLiteral("auto")},
             {QStringLiteral("require_signed"), true}});
        const QJsonObject seen = sync();
        QCOMPARE(service(seen)[u"state"].toString(), QStringLiteral("blocked"));
        QVERIFY(service(seen)[u"text"].toString().contains(u"is not signed"));
        QCOMPARE(daemon_->must(QStringLiteral("history"))[u"deployments"].toArray().size(), 0);
    }

    void removedIsForgottenAndItsCloneDeleted() {
        pushShop(QStringLiteral("a:1"));
        set();
        sync();
        daemon_->must(QStringLiteral("gitops.remove"),
                      {{QStringLiteral("name"), QStringLiteral("edge")}});
        const auto known = daemon_->call(QStringLiteral("gitops.status"),
                                         {{QStringLiteral("name"), QStringLiteral("edge")}});
        QVERIFY(!known);
        QCOMPARE(known.error().code, ErrorCode::NotFound);
        daemon_->stop();
        daemon_->start();
        QVERIFY(
            daemon_->must(QStringLiteral("gitops.status"))[u"repositories"].toArray().isEmpty());
        QTRY_VERIFY(!QFile::exists(daemon_->path(QStringLiteral("state/gitops/edge"))));
    }
};

QTEST_GUILESS_MAIN(TestGitOps)
#include "test_gitops.moc"
