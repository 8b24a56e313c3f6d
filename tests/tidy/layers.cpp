// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tidy/layers.h"

namespace aviary::tidy {

Layers Layers::fromText(const QString &text) {
    Layers layers;
    for (const QString &line : text.split(u'\n', Qt::SkipEmptyParts)) {
        const qsizetype colon = line.indexOf(u':');
        const QStringList uses = line.mid(colon + 1).split(u' ', Qt::SkipEmptyParts);
        layers.reach_.insert(line.left(colon), QSet<QString>(uses.begin(), uses.end()));
    }
    // A line may name folders of later lines, so it takes a few rounds.
    for (bool grew = true; grew;) {
        grew = false;
        for (QSet<QString> &reach : layers.reach_) {
            const qsizetype before = reach.size();
            for (const QString &use : QSet<QString>(reach)) {
                reach.unite(layers.reach_.value(use));
            }
            grew = grew || reach.size() > before;
        }
    }
    return layers;
}

QStringList Layers::circles() const {
    QStringList found;
    for (auto it = reach_.cbegin(); it != reach_.cend(); ++it) {
        if (it.value().contains(it.key())) {
            found.append(it.key());
        }
    }
    return found;
}

QString Layers::moduleOf(const QString &path) const {
    for (QString folder = path; folder.contains(u'/');) {
        folder = folder.section(u'/', 0, -2);
        if (reach_.contains(folder)) {
            return folder;
        }
    }
    return {};
}

bool Layers::allows(const QString &from, const QString &to) const {
    return from == to || reach_.value(from).contains(to);
}

} // namespace aviary::tidy
