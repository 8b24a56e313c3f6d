// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/exchange/foreign.h"
#include "core/plans/planfile.h"

// A plan written as other tools read it. What they cannot say is listed, and stands as a comment at
// the top of the text.
namespace aviary::plans {

enum class ExportFormat : std::uint8_t {
    Argo,   // the spec of a Rollout without its template: to be merged into one
    Nomad,  // the update block of a group, in HCL
    Aviary, // our own, canonical
};
std::optional<ExportFormat> exportFormatOf(const QString &word); // "argo", "nomad", "aviary"

struct Export {
    QByteArray text;
    std::vector<Unmapped> unmapped;
};

// `nodes`: how many the shares of a request are of; a compiled plan and a request with targets know
// it themselves. 0: not known, which is an error where it is needed.
Result<Export> exportPlan(const PlanFile &file, ExportFormat format, std::uint32_t nodes);

} // namespace aviary::plans
