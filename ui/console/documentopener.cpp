// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/documentopener.h"

#include "ui/console/console.h"
#include "ui/console/documents.h"
#include "ui/console/offthread.h"
#include "ui/console/planspresenter.h"
#include "ui/console/rehearsalpresenter.h"
#include "ui/shell/mainwindow.h"

namespace aviary {

using namespace Qt::Literals;

DocumentOpener::DocumentOpener(Console &console, PlansPresenter &plans,
                               RehearsalPresenter &rehearsal)
    : QObject(&console), console_(console), plans_(plans), rehearsal_(rehearsal) {
    connect(&console, &Console::fileWanted, this, &DocumentOpener::open);
}

void DocumentOpener::open(const QString &path) {
    const auto read = [path] { return travel::openDocument(path); };
    offThread(this, read, [this, path](const Result<travel::Document> &document) {
        if (!document) {
            Q_EMIT failed(document.error());
            return;
        }
        if (const auto shown = show(path, *document); !shown) {
            Q_EMIT failed(shown.error());
            return;
        }
        Q_EMIT opened(path);
    });
}

Result<void> DocumentOpener::show(const QString &path, const travel::Document &document) {
    if (const auto *plan = std::get_if<travel::PlanDocument>(&document.content)) {
        plans_.openFile(path, plan->text);
        return {};
    }
    if (const auto *scenario = std::get_if<travel::ScenarioDocument>(&document.content)) {
        return rehearsal_.openScenario(path, scenario->text);
    }
    Desk &desk = addDocumentDesk(console_.desks(), u"file:"_qs + path, document);
    if (const auto *run = std::get_if<std::shared_ptr<travel::RecordedRun>>(&document.content)) {
        console_.choice().chooseRollout(&desk, (*run)->header().rollout);
        console_.window().showView(u"view.history"_qs);
    } else {
        const auto &fleet = std::get<plans::FleetFile>(document.content);
        const QString id = fleet.cluster.isEmpty() ? document.name : fleet.cluster;
        console_.choice().chooseCluster(&desk, id);
        console_.window().showView(u"view.fleet"_qs);
    }
    return {};
}

} // namespace aviary
