// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/journal.h"
#include "core/record/run.h"
#include "core/record/statecodec.h"
#include "tests/core/journal/samples.h"
#include "tests/core/record/plans.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>

#include <deque>
#include <utility>

// Records at the size of the promise: a million events, in a world that answers at once.
namespace {

using namespace aviary;
using namespace aviary::kernel;
using record::Entry;

// A canary over `nodes` targets from start to end: every order is answered in the next batch.
class QuickWorld {
public:
    explicit QuickWorld(std::uint32_t nodes) : plan_(tests::canaryPlan(nodes)) {
        state_ = begin(plan_);
        waiting_.push_back(Requested{Start{}});
    }

    // At most `events_max` events; none when the rollout has ended.
    std::optional<Entry> next(std::size_t events_max) {
        if (isEnd(state_.status)) {
            return std::nullopt;
        }
        Entry entry;
        if (waiting_.empty()) {
            const Millis due = nextDeadline(plan_, state_);
            now_ = due == never ? now_ : due;
            waiting_.push_back(state_.status == Status::Waiting ? Event(Requested{Promote{}})
                                                                : Event(TimePassed{}));
        }
        const std::size_t count = std::min(events_max, waiting_.size());
        for (std::size_t i = 0; i < count; ++i) {
            note(plan_, state_, waiting_[i], now_);
            if (i + 1 == count) {
                settle(plan_, state_, entry.log.commands);
            }
            entry.log.close(waiting_[i]);
        }
        for (std::size_t i = 0; i < count; ++i) {
            waiting_.pop_front();
        }
        for (const Command &command : entry.log.commands) {
            answer(command);
        }
        entry.at = now_;
        entry.state_hash = stateHash(state_);
        return entry;
    }
    const Plan &plan() const { return plan_; }
    const State &state() const { return state_; }

private:
    void answer(const Command &command) {
        if (const auto *update = std::get_if<UpdateNode>(&command)) {
            waiting_.push_back(NodeReady{update->target, update->order});
        } else if (const auto *retire = std::get_if<RetireNode>(&command)) {
            waiting_.push_back(NodeRetired{retire->target, retire->order});
        } else if (const auto *weight = std::get_if<SetWeight>(&command)) {
            waiting_.push_back(TrafficApplied{weight->order});
        }
    }
    Plan plan_;
    State state_;
    std::deque<Event> waiting_;
    Millis now_ = 0;
};

struct Story {
    Plan plan;
    std::vector<QByteArray> entries;
    std::size_t events = 0, commands = 0;
    qint64 bytes = 0;
};

// One event an entry is the worst case: a clock, a hash and a chain link for each event.
Story storyOf(std::uint32_t nodes, std::size_t events_max) {
    QuickWorld world(nodes);
    Story story;
    story.plan = world.plan();
    record::Hash previous{};
    while (auto entry = world.next(events_max)) {
        entry->sequence = story.entries.size() + 1;
        const auto sealed = record::seal(*entry, previous);
        previous = sealed->hash;
        story.entries.push_back(sealed->bytes);
        story.events += entry->log.events.size();
        story.commands += entry->log.commands.size();
        story.bytes += sealed->bytes.size();
    }
    return story;
}

void label(benchmark::State &run, const Story &story) {
    const auto items = static_cast<std::int64_t>(story.events + story.commands);
    run.SetItemsProcessed(run.iterations() * items);
    run.SetLabel(std::to_string(story.events) + " events, " + std::to_string(story.commands) +
                 " commands, " + std::to_string(story.entries.size()) + " entries, " +
                 std::to_string(story.bytes / 1'000) + " kB");
}

void encodeAndSeal(benchmark::State &run) {
    const Story story = storyOf(500'000, 1'000);
    std::vector<Entry> entries;
    for (const QByteArray &bytes : story.entries) {
        entries.push_back(*record::decodeEntry(bytes));
    }
    for (auto _ : run) {
        record::Hash previous{};
        for (const Entry &entry : entries) {
            previous = record::seal(entry, previous)->hash;
        }
        benchmark::DoNotOptimize(previous);
    }
    label(run, story);
}
BENCHMARK(encodeAndSeal)->Unit(benchmark::kMillisecond);

void decode(benchmark::State &run) {
    const Story story = storyOf(500'000, 1'000);
    for (auto _ : run) {
        Event event;
        Command command;
        for (const QByteArray &bytes : story.entries) {
            record::EntryReader in(bytes);
            while (in.next(event, command) != record::Kind::None) {
                benchmark::DoNotOptimize(event);
            }
        }
    }
    label(run, story);
}
BENCHMARK(decode)->Unit(benchmark::kMillisecond);

// The promise: 1,000,000 events in 2 s without a snapshot.
void replay(benchmark::State &run) {
    const Story story = storyOf(500'000, static_cast<std::size_t>(run.range(0)));
    for (auto _ : run) {
        State state = begin(story.plan);
        for (const QByteArray &bytes : story.entries) {
            if (!record::apply(story.plan, state, bytes)) {
                run.SkipWithError("the story does not replay");
            }
        }
        benchmark::DoNotOptimize(state);
    }
    label(run, story);
}
BENCHMARK(replay)->Arg(1'000)->Arg(1)->Unit(benchmark::kMillisecond);

void stateToBytes(benchmark::State &run) {
    QuickWorld world(100'000);
    for (int i = 0; i < 60; ++i) {
        world.next(1'000);
    }
    for (auto _ : run) {
        const QByteArray bytes = record::encodeState(world.state());
        const auto state = record::decodeState(bytes, world.plan(), stateHash(world.state()));
        benchmark::DoNotOptimize(state);
    }
}
BENCHMARK(stateToBytes)->Unit(benchmark::kMillisecond);

// A whole rollout through engine, codec, chain and synchronous SQLite. Items are node updates.
void journalled(benchmark::State &run) {
    const auto nodes = static_cast<std::uint32_t>(run.range(0));
    for (auto _ : run) {
        run.PauseTiming();
        QTemporaryDir root;
        auto journal =
            journal::Journal::open(root.filePath(QStringLiteral("state")), journal::Access::Own);
        QuickWorld world(nodes);
        journal::Batch batch;
        batch.openings = {tests::header(1)};
        batch.openings[0].plan = world.plan();
        if (!(*journal)->append(std::exchange(batch, {}))) {
            run.SkipWithError("the journal refused");
        }
        run.ResumeTiming();
        while (auto entry = world.next(static_cast<std::size_t>(run.range(1)))) {
            batch.entries.push_back({tests::rolloutId(1), std::move(*entry), world.state().status});
            if (!(*journal)->append(batch)) {
                run.SkipWithError("the journal refused");
            }
            batch = {};
        }
        run.PauseTiming();
        journal = {};
        run.ResumeTiming();
    }
    run.SetItemsProcessed(run.iterations() * nodes);
}
BENCHMARK(journalled)
    ->Args({100'000, 256})
    ->Args({100'000, 1'024})
    ->Args({100'000, 4'096})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// The header of a rollout over 100,000 nodes, written and read: once for each.
void header(benchmark::State &run) {
    record::RunHeader header = tests::header(1);
    header.plan = tests::canaryPlan(100'000);
    for (auto _ : run) {
        const QByteArray line = record::headerLine(header);
        benchmark::DoNotOptimize(record::headerFromLine(line, {}));
    }
}
BENCHMARK(header)->Unit(benchmark::kMillisecond);

void runFile(benchmark::State &run) {
    const Story story = storyOf(50'000, 100);
    record::RunHeader header = tests::header(1);
    header.plan = story.plan;
    record::Run made = record::beginRun(header);
    for (const QByteArray &bytes : story.entries) {
        if (!record::addEntry(made, *record::decodeEntry(bytes))) {
            run.SkipWithError("an entry was refused");
        }
    }
    QByteArray text;
    for (auto _ : run) {
        QBuffer buffer(&text);
        buffer.open(QIODevice::WriteOnly | QIODevice::Truncate);
        record::RunWriter writer(buffer, record::headerLine(header));
        for (const auto &entry : made.entries) {
            writer.write(entry);
        }
        if (!writer.finish()) {
            run.SkipWithError("the run was not written");
        }
        buffer.close();
        buffer.open(QIODevice::ReadOnly);
        if (!record::readRun(buffer, QStringLiteral("bench"))) {
            run.SkipWithError("the run was not read");
        }
    }
    label(run, story);
}
BENCHMARK(runFile)->Unit(benchmark::kMillisecond);

} // namespace

int main(int argc, char **argv) {
    const QCoreApplication application(argc, argv); // the SQLite driver is a plugin
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
