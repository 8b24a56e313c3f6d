// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/units.h"
#include "core/plans/yaml.h"
#include "core/support/flaw.h"

#include <initializer_list>
#include <optional>
#include <string>

namespace aviary::plans {

// Reads one map of a YAML document strictly. Each member is asked for once; what is absent or null
// leaves the value as it is, and so does what is wrong, which becomes a flaw with its place.
// finish() makes flaws of the members that nobody asked for, with the nearest known name.
class Section {
public:
    // `field` is the map's own place, "strategy" or "judges[0]"; empty at the top.
    Section(const YamlNode &node, const QString &field, Flaws &flaws);

    bool has(const QString &key) const; // present and not null
    const YamlNode *take(const QString &key);
    QString fieldOf(const QString &key) const;

    void text(const QString &key, std::string &value);
    void texts(const QString &key, std::vector<std::string> &values);
    void boolean(const QString &key, bool &value);
    void count(const QString &key, std::uint32_t &value);
    void count(const QString &key, std::uint64_t &value);
    void count(const QString &key, std::int64_t &value);
    void number(const QString &key, double &value);
    void numbers(const QString &key, std::vector<double> &values);
    void duration(const QString &key, kernel::Millis &value);
    void weight(const QString &key, kernel::Weight &value);
    void weights(const QString &key, std::vector<kernel::Weight> &values);
    void share(const QString &key, kernel::Ppm &value);
    void times(const QString &key, std::uint32_t &percent);

    // One of `all`, by nameOf(); blue_green and blue-green are the same word, everywhere.
    template <class Enum>
    void word(const QString &key, Enum &value, std::initializer_list<Enum> all) {
        QStringList names;
        for (const Enum one : all) {
            const std::string_view name = nameOf(one);
            names.append(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
        }
        if (const qsizetype at = wordAt(key, names); at >= 0) {
            value = *(all.begin() + at);
        }
    }

    void flaw(const QString &key, const QString &what, const QString &allowed);
    void finish();

private:
    const YamlNode *takeScalar(const QString &key);
    const YamlNode *takeList(const QString &key);
    qsizetype wordAt(const QString &key, const QStringList &names);
    template <class Value, class Parse>
    void quantity(const QString &key, Value &value, Parse parse);
    template <class Value, class Parse>
    void quantities(const QString &key, std::vector<Value> &values, Parse parse);

    const YamlNode &node_;
    QString field_;
    Flaws &flaws_;
    QStringList known_;
};

// The known name that a mistyped one was meant to be; empty when none is near.
QString nearestOf(const QString &name, const QStringList &known);

// A flaw at a field, "strategy.stages[2]", with the line and column of the nearest node.
Flaw flawAt(const YamlNode &root, const QString &field, const QString &what,
            const QString &allowed);

// The flaw of a document that could not be read at all: its place is at the end of the error's,
// "12:3", as readYaml writes it.
Flaw flawOfDocument(const Error &error);

} // namespace aviary::plans
