// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/planfile.h"
#include "core/travel/travelprovider.h"

#include <variant>

namespace aviary::travel {

// A file that was opened: a recorded run, a fleet, a plan, or a scenario. Opening one acts on
// nothing.
struct PlanDocument {
    QByteArray text;
    plans::PlanReading reading; // also with flaws: a plan that is wrong is opened to be mended
};
struct ScenarioDocument {
    QByteArray text; // for whoever rehearses
};
struct Document {
    QString name; // of the file, without its folder
    std::variant<std::shared_ptr<RecordedRun>, plans::FleetFile, PlanDocument, ScenarioDocument>
        content;
    QStringList warnings; // what is missing, or could not be shown
};

// By the end of its name: .run.jsonl, .fleet.json, .plan.yaml, .scenario.yaml (.yml). Errors name
// the place. Reads and replays the whole file: for a worker thread.
Result<Document> openDocument(const QString &path);

// A daemon's place taken by a document: its topics at the document's last instant. A plan that is
// no compiled one has no nodes and no rollout; nor has a scenario.
std::unique_ptr<TravelProvider> providerOf(const Document &document);

} // namespace aviary::travel
