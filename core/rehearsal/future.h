// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/standing.h"
#include "core/kernel/rollout/step.h"
#include "core/rehearsal/timewheel.h"
#include "core/rehearsal/world.h"

namespace aviary::rehearsal {

// What is kept of a future.
struct Summary {
    Millis end_ms = 0;
    Millis caught_ms = -1; // -1: nothing stopped it
    std::int64_t failed = 0;
    std::int64_t failed_caught = 0;
    std::uint32_t events = 0;
    kernel::Weight weight_highest = 0;
    std::uint32_t caught_step = 0;
    Ending ending = Ending::Stuck;
    kernel::Cause caught_cause = kernel::Cause::None;
};

// Something that befell the world, for whoever wants to tell why.
struct Happening {
    enum class What : std::uint8_t {
        SiteDark,
        NodeDark,
        Draining,
        Refused,
        StartFailed,
        FellSilent,
        Slow,
        Flapped,
    };
    Millis at = 0;
    What what = What::SiteDark;
    std::uint32_t subject = 0; // site or target
};

// Looks over the shoulder of one future.
class Witness {
public:
    virtual ~Witness() = default;
    virtual void told(const kernel::Event &event, const kernel::Commands &commands,
                      const kernel::State &after) = 0;
    virtual void befell(const Happening &happening) = 0;
};

// Values at the instants of the fans, in steps of 1/fan_steps.
inline constexpr std::uint32_t fan_steps = 200;
struct Track {
    std::array<std::uint8_t, fan_points> nodes{}, traffic{}, health{};
};

// One future at a time: the engine, a virtual clock, and a world that answers it. Keeps its memory
// from one to the next.
class Future {
public:
    explicit Future(const World &world);

    // `fan_step_ms`: the distance of the fans' instants.
    const Summary &run(std::uint32_t future, Millis fan_step_ms, Witness *witness = nullptr);

    // Of the last one.
    const Track &track() const { return track_; }
    const std::vector<std::uint32_t> &downWorst() const { return down_worst_; } // by site
    const kernel::State &state() const { return state_; }

private:
    // ---- future.cpp: the clock, and what the engine is told
    void begin(std::uint32_t future, Millis fan_step_ms, Witness *witness);
    void start();
    void live();
    bool goOn(Millis deadline);
    void end();
    void tell(const kernel::Event &event);
    void carryOut();
    void statusChanged(const kernel::ChangeStatus &change);
    void deliver(const Occurrence &one);
    void beginLooking();
    void look();
    void lookAtRequest();
    void awaitRequest();
    void lookOnce();
    void tellMetrics(const kernel::CheckStep &check);
    void answerQuestion(std::uint32_t question);
    kernel::Request requestNow() const;
    Split split() const {
        return {kernel::trafficOf(plan_, state_), state_.docket.fresh, state_.docket.stable};
    }
    void countTraffic() { crowd_.advance(now_, split()); }
    void seeDown(std::uint32_t site);
    void draw(Millis until);

    // ---- futurenodes.cpp: what nodes and router do, and what befalls them
    void add(Millis after, Kind kind, std::uint32_t subject, std::uint32_t order);
    void update(kernel::TargetIndex target, kernel::Order order);
    void restore(kernel::TargetIndex target, kernel::Order order);
    void retire(kernel::TargetIndex target, kernel::Order order);
    void route(kernel::Order order);
    void report(const Occurrence &one);
    void ready(kernel::TargetIndex target, kernel::Order order);
    void flap(const Occurrence &one);
    bool isPresent(kernel::TargetIndex target, kernel::Order order) const;
    void beginTroubles();
    void next(const Process &process, Kind kind, Purpose purpose, std::uint32_t count);
    void siteOutage(std::uint32_t count);
    void nodeOutage(std::uint32_t count);
    void drain(std::uint32_t count);
    void drained(kernel::TargetIndex target);
    void goDark(kernel::TargetIndex target, Millis until);
    void noticeSite(std::uint32_t site);
    void notice(kernel::TargetIndex target);
    void befell(Happening::What what, std::uint32_t subject) {
        if (witness_ != nullptr) {
            witness_->befell({now_, what, subject});
        }
    }

    struct NodeLuck {
        Millis dark_until = 0;
        std::uint32_t turns = 0; // of its luck: orders and flaps
        bool reported_dark = false;
        bool draining = false;
    };

    const World &world_;
    const kernel::Plan &plan_;
    kernel::State state_;
    kernel::Commands commands_;
    TimeWheel wheel_;
    Luck luck_{0, 0};
    Crowd crowd_;
    const Suspicion *suspicion_ = nullptr;
    std::vector<NodeLuck> nodes_;
    std::vector<Millis> site_dark_until_;
    std::vector<std::uint32_t> down_worst_;
    Summary summary_;
    Track track_;
    Witness *witness_ = nullptr;
    Millis now_ = 0; // since the beginning of the rehearsal
    Millis draw_due_ = 0;
    Millis draw_step_ms_ = 1;
    std::uint32_t drawn_ = 0;
    Millis count_due_ = 0; // without a router: when the traffic is counted again
    std::uint32_t routed_ = 0;
    std::uint32_t question_ = 0;
    bool looking_ = false;
    bool arrives_ = false; // the next look is at a request
    bool away_ = false;
    bool fresh_began_ = false;
};

} // namespace aviary::rehearsal
