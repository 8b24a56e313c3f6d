// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plans/section.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace aviary::plans {

namespace {

constexpr qsizetype text_length_max = 4'096;

Flaw flawOf(const YamlNode &node, const QString &field, const QString &what,
            const QString &allowed) {
    const QString message = field.isEmpty() ? what : QString(field + u' ' + what);
    return {field.split(u'.'), message, allowed, node.line, node.column};
}

bool isScalar(const YamlNode &node) {
    return node.kind == YamlNode::Kind::Scalar;
}

template <class Number>
Result<Number> countUpTo(const QString &text) {
    const auto count = countFromText(text);
    if (!count) {
        return tl::unexpected(count.error());
    }
    if (*count > static_cast<std::uint64_t>(std::numeric_limits<Number>::max())) {
        return fail(ErrorCode::Invalid, QStringLiteral("\"%1\" is too large").arg(text.left(40)),
                    {}, QStringLiteral("at most %1").arg(std::numeric_limits<Number>::max()));
    }
    return static_cast<Number>(*count);
}

Result<double> numberFromText(const QString &text) {
    bool is_number = false;
    const double number = text.toDouble(&is_number);
    if (!is_number || !std::isfinite(number)) {
        return fail(ErrorCode::Invalid,
                    QStringLiteral("\"%1\" is not understood").arg(text.left(40)), {},
                    u"a number"_qs);
    }
    return number;
}

} // namespace

Section::Section(const YamlNode &node, const QString &field, Flaws &flaws)
    : node_(node), field_(field), flaws_(flaws) {
    if (node.kind != YamlNode::Kind::Map) {
        flaws_.push_back(flawOf(node, field, u"is no map"_qs, u"members with names"_qs));
    }
}

QString Section::fieldOf(const QString &key) const {
    return field_.isEmpty() ? key : QString(field_ + u'.' + key);
}

bool Section::has(const QString &key) const {
    const YamlNode *found = node_.find(key);
    return found && found->kind != YamlNode::Kind::Null;
}

const YamlNode *Section::take(const QString &key) {
    if (!known_.contains(key)) { // a member of two shapes is taken twice
        known_.append(key);
    }
    return has(key) ? node_.find(key) : nullptr;
}

void Section::flaw(const QString &key, const QString &what, const QString &allowed) {
    const YamlNode *found = node_.find(key);
    flaws_.push_back(flawOf(found ? *found : node_, fieldOf(key), what, allowed));
}

const YamlNode *Section::takeScalar(const QString &key) {
    const YamlNode *found = take(key);
    if (found && (!isScalar(*found) || found->text.size() > text_length_max)) {
        flaw(key, u"is a list, a map or too long"_qs,
             QStringLiteral("one value of at most %1 characters").arg(text_length_max));
        return nullptr;
    }
    return found;
}

const YamlNode *Section::takeList(const QString &key) {
    const YamlNode *found = take(key);
    if (found && found->kind != YamlNode::Kind::List) {
        flaw(key, u"is no list"_qs, u"a list: [a, b]"_qs);
        return nullptr;
    }
    return found;
}

template <class Value, class Parse>
void Section::quantity(const QString &key, Value &value, Parse parse) {
    const YamlNode *found = takeScalar(key);
    if (!found) {
        return;
    }
    if (const auto parsed = parse(found->text); parsed) {
        value = *parsed;
    } else {
        flaw(key, u"is "_qs + parsed.error().what, parsed.error().remedy);
    }
}

template <class Value, class Parse>
void Section::quantities(const QString &key, std::vector<Value> &values, Parse parse) {
    const YamlNode *list = takeList(key);
    if (!list) {
        return;
    }
    values.clear();
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const YamlNode &item = list->items[i];
        const QString field = QStringLiteral("%1[%2]").arg(fieldOf(key)).arg(i);
        if (!isScalar(item)) {
            flaws_.push_back(flawOf(item, field, u"is no single value"_qs, u"one value"_qs));
        } else if (const auto parsed = parse(item.text); parsed) {
            values.push_back(*parsed);
        } else {
            flaws_.push_back(
                flawOf(item, field, u"is "_qs + parsed.error().what, parsed.error().remedy));
        }
    }
}

void Section::text(const QString &key, std::string &value) {
    if (const YamlNode *found = takeScalar(key); found) {
        value = found->text.toStdString();
    }
}

void Section::texts(const QString &key, std::vector<std::string> &values) {
    quantities(key, values, [](const QString &text) -> Result<std::string> {
        if (text.size() > text_length_max) {
            return fail(ErrorCode::Invalid, u"too long"_qs, {},
                        QStringLiteral("at most %1 characters").arg(text_length_max));
        }
        return text.toStdString();
    });
}

