// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/manifest.h"

#include "core/deployments/servicedefinition.h"
#include "core/support/exactjson.h"

#include <QJsonDocument>

#include <array>

namespace aviary {
namespace {

struct TypeName {
    JobType type;
    QLatin1StringView name;
};
constexpr std::array type_names = {
    TypeName{JobType::Service, QLatin1StringView("service")},
    TypeName{JobType::System, QLatin1StringView("system")},
    TypeName{JobType::Batch, QLatin1StringView("batch")},
    TypeName{JobType::Sysbatch, QLatin1StringView("sysbatch")},
};

QCborMap memberMap(const QCborMap &map, QStringView name) {
    return map.value(name.toString()).toMap();
}

bool absent(const QCborValue &value) {
    return value.isNull() || value.isUndefined();
}

// Texts, and for graph_id the numbers and words that stand for one.
QString scalarText(const QCborValue &value) {
    const bool scalar =
        value.isInteger() || value.isDouble() || value.isBool() || isHugeInteger(value);
    return scalar ? QString::fromUtf8(writeJson(value)) : value.toString();
}

void addKeyFlaw(const QCborMap &content, Flaws &flaws) {
    const QCborValue key = memberMap(content, u"deployment").value(u"key"_qs);
    if (!absent(key) && key.toString().trimmed().isEmpty()) {
        flaws.push_back({{u"deployment"_qs, u"key"_qs},
                         u"deployment.key must be a string"_qs,
                         u"a text that is not blank"_qs,
                         0});
    }
}

void addObjectFlaw(const QCborMap &content, const QStringList &path, Flaws &flaws) {
    QCborValue value = content;
    for (const QString &name : path) {
        value = value.toMap().value(name);
    }
    if (!absent(value) && !value.isMap()) {
        flaws.push_back({path, path.join(u'.') + u" must be an object", u"an object"_qs, 0});
    }
}

void addTypeFlaw(const QCborMap &content, Flaws &flaws) {
    const QCborValue type = content.value(u"type"_qs);
    QStringList names;
    for (const auto &known : type_names) {
        names.append(known.name);
    }
    if (!absent(type) && !names.contains(type.toString())) {
        const QString shown = QString::fromUtf8(writeJson(type)).left(200);
        flaws.push_back(
            {{u"type"_qs}, u"type has unsupported value " + shown, names.join(u", "), 0});
    }
}

} // namespace

bool rolls(JobType type) {
    return type == JobType::Service || type == JobType::System;
}

QString nameOf(JobType type) {
    for (const auto &known : type_names) {
        if (known.type == type) {
            return known.name;
        }
    }
    return {};
}

Result<Manifest> readManifest(const QByteArray &text, const QString &where) {
    const auto value = readJson(text, where, {.bytes_max = manifest_bytes_max});
    if (!value) {
        return tl::unexpected(value.error());
    }
    if (!value->isMap()) {
        return fail(ErrorCode::Invalid, u"a manifest must be an object"_qs, where,
                    u"begin it with { and give graph_id"_qs);
    }
    return Manifest{text, value->toMap()};
}

QByteArray manifestText(const QString &key, const QJsonObject &definition) {
    QJsonObject manifest{{u"graph_id"_qs, key}};
    if (!definition.isEmpty()) {
        manifest[u"aviary"] = definition;
    }
    return QJsonDocument(manifest).toJson(QJsonDocument::Compact);
}

Flaws flawsOf(const Manifest &manifest) {
    Flaws flaws;
    addTypeFlaw(manifest.content, flaws);
    addObjectFlaw(manifest.content, {u"metadata"_qs, u"mn_cli"_qs}, flaws);
    addObjectFlaw(manifest.content, {u"flow"_qs}, flaws);
    addKeyFlaw(manifest.content, flaws);
    for (auto &flaw : flawsOfUpdate(updateOf(manifest), {u"policies"_qs, u"update"_qs})) {
        flaws.push_back(std::move(flaw));
    }
    for (auto &flaw : readDefinition(manifest).flaws) {
        flaws.push_back(std::move(flaw));
    }
    for (auto &flaw : flaws) {
        flaw.line = manifest.text.isEmpty() ? 0 : lineOf(manifest.text, flaw.path);
    }
    return flaws;
}

QString deploymentKey(const Manifest &manifest, const QString &given) {
    const QCborMap &content = manifest.content;
    const QCborMap metadata = memberMap(content, u"metadata");
    const std::array candidates = {
        given,
        metadata.value(u"deployment_key"_qs).toString(),
        metadata.value(u"mn_deployment_key"_qs).toString(),
        memberMap(metadata, u"mn_cli").value(u"deployment_key"_qs).toString(),
        memberMap(content, u"deployment").value(u"key"_qs).toString(),
        memberMap(content, u"policies").value(u"deployment_key"_qs).toString(),
        content.value(u"job_name"_qs).toString(),
        scalarText(content.value(u"graph_id"_qs)),
    };
    for (const QString &candidate : candidates) {
        if (!candidate.trimmed().isEmpty()) {
            return candidate;
        }
    }
    return {};
}

JobType jobTypeOf(const Manifest &manifest) {
    const QCborMap scheduler = memberMap(memberMap(manifest.content, u"policies"), u"scheduler");
    const QCborValue scheduled = scheduler.value(u"job_type"_qs);
    const QCborValue type = scheduled.isString() ? scheduled : manifest.content.value(u"type"_qs);
    for (const auto &known : type_names) {
        if (type.toString() == known.name) {
            return known.type;
        }
    }
    return absent(type) ? JobType::Service : JobType::Batch;
}

QCborValue updateOf(const Manifest &manifest) {
    return memberMap(manifest.content, u"policies").value(u"update"_qs);
}

} // namespace aviary
