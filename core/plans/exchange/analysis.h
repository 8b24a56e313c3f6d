// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/exchange/podspec.h"

namespace aviary::plans {

// What the analysis templates that a Rollout names say of time. Their queries and conditions have
// no counterpart: a plan's check compares errors and latency of new and old by itself.
class Analysis {
public:
    Analysis(const std::vector<const YamlNode *> &documents, Findings &findings)
        : documents_(documents), findings_(findings) {}

    // One `analysis` of a step or of the rollout: its templates and arguments.
    void read(ForeignMap &analysis);

    bool named = false;         // some analysis was read
    kernel::Millis bake_ms = 0; // the longest that one of them takes to measure

private:
    void readTemplate(const QString &name, const QString &path);
    void readMetric(ForeignMap &metric, kernel::Millis &longest_ms);

    const std::vector<const YamlNode *> &documents_;
    Findings &findings_;
    QStringList read_;
};

} // namespace aviary::plans
