// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/valuesjson.h"

#include "core/api/columns.h"
#include "core/api/daemonshapes.h"
#include "core/api/gitvalues.h"
#include "core/api/words.h"

#include <cmath>
#include <deque>
#include <limits>
#include <type_traits>

namespace aviary::api {

using namespace Qt::Literals;

namespace {

template <class T>
constexpr auto fieldsOf() {
    if constexpr (requires { Shape<T>::fields(); }) {
        return Shape<T>::fields();
    } else {
        return T::fields();
    }
}
template <class T>
concept Row = requires {
    Shape<T>::fields();
}
|| requires {
    T::fields();
};

QString nameOf(std::string_view name) {
    return QString::fromUtf8(name.data(), qsizetype(name.size()));
}

// ---- Writing

template <class T>
QJsonValue write(const T &value, Form form);

template <Row T>
QJsonObject writeRow(const T &value, Form form) {
    QJsonObject json;
    if constexpr (requires { Shape<T>::id(value); }) {
        json.insert(u"id"_qs, Shape<T>::id(value));
    }
    std::apply(
        [&](const auto &...one) {
            (json.insert(nameOf(one.name), write(value.*one.member, form)), ...);
        },
        fieldsOf<T>());
    return json;
}

template <class T, class Member>
QJsonValue writeColumn(const std::vector<T> &values, Member T::*member, Form form) {
    ColumnPacker column(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0 && values[i].*member == values[i - 1].*member) {
            column.addSame();
        } else {
            column.add(write(values[i].*member, form));
        }
    }
    return column.packed();
}

template <Row T>
QJsonObject writeColumns(const std::vector<T> &values, Form form) {
    QJsonObject packed{{u"columns"_qs, qint64(values.size())}};
    if constexpr (requires { Shape<T>::id(values.front()); }) {
        ColumnPacker ids(values.size());
        for (const T &value : values) {
            ids.add(Shape<T>::id(value));
        }
        packed.insert(u"id"_qs, ids.packed());
    }
    std::apply(
        [&](const auto &...one) {
            (packed.insert(nameOf(one.name), writeColumn(values, one.member, form)), ...);
        },
        fieldsOf<T>());
    return packed;
}

template <class T>
QJsonValue writeList(const std::vector<T> &values, Form form) {
    if constexpr (Row<T>) {
        if (form == Form::Columns && values.size() >= packed_rows_min) {
            return writeColumns(values, form);
        }
    }
    QJsonArray list;
    for (const T &value : values) {
        list.append(write(value, form));
    }
    return list;
}

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
using Labels = std::vector<std::pair<QString, QString>>;

template <class T>
QJsonValue write(const T &value, Form form) {
    if constexpr (std::is_enum_v<T>) {
        return wordOf(value);
    } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, QString>) {
        return value;
    } else if constexpr (std::is_integral_v<T>) {
        return qint64(value);
    } else if constexpr (std::is_floating_point_v<T>) {
        return std::isfinite(value) ? QJsonValue(value) : QJsonValue();
    } else if constexpr (std::is_same_v<T, QStringList>) {
        return QJsonArray::fromStringList(value);
    } else if constexpr (std::is_same_v<T, kernel::NodeFlags>) {
        return writeRow(FlagsRow{value.draining, value.maintenance, value.excluded}, form);
    } else if constexpr (std::is_same_v<T, Labels>) {
        QJsonObject labels;
        for (const auto &[name, text] : value) {
            labels.insert(name, text);
        }
        return labels;
    } else if constexpr (IsVector<T>::value) {
        return writeList(value, form);
    } else {
        return writeRow(value, form);
    }
}

// ---- Reading. The answer is empty, or an error whose place grows on the way out.

using Fault = std::optional<Error>;

Fault wrong(const QString &what, const QString &remedy = {}) {
    return Error{ErrorCode::Invalid, what, {}, remedy};
}
Fault inside(const QString &place, Fault fault) {
    if (fault) {
        const bool joined = fault->where.isEmpty() || fault->where.startsWith(u'[');
        fault->where =
            joined ? QString(place % fault->where) : QString(place % u'.' % fault->where);
    }
    return fault;
}

template <class T>
Fault read(const QJsonValue &json, T &value);

template <Row T>
Fault readRow(const QJsonValue &json, T &value) {
    if (!json.isObject()) {
        return wrong(u"this is not an object"_qs);
    }
    const QJsonObject object = json.toObject();
    Fault fault;
    const auto readOne = [&](const auto &one) {
        const QString name = nameOf(one.name);
        if (!fault) {
            fault = inside(name, read(object.value(name), value.*one.member));
        }
    };
    std::apply([&](const auto &...one) { (readOne(one), ...); }, fieldsOf<T>());
    return fault;
}

