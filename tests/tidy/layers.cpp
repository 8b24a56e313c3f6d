// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tidy/layers.h"

#include <QStringList>

namespace aviary::tidy {

Layers Layers::fromText(const QString &text) {
    Layers layers;
    // A line may only name folders of earlier lines (CMake links them), so one pass closes it.
    for (const QString &line : text.split(u'\n', Qt::SkipEmptyParts)) {
        const qsizetype colon = line.indexOf(u':');
        QSet<QString> reach;
        for (const QString &use : line.mid(colon + 1).split(u' ', Qt::SkipEmptyParts)) {
            reach.insert(use);
            reach.unite(layers.reach_.value(use));
        }
        layers.reach_.insert(line.left(colon), reach);
    }
    return layers;
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
