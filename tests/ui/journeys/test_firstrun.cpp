// SPDX-License-Identifier: GPL-3.0-or-later
// From an empty computer to a promoted canary, and there and back again, by keyboard alone.
#include "tests/journeys/ground.h"
#include "tests/support/processes.h"
#include "tests/ui/journeys/windowhouse.h"

#include <QPushButton>
#include <QTest>

#include <algorithm>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using kernel::Status;

namespace {

// Ends the daemon that the window started, and what that one started, however the journey went.
struct DaemonEnd {
    const api::Places &places;
    ~DaemonEnd() {
        api::SocketSession session(places, {u"aviary"_qs, u"journey"_qs, {}},
                                   api::SocketSession::Starting::Never);
        bool answered = false;
        session.open();
        session.call(u"daemon.stop"_qs, {},
                     [&answered](const Result<QJsonObject> &) { answered = true; });
        if (!QTest::qWaitFor([&] { return answered; }, 20'000) ||
            !QTest::qWaitFor([&] { return session.link() != api::Session::Link::Open; }, 20'000)) {
            qWarning("the daemon in %s did not end", qPrintable(places.state));
        }
        endProcessesIn(places.state);
    }
};

// From an empty computer to the sample's canary that waits at 10 %. Everything goes by keys.
struct FirstRun {
    QTemporaryDir directory;
    Result<api::Places> places = api::placesOf(directory.path(), QProcessEnvironment());
    DaemonEnd end{*places};
    WindowHouse house{*places, WindowHouse::Starting::OnDemand}; // as the program does
    QString canary;

    void begin() {
        QVERIFY(QTest::qWaitForWindowActive(&house.window()));
        QVERIFY2(house.until([&] { return house.window().shownView() == u"first.run"; }),
                 house.story());
        auto *door = qobject_cast<QPushButton *>(QApplication::focusWidget());
        QVERIFY(door); // the first door has the keyboard
        house.press(Qt::Key_Space);
        QVERIFY2(
            house.until([&] { return !house.console().choice().rollout().isEmpty(); }, 180'000),
            house.story());
        canary = house.console().choice().rollout();
        QVERIFY2(house.untilStatus(canary, Status::Waiting), house.story());
    }
    void promoteTo(int stage) {
        QVERIFY2(house.askByKeys("rollout.promote"), house.story());
        QVERIFY2(house.untilOutcome(api::Outcome::Applied), house.story());
        QVERIFY2(house.until([&] {
            const api::RolloutRow *row = house.desk().rollout(canary);
            return row->weight == stage && row->status == Status::Waiting;
        }),
                 house.story());
    }
};

} // namespace

class TestFirstRun : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fromNothingToAPromotedCanary() {
        FirstRun run;
        WindowHouse &house = run.house;
        run.begin();
        for (const int stage : {2'500, 5'000}) {
            if (!QTest::currentTestFailed()) {
                run.promoteTo(stage);
            }
        }
        if (QTest::currentTestFailed()) {
            return;
        }
        QVERIFY2(house.askByKeys("rollout.promote-full"), house.story());
        QVERIFY2(house.untilStatus(run.canary, Status::Completed), house.story());
        QVERIFY2(house.untilOutcome(api::Outcome::Applied), house.story());
    }

    void fromNothingThereAndBack() {
        FirstRun run;
        WindowHouse &house = run.house;
        run.begin();
        if (!QTest::currentTestFailed()) {
            run.promoteTo(2'500);
        }
        if (QTest::currentTestFailed()) {
            return;
        }
        const auto weight = [&] { return house.desk().rollout(run.canary)->weight; };
        QVERIFY2(house.askByKeys("rollout.pause"), house.story());
        QVERIFY2(house.untilStatus(run.canary, Status::Paused), house.story());
        QVERIFY2(house.askByKeys("rollout.resume"), house.story());
        QVERIFY2(house.untilStatus(run.canary, Status::Waiting), house.story());
        QVERIFY2(house.askByKeys("rollout.lower"), house.story());
        QVERIFY2(house.until([&] { return weight() < 2'500; }), house.story());
        QVERIFY2(house.untilOutcome(api::Outcome::Applied), house.story());
        QVERIFY2(house.askByKeys("rollout.rollback"), house.story());
        QVERIFY2(house.untilStatus(run.canary, Status::RolledBack), house.story());
        QVERIFY2(house.untilOutcome(api::Outcome::Applied), house.story());
        QCOMPARE(weight(), 0);
        const api::RolloutDetail *detail = house.desk().detail(run.canary);
        QVERIFY(detail);
        QVERIFY(std::ranges::all_of(detail->targets, [](const api::TargetRow &target) {
            return target.phase == kernel::Phase::Restored ||
                   target.phase == kernel::Phase::Untouched;
        }));
    }
};

QTEST_MAIN(TestFirstRun)
#include "test_firstrun.moc"
