// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/exchange/import.h"

#include "core/plans/exchange/podspec.h"
#include "core/support/exactjson.h"

#include <QRegularExpression>

#include <algorithm>

namespace aviary::plans {

namespace {

QString memberText(const YamlNode &document, const QString &key) {
    const YamlNode *found = document.find(key);
    return found ? found->text : QString();
}

QString nameOfObject(const YamlNode &document) {
    const YamlNode *metadata = document.find(u"metadata"_qs);
    return metadata ? memberText(*metadata, u"name"_qs) : QString();
}

std::optional<ForeignKind> kindOf(const YamlNode &document) {
    const QString group = memberText(document, u"apiVersion"_qs).section(u'/', 0, 0);
    const QString kind = memberText(document, u"kind"_qs);
    if (group == u"argoproj.io" && kind == u"Rollout") {
        return ForeignKind::ArgoRollout;
    }
    if (group == u"apps" && kind == u"Deployment") {
        return ForeignKind::Deployment;
    }
    const bool is_job = document.find(u"Job"_qs) || document.find(u"TaskGroups"_qs);
    return is_job ? std::optional(ForeignKind::NomadJob) : std::nullopt;
}

// A List stands for its items.
std::vector<const YamlNode *> spread(const std::vector<YamlNode> &documents) {
    std::vector<const YamlNode *> all;
    for (const YamlNode &document : documents) {
        const YamlNode *items = document.find(u"items"_qs);
        if (items && memberText(document, u"kind"_qs).endsWith(u"List")) {
            for (const YamlNode &item : items->items) {
                all.push_back(&item);
            }
        } else {
            all.push_back(&document);
        }
    }
    return all;
}

struct Chosen {
    const YamlNode *document = nullptr;
    ForeignKind kind = ForeignKind::Deployment;
    QStringList names; // of all that could be meant
};

Chosen choose(const std::vector<const YamlNode *> &documents, const QString &name) {
    Chosen chosen;
    for (const YamlNode *document : documents) {
        const auto kind = kindOf(*document);
        // The name chooses an object of several, but the group of a job.
        const bool meant = kind && (name.isEmpty() || *kind == ForeignKind::NomadJob ||
                                    nameOfObject(*document) == name);
        if (kind) {
            chosen.names.append(nameOfObject(*document).left(60));
        }
        if (meant && !chosen.document) {
            chosen.document = document;
            chosen.kind = *kind;
        } else if (meant) {
            chosen.document = nullptr;
            break;
        }
    }
    return chosen;
}

void listOthers(const std::vector<const YamlNode *> &documents, const YamlNode *chosen,
                Findings &findings) {
    for (const YamlNode *document : documents) {
        const QString kind = memberText(*document, u"kind"_qs);
        if (document != chosen && document->kind != YamlNode::Kind::Null &&
            !kind.endsWith(u"AnalysisTemplate")) {
            findings.leave(kind.isEmpty() ? u"another document"_qs : kind.left(60),
                           nameOfObject(*document).left(60), u"another object of the file"_qs);
        }
    }
}

// JSON has no places of its own; they are looked for once something is wrong.
void findLines(const QByteArray &text, Flaws &flaws) {
    static const QRegularExpression parts(QStringLiteral("[^.\\[\\]]+"));
    constexpr std::size_t looked_for_max = 25;
    for (std::size_t i = 0; i < flaws.size() && i < looked_for_max; ++i) {
        QStringList path;
        for (auto it = parts.globalMatch(flaws[i].field()); it.hasNext();) {
            path.append(it.next().captured());
        }
        flaws[i].line = flaws[i].line == 0 ? lineOf(text, path) : flaws[i].line;
    }
}

// Whatever a manifest says, the plan is one that compiles.
void checkPlan(const Reading &reading, Flaws &flaws) {
    constexpr int nodes = 100;
    kernel::PlanRequest tried = reading.request;
    tried.router = kernel::RouterKind::Weights;
    kernel::Fleet fleet;
    for (int i = 0; i < nodes; ++i) {
        kernel::Node &node = fleet.nodes.emplace_back();
        node.id = std::to_string(i);
        node.heartbeat_age = 0;
    }
    const kernel::Compiled compiled = kernel::compile(tried, fleet);
    if (const auto *problems = std::get_if<std::vector<kernel::Problem>>(&compiled); problems) {
        for (const kernel::Problem &problem : *problems) {
            const QString field = QString::fromStdString(problem.field);
            flaws.push_back({field.split(u'.'),
                             QString(u"the plan would be wrong: " + field + u' ' +
                                     QString::fromStdString(problem.what)),
                             QString::fromStdString(problem.allowed), 0, 0});
        }
    }
}

void readObject(const Chosen &chosen, const std::vector<const YamlNode *> &documents,
                Reading &reading) {
    switch (chosen.kind) {
    case ForeignKind::ArgoRollout:
        return readRollout(*chosen.document, documents, reading);
    case ForeignKind::Deployment:
        return readDeployment(*chosen.document, reading);
    case ForeignKind::NomadJob:
        return readNomadJob(*chosen.document, reading);
    }
}

Flaw nothingToImport(const Chosen &chosen) {
    if (chosen.names.isEmpty()) {
        return {{},
                u"there is nothing here that can be read as a plan"_qs,
                u"a Rollout of argoproj.io, a Deployment of apps/v1, or a Nomad job as JSON"_qs};
    }
    return {{},
            u"there are several objects, or none of that name"_qs,
            u"the name of one of them: "_qs + chosen.names.mid(0, 20).join(u", ")};
}

} // namespace

QString nameOf(ForeignKind kind) {
    switch (kind) {
    case ForeignKind::ArgoRollout:
        return u"an Argo Rollouts manifest"_qs;
    case ForeignKind::Deployment:
        return u"a Kubernetes Deployment"_qs;
    case ForeignKind::NomadJob:
        break;
    }
    return u"a Nomad job"_qs;
}

ImportReading importPlan(const QByteArray &text, const ImportChoice &choice) {
    const auto documents = readForeign(text);
    if (!documents) {
        return {std::nullopt, {flawOfDocument(documents.error())}};
    }
    const std::vector<const YamlNode *> all = spread(*documents);
    const Chosen chosen = choose(all, choice.name);
    if (!chosen.document) {
        return {std::nullopt, {nothingToImport(chosen)}};
    }
    Findings findings;
    Reading reading{choice, findings, {}};
    readObject(chosen, all, reading);
    listOthers(all, chosen.document, findings);
    ImportReading result;
    result.flaws = std::move(findings.flaws());
    if (result.flaws.empty()) {
        checkPlan(reading, result.flaws);
    }
    findLines(text, result.flaws);
    if (result.flaws.empty()) {
        PlanFile file;
        file.content = std::move(reading.request);
        file.router_given = reading.router_given;
        result.import =
            Import{chosen.kind, std::move(file), reading.instances, findings.takeUnmapped()};
    }
    return result;
}

} // namespace aviary::plans
