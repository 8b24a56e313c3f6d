// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/deployments/updatepolicy.h"

#include "core/support/exactjson.h"

#include <QCborArray>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

namespace aviary {
namespace {

struct IntegerField {
    QLatin1StringView name;
    qint64 UpdatePolicy::*member;
    bool positive;
};
// In the order in which the format lists its errors.
constexpr std::array integer_fields = {
    IntegerField{QLatin1StringView("max_parallel"), &UpdatePolicy::max_parallel, false},
    IntegerField{QLatin1StringView("canary"), &UpdatePolicy::canary, false},
    IntegerField{QLatin1StringView("min_healthy_ms"), &UpdatePolicy::min_healthy_ms, false},
    IntegerField{QLatin1StringView("healthy_deadline_ms"), &UpdatePolicy::healthy_deadline_ms,
                 true},
    IntegerField{QLatin1StringView("progress_deadline_ms"), &UpdatePolicy::progress_deadline_ms,
                 false},
};

struct BooleanField {
    QLatin1StringView name;
    bool UpdatePolicy::*member;
};
constexpr std::array boolean_fields = {
    BooleanField{QLatin1StringView("auto_promote"), &UpdatePolicy::auto_promote},
    BooleanField{QLatin1StringView("auto_revert"), &UpdatePolicy::auto_revert},
};

const QStringList &strategyWords() {
    static const QStringList words = {u"rolling"_qs, u"canary"_qs, u"blue-green"_qs};
    return words;
}
const QStringList &healthWords() {
    static const QStringList words = {u"checks"_qs, u"agent_states"_qs};
    return words;
}

std::optional<QString> wordOf(const QCborValue &value, const QStringList &words, QChar from,
                              QChar to) {
    const QString word = value.toString().toLower().replace(from, to);
    return value.isString() && words.contains(word) ? std::optional(word) : std::nullopt;
}
std::optional<QString> strategyOf(const QCborValue &value) {
    return wordOf(value, strategyWords(), u'_', u'-');
}
std::optional<QString> healthOf(const QCborValue &value) {
    return wordOf(value, healthWords(), u'-', u'_');
}

// The digits of an integer, however it was written: an integer, or its text.
std::optional<qint64> nonNegative(const QString &text) {
    const bool sign = text.startsWith(u'-') || text.startsWith(u'+');
    const QString digits = sign ? text.sliced(1) : text;
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    if (digits.isEmpty() || !std::all_of(digits.begin(), digits.end(), isDigit)) {
        return std::nullopt;
    }
    const bool zero = std::all_of(digits.begin(), digits.end(), [](QChar c) { return c == u'0'; });
    if (zero) {
        return 0;
    }
    if (text.startsWith(u'-')) {
        return std::nullopt;
    }
    bool fits = false;
    const qint64 number = digits.toLongLong(&fits);
    return fits ? number : std::numeric_limits<qint64>::max();
}
std::optional<qint64> integerOf(const QCborValue &value) {
    if (value.isInteger()) {
        return value.toInteger() >= 0 ? std::optional(value.toInteger()) : std::nullopt;
    }
    return nonNegative(isHugeInteger(value) ? digitsOf(value) : value.toString());
}

std::optional<bool> booleanOf(const QCborValue &value) {
    static const QStringList yes = {u"1"_qs, u"true"_qs, u"yes"_qs, u"on"_qs};
    static const QStringList no = {u"0"_qs, u"false"_qs, u"no"_qs, u"off"_qs};
    if (value.isBool()) {
        return value.toBool();
    }
    const QString word = value.toString().toLower();
    if (yes.contains(word)) {
        return true;
    }
    return no.contains(word) ? std::optional(false) : std::nullopt;
}

bool absent(const QCborValue &value) {
    return value.isNull() || value.isUndefined();
}

// A value as the format's own messages print it: "x", 1.5, nil, ["a"], %{"a" => 1}.
QString printed(const QCborValue &value, int depth = 0) {
    if (depth > 4) {
        return QStringLiteral("...");
    }
    if (value.isString()) {
        QString text = value.toString().left(200);
        text.replace(u'\\', u"\\\\"_qs).replace(u'"', u"\\\""_qs).replace(u'\n', u"\\n"_qs);
        return u'"' + text.replace(u'\t', u"\\t"_qs).replace(u'\r', u"\\r"_qs) + u'"';
    }
    if (value.isMap()) {
        QStringList members;
        for (const auto &[key, member] : value.toMap()) {
            members.append(printed(key) + u" => " + printed(member, depth + 1));
        }
        return u"%{" + members.join(u", ") + u'}';
    }
    if (value.isArray()) {
        QStringList members;
        for (const auto &member : value.toArray()) {
            members.append(printed(member, depth + 1));
        }
        return u'[' + members.join(u", ") + u']';
    }
    return absent(value) ? QStringLiteral("nil") : QString::fromUtf8(writeJson(value));
}

class Findings {
public:
    explicit Findings(QStringList path) : path_(std::move(path)) {}

