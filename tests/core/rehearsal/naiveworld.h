// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/permission.h"
#include "core/kernel/rollout/step.h"
#include "core/rehearsal/crowd.h"
#include "core/rehearsal/rehearsal.h"

#include <algorithm>
#include <functional>
#include <map>

// The world of a rehearsal once more, written without regard to speed: what will happen is a list
// of closures that is searched for the earliest each time, subjects are sorted anew for each
// trouble, whether a node is dark is asked of all outages that ever were. It shares only the luck,
// the samplers and the counts of requests with the fast one.
namespace aviary::rehearsal::testing {

struct ToldEvent {
    Millis at = 0;
    kernel::Event event;
    bool operator==(const ToldEvent &) const = default;
};

class NaiveWorld {
public:
    NaiveWorld(const Setup &setup, std::uint32_t future)
        : setup_(setup)
        , plan_(*setup.plan)
        , scenario_(setup.scenario)
        , place_(future % scenario_.hypotheses.size())
        , hypothesis_(scenario_.hypotheses[place_])
        , luck_(setup.seed, future / scenario_.hypotheses.size())
        , model_(scenario_, plan_.latency_limit_ms)
        , crowd_(model_)
        , state_(kernel::begin(plan_)) {
        crowd_.begin(luck_, hypothesis_, place_, {}, {});
    }

    std::vector<ToldEvent> run() {
        troubles(scenario_.sites.outages, Purpose::SiteOutage, sites().size(), 0,
                 [this](std::uint64_t which, std::uint32_t count) { siteOutage(which, count); });
        troubles(scenario_.sites.node_outages, Purpose::NodeOutage, nodes().size(), 0,
                 [this](std::uint64_t which, std::uint32_t count) { nodeOutage(which, count); });
        troubles(scenario_.sites.drains, Purpose::Drain, nodes().size(), 0,
                 [this](std::uint64_t which, std::uint32_t count) { drain(which, count); });
        tell(kernel::Requested{kernel::Start{}});
        while (!kernel::isEnd(state_.status) && happenNext()) {
        }
        return told_;
    }
    std::int64_t failedRequests() {
        crowd_.advance(kernel::isEnd(state_.status) ? now_ : scenario_.horizon_ms, split());
        return crowd_.due();
    }
    const kernel::State &state() const { return state_; }

private:
    struct Pending {
        Millis at = 0;
        std::function<void()> happen;
    };
    struct Outage {
        std::uint32_t subject = 0;
        bool of_site = false;
        Millis until = 0;
    };

    void after(Millis span, std::function<void()> happen) {
        if (now_ + span <= scenario_.horizon_ms) {
            pending_.push_back({now_ + span, std::move(happen)});
        }
    }
    bool happenNext() {
        const kernel::Millis due = kernel::nextDeadline(plan_, state_);
        const auto earliest = std::min_element(
            pending_.begin(), pending_.end(),
            [](const Pending &left, const Pending &right) { return left.at < right.at; });
        if (earliest != pending_.end() && earliest->at <= due) {
            const Pending one = *earliest;
            pending_.erase(earliest);
            now_ = one.at;
            one.happen();
            return true;
        }
        if (due > scenario_.horizon_ms) {
            return false;
        }
        now_ = due;
        tell(kernel::TimePassed{});
        return true;
    }

    void tell(const kernel::Event &event) {
        told_.push_back({now_, event});
        kernel::Commands commands;
        kernel::step(plan_, state_, event, now_, commands);
        for (const kernel::Command &command : commands) {
            std::visit([this](const auto &one) { obey(one); }, command);
        }
        if (state_.measuring && !looking_) {
            looking_ = true;
            after(0, [this] { look(); });
        }
        if (plan_.router == kernel::RouterKind::None && now_ >= count_due_) {
            crowd_.advance(now_, split());
            count_due_ = now_ + 1'000;
        }
    }

    // ---- Orders