template <class E>
Fault readWord(const QJsonValue &json, E &value) {
    if (const std::optional<E> found = fromWord<E>(json.toString())) {
        value = *found;
        return {};
    }
    QStringList allowed;
    for (const std::string_view word : words<E>()) {
        allowed.append(nameOf(word));
    }
    return wrong(u"\"%1\" is not known here"_qs.arg(json.toVariant().toString().left(60)),
                 u"one of "_qs + allowed.join(u", "_qs));
}

template <class I>
Fault readWhole(const QJsonValue &json, I &value) {
    // Beyond 2^63 a double cannot be cast; a qint64 in JSON keeps all its digits.
    const double rough = json.toDouble();
    const bool whole = json.isDouble() && std::abs(rough) < 9.2e18 && rough == std::floor(rough);
    const qint64 exact = whole ? json.toInteger() : 0;
    if (!whole || !std::in_range<I>(exact)) {
        return wrong(
            u"this is not a whole number from %1 to %2"_qs.arg(std::numeric_limits<I>::min())
                .arg(std::numeric_limits<I>::max()));
    }
    value = static_cast<I>(exact);
    return {};
}

Fault readLabels(const QJsonValue &json, Labels &value) {
    if (!json.isObject()) {
        return wrong(u"this is not an object of texts"_qs);
    }
    const QJsonObject object = json.toObject();
    value.clear();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (!it->isString()) {
            return inside(it.key(), wrong(u"this is not a text"_qs));
        }
        value.emplace_back(it.key(), it->toString());
    }
    return {};
}

template <class Owner, class Member>
Fault readMember(const kernel::Field<Owner, Member> &one, const QJsonObject &packed,
                 std::vector<Owner> &rows) {
    const QString name = nameOf(one.name);
    if (!packed.contains(name)) {
        return {};
    }
    const Result<Column> column = readColumn(packed.value(name), int(rows.size()));
    if (!column) {
        return inside(name, column.error());
    }
    std::deque<Member> known(std::size_t(column->words.size())); // a vector of bool has no members
    for (std::size_t i = 0; i < known.size(); ++i) {
        Owner blank{}; // a null word stands for the member's default
        known[i] = blank.*one.member;
        if (Fault fault = read(column->words[int(i)], known[i])) {
            return inside(u"%1[%2]"_qs.arg(name).arg(i), fault);
        }
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].*one.member = known[std::size_t(column->at(int(i)))];
    }
    return {};
}

template <Row T>
Fault readColumns(const QJsonObject &packed, std::vector<T> &value) {
    int count = -1;
    if (Fault fault = read(packed.value(u"columns"_qs), count); fault || count < 0) {
        return inside(u"columns"_qs, fault ? fault : wrong(u"the number of rows is missing"_qs));
    }
    if (count > list_max) {
        return wrong(u"the list has more than %1 rows"_qs.arg(list_max));
    }
    value.assign(std::size_t(count), T{});
    Fault fault;
    const auto readOne = [&](const auto &one) {
        if (!fault) {
            fault = readMember(one, packed, value);
        }
    };
    std::apply([&](const auto &...one) { (readOne(one), ...); }, fieldsOf<T>());
    return fault;
}

template <class T>
Fault readList(const QJsonValue &json, T &value) {
    if constexpr (Row<typename T::value_type>) {
        if (json.isObject()) {
            return readColumns(json.toObject(), value);
        }
    }
    if (!json.isArray()) {
        return wrong(u"this is not a list"_qs);
    }
    const QJsonArray list = json.toArray();
    if (list.size() > list_max) {
        return wrong(u"the list has more than %1 entries"_qs.arg(list_max));
    }
    value.clear();
    value.reserve(static_cast<typename T::size_type>(list.size()));
    for (int i = 0; i < list.size(); ++i) {
        typename T::value_type one{};
        if (Fault fault = read(list[i], one)) {
            return inside(u"[%1]"_qs.arg(i), fault);
        }
        value.push_back(std::move(one));
    }
    return {};
}

