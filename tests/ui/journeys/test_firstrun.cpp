// SPDX-License-Identifier: GPL-3.0-or-later
// From an empty computer to a promoted canary, by keyboard alone.
#include "tests/journeys/ground.h"
#include "tests/support/processes.h"
#include "tests/ui/journeys/windowhouse.h"

#include <QPushButton>
#include <QTest>

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

} // namespace

class TestFirstRun : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fromNothingToAPromotedCanary() {
        const QTemporaryDir directory;
        const auto places = api::placesOf(directory.path(), QProcessEnvironment());
        QVERIFY(places);
        const DaemonEnd end{*places};
        WindowHouse house(*places, WindowHouse::Starting::OnDemand); // as the program does
        QVERIFY(QTest::qWaitForWindowActive(&house.window()));
        QVERIFY2(house.until([&] { return house.window().shownView() == u"first.run"; }),
                 house.story());
        auto *door = qobject_cast<QPushButton *>(QApplication::focusWidget());
        QVERIFY(door); // the first door has the keyboard
        house.press(Qt::Key_Space);
        QVERIFY2(
            house.until([&] { return !house.console().choice().rollout().isEmpty(); }, 180'000),
            house.story());
        const QString canary = house.console().choice().rollout();
        QVERIFY2(house.untilStatus(canary, Status::Waiting), house.story());
        for (const int stage : {2'500, 5'000}) {
            QVERIFY2(house.askByKeys("rollout.promote"), house.story());
            QVERIFY2(house.untilOutcome(api::Outcome::Applied), house.story());
            QVERIFY2(house.until([&] {
                const api::RolloutRow *row = house.desk().rollout(canary);
                return row->weight == stage && row->status == Status::Waiting;
            }),
                     house.story());
        }
        QVERIFY2(house.askByKeys("rollout.promote-full"), house.story());
        QVERIFY2(house.untilStatus(canary, Status::Completed), house.story());
        QVERIFY2(house.untilOutcome(api::Outcome::Applied), house.story());
    }
};

QTEST_MAIN(TestFirstRun)
#include "test_firstrun.moc"
