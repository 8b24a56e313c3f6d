// SPDX-License-Identifier: GPL-3.0-or-later
// A canary under way in the real window: paused, resumed, lowered, undone; another client beside
// it; and the daemon killed under it.
#include "tests/journeys/journey.h"
#include "tests/ui/journeys/windowhouse.h"
#include "ui/charts/trafficslider.h"
#include "ui/shell/actiontable.h"

#include <QAction>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;
using kernel::Status;

class TestOperating : public QObject {
    Q_OBJECT

    std::unique_ptr<Journey> journey_;
    std::unique_ptr<Load> load_;
    std::unique_ptr<WindowHouse> house_;
    QString canary_;

    bool enabled(const char *action) {
        return house_->window().actions().action(action)->isEnabled();
    }

private Q_SLOTS:
    // A canary that waits at 10 %, chosen in the window.
    void init() {
        journey_ = std::make_unique<Journey>();
        QVERIFY(journey_->desk.openWithV1());
        load_ = journey_->steady();
        canary_ = journey_->desk.deploy({.strategy = u"{kind: canary, bake: 300 ms}"_qs,
                                         .judges = u"[{judge: health_share}]"_qs,
                                         .options = {u"--latency"_qs, u"2"_qs}});
        QVERIFY(journey_->desk.awaitStatus(canary_, Status::Waiting));
        house_ =
            std::make_unique<WindowHouse>(journey_->desk.places(), WindowHouse::Starting::Never);
        QVERIFY(QTest::qWaitForWindowActive(&house_->window()));
        QVERIFY(house_->until([this] { return house_->desk().rollout(canary_) != nullptr; }));
        house_->console().open(u"rollout:"_qs + canary_);
        QVERIFY2(house_->until([this] { return enabled("rollout.promote"); }), house_->story());
    }
    void cleanup() {
        house_.reset();
        load_.reset();
        journey_.reset();
    }

    void pausedResumedLoweredAndUndone() {
        QVERIFY2(house_->askByKeys("rollout.pause"), house_->story());
        QVERIFY2(house_->untilStatus(canary_, Status::Paused), house_->story());
        QVERIFY2(house_->untilOutcome(api::Outcome::Applied), house_->story());
        QVERIFY(house_->until([this] { return !enabled("rollout.pause"); }));
        QVERIFY2(house_->askByKeys("rollout.resume"), house_->story());
        QVERIFY2(house_->untilStatus(canary_, Status::Waiting), house_->story());
        QVERIFY2(house_->askByKeys("rollout.lower"), house_->story());
        QVERIFY2(house_->until([this] { return house_->desk().rollout(canary_)->weight == 0; }),
                 house_->story());
        QVERIFY2(house_->untilOutcome(api::Outcome::Applied), house_->story());
        QVERIFY2(house_->askByKeys("rollout.rollback"), house_->story());
        QVERIFY2(house_->untilStatus(canary_, Status::RolledBack), house_->story());
        QVERIFY2(house_->untilOutcome(api::Outcome::Applied), house_->story());
        // Past the daemon: this is what really runs.
        QTRY_COMPARE(journey_->ground->running(), Journey::everywhere(u"v1"_qs));
    }

