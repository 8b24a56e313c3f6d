// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/replay.h"
#include "core/record/statecodec.h"
#include "tests/core/record/world.h"

#include <QTest>

#include <functional>
#include <set>

using namespace aviary;
using namespace aviary::record;
using kernel::State;

namespace {

// The run with entry `sequence` changed and the chain forged anew after it.
Run forged(const Run &run, std::uint64_t sequence, const std::function<void(Entry &)> &change) {
    Run other = beginRun(run.header);
    for (const SealedEntry &sealed : run.entries) {
        Entry entry = *decodeEntry(sealed.bytes);
        if (entry.sequence == sequence) {
            change(entry);
        }
        if (!addEntry(other, entry)) {
            qFatal("the forgery cannot be written");
        }
    }
    return other;
}

// The first entry with a command, and which.
std::uint64_t firstWithCommand(const Run &run) {
    for (const SealedEntry &sealed : run.entries) {
        const Entry entry = *decodeEntry(sealed.bytes);
        if (!entry.log.commands.empty() && entry.sequence > 1) {
            return entry.sequence;
        }
    }
    return 0;
}

} // namespace

class TestReplay : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theWorldShowsMuch();
    void aRunReplaysToTheSameState_data();
    void aRunReplaysToTheSameState();
    void anyInstantIsReachedFromAnyOther();
    void timesAreFound();
    void forgedRunsAreRefused();
    void otherDecisionsAreNamed();
    void whatFitsNoPlanNeverReachesTheKernel_data();
    void whatFitsNoPlanNeverReachesTheKernel();
    void aSnapshotGoesOnLikeTheState_data();
    void aSnapshotGoesOnLikeTheState();
    void aSnapshotOfAnotherInstantIsRefused();
};

// Else the other tests would prove little.
void TestReplay::theWorldShowsMuch() {
    std::set<std::size_t> events, commands;
    std::set<kernel::Status> statuses;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        for (const SealedEntry &sealed :
             tests::fickleRun(static_cast<std::uint32_t>(1 + seed % 30), seed, 600).entries) {
            const Entry entry = *decodeEntry(sealed.bytes);
            for (const auto &event : entry.log.events) {
                events.insert(event.index());
            }
            for (const auto &command : entry.log.commands) {
                commands.insert(command.index());
                if (const auto *change = std::get_if<kernel::ChangeStatus>(&command)) {
                    statuses.insert(change->status);
                }
            }
        }
    }
    QCOMPARE(events.size(), std::variant_size_v<kernel::Event>);
    QCOMPARE(commands.size(), std::variant_size_v<kernel::Command> - 1); // no switch of slots
    QVERIFY(statuses.contains(kernel::Status::Waiting));
    QVERIFY(statuses.contains(kernel::Status::Paused));
    QVERIFY(statuses.contains(kernel::Status::RollingBack));
    QVERIFY(statuses.contains(kernel::Status::RolledBack));
    QVERIFY(statuses.contains(kernel::Status::Completed));
}

void TestReplay::aRunReplaysToTheSameState_data() {
    QTest::addColumn<quint64>("seed");
    for (quint64 seed = 1; seed <= 40; ++seed) {
        QTest::addRow("%llu", seed) << seed;
    }
}
void TestReplay::aRunReplaysToTheSameState() {
    QFETCH(quint64, seed);
    const Run run = tests::fickleRun(static_cast<std::uint32_t>(1 + seed % 30), seed, 200);
    for (const Decisions decisions : {Decisions::Recorded, Decisions::Compared}) {
        const auto check = checkRun(run, decisions);
        QVERIFY2(check, qPrintable(toText(check ? Error{} : check.error())));
        QCOMPARE(check->entries, 200u);
        QCOMPARE(check->state_hash, EntryReader(run.entries.back().bytes).head().state_hash);
    }
}

