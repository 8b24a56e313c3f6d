// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/planfile.h"

#include "core/plans/requestreader.h"
#include "core/plans/section.h"
#include "core/record/planjson.h"

namespace aviary::plans {

namespace {

constexpr QLatin1StringView format_word("aviary-plan/1");

void readFormat(Section &top, Flaws &flaws, const YamlNode &root) {
    const YamlNode *format = top.take(u"format"_qs);
    if (format && format->text != format_word) {
        flaws.push_back(flawAt(root, u"format"_qs,
                               QStringLiteral("is \"%1\"").arg(format->text.left(40)),
                               QString(format_word)));
    }
}

void readDefinition(Section &top, PlanFile &file) {
    const YamlNode *definition = top.take(u"service_definition"_qs);
    if (!definition) {
        return;
    }
    if (definition->kind != YamlNode::Kind::Map) {
        top.flaw(u"service_definition"_qs, u"is no map"_qs, u"a map of the service's members"_qs);
        return;
    }
    file.service_definition = toJson(*definition).toObject();
}

void readCompiled(Section &top, const YamlNode &root, PlanFile &file, Flaws &flaws) {
    const YamlNode *compiled = top.take(u"compiled"_qs);
    if (compiled->kind != YamlNode::Kind::Map) {
        top.flaw(u"compiled"_qs, u"is no map"_qs, u"a compiled plan, as Aviary writes it"_qs);
        return;
    }
    auto plan = record::planFromJson(toJson(*compiled).toObject(), {});
    if (plan) {
        file.content = std::move(*plan);
        return;
    }
    const Error &error = plan.error();
    const QString field =
        error.where.isEmpty() ? u"compiled"_qs : QString(u"compiled." + error.where);
    flaws.push_back(flawAt(root, field, u"is wrong: "_qs + error.what, error.remedy));
}

} // namespace

PlanReading readPlan(const QByteArray &text) {
    PlanReading reading;
    auto document = readYaml(text);
    if (!document) {
        reading.flaws.push_back(flawOfDocument(document.error()));
        return reading;
    }
    reading.document = std::move(*document);
    const YamlNode &root = reading.document;
    if (root.kind != YamlNode::Kind::Map) {
        reading.flaws.push_back(flawAt(root, {}, u"this is no plan"_qs,
                                       u"members such as service, to and strategy"_qs));
        return reading;
    }
    PlanFile file;
    Section top(root, {}, reading.flaws);
    readFormat(top, reading.flaws, root);
    readDefinition(top, file);
    if (top.has(u"compiled"_qs)) {
        readCompiled(top, root, file, reading.flaws);
    } else {
        file.router_given = top.has(u"router"_qs);
        file.content = readRequest(top, reading.flaws);
    }
    top.finish();
    if (reading.flaws.empty()) {
        reading.file = std::move(file);
    }
    return reading;
}

Flaws flawsOf(const std::vector<kernel::Problem> &problems, const YamlNode &document) {
    Flaws flaws;
    for (const kernel::Problem &problem : problems) {
        flaws.push_back(flawAt(document, QString::fromStdString(problem.field),
                               QString::fromStdString(problem.what),
                               QString::fromStdString(problem.allowed)));
    }
    return flaws;
}

Result<QByteArray> writePlan(const PlanFile &file) {
    YamlNode root;
    put(root, u"format"_qs, plain(QString(format_word)));
    if (const auto *request = std::get_if<kernel::PlanRequest>(&file.content)) {
        writeRequest(*request, file.router_given, root);
    } else {
        put(root, u"compiled"_qs, toYaml(record::toJson(std::get<kernel::Plan>(file.content))));
    }
    if (!file.service_definition.isEmpty()) {
        put(root, u"service_definition"_qs, toYaml(file.service_definition));
    }
    QByteArray text = writeYaml(root);
    if (text.size() > YamlLimits().bytes_max) {
        return fail(ErrorCode::Invalid, QStringLiteral("the plan has %1 bytes").arg(text.size()),
                    {}, u"a plan of at most 4 MiB; name fewer targets, or none"_qs);
    }
    return text;
}

} // namespace aviary::plans
