// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/servicedefinition.h"

#include "core/deployments/manifest.h"
#include "core/support/fieldreader.h"

#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace aviary {
namespace {

using Kind = CheckDefinition::Kind;

constexpr qint64 hour_ms = 3'600'000;
constexpr qsizetype text_max = 4'096;
constexpr qsizetype env_value_max = 32'768;
constexpr qsizetype list_max = 256;
constexpr qsizetype checks_max = 32;
constexpr qint64 mib_max = 1LL << 30;

constexpr std::array kind_names = {QLatin1StringView("http"), QLatin1StringView("tcp"),
                                   QLatin1StringView("command"), QLatin1StringView("memory"),
                                   QLatin1StringView("disk")};

QStringList kindWords() {
    return {kind_names.begin(), kind_names.end()};
}

void readHttp(FieldReader &reader, CheckDefinition &check) {
    check.path = reader.text(u"path"_qs, check.path, text_max);
    check.status = static_cast<int>(reader.integer(u"status"_qs, 200, 100, 599));
    check.contains = reader.text(u"contains"_qs, {}, text_max);
    check.port = static_cast<quint16>(reader.integer(u"port"_qs, 0, 0, 65'535));
    if (!check.path.startsWith(u'/') || check.path.contains(QRegularExpression(u"[\\s\\x00]"_qs))) {
        reader.flaw(u"path"_qs, u"must begin with / and hold no blank"_qs, u"/health"_qs);
    }
}

void readCommand(FieldReader &reader, CheckDefinition &check) {
    check.timeout_ms = 10'000;
    check.command = reader.text(u"command"_qs, {}, text_max);
    check.args = reader.texts(u"args"_qs, list_max, text_max);
    check.contains = reader.text(u"contains"_qs, {}, text_max);
    if (check.command.isEmpty()) {
        reader.flaw(u"command"_qs, u"must be given"_qs, u"a program"_qs);
    }
}

void readUsage(FieldReader &reader, CheckDefinition &check) {
    check.warning_percent = static_cast<int>(reader.integer(u"warning_percent"_qs, 80, 1, 100));
    check.critical_percent = static_cast<int>(reader.integer(u"critical_percent"_qs, 95, 1, 100));
    if (check.warning_percent > check.critical_percent) {
        reader.flaw(u"warning_percent"_qs, u"must not be above critical_percent"_qs, {});
    }
}

CheckDefinition readCheck(const QCborMap &map, const QStringList &path, Flaws &flaws) {
    FieldReader reader(map, path, flaws);
    CheckDefinition check;
    const QString kind = reader.text(u"kind"_qs, {}, text_max);
    const auto known = std::find(kind_names.begin(), kind_names.end(), kind);
    if (known == kind_names.end()) {
        reader.flaw(u"kind"_qs, u"is unknown"_qs, kindWords().join(u", "));
        return check; // its other members cannot be judged
    }
    check.kind = static_cast<Kind>(known - kind_names.begin());
    if (check.kind == Kind::Http) {
        readHttp(reader, check);
    } else if (check.kind == Kind::Tcp) {
        check.port = static_cast<quint16>(reader.integer(u"port"_qs, 0, 0, 65'535));
    } else if (check.kind == Kind::Command) {
        readCommand(reader, check);
    } else {
        readUsage(reader, check);
    }
    check.name = reader.text(u"name"_qs, nameOf(check.kind), 200);
    check.critical = reader.boolean(u"critical"_qs, check.critical);
    check.interval_ms = reader.integer(u"interval_ms"_qs, check.interval_ms, 100, hour_ms);
    check.timeout_ms = reader.integer(u"timeout_ms"_qs, check.timeout_ms, 10, hour_ms);
    reader.finish();
    return check;
}

void readEnvironment(FieldReader &reader, ServiceDefinition &definition) {
    static const QRegularExpression name(u"\\A[A-Za-z_][A-Za-z0-9_]{0,255}\\z"_qs);
    static const QStringList reserved = {u"PORT"_qs, u"NODE"_qs, u"REVISION"_qs, u"SERVICE"_qs};
    for (const auto &[key, value] : reader.object(u"env"_qs, list_max)) {
        const QString variable = key.toString();
        const QString text = value.toString();
        if (reserved.contains(variable)) {
            reader.flaw(u"env"_qs, variable + u" is set by the driver", u"another name"_qs);
        } else if (!name.match(variable).hasMatch()) {
            reader.flaw(u"env"_qs, u"has a name that no environment takes: " + variable.left(80),
                        u"letters, digits and _, not beginning with a digit"_qs);
        } else if (!value.isString() || text.size() > env_value_max || text.contains(QChar(0))) {
            reader.flaw(u"env"_qs, variable + u" must be a string",
                        QStringLiteral("at most %1 characters").arg(env_value_max));
        } else {
            definition.env.insert(variable, text);
        }
    }
}

RestartPolicy readRestart(const QCborMap &map, const QStringList &path, Flaws &flaws) {
    FieldReader reader(map, path, flaws);
    RestartPolicy restart;
    restart.attempts = static_cast<int>(reader.integer(u"attempts"_qs, 5, 0, 1'000));
    restart.window_ms = reader.integer(u"window_ms"_qs, restart.window_ms, 1'000, 24 * hour_ms);
    restart.delay_ms = reader.integer(u"delay_ms"_qs, restart.delay_ms, 0, hour_ms);
    reader.finish();
    return restart;
}

void readChecks(FieldReader &reader, const QStringList &path, Flaws &flaws,
                ServiceDefinition &definition) {
    const QCborArray checks = reader.list(u"checks"_qs, checks_max);
    QStringList names;
    for (qsizetype i = 0; i < checks.size(); ++i) {
        const QStringList place = path + QStringList{u"checks"_qs, QString::number(i)};
        if (!checks.at(i).isMap()) {
            flaws.push_back({place, place.join(u'.') + u" must be an object", {}, 0});
            continue;
        }
        CheckDefinition check = readCheck(checks.at(i).toMap(), place, flaws);
        if (names.contains(check.name) && !check.name.isEmpty()) {
            check.name += QStringLiteral("-%1").arg(i + 1);
        }
        names.append(check.name);
        definition.checks.push_back(std::move(check));
    }
}

DefinitionReading readAt(const QCborMap &map, const QStringList &path) {
    DefinitionReading reading;
    ServiceDefinition definition;
    FieldReader reader(map, path, reading.flaws);
    definition.command = reader.text(u"command"_qs, {}, text_max);
    definition.args = reader.texts(u"args"_qs, list_max, text_max);
    definition.image = reader.text(u"image"_qs, {}, text_max);
    definition.port = static_cast<quint16>(reader.integer(u"port"_qs, 0, 0, 65'535));
    readEnvironment(reader, definition);
    readChecks(reader, path, reading.flaws, definition);
    definition.needs.memory_mib = reader.integer(u"memory_mib"_qs, 0, 0, mib_max);
    definition.needs.disk_mib = reader.integer(u"disk_mib"_qs, 0, 0, mib_max);
    for (const QString &word : reader.texts(u"capabilities"_qs, list_max, 200)) {
        definition.needs.capabilities.push_back(word.toStdString());
    }
    std::sort(definition.needs.capabilities.begin(), definition.needs.capabilities.end());
    definition.restart = readRestart(reader.object(u"restart"_qs, list_max),
                                     path + QStringList{u"restart"_qs}, reading.flaws);
    definition.stop_grace_ms = reader.integer(u"stop_grace_ms"_qs, 10'000, 0, hour_ms);
    if (definition.command.isEmpty() && definition.image.isEmpty()) {
        reader.flaw(u"command"_qs, u"or image must be given"_qs, u"what the service runs"_qs);
    }
    reader.finish();
    if (reading.flaws.empty()) {
        reading.definition = std::move(definition);
    }
    return reading;
}

// Every place where a manifest may hold a definition, with its path.
std::vector<std::pair<QStringList, QCborValue>> definitionsIn(const Manifest &manifest) {
    std::vector<std::pair<QStringList, QCborValue>> found;
    const auto look = [&found](const QCborMap &map, QStringList path) {
        if (map.contains(u"aviary"_qs)) {
            path.append(u"aviary"_qs);
            found.emplace_back(std::move(path), map.value(u"aviary"_qs));
        }
    };
    const auto lookInList = [&look](const QCborValue &list, const QStringList &path) {
        const QCborArray members = list.toArray();
        for (qsizetype i = 0; i < members.size(); ++i) {
            look(members.at(i).toMap(), path + QStringList{QString::number(i)});
        }
    };
    const QCborMap &content = manifest.content;
    look(content, {});
    lookInList(content.value(u"flow"_qs).toMap().value(u"nodes"_qs), {u"flow"_qs, u"nodes"_qs});
    lookInList(content.value(u"services"_qs), {u"services"_qs});
    return found;
}

QJsonObject toJson(const CheckDefinition &check) {
    QJsonObject object = {{u"kind"_qs, nameOf(check.kind)},
                          {u"name"_qs, check.name},
                          {u"critical"_qs, check.critical},
                          {u"interval_ms"_qs, check.interval_ms},
                          {u"timeout_ms"_qs, check.timeout_ms}};
    if (check.kind == Kind::Http || check.kind == Kind::Tcp) {
        object[u"port"_qs] = check.port;
    }
    if (check.kind == Kind::Http) {
        object[u"path"_qs] = check.path;
        object[u"status"_qs] = check.status;
    }
    if (check.kind == Kind::Http || check.kind == Kind::Command) {
        object[u"contains"_qs] = check.contains;
    }
    if (check.kind == Kind::Command) {
        object[u"command"_qs] = check.command;
        object[u"args"_qs] = QJsonArray::fromStringList(check.args);
    }
    if (check.kind == Kind::Memory || check.kind == Kind::Disk) {
        object[u"warning_percent"_qs] = check.warning_percent;
        object[u"critical_percent"_qs] = check.critical_percent;
    }
    return object;
}

} // namespace

QString nameOf(CheckDefinition::Kind kind) {
    return kind_names[static_cast<std::size_t>(kind)];
}

DefinitionReading readDefinition(const Manifest &manifest) {
    const auto found = definitionsIn(manifest);
    if (found.empty()) {
        return {};
    }
    const auto &[path, value] = found.front();
    if (!value.isMap()) {
        return {std::nullopt, {{path, path.join(u'.') + u" must be an object", {}, 0}}};
    }
    DefinitionReading reading = readAt(value.toMap(), path);
    if (found.size() > 1) {
        const QStringList &second = found[1].first;
        reading.flaws.push_back({second, second.join(u'.') + u" is a second definition",
                                 u"one for each deployment key"_qs, 0});
        reading.definition.reset();
    }
    return reading;
}

DefinitionReading readDefinition(const QJsonObject &object) {
    return readAt(QCborMap::fromJsonObject(object), {});
}

QJsonObject toJson(const ServiceDefinition &definition) {
    QJsonObject env;
    for (auto at = definition.env.begin(); at != definition.env.end(); ++at) {
        env.insert(at.key(), at.value());
    }
    QJsonArray checks;
    for (const auto &check : definition.checks) {
        checks.append(toJson(check));
    }
    QJsonArray capabilities;
    for (const auto &word : definition.needs.capabilities) {
        capabilities.append(QString::fromStdString(word));
    }
    return {{u"command"_qs, definition.command},
            {u"args"_qs, QJsonArray::fromStringList(definition.args)},
            {u"env"_qs, env},
            {u"image"_qs, definition.image},
            {u"port"_qs, definition.port},
            {u"checks"_qs, checks},
            {u"memory_mib"_qs, qint64{definition.needs.memory_mib}},
            {u"disk_mib"_qs, qint64{definition.needs.disk_mib}},
            {u"capabilities"_qs, capabilities},
            {u"restart"_qs, QJsonObject{{u"attempts"_qs, definition.restart.attempts},
                                        {u"window_ms"_qs, definition.restart.window_ms},
                                        {u"delay_ms"_qs, definition.restart.delay_ms}}},
            {u"stop_grace_ms"_qs, definition.stop_grace_ms}};
}

} // namespace aviary
