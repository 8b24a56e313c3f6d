// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/state.h"
#include "core/record/run.h"
#include "core/rehearsal/answers.h"

#include <functional>
#include <memory>
#include <stop_token>

// Futures of one plan: the engine that runs live, under a virtual clock, in a sampled world.
namespace aviary::rehearsal {

// A live rollout from which the futures start.
struct Now {
    kernel::State state; // of this very plan
    // Its record so far; a future of it can only be opened as a run when this is there, because a
    // run is replayed from its beginning.
    std::optional<record::Run> record;
    // An observed rollout: the engine that runs it, "nomad". The futures are then labelled a model
    // of that engine. Empty: ours.
    std::string engine;
};

struct Setup {
    std::shared_ptr<const kernel::Plan> plan;
    kernel::Fleet fleet; // for the labels of the targets; a target it lacks has none
    Scenario scenario;
    std::uint64_t seed = 1;
    // Shared out evenly: future k is of hypothesis k % hypotheses, and of the same luck as the
    // futures of the other hypotheses beside it. 1 to futures_max.
    std::uint32_t futures = 1'000;
    std::uint32_t worst = 10; // how many of the worst are described, up to 1,000
    std::optional<Now> now;
    qint64 begun_wall_ms = 0; // since 1970, for display in runs that are opened
};
inline constexpr std::uint32_t futures_max = 1'000'000;
inline constexpr std::uint32_t worst_max = 1'000;
inline constexpr std::uint64_t future_events_max = 20'000'000; // one that has more is stuck
// A rehearsal that would have more is refused, by the look of its first futures.
inline constexpr std::uint64_t rehearsal_events_max = 5'000'000'000;

// What is known while it runs. Estimates are of the futures that are done.
struct Progress {
    std::uint32_t done = 0, of = 0;
    std::vector<std::vector<Portion>> endings; // [hypothesis][ending]
};

struct Running {
    std::uint32_t threads = 0; // 0: one for each core. Never changes an answer
    // Called on the calling thread, a few times a second, and once at the end.
    std::function<void(const Progress &)> progress;
    std::stop_token cancel; // ends the run within a future or two, with ErrorCode::Refused
};

struct World; // what is the same for all futures

// Prepared once; const and shared between threads from then on.
class Rehearsal {
public:
    // Errors name what is wrong in plan, scenario or state; nothing is run.
    static Result<Rehearsal> prepare(Setup setup);

    // Blocks until done; call it off the thread of a user interface.
    Result<Answers> run(const Running &running = {}) const;

    // Runs future k again and records it: checkRun(run) holds, also with Decisions::Compared.
    Result<record::Run> openFuture(std::uint32_t k) const;

    const Setup &setup() const;

private:
    explicit Rehearsal(std::shared_ptr<const World> world) : world_(std::move(world)) {}
    std::shared_ptr<const World> world_;
};

} // namespace aviary::rehearsal
