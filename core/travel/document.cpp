// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/travel/document.h"

#include "core/support/wholefile.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace aviary::travel {

using namespace Qt::Literals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Document)
};

Result<Document> openRun(const QString &path) {
    return record::openRun(path)
        .and_then([](record::Run run) { return RecordedRun::of(std::move(run)); })
        .map([&](const std::shared_ptr<RecordedRun> &run) {
            return Document{QFileInfo(path).fileName(), run, run->warnings()};
        });
}

Result<Document> openFleet(const QString &path) {
    return readWhole(path, plans::fleet_bytes_max).and_then([&](const QByteArray &text) {
        plans::FleetReading reading = plans::readFleet(text);
        if (!reading.file) {
            return Result<Document>(tl::unexpected(toError(reading.flaws, path)));
        }
        return Result<Document>(Document{QFileInfo(path).fileName(), std::move(*reading.file), {}});
    });
}

Result<Document> openPlan(const QString &path) {
    return readWhole(path, plans::YamlLimits().bytes_max).map([&](const QByteArray &text) {
        return Document{QFileInfo(path).fileName(), PlanDocument{text, plans::readPlan(text)}, {}};
    });
}

Result<Document> openScenario(const QString &path) {
    return readWhole(path, plans::YamlLimits().bytes_max).map([&](const QByteArray &text) {
        return Document{QFileInfo(path).fileName(), ScenarioDocument{text}, {}};
    });
}

api::ClusterRow clusterOf(const Document &document, const QString &id) {
    api::ClusterRow row;
    row.id = id;
    row.name = document.name;
    row.kind = api::ClusterKind::File;
    row.contact = api::Contact::Live;
    row.text = document.warnings.join(u"; ");
    return row;
}

// The one deployment that a run is.
api::DeploymentRow deploymentOf(const RecordedRun &run) {
    const record::RunHeader &header = run.header();
    api::DeploymentRow row;
    const api::RolloutRow end = run.row();
    row.id = end.deployment.isEmpty() ? header.rollout : end.deployment;
    row.key = end.service;
    row.cluster = header.cluster;
    row.rollout = header.rollout;
    row.version = static_cast<quint32>(header.context[u"version"].toInteger());
    row.revision = row.to = end.to;
    row.from = end.from;
    const std::string_view strategy = kernel::nameOf(end.strategy);
    row.strategy = QString::fromUtf8(strategy.data(), qsizetype(strategy.size()));
    row.status = end.status;
    row.who = header.who;
    row.reason = header.context[u"reason"].toString();
    row.outcome = end.headline;
    row.started_wall_ms = end.started_wall_ms;
    row.ended_wall_ms = end.ended_wall_ms;
    return row;
}

struct ArchiveOf {
    const Document &document;

    Archive operator()(const std::shared_ptr<RecordedRun> &run) const {
        Archive archive;
        archive.clusters.push_back(clusterOf(document, run->header().cluster));
        archive.deployments.push_back(deploymentOf(*run));
        archive.daemon.version = run->header().version;
        return archive;
    }
    Archive operator()(const plans::FleetFile &file) const {
        Archive archive;
        const QString id = file.cluster.isEmpty() ? document.name : file.cluster;
        archive.clusters.push_back(clusterOf(document, id));
        archive.clusters.back().heard_wall_ms = file.taken_wall_ms;
        std::vector<api::NodeRow> &nodes = archive.nodes[id];
        for (const kernel::Node &node : file.fleet.nodes) {
            nodes.push_back(nodeRow(node, file.taken_wall_ms));
        }
        return archive;
    }
    Archive operator()(const PlanDocument &) const { return empty(); }
    Archive operator()(const ScenarioDocument &) const { return empty(); }

private:
    Archive empty() const {
        Archive archive;
        archive.clusters.push_back(clusterOf(document, document.name));
        return archive;
    }
};

} // namespace

Result<Document> openDocument(const QString &path) {
    const QString name = path.toLower();
    if (name.endsWith(u".run.jsonl")) {
        return openRun(path);
    }
    if (name.endsWith(u".fleet.json")) {
        return openFleet(path);
    }
    if (name.endsWith(u".plan.yaml") || name.endsWith(u".plan.yml")) {
        return openPlan(path);
    }
    if (name.endsWith(u".scenario.yaml") || name.endsWith(u".scenario.yml")) {
        return openScenario(path);
    }
    return fail(ErrorCode::Invalid, Words::tr("this kind of file is not known"), path,
                Words::tr("open a .run.jsonl, a .fleet.json, a .plan.yaml or a .scenario.yaml"));
}

std::unique_ptr<TravelProvider> providerOf(const Document &document) {
    auto provider =
        std::make_unique<TravelProvider>(std::visit(ArchiveOf{document}, document.content));
    provider->setRefusal({ErrorCode::Refused,
                          Words::tr("%1 is a file: it cannot act").arg(document.name),
                          {},
                          Words::tr("connect to the cluster itself")});
    qint64 last_wall_ms = 0;
    if (const auto *run = std::get_if<std::shared_ptr<RecordedRun>>(&document.content)) {
        provider->addRun(*run);
        last_wall_ms = (*run)->endWallMs();
    } else if (const auto *fleet = std::get_if<plans::FleetFile>(&document.content)) {
        last_wall_ms = fleet->taken_wall_ms;
    }
    // The run was replayed to its end already: going there cannot fail.
    (void)provider->goTo(last_wall_ms);
    return provider;
}

} // namespace aviary::travel
