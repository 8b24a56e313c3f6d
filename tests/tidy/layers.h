// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QSet>
#include <QString>
#include <QStringList>

namespace aviary::tidy {

// The table of allowed arrows, as CMake wrote it from the aviary_module() lines: "folder: uses...".
class Layers {
public:
    static Layers fromText(const QString &text);

    // The module that a file belongs to: the longest folder of the table above it. Empty when none.
    QString moduleOf(const QString &path) const;
    // Whether a file of `from` may include a file of `to`: the same module, or one that its line
    // names, or that those lines name.
    bool allows(const QString &from, const QString &to) const;
    // Modules that reach themselves: arrows point down only, so there must be none.
    QStringList circles() const;
    bool isEmpty() const { return reach_.isEmpty(); }

private:
    QMap<QString, QSet<QString>> reach_; // closed over the arrows
};

} // namespace aviary::tidy
