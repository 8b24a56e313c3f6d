// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace aviary::rehearsal {

namespace {

using namespace kernel;

enum class Way : std::uint8_t { Start, Back, Stop, Split };
constexpr std::size_t way_count = 4;

struct Asked {
    Way way = Way::Start;
    Millis at = 0;
};

struct Times {
    Learned learned;
    std::vector<Millis> worked;
};
using Ways = std::array<Times, way_count>;

// The 95th percentile of a lognormal lies this many standard deviations of the logarithm above its
// median.
constexpr double sigmas_of_p95 = 1.6448536269514722;

// Follows the orders of one run to their first answers.
class Reader {
public:
    explicit Reader(Ways &times) : times_(times) {}

    Result<void> read(const record::Run &run) {
        for (const record::SealedEntry &sealed : run.entries) {
            record::EntryReader reader(sealed.bytes);
            at_ = reader.head().at;
            Event event;
            Command command;
            for (auto kind = reader.next(event, command); kind != record::Kind::None;
                 kind = reader.next(event, command)) {
                if (kind == record::Kind::Event) {
                    std::visit(*this, event);
                } else {
                    std::visit(*this, command);
                }
            }
            if (const auto sound = reader.result(); !sound) {
                return sound;
            }
        }
        return {};
    }
    std::size_t unanswered() const { return asked_.size(); }

    void operator()(const UpdateNode &order) { asked_[order.order] = {Way::Start, at_}; }
    void operator()(const RestoreNode &order) { asked_[order.order] = {Way::Back, at_}; }
    void operator()(const RetireNode &order) { asked_[order.order] = {Way::Stop, at_}; }
    void operator()(const SetWeight &order) { asked_[order.order] = {Way::Split, at_}; }
    void operator()(const SwitchSlot &order) { asked_[order.order] = {Way::Split, at_}; }
    void operator()(const NodeReady &event) { answer(event.order, Cause::None); }
    void operator()(const NodeRetired &event) { answer(event.order, Cause::None); }
    void operator()(const NodeFailed &event) {
        answer(event.order, event.cause == Cause::None ? Cause::StartFailed : event.cause);
    }
    void operator()(const TrafficApplied &event) { answer(event.order, Cause::None); }
    void operator()(const TrafficRefused &event) { answer(event.order, Cause::OrderRefused); }
    template <class Other>
    void operator()(const Other &) {}

private:
    void answer(Order order, Cause cause) {
        const auto found = asked_.find(order);
        if (found == asked_.end()) {
            return;
        }
        Times &times = times_[static_cast<std::size_t>(found->second.way)];
        ++times.learned.of;
        times.learned.refused += cause == Cause::OrderRefused ? 1 : 0;
        times.learned.failed += cause != Cause::None && cause != Cause::OrderRefused ? 1 : 0;
        if (cause == Cause::None) {
            times.worked.push_back(std::max<Millis>(at_ - found->second.at, 0));
        }
        asked_.erase(found);
    }

    Ways &times_;
    std::map<Order, Asked> asked_;
    Millis at_ = 0;
};

Ppm shareOf(std::uint32_t hits, std::uint32_t of) {
    return of == 0 ? 0 : static_cast<Ppm>(std::uint64_t{hits} * ppm_one / of);
}

} // namespace

Spread spreadOf(const std::vector<Millis> &times) {
    if (times.size() < fit_min) {
        return {};
    }
    const auto count = static_cast<double>(times.size());
    double sum = 0.0;
    for (const Millis time : times) {
        sum += std::log(static_cast<double>(std::max<Millis>(time, 1)));
    }
    const double mean = sum / count;
    double squares = 0.0;
    for (const Millis time : times) {
        const double off = std::log(static_cast<double>(std::max<Millis>(time, 1))) - mean;
        squares += off * off;
    }
    const double sigma = std::sqrt(squares / count);
    const auto whole = [](double ms) {
        return static_cast<Millis>(
            std::llround(std::clamp(ms, 1.0, static_cast<double>(spread_ms_max))));
    };
    return {whole(std::exp(mean)), whole(std::exp(mean + sigmas_of_p95 * sigma))};
}

Result<Fit> fitOf(const std::vector<record::Run> &runs) {
    Fit fit;
    Ways times;
    for (const record::Run &run : runs) {
        if (run.header.made_by != record::MadeBy::Live) {
            return fail(ErrorCode::Refused, u"a rehearsed run teaches only what was assumed"_qs,
                        run.header.rollout, u"runs of live rollouts: aviary run export"_qs);
        }
        Reader reader(times);
        if (const auto read = reader.read(run); !read) {
            return tl::unexpected(read.error());
        }
        ++fit.runs;
        fit.unanswered += static_cast<std::uint32_t>(reader.unanswered());
    }
    for (Times &one : times) {
        one.learned.latency = spreadOf(one.worked);
    }
    fit.starts = times[0].learned;
    fit.backs = times[1].learned;
    fit.stops = times[2].learned;
    fit.splits = times[3].learned;
    if (fit.starts.of == 0) {
        return fail(ErrorCode::Refused, u"there is no start of an instance in these runs"_qs, {},
                    u"a run that updated nodes"_qs);
    }
    return fit;
}

Scenario applied(const Fit &fit, Scenario base) {
    const auto take = [](const Learned &learned, Spread &spread) {
        spread = learned.latency == Spread{} ? spread : learned.latency;
    };
    take(fit.starts, base.start.latency);
    take(fit.backs, base.start.back);
    take(fit.stops, base.start.stop);
    take(fit.splits, base.router.delay);
    if (fit.starts.of >= fit_min) {
        base.start.failed = shareOf(fit.starts.failed, fit.starts.of);
        base.start.refused = shareOf(fit.starts.refused, fit.starts.of);
        // Slow starts are in the spread already.
        base.start.slow = 0;
    }
    if (fit.backs.of >= fit_min) {
        base.start.back_failed = shareOf(fit.backs.failed + fit.backs.refused, fit.backs.of);
    }
    if (fit.splits.of >= fit_min) {
        base.router.refused = shareOf(fit.splits.refused, fit.splits.of);
    }
    base.name = "learned";
    base.note = "starts learned from " + std::to_string(fit.starts.of) + " past updates";
    return base;
}

} // namespace aviary::rehearsal
