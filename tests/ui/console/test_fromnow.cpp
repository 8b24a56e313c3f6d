// SPDX-License-Identifier: GPL-3.0-or-later
// A live rollout that is rehearsed from now, in the real window over sample data: the daemon is
// handed the fan, its alarm is shown, and the slider names the chances.
#include "core/api/valuesjson.h"
#include "core/rehearsal/fan.h"
#include "tests/core/travel/recorded.h"
#include "tests/ui/console/consolehouse.h"
#include "ui/charts/trafficslider.h"
#include "ui/console/rehearsalpresenter.h"
#include "ui/rehearsal/rehearsalview.h"
#include "ui/shell/actiontable.h"

#include <QAction>
#include <QFile>
#include <QJsonDocument>
#include <QLabel>
#include <QTest>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

constexpr int rehearsal_ms_max = 120'000;
constexpr int entries = 6;

// The record of a rollout that still runs.
QString recordLines(const QTemporaryDir &folder, const record::Run &run) {
    const QString path = folder.filePath(u"live.run.jsonl"_qs);
    QFile file(path);
    return record::saveRun(path, run) && file.open(QIODevice::ReadOnly)
               ? QString::fromUtf8(file.readAll())
               : QString();
}

} // namespace

class TestFromNow : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    std::unique_ptr<ConsoleHouse> house_;
    kernel::Millis now_ms_ = 0; // of the rollout's own clock

    bool shows(const QWidget &view, const QString &text) {
        for (const QLabel *label : view.findChildren<QLabel *>()) {
            if (label->isVisibleTo(&view) && label->text().contains(text)) {
                return true;
            }
        }
        return false;
    }
    RehearsalView &view() { return *house_->window().findChild<RehearsalView *>(); }
    void rehearse() { house_->window().actions().action("rollout.rehearse")->trigger(); }
    bool finished() {
        return QTest::qWaitFor([this] { return shows(view(), u"With these shares"_qs); },
                               rehearsal_ms_max);
    }

private Q_SLOTS:
    void init() {
        house_ = std::make_unique<ConsoleHouse>();
        QVERIFY(house_->chooseRollout());
        house_->window().show();
        const record::Run run = recordedRun(12, 3, entries);
        const auto replayed = travel::RecordedRun::of(run);
        QVERIFY(replayed && (*replayed)->goToEntry((*replayed)->entries()));
        QVERIFY(!kernel::isEnd((*replayed)->state().status));
        now_ms_ = (*replayed)->state().now;
        house_->provider().answer(u"run.export"_qs,
                                  [lines = recordLines(folder_, run)](const QJsonObject &) {
                                      return QJsonObject{{u"jsonl"_qs, lines}};
                                  });
        house_->provider().answer(u"fan.watch"_qs,
                                  [](const QJsonObject &) { return QJsonObject(); });
    }
    void cleanup() { house_.reset(); }

    void theDaemonIsHandedTheFan() {
        rehearse();
        QVERIFY(finished());
        QTRY_COMPARE(house_->asked(u"fan.watch"_qs), 1);
        const QJsonObject asked = house_->lastAsked(u"fan.watch"_qs);
        QCOMPARE(asked[u"rollout"].toString(), house_->console().choice().rollout());
        QCOMPARE(asked[u"since_ms"].toInteger(-1), now_ms_);
        const auto fans =
            rehearsal::fansFromJson(QJsonDocument(asked[u"fan"].toObject()).toJson(), u"fan"_qs);
        QVERIFY(fans);
        QCOMPARE(fans->nodes.bands.size(), rehearsal::fan_points);
        QVERIFY(!shows(view(), u"cannot be changed"_qs)); // no advice is asked for what runs
    }

    void onlyTheDaemonRaisesTheAlarm() {
        rehearse();
        QVERIFY(finished());
        QVERIFY(!shows(view(), u"left its fan"_qs));
        api::RolloutDetail detail = *house_->console().choice().detail();
        detail.left_fan = u"12 % of nodes after 9 min; nine of ten futures had 20 to 35 %"_qs;
        house_->provider().tell(detail);
        QTRY_VERIFY(shows(view(), u"left its fan: 12 % of nodes after 9 min"_qs));
    }

    void aFanThatNobodyWatchesIsSaid() {
        house_->provider().answer(u"fan.watch"_qs, [](const QJsonObject &) {
            return fail(ErrorCode::Refused, u"too many rollouts are watched"_qs);
        });
        rehearse();
        QTRY_VERIFY_WITH_TIMEOUT(shows(view(), u"Nobody watches it against its fan"_qs),
                                 rehearsal_ms_max);
    }

    void theSliderNamesTheChancesOfGoingOn() {
        house_->window().showView(u"view.rollouts"_qs);
        auto *slider = house_->window().findChild<TrafficSlider *>();
        QTRY_VERIFY(slider->value().now > 0);
        QVERIFY(slider->value().chances.isEmpty());
        rehearse();
        QVERIFY(finished());
        house_->window().showView(u"view.rollouts"_qs);
        QTRY_VERIFY(slider->value().chances.contains(u"errs 2 % more"));
        slider->moveGhost(2'500);
        QVERIFY(slider->accessibleDescription().contains(u"going on as planned"));
        slider->moveGhost(500); // lowering is no going on
        QVERIFY(!slider->accessibleDescription().contains(u"going on as planned"));
    }
};

QTEST_MAIN(TestFromNow)
#include "test_fromnow.moc"
