// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/tidy/layers.h"
#include "tests/tidy/source.h"

namespace aviary::tidy {

// One breach of a rule, at a place.
struct Finding {
    QString path;
    int line = 1;
    QString text;
};
using Findings = QList<Finding>;

QString toText(const Findings &findings);

// Rules that need one file. Each answers nothing for files that it does not concern.
using FileRule = Findings (*)(const Source &);
struct NamedRule {
    const char *name;
    FileRule rule;
};
const QList<NamedRule> &fileRules();

Findings licence(const Source &source);         // the SPDX line comes first
Findings fileLength(const Source &source);      // 500 lines
Findings lineLength(const Source &source);      // 100 columns
Findings functionLength(const Source &source);  // 70 lines, from { to }
Findings fileName(const Source &source);        // lower case without separators
Findings unfinishedWords(const Source &source); // words that promise work instead of doing it
Findings typeNames(const Source &source);       // no Manager, Helper, Util, Handler, Info, Data
Findings coroutines(const Source &source);      // g++ 12 destroys their temporaries twice
Findings sleeps(const Source &source);          // an event is awaited, never a time
Findings nestedLoops(const Source &source);     // no event loop inside an event loop
Findings singletons(const Source &source);
Findings errorPointers(const Source &source); // Result<T>, not bool f(QString *error)
Findings rangeViews(const Source &source);    // clang 14 cannot read those of g++ 12
Findings deadCode(const Source &source);      // commented out, or under #if 0
Findings kernelHeaders(const Source &source); // standard, and neither clock, chance nor I/O
Findings kernelThrow(const Source &source);   // exceptions do not start in the kernel
Findings workplacePath(const Source &source); // nothing of the machine it was written on

// Rules that need the tree.
// Quoted includes are written from the root, exist, and follow the arrows of the table.
Findings includes(const QList<Source> &tree, const Layers &layers);
// Headers that nobody but their own .cpp includes.
Findings deadHeaders(const QList<Source> &tree);

// What `nm -C --undefined-only` of the kernel's library names beyond the language's run time.
// `own` are the symbols that the library itself defines.
Findings kernelSymbols(const QString &undefined, const QString &own);

} // namespace aviary::tidy