    std::uint64_t node(kernel::TargetIndex target) const {
        std::uint64_t hash = 0xcbf2'9ce4'8422'2325ULL;
        for (const char letter : plan_.targets[target].node) {
            hash = (hash ^ static_cast<unsigned char>(letter)) * 0x0000'0100'0000'01b3ULL;
        }
        return stirred(hash);
    }
    std::uint64_t nodeWord(kernel::TargetIndex target, Purpose purpose) {
        return luck_.word(node(target), purpose, turns_[target]++);
    }
    static Millis span(const Spread &spread, std::uint64_t word) {
        return Lognormal(spread).at(highHalf(word));
    }
    double failing(kernel::TargetIndex target) const {
        const double usual = scenario_.start.failed / 1e6;
        double chance = 1.0 - (1.0 - usual) * (1.0 - hypothesis_.starts_fail_more / 1e6);
        for (const kernel::Node &one : setup_.fleet.nodes) {
            if (one.id == plan_.targets[target].node && hypothesis_.label == "site" &&
                one.site == hypothesis_.label_value) {
                chance = 1.0 - (1.0 - chance) * (1.0 - hypothesis_.label_fails / 1e6);
            }
        }
        return chance;
    }

    void obey(const kernel::UpdateNode &command) {
        const std::uint64_t word = nodeWord(command.target, Purpose::Start);
        const double luck = lowHalf(word) * 0x1p-32;
        const Start &start = scenario_.start;
        const Millis latency = span(start.latency, word);
        const double refused = start.refused / 1e6;
        const double failed = refused + failing(command.target);
        const double silent = failed + start.silent / 1e6;
        const auto fails = [=, this](kernel::Cause cause) {
            report(latency, command.target, [=, this] {
                tell(kernel::NodeFailed{command.target, command.order, cause});
            });
        };
        if (luck < refused) {
            fails(kernel::Cause::OrderRefused);
        } else if (luck < failed) {
            fails(kernel::Cause::StartFailed);
        } else if (luck >= silent) {
            const bool slow = luck < silent + start.slow / 1e6;
            report(slow ? latency * start.slow_times : latency, command.target,
                   [=, this] { ready(command.target, command.order); });
        }
    }
    void obey(const kernel::RestoreNode &command) {
        const std::uint64_t word = nodeWord(command.target, Purpose::Back);
        const bool fails = lowHalf(word) * 0x1p-32 < scenario_.start.back_failed / 1e6;
        report(span(scenario_.start.back, word), command.target, [=, this] {
            fails ? tell(kernel::NodeFailed{command.target, command.order,
                                            kernel::Cause::StartFailed})
                  : ready(command.target, command.order);
        });
    }
    void obey(const kernel::RetireNode &command) {
        const std::uint64_t word = nodeWord(command.target, Purpose::Stop);
        report(span(scenario_.start.stop, word), command.target, [=, this] {
            tell(kernel::NodeRetired{command.target, command.order});
        });
    }
    void obey(const kernel::SetWeight &command) { route(command.order); }
    void obey(const kernel::SwitchSlot &command) { route(command.order); }
    void obey(const kernel::EnterStep &) {}
    void obey(const kernel::EnterWave &) {}
    void obey(const kernel::Rule &) {}
    void obey(const kernel::ChangeStatus &command) {
        if (command.status == kernel::Status::Waiting) {
            const double away = lowHalf(luck_.word(0, Purpose::Away, 0)) * 0x1p-32;
            if (away >= scenario_.person.away / 1e6) {
                const std::uint32_t question = ++questions_;
                const std::uint64_t word = luck_.word(0, Purpose::Answer, question);
                after(span(scenario_.person.answer, word), [=, this] { answer(question); });
            }
        }
        const bool doubts =
            command.status == kernel::Status::Waiting && command.cause == kernel::Cause::Undecided;
        if (!caught_ && (doubts || command.status == kernel::Status::RollingBack ||
                         command.status == kernel::Status::Failed)) {
            caught_ = true;
            crowd_.advance(now_, split());
        }
    }
    void route(kernel::Order order) {
        const std::uint64_t word = luck_.word(0, Purpose::Router, ++routed_);
        const bool refuses = lowHalf(word) * 0x1p-32 < scenario_.router.refused / 1e6;
        after(span(scenario_.router.delay, word), [=, this] {
            if (refuses) {
                tell(kernel::TrafficRefused{order});
            } else {
                crowd_.advance(now_, split());
                tell(kernel::TrafficApplied{order});
            }
        });
    }

    // ---- Nodes