    // Dragged to 25 %, proposed with Enter, confirmed; then HAProxy's own counters follow.
    void theSliderByMouse() {
        TrafficSlider *slider = nullptr;
        QVERIFY(house_->until([&] {
            slider = house_->window().findChild<TrafficSlider *>();
            return slider && slider->isVisible() && slider->value().now == 1'000;
        }));
        QTest::mousePress(slider, Qt::LeftButton, {}, slider->knobRect().center().toPoint());
        for (const int weight : {1'400, 1'900, 2'500}) {
            const QPointF at(slider->xOf(weight), slider->knobRect().center().y());
            QTest::mouseMove(slider, at.toPoint());
        }
        QTest::mouseRelease(slider, Qt::LeftButton, {}, slider->ghostRect().center().toPoint());
        QCOMPARE(slider->ghost(), std::optional(2'500));
        QCOMPARE(house_->desk().rollout(canary_)->weight, 1'000); // nothing was asked yet
        house_->press(Qt::Key_Return);
        Requester &requester = house_->console().requester();
        QVERIFY2(
            house_->until([&] { return requester.question() && requester.question()->complete; }),
            house_->story());
        house_->press(Qt::Key_Return);
        QVERIFY2(house_->until([this] { return house_->desk().rollout(canary_)->weight == 2'500; }),
                 house_->story());
        QVERIFY2(house_->untilOutcome(api::Outcome::Applied), house_->story());
        QVERIFY(house_->until([&] { return slider->value().now == 2'500 && !slider->ghost(); }));
        const auto counted = [this] {
            const api::RolloutDetail *detail = house_->desk().detail(canary_);
            return detail && !detail->traffic.empty() ? detail->traffic.back().share : 0.0;
        };
        QVERIFY2(house_->until([&] { return counted() > 0.2 && counted() < 0.3; }),
                 house_->story());
    }

    // Nothing is written while it waits; the router counts on, and the window shows it.
    void trafficGoesOnWhileItHolds() {
        const auto newest = [this] {
            const api::RolloutDetail *detail = house_->desk().detail(canary_);
            return detail && !detail->traffic.empty() ? detail->traffic.back().wall_ms : 0;
        };
        QVERIFY(house_->until([&] { return newest() > 0; }));
        const qint64 before = newest();
        QVERIFY2(house_->until([&] { return newest() > before + 2'000; }), house_->story());
        QCOMPARE(house_->status(canary_), Status::Waiting);
        QVERIFY(house_->until([this] { return house_->desk().daemon().journal_entries > 0; }));
    }

    // What another client did while the question stood is seen before anything is asked.
    void anotherClientActsMeanwhile() {
        QAction *promote = house_->window().actions().action("rollout.promote");
        promote->trigger();
        Requester &requester = house_->console().requester();
        QVERIFY(house_->until([&] { return requester.question()->complete; }));
        QVERIFY(journey_->desk.request(canary_, u"lower"_qs, {{u"to"_qs, 500}}));
        QVERIFY2(house_->until([&] { return requester.question()->changed.contains(u"now 5"); }),
                 qPrintable(requester.question()->changed));
        house_->press(Qt::Key_Return); // void: nothing leaves the window
        QVERIFY(requester.question());
        house_->press(Qt::Key_Escape);
        QVERIFY(!requester.question());
        QVERIFY(house_->console().requester().outcomes().lines().empty());
        QVERIFY(journey_->desk.request(canary_, u"pause"_qs));
        QVERIFY2(house_->untilStatus(canary_, Status::Paused), house_->story());
        QVERIFY(house_->until([this] { return enabled("rollout.resume"); }));
        // It is here: the window says who else is.
        QVERIFY(house_->until([this] { return !house_->window().state().present.empty(); }));
    }

    void theDaemonDiesUnderTheWindow() {
        journey_->desk.killDaemon();
        QVERIFY(house_->until([this] { return house_->desk().link() != Desk::Link::Open; }));
        // It says so, its data ages, and what raises exposure is off; what lowers it is on.
        QVERIFY(house_->until(
            [this] { return house_->window().state().cluster->contact == api::Contact::Lost; }));
        QVERIFY(!house_->desk().trouble().isEmpty());
        QVERIFY(house_->until([this] { return !enabled("rollout.promote"); }));
        QVERIFY(enabled("rollout.pause"));
        const qint64 age_ms = *house_->window().state().age.age_ms;
        QVERIFY(house_->until([&] { return *house_->window().state().age.age_ms > age_ms; }));
        QCOMPARE(house_->status(canary_), Status::Waiting); // as last told, and marked as old
        // Asked into the void: never green by itself.
        house_->window().actions().action("rollout.pause")->trigger();
        house_->console().requester().confirm({}, {});
        QVERIFY(!house_->outcome().id.isEmpty());
        QVERIFY(house_->outcome().outcome != api::Outcome::Applied);
        const QString asked = house_->outcome().id;
        QVERIFY(journey_->desk.startDaemon());
        QVERIFY2(house_->until([this] { return house_->desk().link() == Desk::Link::Open; }),
                 house_->story());
        QVERIFY2(house_->until([this] {
            return house_->outcome().outcome == api::Outcome::Applied ||
                   house_->outcome().outcome == api::Outcome::Refused;
        }),
                 house_->story());
        // What the window tells is what the daemon knows.
        const auto known = journey_->desk.ask(u"request.get"_qs, {{u"id"_qs, asked}});
        QCOMPARE(house_->outcome().outcome == api::Outcome::Applied, known.has_value());
        if (known) {
            QVERIFY(house_->untilStatus(canary_, Status::Paused));
        }
        QVERIFY2(house_->until([this] {
            return house_->window().state().cluster->contact == api::Contact::Live;
        }),
                 house_->story());
    }
};

QTEST_MAIN(TestOperating)
#include "test_operating.moc"