    void add(const QString &field, const QString &what, const QString &allowed) {
        QStringList path = path_;
        path.append(field);
        const QString name = path.join(u'.');
        flaws_.push_back({std::move(path), name + u' ' + what, allowed, 0});
    }
    void addWord(const QString &field, const QCborValue &value, const QStringList &words) {
        add(field, u"has unsupported value " + printed(value), words.join(u", "));
    }
    Flaws take() { return std::move(flaws_); }

private:
    QStringList path_;
    Flaws flaws_;
};

QString mustBe(const IntegerField &field) {
    return field.positive ? QStringLiteral("must be a positive integer")
                          : QStringLiteral("must be a non-negative integer");
}

bool isExactly(const IntegerField &field, const QCborValue &value) {
    const auto number = value.isInteger() || isHugeInteger(value) ? integerOf(value) : std::nullopt;
    return number && (!field.positive || *number > 0);
}

} // namespace

UpdatePolicy normalisedPolicy(const QCborValue &update, const QCborMap &given) {
    QCborMap merged = update.toMap();
    for (const auto &[key, value] : given) {
        merged[key] = value;
    }
    UpdatePolicy policy;
    policy.strategy = strategyOf(merged.take(u"strategy"_qs)).value_or(policy.strategy);
    policy.health_check = healthOf(merged.take(u"health_check"_qs)).value_or(policy.health_check);
    for (const auto &field : integer_fields) {
        auto &number = policy.*field.member;
        number = integerOf(merged.take(field.name)).value_or(number);
    }
    for (const auto &field : boolean_fields) {
        auto &flag = policy.*field.member;
        flag = booleanOf(merged.take(field.name)).value_or(flag);
    }
    policy.others = merged;
    return policy;
}

QCborMap toMap(const UpdatePolicy &policy) {
    QCborMap map = policy.others;
    map[u"strategy"_qs] = policy.strategy;
    map[u"health_check"_qs] = policy.health_check;
    for (const auto &field : integer_fields) {
        map[field.name] = policy.*field.member;
    }
    for (const auto &field : boolean_fields) {
        map[field.name] = policy.*field.member;
    }
    return map;
}

Flaws flawsOfUpdate(const QCborValue &update, const QStringList &path) {
    if (absent(update) || (update.isBool() && !update.toBool())) {
        return {};
    }
    if (!update.isMap()) {
        return {{path, path.join(u'.') + u" must be an object", u"an object"_qs, 0}};
    }
    const QCborMap map = update.toMap();
    Findings findings(path);
    const QCborValue strategy = map.value(u"strategy"_qs);
    if (!absent(strategy) && !strategyWords().contains(strategy.toString().toLower())) {
        findings.addWord(u"strategy"_qs, strategy, strategyWords());
    }
    const QCborValue health = map.value(u"health_check"_qs);
    if (!absent(health) && !healthWords().contains(health.toString().toLower())) {
        findings.addWord(u"health_check"_qs, health, healthWords());
    }
    for (const auto &field : integer_fields) {
        const QCborValue value = map.value(field.name);
        if (!absent(value) && !isExactly(field, value)) {
            findings.add(field.name, mustBe(field),
                         field.positive ? u"1 or more"_qs : u"0 or more"_qs);
        }
    }
    for (const auto &field : boolean_fields) {
        const QCborValue value = map.value(field.name);
        if (!absent(value) && !value.isBool()) {
            findings.add(field.name, u"must be a boolean"_qs, u"true, false"_qs);
        }
    }
    const UpdatePolicy policy = normalisedPolicy(update);
    const QCborValue promote = map.value(u"auto_promote"_qs);
    if (promote.isTrue() && policy.strategy == u"canary" && policy.canary == 0) {
        findings.add(u"auto_promote"_qs, u"requires canary > 0 for canary deployments"_qs,
                     u"give canary 1 or more"_qs);
    }
    return findings.take();
}

Flaws flawsOfGivenPolicy(const QCborMap &given) {
    Findings findings({u"policies"_qs, u"update"_qs});
    QStringList known = {u"strategy"_qs, u"health_check"_qs};
    const QCborValue strategy = given.value(u"strategy"_qs);
    if (!absent(strategy) && !strategyOf(strategy)) {
        findings.addWord(u"strategy"_qs, strategy, strategyWords());
    }
    const QCborValue health = given.value(u"health_check"_qs);
    if (!absent(health) && !healthOf(health)) {
        findings.addWord(u"health_check"_qs, health, healthWords());
    }
    for (const auto &field : integer_fields) {
        const QCborValue value = given.value(field.name);
        const auto number = integerOf(value);
        known.append(field.name);
        if (!absent(value) && (!number || (field.positive && *number == 0))) {
            findings.add(field.name, mustBe(field),
                         field.positive ? u"1 or more"_qs : u"0 or more"_qs);
        }
    }
    for (const auto &field : boolean_fields) {
        const QCborValue value = given.value(field.name);
        known.append(field.name);
        if (!absent(value) && !booleanOf(value)) {
            findings.add(field.name, u"must be a boolean"_qs, u"true, false"_qs);
        }
    }
    for (const auto &[key, value] : given) {
        if (!known.contains(key.toString())) {
            findings.add(key.toString(), u"is unknown"_qs, known.join(u", "));
        }
    }
    return findings.take();
}

qint64 canaryCount(const UpdatePolicy &policy, qint64 agents) {
    const qint64 wanted = policy.canary == 0 && policy.strategy == u"canary" ? 1 : policy.canary;
    return std::min(wanted, agents);
}

kernel::Policy kernelPolicy(const UpdatePolicy &policy) {
    kernel::Policy result;
    constexpr qint64 parallel_max = std::numeric_limits<std::uint32_t>::max();
    result.max_parallel =
        static_cast<std::uint32_t>(std::clamp<qint64>(policy.max_parallel, 1, parallel_max));
    result.min_healthy_ms =
        std::min(kernel::Millis{policy.min_healthy_ms}, kernel::duration_ms_max);
    result.healthy_deadline_ms =
        std::min(kernel::Millis{policy.healthy_deadline_ms}, kernel::duration_ms_max);
    result.progress_deadline_ms =
        std::min(kernel::Millis{policy.progress_deadline_ms}, kernel::duration_ms_max);
    result.health_check = policy.health_check == u"agent_states" ? kernel::HealthSource::AgentStates
                                                                 : kernel::HealthSource::Checks;
    result.auto_promote = policy.auto_promote;
    result.auto_revert = policy.auto_revert;
    return result;
}

kernel::Strategy kernelStrategy(const UpdatePolicy &policy, qint64 agents) {
    const qint64 canary = canaryCount(policy, agents);
    if (policy.strategy == u"blue-green") {
        return kernel::BlueGreen{.preview = canary > 0};
    }
    if (canary == 0) {
        return kernel::Rolling{.delay_ms = 0};
    }
    // The smallest share of which rounding down leaves `canary` of `agents`.
    const qint64 share = (canary * kernel::full_weight + agents - 1) / agents;
    kernel::CanarySingle stage;
    stage.percent = static_cast<kernel::Weight>(share);
    stage.bake_ms = 0;
    return stage;
}

} // namespace aviary
