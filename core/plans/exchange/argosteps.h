// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/exchange/analysis.h"

namespace aviary::plans {

// spec.strategy.canary.steps as stages of a canary: setWeight begins one, pauses after it are its
// hold, an analysis makes the checks compare new and old.
class ArgoSteps {
public:
    ArgoSteps(std::uint32_t replicas, Analysis &analysis, Findings &findings)
        : replicas_(replicas), analysis_(analysis), findings_(findings) {}

    void read(std::vector<ForeignMap> steps);
    bool empty() const { return stages_.empty(); }
    kernel::Canary canary() const; // its last stage is 100 %, as Argo ends

private:
    struct Stage {
        kernel::Weight weight = 0;
        std::optional<kernel::Millis> hold_ms = 0; // none: until promoted
        bool checked = false;
        QString path;
    };

    void readStep(ForeignMap &step);
    void setWeight(ForeignMap &step);
    void pause(ForeignMap &step);
    void setScale(ForeignMap &step);
    void finish();

    std::uint32_t replicas_;
    Analysis &analysis_;
    Findings &findings_;
    std::vector<Stage> stages_;
    std::optional<kernel::Weight> scale_; // share of nodes that setCanaryScale asks for
    QString scale_path_;
};

} // namespace aviary::plans
