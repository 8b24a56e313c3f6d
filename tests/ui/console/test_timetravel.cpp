// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/inprocesssession.h"
#include "tests/core/travel/recorded.h"
#include "ui/console/documents.h"
#include "ui/console/historylanes.h"
#include "ui/console/timetravel.h"

#include <QSignalSpy>
#include <QTest>

#include <set>

using namespace aviary;
using namespace Qt::Literals;

namespace {

std::shared_ptr<travel::RecordedRun> recorded(std::uint32_t nodes, std::uint64_t seed, int entries,
                                              const QString &rollout) {
    return *travel::RecordedRun::of(tests::recordedRun(nodes, seed, entries, rollout));
}

// A daemon at the end of two rollouts, and a desk over it.
struct Daemon {
    travel::TravelProvider provider{{}};
    std::unique_ptr<api::InProcessSession> session;
    Desk desk{u"local"_qs, u"this computer"_qs};

    Daemon() {
        provider.addRun(recorded(12, 3, 300, u"R1"_qs));
        provider.addRun(recorded(9, 4, 200, u"R2"_qs));
        (void)provider.goTo(end());
        session = std::make_unique<api::InProcessSession>(provider, api::Caller{u"ops"_qs, {}, 1});
        desk.setSession(session.get());
    }
    qint64 end() const {
        return std::max(provider.runs()[0]->endWallMs(), provider.runs()[1]->endWallMs());
    }
};

} // namespace

class TestTimeTravel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRowIsOfTheInstant();
    void theLastWishCounts();
    void nothingCanBeAskedOfThePast();
    void backToLiveShowsNow();
    void aRunThatCannotBeReadIsSaid();
    void aDocumentNeedsNoDaemon();
    void lanesAreOfTheLastDay();
};

void TestTimeTravel::everyRowIsOfTheInstant() {
    Daemon daemon;
    QTRY_COMPARE(daemon.desk.rollouts().size(), 2u);
    TimeTravel travel;
    const auto run = recorded(12, 3, 300, u"R1"_qs);
    for (const std::size_t entry : {150u, 20u, 290u}) {
        const qint64 wall = run->entryWallsMs()[entry];
        QVERIFY(run->goTo(wall));
        travel.goTo(daemon.desk, wall);
        QTRY_VERIFY(travel.instantWallMs() == wall);
        QVERIFY(daemon.desk.travelling());
        QVERIFY(!daemon.desk.asOf().isEmpty());
        QTRY_VERIFY(daemon.desk.rollout(u"R1"_qs));
        QTRY_COMPARE(*daemon.desk.rollout(u"R1"_qs), run->row());
    }
    QVERIFY(std::ranges::is_sorted(travel.eventsMs()));
    QVERIFY(std::ranges::includes(
        travel.eventsMs(), std::set(run->entryWallsMs().begin(), run->entryWallsMs().end())));
    QVERIFY(travel.turnsMs().size() < travel.eventsMs().size());
}

void TestTimeTravel::theLastWishCounts() {
    Daemon daemon;
    QTRY_COMPARE(daemon.desk.rollouts().size(), 2u);
    TimeTravel travel;
    const qint64 begin = tests::world_begin_wall_ms;
    for (int i = 0; i < 50; ++i) { // a hand on the scrubber, before anything was read
        travel.goTo(daemon.desk, begin + i * 10);
    }
    QTRY_VERIFY(travel.instantWallMs() == begin + 490);
    QVERIFY(travel.loading().isEmpty());
}

void TestTimeTravel::nothingCanBeAskedOfThePast() {
    Daemon daemon;
    QTRY_COMPARE(daemon.desk.rollouts().size(), 2u);
    TimeTravel travel;
    travel.goTo(daemon.desk, daemon.end() - 1);
    QTRY_VERIFY(daemon.desk.travelling());
    std::optional<Error> refused;
    daemon.desk.call(u"request"_qs, {{u"rollout"_qs, u"R1"_qs}, {u"verb"_qs, u"promote"_qs}},
                     [&refused](const Result<QJsonObject> &answer) {
                         refused = answer ? Error{} : answer.error();
                     });
    QTRY_VERIFY(refused);
    QCOMPARE(refused->code, ErrorCode::Refused);
    QVERIFY(refused->remedy.contains(u"live"));
}

void TestTimeTravel::backToLiveShowsNow() {
    Daemon daemon;
    QTRY_COMPARE(daemon.desk.rollouts().size(), 2u);
    const api::RolloutRow now = *daemon.desk.rollout(u"R1"_qs);
    TimeTravel travel;
    travel.goTo(daemon.desk, tests::world_begin_wall_ms);
    QTRY_VERIFY(daemon.desk.travelling());
    travel.leave();
    QVERIFY(!daemon.desk.travelling());
    QVERIFY(daemon.desk.asOf().isEmpty());
    QTRY_VERIFY(daemon.desk.rollout(u"R1"_qs));
    QCOMPARE(*daemon.desk.rollout(u"R1"_qs), now);
}

void TestTimeTravel::aRunThatCannotBeReadIsSaid() {
    Daemon daemon;
    QTRY_COMPARE(daemon.desk.rollouts().size(), 2u);
    // From the instant on, this daemon knows of no rollout any more, and cannot give its record.
    QVERIFY(daemon.provider.goTo(tests::world_begin_wall_ms - 1));
    TimeTravel travel;
    travel.goTo(daemon.desk, tests::world_begin_wall_ms + 5);
    QTRY_VERIFY(!travel.trouble().isEmpty());
    QTRY_VERIFY(travel.loading().isEmpty());
}

void TestTimeTravel::aDocumentNeedsNoDaemon() {
    Desks desks;
    const auto run = recorded(12, 3, 300, u"R1"_qs);
    Desk &desk = addDocumentDesk(desks, u"file:a"_qs, {u"a.run.jsonl"_qs, run, {}});
    QTRY_COMPARE(desk.rollouts().size(), 1u);
    QVERIFY(desk.isFile());
    QTRY_COMPARE(desk.clusters().size(), 1u);
    QCOMPARE(desk.clusters()[0].kind, api::ClusterKind::File);
    TimeTravel travel;
    travel.goTo(desk, tests::world_begin_wall_ms + 10);
    QTRY_VERIFY(desk.travelling());
    travel.leave();
    desks.remove(u"file:a"_qs);
    QVERIFY(!desks.find(u"file:a"_qs));
}

void TestTimeTravel::lanesAreOfTheLastDay() {
    constexpr qint64 hour_ms = 3'600'000;
    const qint64 now = 1'000 * hour_ms;
    std::vector<api::DeploymentRow> rows;
    for (int i = 0; i < 200; ++i) { // one an hour, of ten services
        api::DeploymentRow row;
        row.id = QString::number(i);
        row.key = u"service-%1"_qs.arg(i % 10);
        row.started_wall_ms = now - (i + 1) * hour_ms;
        row.ended_wall_ms = row.started_wall_ms + hour_ms / 2;
        rows.push_back(row);
    }
    const ScrubberValue value = scrubberOf(rows, now);
    QCOMPARE(value.lanes.size(), lanes_max);
    QCOMPARE(value.end_ms, now);
    QVERIFY(value.begin_ms > now - 30 * hour_ms);
    for (const ScrubberLane &lane : value.lanes) {
        QVERIFY(std::ranges::is_sorted(lane.bars, {}, &ScrubberBar::begin_ms));
    }
    QCOMPARE(scrubberOf({}, now).lanes.size(), 0u);
}

QTEST_MAIN(TestTimeTravel)
#include "test_timetravel.moc"
