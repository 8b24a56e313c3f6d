// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tidy/rules.h"

#include <QRegularExpression>

namespace aviary::tidy {

namespace {

// The last word of an nm line is the symbol; demangled names may hold spaces, so it is what follows
// the one-letter kind.
QString symbolOf(const QString &line) {
    static const QRegularExpression nm(QStringLiteral(R"(^[0-9a-f]*\s*[A-Za-z]\s(.+)$)"));
    return nm.match(line).captured(1).trimmed();
}

// Run time of the language, memory, strings, the sanitizers, and what libm computes exactly.
bool isRuntime(const QString &symbol) {
    static const QRegularExpression allowed(QStringLiteral(
        R"(^(.*\bstd::|.*\b__gnu_cxx::|.*\b__cxxabiv1::|operator (new|delete)|)"
        R"((vtable|typeinfo|VTT)\b|)"
        R"(__cxa_|__gxx_|_Unwind_|__stack_chk|__(a|ub|t|san)\w*san_|__sanitizer|__gcov|(__)?llvm_|)"
        R"(__(u?div|u?mod|mul|float|fix)\w*ti|__(popcount|clz|ctz)[ds]i2|)"
        R"(__dso_handle|_GLOBAL_OFFSET_TABLE_|abort$|)"
        R"(__assert_fail|__glibcxx_assert|_ITM_|__tls_|(mem|str)\w+$|bcmp$|__(mem|str)\w+_chk$|)"
        R"((sqrt|floor|ceil|trunc|round|rint|nearbyint|fabs|ldexp|frexp)f?$))"));
    return allowed.match(symbol).hasMatch();
}

// Parts of the standard library that reach the clock, chance, threads, files or a shared log.
bool isWorld(const QString &symbol) {
    static const QRegularExpression forbidden(QStringLiteral(
        R"(std::(\w+::)*(chrono::|random_device|thread|this_thread|mutex|condition_variable|)"
        R"(basic_\w*stream|basic_filebuf|filesystem|locale|cout|cerr|clog|cin)|strftime|strtod|)"
        R"(\b(log|exp|pow)(1p|m1|2|10)?\(|std::ostream)"));
    return forbidden.match(symbol).hasMatch();
}

} // namespace

Findings kernelSymbols(const QString &undefined, const QString &own) {
    QSet<QString> mine;
    for (const QString &line : own.split(u'\n', Qt::SkipEmptyParts)) {
        mine.insert(symbolOf(line));
    }
    Findings findings;
    QString object;
    for (const QString &line : undefined.split(u'\n', Qt::SkipEmptyParts)) {
        const QString symbol = symbolOf(line);
        if (symbol.isEmpty()) {
            object = line.trimmed().chopped(1); // "judge.cpp.o:"
        } else if (!mine.contains(symbol) && (!isRuntime(symbol) || isWorld(symbol))) {
            findings.append({object, 0, u"the kernel may not need " + symbol});
        }
    }
    return findings;
}

} // namespace aviary::tidy
