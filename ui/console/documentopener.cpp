// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/documentopener.h"

#include "ui/console/console.h"
#include "ui/console/documents.h"
#include "ui/console/planspresenter.h"
#include "ui/shell/mainwindow.h"

#include <QtConcurrent>

namespace aviary {

using namespace Qt::Literals;

DocumentOpener::DocumentOpener(Console &console, PlansPresenter &plans)
    : QObject(&console), console_(console), plans_(plans) {
    connect(&console, &Console::fileWanted, this, &DocumentOpener::open);
}

void DocumentOpener::open(const QString &path) {
    QtConcurrent::run([path] {
        return travel::openDocument(path);
    }).then(this, [this, path](const Result<travel::Document> &document) {
        if (!document) {
            Q_EMIT failed(document.error());
            return;
        }
        show(path, *document);
        Q_EMIT opened(path);
    });
}

void DocumentOpener::show(const QString &path, const travel::Document &document) {
    if (const auto *plan = std::get_if<travel::PlanDocument>(&document.content)) {
        plans_.openFile(path, plan->text);
        return;
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
}

} // namespace aviary