    Millis darkUntil(kernel::TargetIndex target) const {
        Millis until = 0;
        for (const Outage &one : outages_) {
            const bool meant =
                one.of_site ? plan_.targets[target].site == one.subject : target == one.subject;
            until = meant ? std::max(until, one.until) : until;
        }
        return until;
    }
    void report(Millis span_ms, kernel::TargetIndex target, std::function<void()> happen) {
        after(span_ms, [=, this] {
            const Millis until = darkUntil(target);
            if (now_ < until) {
                report(until + scenario_.notice_ms - now_, target, happen);
            } else {
                happen();
            }
        });
    }
    void ready(kernel::TargetIndex target, kernel::Order order) {
        tell(kernel::NodeReady{target, order});
        if (!began_ && state_.cells[target].ready) {
            began_ = true;
            crowd_.freshBegan(now_);
        }
        const double flaps = lowHalf(luck_.word(node(target), Purpose::Flaps, 0)) * 0x1p-32;
        if (flaps < scenario_.flapping.nodes / 1e6 && present(target, order)) {
            const std::uint64_t word = nodeWord(target, Purpose::FlapUp);
            const auto mean = static_cast<double>(scenario_.flapping.up_mean_ms);
            report(exponentialAt(mean, word), target, [=, this] { flapDown(target, order); });
        }
    }
    bool present(kernel::TargetIndex target, kernel::Order order) const {
        return state_.cells[target].order == order && !state_.cells[target].returning;
    }
    void flapDown(kernel::TargetIndex target, kernel::Order order) {
        if (!present(target, order)) {
            return;
        }
        tell(kernel::NodeNotReady{target, order});
        const std::uint64_t word = nodeWord(target, Purpose::FlapDown);
        const auto mean = static_cast<double>(scenario_.flapping.down_mean_ms);
        report(exponentialAt(mean, word), target, [=, this] {
            if (present(target, order)) {
                ready(target, order);
            }
        });
    }

    // ---- Troubles

    std::vector<kernel::TargetIndex> nodes() const {
        std::multimap<std::uint64_t, kernel::TargetIndex> sorted;
        for (kernel::TargetIndex i = 0; i < plan_.active; ++i) {
            sorted.emplace(node(i), i);
        }
        std::vector<kernel::TargetIndex> all;
        for (const auto &[identity, target] : sorted) {
            all.push_back(target);
        }
        return all;
    }
    std::uint64_t site(std::uint32_t at) const {
        std::uint64_t hash = 0xcbf2'9ce4'8422'2325ULL;
        for (const char letter : plan_.sites[at].name) {
            hash = (hash ^ static_cast<unsigned char>(letter)) * 0x0000'0100'0000'01b3ULL;
        }
        return stirred(hash);
    }
    std::vector<std::uint32_t> sites() const {
        std::map<std::uint64_t, std::uint32_t> sorted;
        for (kernel::TargetIndex i = 0; i < plan_.active; ++i) {
            sorted[site(plan_.targets[i].site)] = plan_.targets[i].site;
        }
        std::vector<std::uint32_t> all;
        for (const auto &[identity, at] : sorted) {
            all.push_back(at);
        }
        return all;
    }
    template <class Befall>
    void troubles(const Trouble &trouble, Purpose purpose, std::size_t subjects,
                  std::uint32_t count, const Befall &befall) {
        if (trouble.per_day <= 0.0 || subjects == 0) {
            return;
        }
        const double mean = 86'400'000.0 / (trouble.per_day * static_cast<double>(subjects));
        after(exponentialAt(mean, luck_.word(0, purpose, 2ULL * count)), [=, this] {
            troubles(trouble, purpose, subjects, count + 1, befall);
            befall(luck_.word(0, purpose, 2ULL * count + 1), count);
        });
    }
    void siteOutage(std::uint64_t which, std::uint32_t count) {
        const std::vector<std::uint32_t> all = sites();
        const std::uint32_t at = all[placeOf(which, static_cast<std::uint32_t>(all.size()))];
        for (const Outage &one : outages_) {
            if (one.of_site && one.subject == at && now_ < one.until) {
                return;
            }
        }
        const Millis length = span(scenario_.sites.outages.length,
                                   luck_.word(site(at), Purpose::SiteOutageLength, count));
        outages_.push_back({at, true, now_ + length});
        const auto tellAll = [=, this] {
            for (const kernel::TargetIndex target : nodes()) {
                if (plan_.targets[target].site == at && !kernel::isEnd(state_.status)) {
                    notice(target);
                }
            }
        };
        after(scenario_.notice_ms, tellAll);
        after(length + scenario_.notice_ms, tellAll);
    }
    void nodeOutage(std::uint64_t which, std::uint32_t count) {
        const kernel::TargetIndex target =
            nodes()[placeOf(which, static_cast<std::uint32_t>(nodes().size()))];
        if (now_ < darkUntil(target)) {
            return;
        }
        const Millis length = span(scenario_.sites.node_outages.length,
                                   luck_.word(node(target), Purpose::NodeOutageLength, count));
        outages_.push_back({target, false, now_ + length});
        after(scenario_.notice_ms, [=, this] { notice(target); });
        after(length + scenario_.notice_ms, [=, this] { notice(target); });
    }
    void notice(kernel::TargetIndex target) {
        const bool dark = now_ < darkUntil(target);
        if (dark != dark_told_[target]) {
            dark_told_[target] = dark;
            tell(kernel::NodeStatusChanged{target, dark ? kernel::NodeStatus::Offline
                                                        : kernel::NodeStatus::Online});
        }
    }
    void drain(std::uint64_t which, std::uint32_t count) {
        const kernel::TargetIndex target =
            nodes()[placeOf(which, static_cast<std::uint32_t>(nodes().size()))];
        if (draining_[target]) {
            return;
        }
        const std::uint64_t word = luck_.word(node(target), Purpose::DrainLength, count);
        draining_[target] = true;
        after(span(scenario_.sites.drains.length, word), [=, this] {
            draining_[target] = false;
            tell(kernel::NodeFlagsChanged{target, false, false, false});
        });
        tell(kernel::NodeFlagsChanged{target, true, false, false});
    }

