// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/filtercompletion.h"

#include "core/api/filter.h"
#include "core/api/words.h"
#include "core/support/words.h"

#include <QCoreApplication>

#include <algorithm>

namespace aviary {
namespace {

using Candidate = FilterCompletion::Candidate;
using Counts = std::map<QString, quint32>;

constexpr int word_max = 120;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(aviary::FilterCompletion)
};

QString noteOf(const QString &key) {
    const std::map<QString, QString> notes{
        {QStringLiteral("id"), Words::tr("of the node")},
        {QStringLiteral("name"), Words::tr("of the node")},
        {QStringLiteral("address"), Words::tr("of the node")},
        {QStringLiteral("site"), Words::tr("where it stands")},
        {QStringLiteral("status"), Words::tr("online, degraded, offline")},
        {QStringLiteral("health"), Words::tr("healthy or what is wrong")},
        {QStringLiteral("flag"), Words::tr("draining, maintenance, excluded")},
        {QStringLiteral("behind"), Words::tr("revisions behind: >0")},
        {QStringLiteral("instances"), Words::tr("how many run: <=2")},
        {QStringLiteral("cpu"), Words::tr("percent in use: >80")},
        {QStringLiteral("memory"), Words::tr("percent in use: >80")},
        {QStringLiteral("disk"), Words::tr("percent in use: >80")},
        {QStringLiteral("service"), Words::tr("that runs there")},
        {QStringLiteral("revision"), Words::tr("of a service")},
        {QStringLiteral("ready"), Words::tr("of a service: yes, no")},
    };
    const auto found = notes.find(key);
    return found == notes.end() ? Words::tr("a label") : found->second;
}

// As the language reads it back: in quotes where a sign in it has a meaning.
QString quoted(const QString &value) {
    const bool plain = !value.isEmpty() && std::ranges::none_of(value, [](QChar c) {
        return c.isSpace() || QStringLiteral(",\"*?!:<>\\").contains(c);
    });
    if (plain) {
        return value;
    }
    QString escaped = value;
    escaped.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\""));
    return u'"' + escaped + u'"';
}

Counts countLabels(const FleetStore &store, const QString &key) {
    Counts counts;
    const auto &sets = store.labelSets();
    for (quint32 set = 0; set < sets.end(); ++set) {
        for (const auto &[one, value] : sets[set]) {
            if (key.isNull()) {
                counts[QStringLiteral("label.") + store.words()[one]] += sets.uses(set);
            } else if (store.words()[one] == key) {
                counts[store.words()[value]] += sets.uses(set);
            }
        }
    }
    return counts;
}

Counts countServices(const FleetStore &store, const QString &key) {
    Counts counts;
    const auto &sets = store.serviceSets();
    for (quint32 set = 0; set < sets.end(); ++set) {
        for (const FleetStore::Service &one : sets[set]) {
            if (key == u"service") {
                counts[store.words()[one.service]] += sets.uses(set);
            } else if (key == u"revision") {
                counts[store.words()[one.revision]] += sets.uses(set);
            } else {
                counts[one.ready ? QStringLiteral("yes") : QStringLiteral("no")] += sets.uses(set);
            }
        }
    }
    return counts;
}

void countFlags(Counts &counts, kernel::NodeFlags flags) {
    counts[QStringLiteral("draining")] += flags.draining;
    counts[QStringLiteral("maintenance")] += flags.maintenance;
    counts[QStringLiteral("excluded")] += flags.excluded;
}

// The values that a key has in this fleet.
Counts countValues(const FleetStore &store, const QString &key) {
    if (key.startsWith(QStringLiteral("label."))) {
        return countLabels(store, key.mid(6));
    }
    if (key == u"service" || key == u"revision" || key == u"ready") {
        return countServices(store, key);
    }
    Counts counts;
    if (key == u"site") {
        for (const auto &[site, nodes] : store.sites()) {
            counts[site] = nodes.nodes;
        }
        return counts;
    }
    for (const QString &word : api::Filter::values(key)) {
        counts[word] = 0;
    }
    if (counts.empty()) {
        return counts; // a text of its own for each node, or a number
    }
    for (NodeIndex node = 0; node < store.end(); ++node) {
        if (!store.has(node)) {
            continue;
        }
        if (key == u"flag") {
            countFlags(counts, store.flags(node));
        } else if (key == u"status") {
            ++counts[api::wordOf(store.status(node))];
        } else {
            ++counts[store.words()[store.healthWord(node)]];
        }
    }
    return counts;
}

