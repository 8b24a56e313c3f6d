// SPDX-License-Identifier: GPL-3.0-or-later
// Edge nodes in the real window: what runs there, their logs, and their weather: cut off, behind,
// and caught up from the window. The same on every ground; $AVIARY_TEST_GROUND=docker is three real
// engines, one of which is then switched off too. $AVIARY_PICTURES is a directory for pictures.
#include "tests/journeys/journey.h"
#include "tests/ui/journeys/windowhouse.h"
#include "ui/console/fleetpresenter.h"
#include "ui/fleet/logpane.h"
#include "ui/shell/actiontable.h"

#include <QAbstractButton>
#include <QAction>
#include <QDir>
#include <QPixmap>
#include <QPlainTextEdit>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using kernel::Status;

namespace {

const QString n5 = QStringLiteral("n5");

} // namespace

class TestEdgeNodes : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;
    std::unique_ptr<WindowHouse> house_;

    MainWindow &window() { return house_->window(); }
    FleetView &fleet() { return *window().findChild<FleetView *>(); }
    quint32 offline() {
        const api::ClusterRow *row = house_->desk().cluster(u"edge"_qs);
        return row ? row->offline : 0;
    }
    bool untilOffline(quint32 nodes) {
        return house_->until([this, nodes] { return offline() == nodes; });
    }
    void picture(const QString &name) {
        const QString directory = qEnvironmentVariable("AVIARY_PICTURES");
        if (!directory.isEmpty()) {
            window().resize(1'440, 900);
            QImage last; // rows and map come to rest
            house_->until(
                [&] {
                    const QImage now = window().grab().toImage();
                    return std::exchange(last, now) == now;
                },
                3'000);
            QVERIFY(window().grab().save(QDir(directory).filePath(name + u".png")));
        }
    }
    bool openPage(const QString &node) {
        window().showView(u"view.fleet"_qs);
        fleet().closeNode();
        const auto found = house_->console().findChild<FleetPresenter *>()->store().find(node);
        if (!found) {
            return false;
        }
        fleet().select({*found});
        QAction *open = window().actions().action("node.open");
        if (!house_->until([open] { return open->isEnabled(); })) {
            return false;
        }
        open->trigger();
        return house_->until([&] { return fleet().openedNode() == node; });
    }
    QString rollV2() {
        return journey_->desk.deploy({.strategy = u"{kind: rolling, delay: 0 s}"_qs,
                                      .policy = u"max_parallel: 12, catch_up: ask"_qs,
                                      .options = {u"--latency"_qs, u"2"_qs}});
    }

    void nodesAndTheirLogs() {
        window().showView(u"view.fleet"_qs);
        for (const QString &node : Journey::nodes()) {
            QVERIFY2(house_->untilSeen(node), house_->story());
        }
        QVERIFY2(house_->untilSeen(u"shop v1"_qs), house_->story());
        picture(u"engines-fleet"_qs);
        QVERIFY2(openPage(n5), house_->story());
        const QPlainTextEdit *log = fleet().page()->log()->text();
        QVERIFY2(house_->until([log] { return log->toPlainText().contains(u"listening on"); }),
                 house_->story());
        QVERIFY2(house_->until([this] {
            const auto &health = fleet().page()->value().health;
            return health && !health->checks.empty();
        }),
                 house_->story());
        picture(u"engines-node"_qs);
    }

    // Nothing is carried out there meanwhile, and the window says so of this node and of no other.
    void awayAndBehind() {
        journey_->ground->setOffline(n5, true);
        QVERIFY2(untilOffline(1), house_->story());
        fleet().closeNode();
        QVERIFY2(house_->untilSeen(u"offline "_qs), house_->story());
        picture(u"engines-offline"_qs);
        QVERIFY2(openPage(n5), house_->story());
        picture(u"engines-offline-node"_qs);
        const QString rollout = rollV2();
        QVERIFY2(house_->untilStatus(rollout, Status::Completed), house_->story());
        house_->console().open(u"rollout:"_qs + rollout);
        QVERIFY2(house_->untilSeen(u"n5, catches up on return"_qs), house_->story());
        picture(u"engines-behind"_qs);
        QVERIFY(journey_->ground->running().contains(u"n5 v1"));
    }

    void backAndCaughtUp() {
        journey_->ground->setOffline(n5, false);
        QVERIFY2(untilOffline(0), house_->story());
        window().showView(u"view.waiting"_qs);
        QVERIFY2(house_->untilSeen(u"1 node came back and does not run v2"_qs), house_->story());
        picture(u"engines-waiting"_qs);
        house_->button(u"Bring them up to date"_qs)->click();
        Requester &requester = house_->console().requester();
        QVERIFY2(
            house_->until([&] { return requester.question() && requester.question()->complete; }),
            house_->story());
        house_->press(Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(journey_->ground->running(), Journey::everywhere(u"v2"_qs),
                                  OperatorDesk::wait_ms_max);
        QVERIFY2(house_->until([this] { return !house_->sees(u"came back and does not"_qs); }),
                 house_->story());
    }

    // A machine goes down with all that runs there, and comes back with it.
    void switchedOffAndOn() {
        if (!journey_->ground->setPowered(n5, false)) {
            return; // the nodes of this ground have no machines of their own
        }
        constexpr quint32 of_an_engine = Ground::nodes / Ground::sites;
        QVERIFY2(untilOffline(of_an_engine), house_->story());
        window().showView(u"view.fleet"_qs);
        fleet().closeNode();
        QVERIFY2(house_->untilSeen(u"offline "_qs), house_->story());
        picture(u"engines-switched-off"_qs);
        QVERIFY(journey_->ground->setPowered(n5, true));
        QVERIFY2(untilOffline(0), house_->story());
        QTRY_COMPARE_WITH_TIMEOUT(journey_->ground->running(), Journey::everywhere(u"v2"_qs),
                                  OperatorDesk::wait_ms_max);
        QVERIFY2(house_->until([this] { return !house_->sees(u"offline "_qs); }), house_->story());
    }

private Q_SLOTS:
    void init() {
        journey_ = std::make_unique<Journey>();
        SKIP_WITHOUT_GROUND(journey_)
        QVERIFY(journey_->desk.openWithV1());
        house_ =
            std::make_unique<WindowHouse>(journey_->desk.places(), WindowHouse::Starting::Never);
        QVERIFY(QTest::qWaitForWindowActive(&window()));
        QVERIFY(house_->until([this] { return house_->desk().cluster(u"edge"_qs) != nullptr; }));
        house_->console().open(u"cluster:edge"_qs);
        QVERIFY(house_->until([this] { return house_->console().choice().clusterRow(); }));
    }
    void cleanup() {
        house_.reset();
        journey_.reset();
    }

    void theirWeather() {
        const auto steps = {&TestEdgeNodes::nodesAndTheirLogs, &TestEdgeNodes::awayAndBehind,
                            &TestEdgeNodes::backAndCaughtUp, &TestEdgeNodes::switchedOffAndOn};
        for (const auto step : steps) {
            (this->*step)();
            if (QTest::currentTestFailed()) {
                return;
            }
        }
    }
};

QTEST_MAIN(TestEdgeNodes)
#include "test_edgenodes.moc"