    // ---- Checks and people

    Split split() const {
        std::uint64_t fresh = 0, stable = 0;
        for (const kernel::SiteCount &one : state_.sites) {
            fresh += one.fresh;
            stable += one.stable;
        }
        kernel::Weight weight = state_.weight;
        if (plan_.router == kernel::RouterKind::None) {
            weight = fresh + stable == 0
                         ? 0
                         : static_cast<kernel::Weight>(fresh * 10'000 / (fresh + stable));
        }
        return {weight, static_cast<std::uint32_t>(fresh), static_cast<std::uint32_t>(stable)};
    }
    void look() {
        if (state_.measuring) {
            crowd_.advance(now_, split());
            tell(kernel::TrafficMeasured{true, crowd_.fresh()});
            tell(kernel::TrafficMeasured{false, crowd_.stable()});
        }
        looking_ = state_.measuring;
        if (looking_) {
            after(scenario_.traffic.look_ms, [this] { look(); });
        }
    }
    void answer(std::uint32_t question) {
        if (question != questions_ || state_.status != kernel::Status::Waiting) {
            return;
        }
        std::vector<kernel::Request> wishes;
        if (state_.why.cause == kernel::Cause::RouterRefused) {
            wishes = {kernel::Retry{}};
        } else if (state_.why.cause != kernel::Cause::Undecided ||
                   scenario_.person.in_doubt == Doubt::Promote) {
            wishes = {kernel::Promote{}};
        } else if (scenario_.person.in_doubt == Doubt::RollBack) {
            wishes = {kernel::RollBack{}};
        }
        wishes.insert(wishes.end(), {kernel::Retry{}, kernel::Skip{}, kernel::RollBack{}});
        for (const kernel::Request &wish : wishes) {
            if (kernel::refusalOf(plan_, state_, wish) == kernel::Refusal::None) {
                tell(kernel::Requested{wish});
                return;
            }
        }
    }

    const Setup &setup_;
    const kernel::Plan &plan_;
    const Scenario &scenario_;
    std::size_t place_;
    Hypothesis hypothesis_;
    Luck luck_;
    CrowdModel model_;
    Crowd crowd_;
    kernel::State state_;
    std::vector<Pending> pending_;
    std::vector<ToldEvent> told_;
    std::vector<Outage> outages_;
    std::map<kernel::TargetIndex, std::uint32_t> turns_;
    std::map<kernel::TargetIndex, bool> dark_told_, draining_;
    Millis now_ = 0, count_due_ = 0;
    std::uint32_t routed_ = 0, questions_ = 0;
    bool looking_ = false, caught_ = false, began_ = false;
};

} // namespace aviary::rehearsal::testing
