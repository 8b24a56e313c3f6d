// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tidy/rules.h"

#include <QRegularExpression>

namespace aviary::tidy {

namespace {

constexpr int function_lines_max = 70;

enum class Scope { Open, Function, Inside }; // namespace or type; a function; whatever is in one

struct Block {
    Scope scope = Scope::Open;
    int line = 0;
    QString head; // what stood before its brace
};

// What a brace opens follows from the text since the last statement ended: in a namespace or a
// type, a head with parentheses starts a function, unless it ends as a namespace or a type does.
Scope scopeOf(const QString &head, Scope around) {
    static const QRegularExpression open(
        QStringLiteral(R"(\b(namespace|class|struct|union|enum|extern)\b[^()]*$)"));
    if (around != Scope::Open) {
        return Scope::Inside;
    }
    // The rows of a data-driven test are a table, not a function that somebody follows.
    static const QRegularExpression rows(QStringLiteral(R"(\w+_data\(\)\s*$)"));
    return head.contains(u'(') && !rows.match(head).hasMatch() && !open.match(head).hasMatch()
               ? Scope::Function
               : Scope::Open;
}

} // namespace

Findings functionLength(const Source &source) {
    static const QRegularExpression goes_on(QStringLiteral(R"(^\s*[,{])"));
    Findings findings;
    QList<Block> blocks;
    QString head;
    for (int i = 0; i < source.code.size(); ++i) {
        const QString &line = source.code[i];
        if (line.trimmed().startsWith(u'#')) {
            continue;
        }
        for (int at = 0; at < line.size(); ++at) {
            const QChar c = line[at];
            if (c == u'{') {
                const Scope around = blocks.isEmpty() ? Scope::Open : blocks.last().scope;
                blocks.append({scopeOf(head, around), i + 1, head});
                head.clear();
            } else if (c == u'}' && !blocks.isEmpty()) {
                const Block block = blocks.takeLast();
                const int length = i + 1 - block.line + 1;
                if (block.scope == Scope::Function && length > function_lines_max) {
                    findings.append({source.path, block.line,
                                     QStringLiteral("a function of %1 lines; %2 is the limit")
                                         .arg(length)
                                         .arg(function_lines_max)});
                }
                // `: a_{1}, b_{2} {`: the braces of an initialiser are still the head.
                const QString rest = line.mid(at + 1) + u' ' + source.code.value(i + 1);
                head = goes_on.match(rest).hasMatch() ? block.head : QString();
            } else if (c == u';') {
                head.clear();
            } else {
                head += c;
            }
        }
        head += u' ';
    }
    return findings;
}

} // namespace aviary::tidy