// Where the term begins that the cursor is in.
int termStart(const QString &text, int cursor) {
    int start = 0;
    bool in_quotes = false;
    for (int i = 0; i < cursor; ++i) {
        if (text[i] == u'"') {
            in_quotes = !in_quotes;
        } else if (text[i].isSpace() && !in_quotes) {
            start = i + 1;
        }
    }
    return start;
}

std::vector<Candidate> keysFor(const FleetStore &store, const QString &typed) {
    std::vector<Candidate> found;
    QStringList keys = api::Filter::keys();
    for (const auto &[key, nodes] : countLabels(store, {})) {
        keys.append(boundedText(key, word_max));
    }
    for (const QString &key : keys) {
        if (key.startsWith(typed, Qt::CaseInsensitive)) {
            found.push_back({key + u':', noteOf(key)});
        }
    }
    return found;
}

std::vector<Candidate> valuesFor(const FleetStore &store, const QString &key,
                                 const QString &typed) {
    std::vector<std::pair<quint32, QString>> fitting;
    for (const auto &[value, nodes] : countValues(store, key)) {
        // What a line cannot show whole is not offered: it would not be what is
        // searched for.
        if (value.contains(typed, Qt::CaseInsensitive) && boundedText(value, word_max) == value) {
            fitting.emplace_back(nodes, value);
        }
    }
    std::ranges::stable_sort(fitting, std::greater(), [](const auto &one) { return one.first; });
    std::vector<Candidate> found;
    for (const auto &[nodes, value] : fitting) {
        found.push_back({quoted(value), nodesText(nodes)});
    }
    return found;
}

} // namespace

FilterCompletion completeFilter(const FleetStore &store, const QString &text, int cursor) {
    cursor = std::clamp(cursor, 0, static_cast<int>(text.size()));
    FilterCompletion completion;
    completion.from = termStart(text, cursor);
    const QString term = text.mid(completion.from, cursor - completion.from);
    const auto colon = term.indexOf(u':');
    if (colon < 0 || term.startsWith(u'"')) {
        completion.candidates =
            term.startsWith(u'"') ? std::vector<Candidate>() : keysFor(store, term);
    } else {
        const QString key = term.left(colon);
        const auto last = std::max({colon, term.lastIndexOf(u','), term.lastIndexOf(u'!')});
        completion.from += static_cast<int>(last) + 1;
        QString typed = term.mid(last + 1);
        typed.remove(u'"');
        const bool label = key.startsWith(QStringLiteral("label."), Qt::CaseInsensitive);
        completion.candidates = valuesFor(store, label ? key : key.toLower(), typed);
    }
    completion.length = cursor - completion.from;
    if (completion.candidates.size() > FilterCompletion::candidates_max) {
        completion.candidates.resize(FilterCompletion::candidates_max);
    }
    return completion;
}

std::vector<std::pair<int, int>> filterKeys(const QString &text) {
    std::vector<std::pair<int, int>> keys;
    int start = 0;
    bool in_quotes = false, in_value = false;
    for (int i = 0; i < text.size(); ++i) {
        if (text[i] == u'"') {
            in_quotes = !in_quotes;
            in_value = true;
        } else if (in_quotes) {
            continue;
        } else if (text[i].isSpace()) {
            start = i + 1;
            in_value = false;
        } else if (text[i] == u':' && !in_value) {
            keys.emplace_back(start, i + 1 - start);
            in_value = true;
        }
    }
    return keys;
}

std::optional<int> filterErrorPlace(const Error &error) {
    bool is_number = false;
    const int character = error.where.section(u' ', 1).toInt(&is_number);
    return is_number && character > 0 ? std::optional(character - 1) : std::nullopt;
}

} // namespace aviary
