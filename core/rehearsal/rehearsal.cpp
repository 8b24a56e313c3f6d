// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/rehearsal.h"

#include "core/rehearsal/answering.h"
#include "core/rehearsal/recorder.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

namespace aviary::rehearsal {
namespace {

constexpr std::uint32_t pilots = 16;
constexpr std::uint64_t pilot_events_max = 50'000'000;
constexpr std::uint32_t batch = 4; // futures that a thread takes at once
constexpr double single_requests_per_s_max = 100.0;
constexpr auto progress_pause = std::chrono::milliseconds(200);

// ---- What cannot be rehearsed

Result<void> checkScenario(const Scenario &scenario) {
    const auto problems = problemsOf(scenario);
    if (!problems.empty()) {
        return fail(ErrorCode::Invalid, QString::fromStdString(problems.front().what),
                    QString::fromStdString("scenario: " + problems.front().field),
                    QString::fromStdString(problems.front().allowed));
    }
    const Traffic &traffic = scenario.traffic;
    if (traffic.look_ms == 0 && traffic.requests_per_s > single_requests_per_s_max) {
        return fail(ErrorCode::Invalid,
                    QStringLiteral("a check cannot look at each of so many requests"),
                    QStringLiteral("scenario: traffic.look"),
                    QStringLiteral("at most 100 requests/s, or a time between two looks"));
    }
    return {};
}

bool stateFits(const kernel::Plan &plan, const kernel::State &state) {
    const std::size_t targets = plan.targets.size();
    const kernel::Docket &docket = state.docket;
    std::size_t counted = 0;
    for (const std::uint32_t count : state.counts) {
        counted += count;
    }
    const auto inside = [&](const kernel::Cell &cell) { return cell.site < state.sites.size(); };
    return state.cells.size() == targets && docket.next.size() == targets &&
           docket.retire_order.size() == targets && counted == targets &&
           state.sites.size() >= plan.sites.size() && docket.queues.size() == state.sites.size() &&
           std::all_of(state.cells.begin(), state.cells.end(), inside) &&
           state.step <= plan.steps.size() && docket.wave_end <= targets &&
           docket.metrics_begin.size() == plan.judges.size() + 1 && state.now >= 0;
}

Result<void> checkNow(const Setup &setup) {
    if (!setup.now) {
        return {};
    }
    const QString where = QStringLiteral("state");
    if (!stateFits(*setup.plan, setup.now->state)) {
        return fail(ErrorCode::Invalid, QStringLiteral("the state is not one of this plan"), where,
                    QStringLiteral("the state and the plan of the same rollout"));
    }
    if (kernel::isEnd(setup.now->state.status)) {
        return fail(ErrorCode::Refused, QStringLiteral("the rollout has ended"), where,
                    QStringLiteral("rehearse its plan from the beginning"));
    }
    return {};
}

Result<void> checkSetup(const Setup &setup) {
    if (!setup.plan || setup.plan->active == 0) {
        return fail(ErrorCode::Invalid, QStringLiteral("the plan touches no node"),
                    QStringLiteral("plan"), QStringLiteral("a plan with one target or more"));
    }
    if (auto plan = record::checkPlan(*setup.plan, QStringLiteral("plan")); !plan) {
        return plan;
    }
    if (auto scenario = checkScenario(setup.scenario); !scenario) {
        return scenario;
    }
    if (setup.futures == 0 || setup.futures > futures_max) {
        return fail(ErrorCode::Invalid,
                    QStringLiteral("%1 futures are out of range").arg(setup.futures),
                    QStringLiteral("futures"), QStringLiteral("1 to %1").arg(futures_max));
    }
    if (setup.worst > worst_max) {
        return fail(ErrorCode::Invalid,
                    QStringLiteral("%1 of the worst are out of range").arg(setup.worst),
                    QStringLiteral("worst"), QStringLiteral("0 to %1").arg(worst_max));
    }
    return checkNow(setup);
}

Error cancelled() {
    return {ErrorCode::Refused, QStringLiteral("the rehearsal was cancelled"), {}, {}};
}

// ---- Running

// The futures of one rehearsal, shared out among threads. Each summary has its own place and books
// are sums, so it does not matter who runs which.
class Company {
public:
    Company(const World &world, Millis fan_step_ms, const Running &running)
        : world_(world)
        , running_(running)
        , fan_step_ms_(fan_step_ms)
        , summaries_(world.setup.futures)
        , endings_(world.scenario().hypotheses.size() * ending_count) {}

    void run() {
        const std::uint32_t threads = threadsWanted();
        std::vector<std::thread> others;
        for (std::uint32_t i = 1; i < threads; ++i) {
            others.emplace_back([this] { work(false); });
        }
        work(true);
        for (std::thread &other : others) {
            other.join();
        }
        report();
    }

    std::vector<Summary> &summaries() { return summaries_; }
    const std::optional<Book> &book() const { return book_; }

private:
    std::uint32_t threadsWanted() const {
        const std::uint32_t cores = std::max(1U, std::thread::hardware_concurrency());
        const std::uint32_t wanted = running_.threads == 0 ? cores : running_.threads;
        return std::clamp(wanted, 1U, std::min(64U, (world_.setup.futures + batch - 1) / batch));
    }

