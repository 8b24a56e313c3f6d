// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/deploymentevent.h"

#include <QJsonArray>

#include <array>
#include <limits>

namespace aviary {
namespace {

constexpr std::array purpose_names = {QLatin1StringView("deploy"), QLatin1StringView("way_back"),
                                      QLatin1StringView("rerun")};

QString latin(std::string_view text) {
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

QJsonValue encoded(const QString &text) {
    return text;
}
QJsonValue encoded(const QStringList &texts) {
    return QJsonArray::fromStringList(texts);
}
QJsonValue encoded(const QByteArray &text) {
    return QString::fromUtf8(text);
}
QJsonValue encoded(const QJsonObject &object) {
    return object;
}
QJsonValue encoded(bool flag) {
    return flag;
}
QJsonValue encoded(quint32 number) {
    return qint64{number};
}
QJsonValue encoded(qint64 number) {
    return number;
}
QJsonValue encoded(kernel::Status status) {
    return latin(kernel::nameOf(status));
}
QJsonValue encoded(JobType type) {
    return nameOf(type);
}
QJsonValue encoded(Purpose purpose) {
    return nameOf(purpose);
}

bool decode(const QJsonValue &value, QString &text) {
    text = value.toString();
    return value.isString();
}
bool decode(const QJsonValue &value, QStringList &texts) {
    for (const auto &member : value.toArray()) {
        if (!member.isString()) {
            return false;
        }
        texts.append(member.toString());
    }
    return value.isArray();
}
bool decode(const QJsonValue &value, QByteArray &text) {
    text = value.toString().toUtf8();
    return value.isString();
}
bool decode(const QJsonValue &value, QJsonObject &object) {
    object = value.toObject();
    return value.isObject();
}
bool decode(const QJsonValue &value, bool &flag) {
    flag = value.toBool();
    return value.isBool();
}
bool decode(const QJsonValue &value, qint64 &number) {
    number = value.toInteger(-1);
    return value.isDouble() && number >= 0;
}
bool decode(const QJsonValue &value, quint32 &number) {
    qint64 wide = 0;
    const bool right = decode(value, wide) && wide <= std::numeric_limits<quint32>::max();
    number = static_cast<quint32>(right ? wide : 0);
    return right;
}
bool decode(const QJsonValue &value, kernel::Status &status) {
    const auto known = statusFrom(value.toString());
    status = known.value_or(kernel::Status::Draft);
    return known.has_value();
}
bool decode(const QJsonValue &value, JobType &type) {
    for (const auto known :
         {JobType::Service, JobType::System, JobType::Batch, JobType::Sysbatch}) {
        if (nameOf(known) == value.toString()) {
            type = known;
            return true;
        }
    }
    return false;
}
bool decode(const QJsonValue &value, Purpose &purpose) {
    for (const auto known : {Purpose::Deploy, Purpose::WayBack, Purpose::Rerun}) {
        if (nameOf(known) == value.toString()) {
            purpose = known;
            return true;
        }
    }
    return false;
}

template <class T>
Result<DeploymentEvent> decodeAs(const QJsonObject &object) {
    T event;
    QString wrong;
    const auto decodeField = [&](const auto &field) {
        const QString name = latin(field.name);
        const bool later = name == u"repository" || name == u"commit";
        if (later && !object.contains(name)) {
            return;
        }
        if (wrong.isEmpty() && !decode(object.value(name), event.*field.member)) {
            wrong = name;
        }
    };
    std::apply([&](const auto &...field) { (decodeField(field), ...); }, T::fields());
    if (!wrong.isEmpty()) {
        return fail(ErrorCode::Invalid, QStringLiteral("%1 is absent or wrong").arg(wrong),
                    latin(T::name), u"the record was changed or is of a newer version"_qs);
    }
    return DeploymentEvent(std::move(event));
}

template <std::size_t I = 0>
Result<DeploymentEvent> decodeNamed(const QString &name, const QJsonObject &object) {
    if constexpr (I == std::variant_size_v<DeploymentEvent>) {
        return fail(ErrorCode::Invalid, u"unknown event: " + name.left(80));
    } else {
        using T = std::variant_alternative_t<I, DeploymentEvent>;
        return name == latin(T::name) ? decodeAs<T>(object) : decodeNamed<I + 1>(name, object);
    }
}

} // namespace

QString nameOf(Purpose purpose) {
    return purpose_names[static_cast<std::size_t>(purpose)];
}

std::optional<kernel::Status> statusFrom(QStringView word) {
    using kernel::Status;
    constexpr std::array<std::pair<QLatin1StringView, Status>, 5> reference_words = {{
        {QLatin1StringView("executing"), Status::InProgress},
        {QLatin1StringView("running"), Status::InProgress},
        {QLatin1StringView("successful"), Status::Completed},
        {QLatin1StringView("awaiting_promotion"), Status::Waiting},
        {QLatin1StringView("version_recorded"), Status::Completed},
    }};
    for (int i = 0; i <= static_cast<int>(Status::Superseded); ++i) {
        const auto status = static_cast<Status>(i);
        if (word == latin(kernel::nameOf(status))) {
            return status;
        }
    }
    for (const auto &[name, status] : reference_words) {
        if (word == name) {
            return status;
        }
    }
    return std::nullopt;
}

QJsonObject toJson(const DeploymentEvent &event) {
    return std::visit(
        [](const auto &concrete) {
            using T = std::decay_t<decltype(concrete)>;
            QJsonObject object{{u"event"_qs, latin(T::name)}};
            const auto add = [&](const auto &field) {
                object.insert(latin(field.name), encoded(concrete.*field.member));
            };
            std::apply([&](const auto &...field) { (add(field), ...); }, T::fields());
            return object;
        },
        event);
}

Result<DeploymentEvent> deploymentEventFrom(const QJsonObject &object) {
    return decodeNamed(object.value(u"event"_qs).toString(), object);
}

} // namespace aviary