void Section::boolean(const QString &key, bool &value) {
    const YamlNode *found = takeScalar(key);
    if (!found) {
        return;
    }
    if (found->quoted || (found->text != u"true" && found->text != u"false")) {
        flaw(key, QStringLiteral("is \"%1\"").arg(found->text.left(40)), u"true or false"_qs);
        return;
    }
    value = found->text == u"true";
}

void Section::count(const QString &key, std::uint32_t &value) {
    quantity(key, value, countUpTo<std::uint32_t>);
}
void Section::count(const QString &key, std::uint64_t &value) {
    quantity(key, value, countUpTo<std::uint64_t>);
}
void Section::count(const QString &key, std::int64_t &value) {
    quantity(key, value, countUpTo<std::int64_t>);
}
void Section::number(const QString &key, double &value) {
    quantity(key, value, numberFromText);
}
void Section::numbers(const QString &key, std::vector<double> &values) {
    quantities(key, values, numberFromText);
}
void Section::duration(const QString &key, kernel::Millis &value) {
    quantity(key, value, durationFromText);
}
void Section::weight(const QString &key, kernel::Weight &value) {
    quantity(key, value, weightFromText);
}
void Section::weights(const QString &key, std::vector<kernel::Weight> &values) {
    quantities(key, values, weightFromText);
}
void Section::share(const QString &key, kernel::Ppm &value) {
    quantity(key, value, shareFromText);
}
void Section::times(const QString &key, std::uint32_t &percent) {
    quantity(key, percent, timesFromText);
}

qsizetype Section::wordAt(const QString &key, const QStringList &names) {
    const YamlNode *found = takeScalar(key);
    if (!found) {
        return -1;
    }
    const auto same = [](QString name) { return name.replace(u'_', u'-'); };
    for (qsizetype i = 0; i < names.size(); ++i) {
        if (same(names[i]) == same(found->text)) {
            return i;
        }
    }
    const QString nearest = nearestOf(found->text, names);
    flaw(key,
         QStringLiteral("is \"%1\"").arg(found->text.left(40)) +
             (nearest.isEmpty() ? QString() : QStringLiteral("; is \"%1\" meant?").arg(nearest)),
         names.join(u", "));
    return -1;
}

void Section::finish() {
    for (std::size_t i = 0; i < node_.items.size(); ++i) {
        const QString &key = node_.keys[static_cast<qsizetype>(i)];
        if (known_.contains(key)) {
            continue;
        }
        const QString nearest = nearestOf(key, known_);
        flaw(key,
             nearest.isEmpty() ? u"is unknown"_qs
                               : QStringLiteral("is unknown; is \"%1\" meant?").arg(nearest),
             known_.join(u", "));
    }
}

// The optimal string alignment distance: letters left out, added, changed, or swapped with the
// next; at most a third of the name may differ.
QString nearestOf(const QString &name, const QStringList &known) {
    constexpr qsizetype length_max = 64;
    QString best;
    qsizetype best_distance = std::max<qsizetype>(1, name.size() / 3) + 1;
    if (name.size() > length_max) {
        return {};
    }
    for (const QString &other : known) {
        const auto columns = static_cast<std::size_t>(other.size()) + 1;
        std::vector<qsizetype> before(columns);
        std::vector<qsizetype> last(columns);
        std::vector<qsizetype> row(columns);
        std::iota(row.begin(), row.end(), 0);
        for (qsizetype i = 1; i <= name.size(); ++i) {
            before = std::exchange(last, row);
            row[0] = i;
            for (std::size_t j = 1; j < columns; ++j) {
                const auto at = static_cast<qsizetype>(j);
                const bool same = name[i - 1] == other[at - 1];
                row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
                const bool swapped =
                    i > 1 && j > 1 && name[i - 1] == other[at - 2] && name[i - 2] == other[at - 1];
                if (swapped) {
                    row[j] = std::min(row[j], before[j - 2] + 1);
                }
            }
        }
        if (row.back() < best_distance) {
            best_distance = row.back();
            best = other;
        }
    }
    return best;
}

Flaw flawAt(const YamlNode &root, const QString &field, const QString &what,
            const QString &allowed) {
    return flawOf(nodeAt(root, field), field, what, allowed);
}

Flaw flawOfDocument(const Error &error) {
    const QStringList place = error.where.split(u':');
    Flaw flaw;
    flaw.message = error.what;
    flaw.allowed = error.remedy;
    flaw.line = place.size() == 2 ? place[0].toInt() : 0;
    flaw.column = place.size() == 2 ? place[1].toInt() : 0;
    return flaw;
}

} // namespace aviary::plans