void TestReplay::anyInstantIsReachedFromAnyOther() {
    const Run run = tests::fickleRun(200, 7, 3'000);
    const auto plan = std::make_shared<const kernel::Plan>(run.header.plan);
    Replay replay(plan, 5 * 200 * sizeof(kernel::Cell) * 4); // room for few states
    for (const SealedEntry &entry : run.entries) {
        QVERIFY(replay.append(entry.bytes));
    }
    std::mt19937_64 chance(1);
    QVERIFY(replay.seek(replay.entries()));
    for (int i = 0; i < 100; ++i) {
        const std::uint64_t to = chance() % (run.entries.size() + 1);
        QVERIFY(replay.seek(to));
        QCOMPARE(replay.position(), to);
        const auto expected = to == 0 ? stateHash(kernel::begin(*plan))
                                      : EntryReader(run.entries[to - 1].bytes).head().state_hash;
        QCOMPARE(stateHash(replay.state()), expected);
    }
    QVERIFY(replay.keptStates() <= 6);
    QVERIFY(replay.keptStates() > 1);
    QCOMPARE(replay.seek(9'999).error().code, ErrorCode::NotFound);
    QVERIFY(!replay.append(run.entries[0].bytes)); // it is not the next one
}

void TestReplay::timesAreFound() {
    const auto replay = replayOf(tests::fickleRun(10, 3, 100));
    QVERIFY(replay);
    QCOMPARE(replay->entryAt(-1), 0u);
    QCOMPARE(replay->entryAt(INT64_MAX), 100u);
    const auto middle = replay->entry(50);
    QVERIFY(middle);
    const auto found = replay->entryAt(middle->at);
    QVERIFY(found >= 50 && replay->entry(found)->at == middle->at);
    QCOMPARE(replay->entryAtWall(middle->wall_ms), found);
    QVERIFY(!replay->entry(0));
}

void TestReplay::forgedRunsAreRefused() {
    const Run run = tests::fickleRun(10, 5, 50);
    const Run other = forged(run, 20, [](Entry &entry) { entry.state_hash ^= 1; });
    const auto check = checkRun(other, Decisions::Recorded, QStringLiteral("a.run.jsonl"));
    QVERIFY(!check);
    QCOMPARE(check.error().where, QStringLiteral("a.run.jsonl:21: entry 20"));
    QCOMPARE(check.error().code, ErrorCode::Conflict);
    auto replay = replayOf(other);
    QVERIFY(replay->seek(19));
    QVERIFY(!replay->seek(30));
    QVERIFY(replay->seek(19)); // what is before it can still be looked at
}

void TestReplay::otherDecisionsAreNamed() {
    const Run run = tests::fickleRun(10, 5, 50);
    const std::uint64_t at = firstWithCommand(run);
    QVERIFY(at > 1);
    const Run other = forged(run, at, [](Entry &entry) {
        entry.log.commands.pop_back();
        for (auto &end : entry.log.ends) {
            end =
                std::min<std::uint32_t>(end, static_cast<std::uint32_t>(entry.log.commands.size()));
        }
    });
    const auto check = checkRun(other, Decisions::Compared);
    QVERIFY(!check);
    QCOMPARE(check.error().code, ErrorCode::Conflict);
    QVERIFY(check.error().what.contains(u"decide otherwise"));
    QVERIFY(check.error().where.endsWith(QStringLiteral("entry %1").arg(at)));
}

void TestReplay::whatFitsNoPlanNeverReachesTheKernel_data() {
    using namespace kernel;
    using Change = std::function<void(Log &)>;
    QTest::addColumn<Change>("change");
    const auto event = [](const char *name, const Event &bad) {
        QTest::newRow(name) << Change([bad](Log &log) { log.events[0] = bad; });
    };
    const auto command = [](const char *name, const Command &bad) {
        QTest::newRow(name) << Change([bad](Log &log) {
            log.commands.insert(log.commands.begin(), bad);
            for (auto &end : log.ends) {
                ++end;
            }
        });
    };
    event("ready", NodeReady{10, 1});
    event("failed", NodeFailed{every_target, 1, Cause::Exited});
    event("retired", NodeRetired{0xffff'fffe, 1});
    event("status", NodeStatusChanged{10, NodeStatus::Offline});
    event("metric of no judge", MetricMeasured{99, 0, true, true, 1.0});
    event("metric of another judge", MetricMeasured{0, 0, true, true, 1.0});
    event("no such metric", MetricMeasured{2, 2, true, true, 1.0});
    command("update", UpdateNode{1, 10});
    command("restore", RestoreNode{1, every_target});
    command("retire", RetireNode{1, 10});
    command("weight", SetWeight{1, 10'001});
    command("slot", SwitchSlot{1, 3});
    command("step", EnterStep{9});
    command("status", ChangeStatus{Status::Failed, Cause::Verdict, 10});
}
void TestReplay::whatFitsNoPlanNeverReachesTheKernel() {
    QFETCH(std::function<void(Log &)>, change);
    const Run run = tests::fickleRun(10, 5, 50);
    const Run other = forged(run, 30, [&](Entry &entry) { change(entry.log); });
    const auto check = checkRun(other);
    QVERIFY(!check);
    QCOMPARE(check.error().code, ErrorCode::Invalid);
    QVERIFY(check.error().what.contains(u"of another plan"));
}

void TestReplay::aSnapshotGoesOnLikeTheState_data() {
    aRunReplaysToTheSameState_data();
}
// From every instant: the decoded state is the same, and answers what follows in the same way.
void TestReplay::aSnapshotGoesOnLikeTheState() {
    QFETCH(quint64, seed);
    const Run run = tests::fickleRun(static_cast<std::uint32_t>(1 + seed % 30), seed, 120);
    const kernel::Plan &plan = run.header.plan;
    State state = kernel::begin(plan);
    for (std::size_t i = 0; i < run.entries.size(); ++i) {
        const QByteArray bytes = encodeState(state);
        auto decoded = decodeState(bytes, plan, stateHash(state));
        QVERIFY2(decoded, qPrintable(toText(decoded ? Error{} : decoded.error())));
        QCOMPARE(encodeState(*decoded), bytes);
        QVERIFY(decoded->cells == state.cells);
        QVERIFY(nextDeadline(plan, *decoded) == nextDeadline(plan, state));
        QVERIFY(outstanding(plan, *decoded) == outstanding(plan, state));
        if (i % 7 == 0) { // the whole rest of the run, with decisions
            for (std::size_t k = i; k < run.entries.size(); ++k) {
                const auto on = apply(plan, *decoded, run.entries[k].bytes, Decisions::Compared);
                QVERIFY2(on, qPrintable(toText(on ? Error{} : on.error())));
            }
        }
        QVERIFY(apply(plan, state, run.entries[i].bytes));
    }
}

void TestReplay::aSnapshotOfAnotherInstantIsRefused() {
    const Run run = tests::fickleRun(10, 5, 50);
    const kernel::Plan &plan = run.header.plan;
    State state = kernel::begin(plan);
    QVERIFY(apply(plan, state, run.entries[0].bytes));
    const QByteArray bytes = encodeState(state);
    QVERIFY(decodeState(bytes, plan, stateHash(state)));
    QVERIFY(!decodeState(bytes, plan, stateHash(state) + 1));
    QVERIFY(!decodeState(bytes, tests::judgedPlan(11), stateHash(state)));
    for (qsizetype at = 0; at < bytes.size(); ++at) {
        QVERIFY(!decodeState(QByteArrayView(bytes).first(at), plan, stateHash(state)));
        QByteArray flipped = bytes;
        flipped[at] = static_cast<char>(flipped[at] ^ 4);
        QVERIFY(!decodeState(flipped, plan, stateHash(state)));
    }
}

QTEST_GUILESS_MAIN(TestReplay)
#include "test_replay.moc"
