// SPDX-License-Identifier: GPL-3.0-or-later
// A scripted rollout that kills itself with SIGKILL at the k-th commit of its journal, right before
// or right after it; started again, it goes on to the end. Run by test_crash.
//
//   crashstory DIRECTORY COMMIT before|after      COMMIT 0: never
//
// Each acknowledged request is a line on standard output; the last line is the end.
#include "tests/understudies/daemonunderstudy.h"

#include <QCoreApplication>
#include <QSqlDatabase>
#include <QSqlDriver>
#include <QTextStream>
#include <QtTest>

#include <sqlite3.h>

#include <csignal>

using namespace aviary;
using aviary::tests::DaemonUnderstudy;

namespace {

const QString plan = QStringLiteral(R"(format: aviary-plan/1
service: shop
to: next
strategy: {kind: canary, stages: [25 %, 50 %, 100 %], bake: 0 s, hold: until promoted}
policy: {min_healthy: 0 s, max_parallel: 2}
judges: [{judge: health_share, threshold: 95 %}]
service_definition: {command: /bin/true, image: "a:next"}
)");

int commits = 0;     // of this process
int killed_at = 0;   // 0: never
bool before = false; // the commit, or right after it

int beforeCommit(void *) {
    ++commits;
    if (before && commits == killed_at) {
        ::raise(SIGKILL);
    }
    return 0;
}

int afterCommit(void *, sqlite3 *, const char *, int) {
    if (!before && commits == killed_at) {
        ::raise(SIGKILL);
    }
    return SQLITE_OK;
}

void watchCommits() {
    for (const QString &name : QSqlDatabase::connectionNames()) {
        const QVariant handle = QSqlDatabase::database(name).driver()->handle();
        auto *database = *static_cast<sqlite3 *const *>(handle.constData());
        sqlite3_commit_hook(database, beforeCommit, nullptr);
        sqlite3_wal_hook(database, afterCommit, nullptr);
    }
}

void say(const QString &line) {
    QTextStream(stdout) << line << Qt::endl;
}

// The key's newest rollout; empty when there is none.
QString newest(DaemonUnderstudy &daemon) {
    const auto history = daemon.must(QStringLiteral("history"))[u"deployments"].toArray();
    return history.isEmpty() ? QString() : history[0][u"rollout"].toString();
}

bool settled(DaemonUnderstudy &daemon, const QString &rollout) {
    const QString status = daemon.status(rollout);
    return status == u"waiting" || status == u"completed" || status == u"failed" ||
           status == u"rolled_back";
}

// What a person would do next, until both revisions are out; whatever was done before a crash is
// seen in the history and not done again.
int play(DaemonUnderstudy &daemon) {
    if (newest(daemon).isEmpty()) {
        say(QStringLiteral("deployed ") +
            daemon.deploy(QStringLiteral("shop"), QStringLiteral("a:v1")));
    }
    for (int turn = 0; turn < 40; ++turn) {
        const QString rollout = newest(daemon);
        if (!QTest::qWaitFor([&] { return settled(daemon, rollout); }, 10'000)) {
            say(QStringLiteral("stuck in ") + daemon.status(rollout));
            return 1;
        }
        const QString to = daemon.rollout(rollout)[u"row"][u"to"].toString();
        const QString status = daemon.status(rollout);
        if (status == u"completed" && to == u"v2") {
            return 0;
        }
        if (status == u"completed") {
            daemon.must(QStringLiteral("deploy"), {{QStringLiteral("plan"), plan}});
            say(QStringLiteral("deployed ") + newest(daemon));
        } else if (status == u"waiting") {
            daemon.must(QStringLiteral("request"),
                        {{QStringLiteral("rollout"), rollout},
                         {QStringLiteral("verb"), QStringLiteral("promote")}});
            say(QStringLiteral("promoted ") + rollout);
        } else {
            say(QStringLiteral("ended ") + status);
            return 1;
        }
    }
    return 1;
}

} // namespace

int main(int argc, char **argv) {
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    killed_at = arguments.value(2).toInt();
    before = arguments.value(3) == u"before";
    DaemonUnderstudy daemon(8, arguments.value(1), watchCommits);
    const int code = play(daemon);
    say(QStringLiteral("twice ") + daemon.cluster().startedTwice().join(u','));
    say(QStringLiteral("weight ") +
        QString::number(daemon.cluster().weight(QStringLiteral("shop"))));
    say(QStringLiteral("whole ") + (daemon.must(QStringLiteral("journal.verify"))[u"whole"].toBool()
                                        ? QStringLiteral("yes")
                                        : QStringLiteral("no")));
    say(QStringLiteral("commits ") + QString::number(commits));
    return code;
}