    void work(bool reports) {
        Future future(world_);
        Book book(world_);
        auto due = std::chrono::steady_clock::now() + progress_pause;
        for (;;) {
            const std::uint32_t begin = next_.fetch_add(batch);
            if (begin >= world_.setup.futures || running_.cancel.stop_requested()) {
                break;
            }
            for (std::uint32_t k = begin; k < std::min(begin + batch, world_.setup.futures); ++k) {
                one(future, book, k);
            }
            if (reports && running_.progress && std::chrono::steady_clock::now() >= due) {
                report();
                due = std::chrono::steady_clock::now() + progress_pause;
            }
        }
        const std::lock_guard lock(mutex_);
        if (book_) {
            book_->add(book);
        } else {
            book_.emplace(std::move(book));
        }
    }

    void one(Future &future, Book &book, std::uint32_t k) {
        const std::size_t hypothesis = world_.hypothesisOf(k);
        summaries_[k] = future.run(k, fan_step_ms_);
        book.add(hypothesis, future);
        const auto ending = static_cast<std::size_t>(summaries_[k].ending);
        endings_[hypothesis * ending_count + ending].fetch_add(1, std::memory_order_relaxed);
    }

    void report() {
        if (!running_.progress) {
            return;
        }
        Progress progress{0, world_.setup.futures, {}};
        for (std::size_t h = 0; h < world_.scenario().hypotheses.size(); ++h) {
            std::array<std::uint32_t, ending_count> counts{};
            std::uint32_t done = 0;
            for (std::size_t ending = 0; ending < ending_count; ++ending) {
                counts[ending] = endings_[h * ending_count + ending].load();
                done += counts[ending];
            }
            progress.done += done;
            std::vector<Portion> &portions = progress.endings.emplace_back();
            for (const std::uint32_t count : counts) {
                portions.push_back(portionOf(count, done));
            }
        }
        running_.progress(progress);
    }

    const World &world_;
    const Running &running_;
    const Millis fan_step_ms_;
    std::vector<Summary> summaries_;
    std::vector<std::atomic<std::uint32_t>> endings_;
    std::atomic<std::uint32_t> next_ = 0;
    std::mutex mutex_;
    std::optional<Book> book_;
};

struct Pilot {
    Millis fan_step_ms = 1;
    std::uint64_t events_mean = 0;
};

// A step of 1, 2 or 5 times a power of ten.
Millis evenStep(Millis span_ms) {
    const Millis least = span_ms / static_cast<Millis>(fan_points - 1) + 1;
    Millis step = 1;
    while (step < least) {
        for (const Millis times : {2, 5, 10}) {
            if (step * times >= least) {
                return step * times;
            }
        }
        step *= 10;
    }
    return step;
}

// The fans reach as far as nine of ten of the first futures that ended.
Pilot pilotOf(const World &world) {
    Future future(world);
    std::vector<std::int64_t> ends;
    std::uint64_t events = 0;
    std::uint32_t count = 0;
    while (count < std::min(pilots, world.setup.futures) && events < pilot_events_max) {
        const Summary &summary = future.run(count++, horizon_ms_max);
        events += summary.events;
        if (summary.ending <= Ending::Failed) {
            ends.push_back(summary.end_ms);
        }
    }
    std::sort(ends.begin(), ends.end());
    const Millis reach =
        ends.empty() ? world.scenario().horizon_ms : ends[(ends.size() * 9 - 1) / 10];
    return {evenStep(reach + reach / 20), events / count};
}

} // namespace

Result<std::shared_ptr<const World>> worldOf(Setup setup) {
    if (auto checked = checkSetup(setup); !checked) {
        return tl::unexpected(checked.error());
    }
    return std::make_shared<const World>(std::move(setup));
}

Result<Rehearsal> Rehearsal::prepare(Setup setup) {
    auto world = worldOf(std::move(setup));
    if (!world) {
        return tl::unexpected(world.error());
    }
    return Rehearsal(std::move(*world));
}

Result<Outcome> outcomeOf(const World &world, const Running &running) {
    const Pilot pilot = pilotOf(world);
    if (pilot.events_mean * world.setup.futures > rehearsal_events_max) {
        return fail(ErrorCode::Refused,
                    QStringLiteral("these futures would take about %1 events")
                        .arg(pilot.events_mean * world.setup.futures),
                    QStringLiteral("scenario"),
                    QStringLiteral("at most %1: fewer futures, a nearer horizon, fewer troubles")
                        .arg(rehearsal_events_max));
    }
    Company company(world, pilot.fan_step_ms, running);
    company.run();
    if (running.cancel.stop_requested()) {
        return tl::unexpected(cancelled());
    }
    return Outcome{std::move(company.summaries()), *company.book(), pilot.fan_step_ms};
}

Result<Answers> Rehearsal::run(const Running &running) const {
    auto outcome = outcomeOf(*world_, running);
    if (!outcome) {
        return tl::unexpected(outcome.error());
    }
    return answersOf(*world_, *outcome);
}

Result<record::Run> Rehearsal::openFuture(std::uint32_t k) const {
    if (k >= world_->setup.futures) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no future %1").arg(k),
                    QStringLiteral("future"),
                    QStringLiteral("0 to %1").arg(world_->setup.futures - 1));
    }
    return recordedFuture(*world_, k);
}

const Setup &Rehearsal::setup() const {
    return world_->setup;
}

} // namespace aviary::rehearsal
