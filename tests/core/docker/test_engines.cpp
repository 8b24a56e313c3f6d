// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/dockerdriver.h"
#include "tests/engines/engines.h"
#include "tests/hosting/driverfixture.h"
#include "tests/support/processes.h"
#include "tests/support/programs.h"

#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>

#include <signal.h>

using namespace aviary;
using namespace aviary::clusters;
using namespace aviary::tests;
using Kind = NodeAnswer::Kind;
using Status = kernel::NodeStatus;

namespace {

constexpr int ports_each = 100;

const QString n1 = QStringLiteral("n1");
const QString n2 = QStringLiteral("n2");
const QString v1 = QStringLiteral("v1");
const QString v2 = QStringLiteral("v2");

QJsonObject definition(const QString &tag, const QStringList &options = {}) {
    const QJsonObject ready{{QStringLiteral("kind"), QStringLiteral("http")},
                            {QStringLiteral("path"), QStringLiteral("/ready")},
                            {QStringLiteral("interval_ms"), 100}};
    return {{QStringLiteral("image"), Engines::image(tag)},
            {QStringLiteral("command"), QStringLiteral("/bin/aviary-sample")},
            {QStringLiteral("args"), QJsonArray::fromStringList(options)},
            {QStringLiteral("checks"), QJsonArray{ready}},
            {QStringLiteral("stop_grace_ms"), 2'000}};
}

RunOrder order(const QString &node, const QString &revision, quint32 number,
               const QStringList &options = {}) {
    return DriverFixture::runOrder(node, revision, number, definition(revision, options));
}

} // namespace

// Real engines, one a node.
class TestEngines : public QObject {
    Q_OBJECT

    std::unique_ptr<Engines> engines_;
    std::unique_ptr<QTemporaryDir> place_;
    std::unique_ptr<DriverFixture> desk_;

    void writeCluster() {
        QJsonArray nodes;
        for (int i = 0; i < engines_->count(); ++i) {
            const int first = Engines::freePorts(ports_each);
            QVERIFY(first > 0);
            nodes +=
                QJsonObject{{QStringLiteral("id"), QStringLiteral("n%1").arg(i + 1)},
                            {QStringLiteral("host"), engines_->host(i)},
                            {QStringLiteral("network"), QStringLiteral("host")},
                            {QStringLiteral("ports"), QJsonArray{first, first + ports_each - 1}}};
        }
        QFile file(place_->filePath(QStringLiteral("cluster.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QJsonDocument(QJsonObject{{QStringLiteral("nodes"), nodes},
                                             {QStringLiteral("pull"), false},
                                             {QStringLiteral("offline_after_ms"), 2'000}})
                       .toJson());
    }
    // Podman needs seconds to say what it is: until then its node counts as away.
    bool reopen() {
        return desk_->reopen() && QTest::qWaitFor(
                                      [this] {
                                          return statusOf(n1) == Status::Online &&
                                                 statusOf(n2) == Status::Online;
                                      },
                                      answer_ms_max);
    }
    kernel::NodeStatus statusOf(const QString &node) {
        for (const kernel::Node &one : desk_->observe().nodes) {
            if (one.id == node.toStdString()) {
                return one.status;
            }
        }
        return kernel::NodeStatus::Offline;
    }

private Q_SLOTS:
    void initTestCase() {
        engines_ = std::make_unique<Engines>(2);
        if (!engines_->whyNot().isEmpty()) {
            QSKIP(qPrintable(engines_->whyNot()));
        }
    }
    void init() {
        place_ = std::make_unique<QTemporaryDir>();
        writeCluster();
        desk_ = std::make_unique<DriverFixture>([this] {
            return std::make_unique<DockerDriver>(QFileInfo(place_->path()).fileName(),
                                                  place_->path());
        });
        QVERIFY(reopen());
    }
    void cleanup() {
        desk_.reset();
        endProcessesIn(place_->path()); // HAProxy outlives the driver
        place_.reset();
        for (int i = 0; i < engines_->count(); ++i) {
            const QStringList ids =
                engines_->docker(i, {QStringLiteral("ps"), QStringLiteral("-aq")})
                    .split(u'\n', Qt::SkipEmptyParts);
            if (!ids.isEmpty()) {
                engines_->docker(i, QStringList{QStringLiteral("rm"), QStringLiteral("-f")} + ids);
            }
        }
    }

    void runsBesideSplitsAndRetires() {
        QVERIFY(desk_->run(order(n1, v1, 1)));
        QVERIFY(desk_->run(order(n2, v1, 2)));
        QVERIFY(desk_->run(order(n1, v2, 3)));
        QCOMPARE(engines_->running(), (QStringList{QStringLiteral("n1 v1"), QStringLiteral("n1 v2"),
                                                   QStringLiteral("n2 v1")}));
        QVERIFY(desk_->split(v2, v1, 5'000));
        QCOMPARE(desk_->observe().traffic.size(), std::size_t{1}); // it tells the port, too
        const quint16 port = desk_->driver().servicePort(QStringLiteral("shop"));
        QVERIFY(port > 0);
        Load load(port, {QStringLiteral("--rate"), QStringLiteral("0"),
                         QStringLiteral("--requests"), QStringLiteral("200")});
        const QJsonObject tally = load.wait();
        QCOMPARE(countOf(tally, "by_revision", v1) + countOf(tally, "by_revision", v2), 200);
        QVERIFY(desk_->stop(DriverFixture::stopOrder(n1, v1, 4)));
        QVERIFY(desk_->stop(DriverFixture::stopOrder(n1, v1, 5))); // nothing runs: done
        QCOMPARE(desk_->instances(),
                 (QStringList{QStringLiteral("n1 v2 ready"), QStringLiteral("n2 v1 ready")}));
    }

    // The driver dies at any time: the container is found again and not made twice, also when the
    // directory of the daemon is lost.
    void isFoundAgain() {
        QVERIFY(desk_->run(order(n1, v1, 1)));
        const QString id =
            engines_->docker(0, {QStringLiteral("ps"), QStringLiteral("-q")}).trimmed();
        QVERIFY(reopen());
        QVERIFY(desk_->awaitAnswer(1, Kind::Ready));
        QVERIFY(desk_->run(order(n1, v1, 1)));
        desk_->close();
        QVERIFY(QDir(place_->filePath(QStringLiteral("nodes"))).removeRecursively());
        QVERIFY(reopen());
        QTRY_COMPARE_WITH_TIMEOUT(desk_->instances(), QStringList{QStringLiteral("n1 v1 ready")},
                                  answer_ms_max);
        QCOMPARE(desk_->observe().instances.front().ticket.order, 1U);
        QCOMPARE(engines_->docker(0, {QStringLiteral("ps"), QStringLiteral("-q")}).trimmed(), id);
    }

    void inPlaceLeavesOne() {
        QVERIFY(desk_->run(order(n1, v1, 1)));
        RunOrder in_place = order(n1, v2, 2);
        in_place.mode = kernel::UpdateMode::InPlace;
        QVERIFY(desk_->run(in_place));
        QCOMPARE(engines_->running(), QStringList{QStringLiteral("n1 v2")});
    }

    void failuresSayWhy_data() {
        QTest::addColumn<QString>("image");
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("said");
        QTest::newRow("ends at once")
            << Engines::image(v1) << QStringList{QStringLiteral("--fail-start")}
            << QStringLiteral("exited with 1");
        QTest::newRow("no such image")
            << QStringLiteral("nowhere:1") << QStringList{} << QStringLiteral("no image nowhere:1");
        QTest::newRow("nothing to run")
            << QString() << QStringList{} << QStringLiteral("no image to run");
    }
    void failuresSayWhy() {
        QFETCH(QString, image);
        QFETCH(QStringList, options);
        QFETCH(QString, said);
        RunOrder failing = order(n1, v1, 1, options);
        failing.revision.definition[u"image"] = image;
        desk_->driver().run({failing});
        QVERIFY(desk_->awaitAnswer(1, Kind::Failed));
        QVERIFY2(desk_->answers(1).first().contains(said), qPrintable(desk_->answers(1).first()));
    }

    // What changes behind our back is seen and said.
    // By the engine, also while nobody of us is there; by us where it is Podman's.
    void aCrashIsMended() {
        QVERIFY(desk_->run(order(n1, v1, 1)));
        const QString pid =
            engines_->docker(0, {QStringLiteral("ps"), QStringLiteral("-q")}).trimmed();
        const QString inside = engines_
                                   ->docker(0, {QStringLiteral("inspect"), QStringLiteral("-f"),
                                                QStringLiteral("{{.State.Pid}}"), pid})
                                   .trimmed();
        QTRY_VERIFY(Engines::arePodman() ||
                    engines_
                        ->docker(0, {QStringLiteral("inspect"), QStringLiteral("-f"),
                                     QStringLiteral("{{.HostConfig.RestartPolicy.Name}}"), pid})
                        .contains(u"unless-stopped"));
        QCOMPARE(::kill(inside.toInt(), SIGKILL), 0);
        QVERIFY(desk_->awaitAnswer(1, Kind::NotReady));
        QVERIFY(desk_->awaitAnswer(1, Kind::Ready));
        QCOMPARE(engines_->running(), QStringList{QStringLiteral("n1 v1")});
    }
    void somebodyElseRemovesIt() {
        QVERIFY(desk_->run(order(n1, v1, 1)));
        const QString id =
            engines_->docker(0, {QStringLiteral("ps"), QStringLiteral("-q")}).trimmed();
        engines_->docker(0, {QStringLiteral("rm"), QStringLiteral("-f"), id});
        QVERIFY(desk_->awaitAnswer(1, Kind::Failed));
        QCOMPARE(desk_->instances(), QStringList{QStringLiteral("n1 v1 down")});
    }

    // A silent engine makes its node offline; when it is back, what ran runs again.
    void anEngineGoesAndComesBack() {
        QVERIFY(desk_->run(order(n1, v1, 1)));
        QVERIFY(desk_->run(order(n2, v1, 2)));
        engines_->stop(0);
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(n1), kernel::NodeStatus::Offline, answer_ms_max);
        QCOMPARE(statusOf(n2), kernel::NodeStatus::Online);
        QCOMPARE(desk_->driver().troubles().front().node, n1);
        QVERIFY(engines_->start(0));
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(n1), kernel::NodeStatus::Online, answer_ms_max);
        QTRY_COMPARE_WITH_TIMEOUT(
            desk_->instances(),
            (QStringList{QStringLiteral("n1 v1 ready"), QStringLiteral("n2 v1 ready")}),
            answer_ms_max);
        QVERIFY(desk_->driver().troubles().empty());
    }

    void logsAreRead() {
        QVERIFY(desk_->run(order(n1, v1, 1)));
        QSignalSpy read(&desk_->driver(), &Driver::logRead);
        desk_->driver().readLog(9, n1, QStringLiteral("shop"), 50);
        QVERIFY(read.wait());
        const auto lines = read[0][1].value<Result<std::vector<LogLine>>>();
        QVERIFY(lines.has_value() && !lines->empty());
        QVERIFY(lines->front().text.contains(u"listening on 127.0.0.1"));
        QVERIFY(lines->front().wall_ms > 0);
    }
};

QTEST_GUILESS_MAIN(TestEngines)
#include "test_engines.moc"
