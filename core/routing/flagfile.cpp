// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/flagfile.h"

#include "core/support/wholefile.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <optional>

namespace aviary::routing {
namespace {

constexpr qint64 file_bytes_max = 4 * 1024 * 1024;

// The share of "on" in {"fractional": [["on", 2500], ["off", 7500]]}, or the default variant.
std::optional<kernel::Weight> weightOf(const QJsonObject &flag) {
    const QJsonArray shares = flag[u"targeting"].toObject()[u"fractional"].toArray();
    if (shares.isEmpty()) {
        const QString variant = flag[u"defaultVariant"].toString();
        return variant == u"on"    ? std::optional(kernel::full_weight)
               : variant == u"off" ? std::optional(kernel::Weight{0})
                                   : std::nullopt;
    }
    for (const QJsonValue &share : shares) {
        const int weight = share.toArray().at(1).toInt(-1);
        if (share.toArray().at(0).toString() == u"on" && weight >= 0 &&
            weight <= kernel::full_weight) {
            return weight;
        }
    }
    return std::nullopt;
}

} // namespace

QJsonObject flagDefinition(kernel::Weight weight) {
    QJsonObject flag{{QStringLiteral("state"), QStringLiteral("ENABLED")},
                     {QStringLiteral("variants"),
                      QJsonObject{{QStringLiteral("on"), true}, {QStringLiteral("off"), false}}},
                     {QStringLiteral("defaultVariant"), weight == kernel::full_weight
                                                            ? QStringLiteral("on")
                                                            : QStringLiteral("off")}};
    if (weight > 0 && weight < kernel::full_weight) {
        const QJsonArray on{QStringLiteral("on"), weight};
        const QJsonArray off{QStringLiteral("off"), kernel::full_weight - weight};
        flag[u"targeting"] = QJsonObject{
            {QStringLiteral("fractional"), QJsonArray{QJsonValue(on), QJsonValue(off)}}};
    }
    return flag;
}

Result<QJsonObject> FlagFile::document() const {
    QFile file(path_);
    if (!file.exists()) {
        return QJsonObject{
            {QStringLiteral("$schema"), QStringLiteral("https://flagd.dev/schema/v0/flags.json")},
            {QStringLiteral("flags"), QJsonObject{}}};
    }
    if (!file.open(QIODevice::ReadOnly) || file.size() > file_bytes_max) {
        return fail(ErrorCode::Storage, QStringLiteral("the flag file cannot be read"), path_,
                    QStringLiteral("make it a readable file of at most 4 MiB"));
    }
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll());
    if (!document.isObject() || !document[u"flags"].isObject()) {
        return fail(ErrorCode::Invalid, QStringLiteral("this is not a flagd definitions file"),
                    path_, QStringLiteral("give a JSON object with a member \"flags\""));
    }
    return document.object();
}

Result<void> FlagFile::set(const QString &flag, kernel::Weight weight) const {
    Result<QJsonObject> document = this->document();
    if (!document) {
        return tl::unexpected(document.error());
    }
    QJsonObject flags = (*document)[u"flags"].toObject();
    flags[flag] = flagDefinition(weight);
    (*document)[u"flags"] = flags;
    if (const auto written = writeWhole(path_, QJsonDocument(*document).toJson()); !written) {
        return written;
    }
    const Result<std::map<QString, kernel::Weight>> there = read();
    if (!there || !there->contains(flag) || there->at(flag) != weight) {
        return fail(ErrorCode::Conflict, QStringLiteral("another program changed the flag"), path_,
                    QStringLiteral("let only one program write the file"));
    }
    return {};
}

Result<std::map<QString, kernel::Weight>> FlagFile::read() const {
    const Result<QJsonObject> document = this->document();
    if (!document) {
        return tl::unexpected(document.error());
    }
    std::map<QString, kernel::Weight> weights;
    const QJsonObject flags = (*document)[u"flags"].toObject();
    for (auto flag = flags.begin(); flag != flags.end(); ++flag) {
        if (const auto weight = weightOf(flag.value().toObject())) {
            weights[flag.key()] = *weight;
        }
    }
    return weights;
}

} // namespace aviary::routing
