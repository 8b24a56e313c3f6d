// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace aviary::tidy {

// One text file of the tree, as the rules read it. Line numbers start at 1 in every report.
struct Source {
    QString path;      // from the project root: "core/kernel/basics.h"
    QStringList lines; // as written
    QStringList code; // the same lines with comments, and the insides of literals, turned to spaces
    QStringList spoken; // the same lines with only the comments left

    bool isCpp() const { return path.endsWith(u".cpp") || path.endsWith(u".h"); }
    bool isHeader() const { return path.endsWith(u".h"); }
    bool under(QStringView folder) const;
};

// Splits comments and literals from code. Knows //, /* */, "..." with escapes, '...', 1'000 and
// R"x(...)x". It is a scanner, not a compiler: good enough to read text that compiles.
Source readText(const QString &path, const QString &text);

// Every text file below `root` that belongs to the project: not build folders, not .git, not
// files over 4 MB or with a zero byte in their first 4,096.
QList<Source> readTree(const QString &root);

// An #include line with quotes.
struct Include {
    QString target;
    int line = 0;
};
QList<Include> quotedIncludes(const Source &source);

} // namespace aviary::tidy
