// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/rollout/rolloutscene.h"

#include "ui/samples/rolloutstates.h"

namespace aviary::scene {

RolloutValue of(const api::RolloutDetail &detail) {
    RolloutValue value;
    value.chosen = detail.row.id;
    value.detail = std::make_shared<const api::RolloutDetail>(detail);
    value.age = {240, 15'000, {}, false};
    value.cluster_name = u"edge-eu"_qs;
    value.counted_by = u"HAProxy 2.6.12"_qs;
    value.heard_wall_ms = samples::sampled_wall_ms - 240;
    value.now_wall_ms = samples::sampled_wall_ms;
    value.rows_known = true;
    return value;
}

RolloutValue list(int count) {
    RolloutValue value;
    value.rows = samples::manyRollouts(count);
    value.rows_known = true;
    value.now_wall_ms = samples::sampled_wall_ms;
    return value;
}

namespace {

RolloutValue stale(const api::RolloutDetail &detail, std::optional<std::int64_t> age_ms) {
    RolloutValue value = of(detail);
    value.age.age_ms = age_ms;
    value.heard_wall_ms = age_ms ? samples::sampled_wall_ms - *age_ms : 0;
    return value;
}

RolloutValue travelling() {
    RolloutValue value = of(samples::waitingRollout());
    value.age.as_of = u"09:48:12"_qs;
    return value;
}

RolloutValue rehearsed() {
    RolloutValue value = of(samples::waitingRollout());
    value.rehearsed = u"09:41"_qs;
    value.chances = {{u"good"_qs, u"99\u00a0% complete"_qs, u"in 41 min, 95\u00a0% by 55 min"_qs},
                     {u"errs 2\u00a0% more"_qs, u"caught in 94\u00a0%"_qs,
                      u"in 3 min, about 160 failed requests"_qs}};
    return value;
}

RolloutValue awaited(const QString &trouble) {
    RolloutValue value;
    value.chosen = samples::waitingRollout().row.id;
    value.trouble = trouble;
    return value;
}

RolloutValue hostileList() {
    RolloutValue value = list(40);
    for (std::size_t i = 0; i < value.rows.size(); ++i) {
        api::RolloutRow &row = value.rows[i];
        const auto number = static_cast<int>(i);
        row.service = samples::hostileText(number);
        row.headline = samples::hostileText(number + 1);
        row.cluster = samples::hostileText(number + 2);
        row.to = samples::hostileText(number + 3);
        row.who = samples::hostileText(number + 4);
    }
    return value;
}

} // namespace

std::vector<Named> all() {
    return {{"waiting", of(samples::waitingRollout())},
            {"rehearsed", rehearsed()},
            {"running", of(samples::runningRollout())},
            {"paused", of(samples::pausedRollout())},
            {"rolling-back", of(samples::rollingBackRollout())},
            {"rolled-back", of(samples::rolledBackRollout())},
            {"failed", of(samples::failedRollout())},
            {"draft", of(samples::draftRollout())},
            {"superseded", of(samples::supersededRollout())},
            {"completed", of(samples::completedRollout())},
            {"undecided", of(samples::undecidedRollout())},
            {"first", of(samples::firstRollout())},
            {"hostile", of(samples::hostileRollout())},
            {"stale", stale(samples::waitingRollout(), 48'000)},
            {"never-heard", stale(samples::waitingRollout(), std::nullopt)},
            {"travel", travelling()},
            {"large", of(samples::largeRollout(4'000))},
            {"loading", awaited({})},
            {"no-daemon", awaited(u"The daemon does not answer; the next try is in 4 s."_qs)},
            {"list", list(300)},
            {"list-empty", list(0)},
            {"list-loading", RolloutValue{}},
            {"list-hostile", hostileList()}};
}

} // namespace aviary::scene
