// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palettemodel.h"

#include "core/support/words.h"
#include "ui/theme/actionbutton.h"

#include <QCoreApplication>
#include <QKeySequence>

#include <algorithm>

namespace aviary {
namespace {

constexpr int starts_title = 8;
constexpr int starts_word = 6;
constexpr int inside_word = 3;
constexpr int letters_only = 1;

bool beginsWord(const QString &title, qsizetype at) {
    return at == 0 || !title[at - 1].isLetterOrNumber();
}

// Each letter either goes on where the one before stood or begins another word: "pcw" and "pauchw"
// find "pause checkout worker".
bool lettersInOrder(const QString &word, const QString &title) {
    qsizetype from = 0;
    for (qsizetype i = 0; i < word.size(); ++i) {
        qsizetype at = title.indexOf(word[i], from);
        const bool goes_on = i > 0 && at == from;
        while (!goes_on && at >= 0 && !beginsWord(title, at)) {
            at = title.indexOf(word[i], at + 1);
        }
        if (at < 0) {
            return false;
        }
        from = at + 1;
    }
    return true;
}

int wordScore(const QString &word, const QString &title, bool letters) {
    const qsizetype at = title.indexOf(word);
    if (at == 0) {
        return starts_title;
    }
    if (at > 0) {
        // Any beginning of a word counts, not just the first place found.
        for (qsizetype i = at; i >= 0; i = title.indexOf(word, i + 1)) {
            if (beginsWord(title, i)) {
                return starts_word;
            }
        }
        return inside_word;
    }
    return letters && word.size() > 1 && lettersInOrder(word, title) ? letters_only : 0;
}

} // namespace

int paletteScore(const QString &query, const QString &title, bool letters) {
    const QString folded = title.toCaseFolded();
    const QStringList words = query.toCaseFolded().split(u' ', Qt::SkipEmptyParts);
    int score = 1;
    for (const QString &word : words) {
        const int found = wordScore(word, folded, letters);
        if (found == 0) {
            return 0;
        }
        score += found;
    }
    return score;
}

void PaletteModel::setSource(const ActionContext &present, const std::vector<ActionContext> &others,
                             const std::vector<PalettePlace> &places) {
    beginResetModel();
    all_.clear();
    for (const ActionLine &line : actionLines()) {
        add(line, present);
        for (const ActionContext &other : others) {
            if (line.about == About::Rollout && other.rollout != present.rollout) {
                add(line, other);
            }
        }
    }
    for (const PalettePlace &place : places) {
        PaletteEntry entry;
        entry.title = boundedText(place.title, 80);
        entry.effect = boundedText(place.note, 120);
        entry.link = place.link;
        entry.icon = place.icon;
        all_.push_back(std::move(entry));
    }
    find();
    endResetModel();
}

void PaletteModel::add(const ActionLine &line, const ActionContext &context) {
    PaletteEntry entry;
    entry.action = QString::fromLatin1(line.id);
    entry.title = actionText(line, context);
    entry.command = actionCommand(line, context);
    entry.keys = keysText(QKeySequence(QString::fromLatin1(line.keys)));
    entry.icon = QString::fromLatin1(line.icon);
    entry.context = context;
    const QString refusal = actionRefusal(line, context);
    entry.enabled = refusal.isEmpty();
    if (!entry.enabled) {
        entry.effect = tr("off: %1").arg(refusal);
    } else if (*line.effect != '\0') {
        entry.effect = QCoreApplication::translate("aviary::actions", line.effect);
        if (line.about != About::Window && !context.cluster_name.isEmpty()) {
            entry.effect =
                boundedText(context.cluster_name, 40) + QStringLiteral(", ") + entry.effect;
        }
    }
    all_.push_back(std::move(entry));
}

void PaletteModel::setQuery(const QString &query) {
    beginResetModel();
    query_ = boundedText(query);
    find();
    endResetModel();
}

void PaletteModel::find() {
    struct Found {
        const PaletteEntry *entry;
        int score;
    };
    std::vector<Found> found;
    for (const PaletteEntry &entry : all_) {
        const int title = paletteScore(query_, entry.title);
        const int score = title > 0 ? 2 * title : paletteScore(query_, entry.command, false);
        // Without a word to look for, what cannot be done now only stands in the way.
        if (score > 0 && (entry.enabled || !query_.isEmpty())) {
            found.push_back({&entry, score});
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Found &a, const Found &b) {
        return a.entry->enabled != b.entry->enabled ? a.entry->enabled : a.score > b.score;
    });
    shown_.clear();
    for (const Found &one : found) {
        if (shown_.size() < entries_max) {
            shown_.push_back(one.entry);
        }
    }
}

int PaletteModel::rowCount(const QModelIndex &parent) const {
    return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

QVariant PaletteModel::data(const QModelIndex &index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const PaletteEntry &entry = this->entry(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return entry.title;
    case Qt::AccessibleTextRole:
        return entry.effect.isEmpty() ? entry.title
                                      : entry.title + QStringLiteral(", ") + entry.effect;
    case EffectRole:
        return entry.effect;
    case CommandRole:
        return entry.command;
    case KeysRole:
        return entry.keys;
    case IconRole:
        return entry.icon;
    case EnabledRole:
        return entry.enabled;
    default:
        return {};
    }
}

Qt::ItemFlags PaletteModel::flags(const QModelIndex &index) const {
    // Entries that are off can still be pointed at: they say why.
    return index.isValid() ? Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemNeverHasChildren
                           : Qt::NoItemFlags;
}

} // namespace aviary