template <class T>
Fault read(const QJsonValue &json, T &value) {
    if (json.isUndefined() || json.isNull()) {
        return {};
    }
    if constexpr (std::is_enum_v<T>) {
        return readWord(json, value);
    } else if constexpr (std::is_same_v<T, bool>) {
        value = json.toBool();
        return json.isBool() ? Fault() : wrong(u"this is neither true nor false"_qs);
    } else if constexpr (std::is_same_v<T, QString>) {
        value = json.toString();
        return json.isString() ? Fault() : wrong(u"this is not a text"_qs);
    } else if constexpr (std::is_integral_v<T>) {
        return readWhole(json, value);
    } else if constexpr (std::is_floating_point_v<T>) {
        value = json.toDouble();
        return json.isDouble() && std::isfinite(value) ? Fault()
                                                       : wrong(u"this is not a number"_qs);
    } else if constexpr (std::is_same_v<T, kernel::NodeFlags>) {
        FlagsRow flags;
        const Fault fault = readRow(json, flags);
        value = {flags.draining, flags.maintenance, flags.excluded};
        return fault;
    } else if constexpr (std::is_same_v<T, Labels>) {
        return readLabels(json, value);
    } else if constexpr (std::is_same_v<T, QStringList> || IsVector<T>::value) {
        return readList(json, value);
    } else {
        return readRow(json, value);
    }
}

} // namespace

template <class T>
QJsonObject toJson(const T &value, Form form) {
    return writeRow(value, form);
}

template <class T>
Result<T> fromJson(const QJsonObject &json) {
    T value{};
    if (Fault fault = readRow(json, value)) {
        return tl::unexpected<Error>(*std::move(fault));
    }
    return value;
}

template <class T>
QJsonArray listToJson(const std::vector<T> &rows) {
    return writeList(rows, Form::Rows).toArray();
}

template <class T>
Result<std::vector<T>> listFromJson(const QJsonValue &json) {
    std::vector<T> rows;
    if (Fault fault = readList(json, rows)) {
        return tl::unexpected<Error>(*std::move(fault));
    }
    return rows;
}

namespace {

const std::array<std::pair<ErrorCode, QLatin1String>, 8> &codeWords() {
    static constexpr std::array<std::pair<ErrorCode, QLatin1String>, 8> all{
        {{ErrorCode::Invalid, "invalid"_L1},
         {ErrorCode::Refused, "refused"_L1},
         {ErrorCode::NotFound, "not_found"_L1},
         {ErrorCode::Conflict, "conflict"_L1},
         {ErrorCode::Unreachable, "unreachable"_L1},
         {ErrorCode::TimedOut, "timed_out"_L1},
         {ErrorCode::Storage, "storage"_L1},
         {ErrorCode::Internal, "internal"_L1}}};
    return all;
}

} // namespace

QJsonObject toJson(const Error &error) {
    QString code;
    for (const auto &[known, word] : codeWords()) {
        code = known == error.code ? QString(word) : code;
    }
    return {{u"code"_qs, code},
            {u"what"_qs, error.what},
            {u"where"_qs, error.where},
            {u"remedy"_qs, error.remedy}};
}

Error errorFromJson(const QJsonObject &json) {
    Error error{ErrorCode::Internal, json.value(u"what"_qs).toString(),
                json.value(u"where"_qs).toString(), json.value(u"remedy"_qs).toString()};
    for (const auto &[known, word] : codeWords()) {
        error.code = json.value(u"code"_qs).toString() == word ? known : error.code;
    }
    return error;
}

#define AVIARY_VALUE(T)                                                                            \
    template QJsonObject toJson<T>(const T &, Form);                                               \
    template Result<T> fromJson<T>(const QJsonObject &);                                           \
    template QJsonArray listToJson<T>(const std::vector<T> &);                                     \
    template Result<std::vector<T>> listFromJson<T>(const QJsonValue &);
AVIARY_VALUE(ClusterRow)
AVIARY_VALUE(RolloutRow)
AVIARY_VALUE(StepRow)
AVIARY_VALUE(TargetRow)
AVIARY_VALUE(Happening)
AVIARY_VALUE(EffectRow)
AVIARY_VALUE(Permission)
AVIARY_VALUE(TrafficPoint)
AVIARY_VALUE(RolloutDetail)
AVIARY_VALUE(NodeRow)
AVIARY_VALUE(FleetPage)
AVIARY_VALUE(DeploymentRow)
AVIARY_VALUE(SnapshotRow)
AVIARY_VALUE(GitServiceRow)
AVIARY_VALUE(GitRepositoryRow)
AVIARY_VALUE(WaitingRow)
AVIARY_VALUE(RequestRow)
AVIARY_VALUE(AlertRow)
AVIARY_VALUE(AlertDelivery)
AVIARY_VALUE(TargetPage)
AVIARY_VALUE(CheckRow)
AVIARY_VALUE(InstanceRow)
AVIARY_VALUE(HealthRow)
AVIARY_VALUE(HealthReport)
AVIARY_VALUE(LogRow)
AVIARY_VALUE(ProblemRow)
AVIARY_VALUE(RemarkRow)
AVIARY_VALUE(PlanAnswer)
AVIARY_VALUE(Summary)
AVIARY_VALUE(JournalReport)
AVIARY_VALUE(DaemonState)
#undef AVIARY_VALUE

} // namespace aviary::api
