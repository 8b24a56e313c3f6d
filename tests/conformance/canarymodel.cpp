// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/canarymodel.h"

#include "tests/conformance/targetcase.h"

#include <QCborArray>

#include <algorithm>

namespace aviary::conformance {
namespace {

std::vector<double> stagesOf(const TargetCase &read) {
    std::vector<double> stages;
    for (const auto &stage : read.params.value(u"stages"_qs).toArray()) {
        stages.push_back(stage.toDouble());
    }
    return stages.empty() ? std::vector<double>{10, 25, 50, 100} : stages;
}

int shareOf(std::size_t total, double percent) {
    return static_cast<int>(static_cast<double>(total) * percent / 100);
}

} // namespace

bool stagesAreRefused(const QCborMap &input) {
    const TargetCase read(input);
    const auto stages = stagesOf(read);
    const bool rising =
        std::adjacent_find(stages.begin(), stages.end(), std::greater_equal<>()) == stages.end();
    return !read.rolls_back && (!rising || stages.front() <= 0 || stages.back() != 100);
}

bool stageRoundsToNobody(const QCborMap &input) {
    const TargetCase read(input);
    const double first = stagesOf(read).front();
    const bool fresh = std::none_of(read.order.begin(), read.order.end(), [&read](int target) {
        return read.initial[static_cast<std::size_t>(target)] == read.version;
    });
    return !read.rolls_back && fresh && !read.order.empty() &&
           shareOf(read.order.size(), first) == 0;
}

// The reference takes as many fresh targets as a stage has, and does not deploy to those that carry
// the version, healthy or not. On the way back it deploys to all.
bool doneCountsTowardsStages(const QCborMap &input) {
    const TargetCase read(input);
    const int total = static_cast<int>(read.order.size());
    int carry = 0;
    int done = 0;
    for (const int target : read.order) {
        carry += read.initial[static_cast<std::size_t>(target)] == read.version ? 1 : 0;
        done += read.carries(target) ? 1 : 0;
    }
    if (read.rolls_back || carry == 0) {
        return done > 0;
    }
    bool differs = carry != done;
    for (const double stage : stagesOf(read)) {
        const int share = shareOf(read.order.size(), stage);
        const int theirs = std::min(share, total - carry);
        differs = differs || theirs != std::clamp(std::max(share, 1) - done, 0, total - done);
    }
    return differs;
}

// Walks the stages as the reference does.
bool failsInStageThatPasses(const QCborMap &input) {
    TargetCase read(input);
    const double threshold = read.params.value(u"success_threshold"_qs).toDouble(0.95);
    int updated_in_all = 0;
    std::vector<QString> versions = read.initial;
    for (const double stage : stagesOf(read)) {
        int room = shareOf(read.order.size(), stage) - updated_in_all;
        int updated = 0;
        int failed = 0;
        for (const int target : read.order) {
            QString &version = versions[static_cast<std::size_t>(target)];
            if (version == read.version || room <= 0) {
                continue;
            }
            --room;
            const bool deployed = read.deploy.call(target) == '+';
            version = deployed ? read.version : version;
            const bool fine = deployed && (!read.health.given() || read.health.call(target) == '+');
            updated += fine ? 1 : 0;
            failed += fine ? 0 : 1;
        }
        updated_in_all += updated;
        if (updated + failed > 0 && updated < threshold * (updated + failed)) {
            return false;
        }
        if (failed > 0) {
            return !read.rolls_back;
        }
    }
    return false;
}

} // namespace aviary::conformance
