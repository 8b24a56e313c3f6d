// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/docker/dockerdriver.h"
#include "tests/engines/simulatedengines.h"
#include "tests/hosting/driverfixture.h"
#include "tests/support/processes.h"

#include <QJsonArray>
#include <QTest>

#include <algorithm>

using namespace aviary;
using namespace aviary::clusters;
using namespace aviary::tests;
using Kind = NodeAnswer::Kind;

namespace {

const QString v1 = QStringLiteral("v1");
const QString v2 = QStringLiteral("v2");
constexpr int patience_ms = 40'000;

QString nodeName(int engine) {
    return QStringLiteral("n%1").arg(engine + 1);
}

RunOrder order(int engine, const QString &revision, quint32 number,
               kernel::UpdateMode mode = kernel::UpdateMode::Beside) {
    const QString image = u"registry.example/shop:" + revision;
    RunOrder run = DriverFixture::runOrder(nodeName(engine), revision, number,
                                           {{QStringLiteral("image"), image}});
    run.mode = mode;
    return run;
}

} // namespace

// Engines in weather that real ones do not have on demand.
class TestWeather : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> place_;
    std::unique_ptr<SimulatedEngines> engines_;
    std::unique_ptr<DriverFixture> desk_;

    void open(int count, std::function<EngineWeather(int)> weather) {
        engines_ = std::make_unique<SimulatedEngines>(place_->path(), count, std::move(weather));
        QJsonArray nodes;
        for (int i = 0; i < count; ++i) {
            nodes += QJsonObject{{QStringLiteral("id"), nodeName(i)},
                                 {QStringLiteral("host"), engines_->host(i)}};
        }
        QFile file(place_->filePath(QStringLiteral("cluster.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QJsonDocument(QJsonObject{{QStringLiteral("nodes"), nodes},
                                             {QStringLiteral("offline_after_ms"), 1'000}})
                       .toJson());
        file.close();
        desk_ = std::make_unique<DriverFixture>([this] {
            return std::make_unique<DockerDriver>(QStringLiteral("edge"), place_->path());
        });
        QVERIFY(desk_->reopen(patience_ms));
        // An engine that is slow to say what it is counts as away at first.
        QTRY_VERIFY_WITH_TIMEOUT(areOnline(), patience_ms);
    }
    bool areOnline() {
        const std::vector<kernel::Node> nodes = desk_->observe().nodes;
        return std::ranges::all_of(nodes, [](const kernel::Node &node) {
            return node.status == kernel::NodeStatus::Online;
        });
    }
    void open(const EngineWeather &weather) {
        open(1, [weather](int) { return weather; });
    }
    kernel::NodeStatus status() { return desk_->observe().nodes.front().status; }

private Q_SLOTS:
    void init() { place_ = std::make_unique<QTemporaryDir>(); }
    void cleanup() {
        desk_.reset();
        engines_.reset();
        endProcessesIn(place_->path()); // HAProxy outlives the driver
        place_.reset();
    }

    // Many at once: each container is made once, runs, and is replaced in its place.
    void manyAtOnce() {
        constexpr int many = 60;
        open(many, [](int engine) { return EngineWeather{.start_ms = 20 + engine % 7 * 30}; });
        std::vector<RunOrder> orders;
        for (int i = 0; i < many; ++i) {
            orders.push_back(order(i, v1, static_cast<quint32>(i + 1)));
        }
        desk_->driver().run(orders);
        for (int i = 0; i < many; ++i) {
            QVERIFY(desk_->awaitAnswer(static_cast<quint32>(i + 1), Kind::Ready, patience_ms));
            QCOMPARE(engines_->made(i), 1);
        }
        QVERIFY(desk_->run(order(7, v2, 100, kernel::UpdateMode::InPlace)));
        QStringList all = engines_->running();
        QVERIFY(all.removeOne(QStringLiteral("n8 v2")));
        QCOMPARE(all.size(), many - 1);
        QVERIFY(!all.contains(QStringLiteral("n8 v1")));
    }

    // What was asked may have been done: it is looked at, and not done twice.
    void startsOnceThough_data() {
        QTest::addColumn<Mishap>("mishap");
        QTest::newRow("the answer is lost") << Mishap::CutAtStart;
        QTest::newRow("the engine refuses once") << Mishap::RefusedAtStart;
    }
    void startsOnceThough() {
        QFETCH(Mishap, mishap);
        open({.mishap = mishap});
        desk_->driver().run({order(0, v1, 1)});
        QVERIFY(desk_->awaitAnswer(1, Kind::Ready, patience_ms));
        QCOMPARE(engines_->made(0), 1);
        QCOMPARE(engines_->running(), QStringList{QStringLiteral("n1 v1")});
    }

    void aPullThatFailsSaysWhy_data() {
        QTest::addColumn<QString>("error");
        QTest::addColumn<QString>("said");
        QTest::newRow("disk full")
            << QStringLiteral("write /var/lib/docker/tmp/x: no space left on device")
            << QStringLiteral("the disk of the node is full");
        QTest::newRow("no such image")
            << QStringLiteral("manifest for registry.example/shop:v1 not found")
            << QStringLiteral("the image could not be pulled: manifest for");
    }
    void aPullThatFailsSaysWhy() {
        QFETCH(QString, error);
        QFETCH(QString, said);
        open({.has_image = false, .pull_error = error});
        desk_->driver().run({order(0, v1, 1)});
        QVERIFY(desk_->awaitAnswer(1, Kind::Failed, patience_ms));
        QVERIFY2(desk_->answers(1).first().contains(said), qPrintable(desk_->answers(1).first()));
        QCOMPARE(engines_->made(0), 0);
    }

    // Half open: it takes what is sent and says nothing. Nothing is known of the node then, and
    // the order stands; when the engine speaks again, the truth is told.
    void halfOpen() {
        open({.start_ms = 100});
        engines_->setSilent(0, true);
        desk_->driver().run({order(0, v1, 1)});
        QTRY_COMPARE_WITH_TIMEOUT(status(), kernel::NodeStatus::Offline, patience_ms);
        QCOMPARE(desk_->driver().troubles().front().node, nodeName(0));
        QVERIFY(desk_->answers(1).isEmpty());
        engines_->setSilent(0, false);
        QVERIFY(desk_->awaitAnswer(1, Kind::Ready, patience_ms));
        QCOMPARE(status(), kernel::NodeStatus::Online);
        QCOMPARE(engines_->made(0), 1);
    }

    // An answer in small pieces is an answer; as long as it comes, the node is there.
    void slowLink() {
        open({.answer_ms = 300, .piece_bytes = 9});
        desk_->driver().run({order(0, v1, 1)});
        QVERIFY(desk_->awaitAnswer(1, Kind::Ready, patience_ms));
        QVERIFY(desk_->driver().troubles().empty());
    }

    // Its events have its own time; the node is used all the same, and the operator is told.
    void anotherClock_data() {
        QTest::addColumn<int>("ahead_ms");
        QTest::addColumn<QString>("said");
        QTest::newRow("ahead") << 3'600'000 << QStringLiteral("s ahead of ours");
        QTest::newRow("behind") << -3'600'000 << QStringLiteral("s behind ours");
    }
    void anotherClock() {
        QFETCH(int, ahead_ms);
        QFETCH(QString, said);
        open({.clock_ahead_ms = ahead_ms});
        QVERIFY(desk_->run(order(0, v1, 1)));
        const std::vector<Driver::Trouble> troubles = desk_->driver().troubles();
        QCOMPARE(troubles.size(), std::size_t{1});
        QVERIFY2(troubles.front().why.what.contains(said), qPrintable(troubles.front().why.what));
        QCOMPARE(status(), kernel::NodeStatus::Online);
    }
};

QTEST_GUILESS_MAIN(TestWeather)
#include "test_weather.moc"
