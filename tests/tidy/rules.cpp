// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/tidy/rules.h"

#include <QRegularExpression>

namespace aviary::tidy {

namespace {

constexpr int file_lines_max = 500;
constexpr int line_columns_max = 100;

using Pattern = QRegularExpression;

// One finding for each of `lines` that the pattern matches.
Findings matching(const Source &source, const QStringList &lines, const Pattern &pattern,
                  const QString &text) {
    Findings findings;
    for (int i = 0; i < lines.size(); ++i) {
        if (const auto match = pattern.match(lines[i]); match.hasMatch()) {
            findings.append({source.path, i + 1, text + u": " + match.captured().trimmed()});
        }
    }
    return findings;
}

bool isScript(const Source &source) {
    static const Pattern script(QStringLiteral(R"((^|/)CMakeLists\.txt$|\.cmake$|\.sh$)"));
    return script.match(source.path).hasMatch() ||
           (!source.lines.isEmpty() && source.lines.first().startsWith(u"#!"));
}

bool inProduct(const Source &source) {
    return source.isCpp() && (source.under(u"core") || source.under(u"ui") || source.under(u"app"));
}

} // namespace

QString toText(const Findings &findings) {
    QStringList lines;
    for (const Finding &finding : findings) {
        lines += QStringLiteral("%1:%2: %3").arg(finding.path).arg(finding.line).arg(finding.text);
    }
    return lines.join(u'\n');
}

const QList<NamedRule> &fileRules() {
    static const QList<NamedRule> rules{
        {"licence", licence},
        {"fileLength", fileLength},
        {"lineLength", lineLength},
        {"functionLength", functionLength},
        {"fileName", fileName},
        {"unfinishedWords", unfinishedWords},
        {"typeNames", typeNames},
        {"coroutines", coroutines},
        {"sleeps", sleeps},
        {"nestedLoops", nestedLoops},
        {"singletons", singletons},
        {"errorPointers", errorPointers},
        {"rangeViews", rangeViews},
        {"deadCode", deadCode},
        {"kernelHeaders", kernelHeaders},
        {"kernelThrow", kernelThrow},
        {"workplacePath", workplacePath},
    };
    return rules;
}

Findings licence(const Source &source) {
    const QString line = QStringLiteral("SPDX-License-Identifier: GPL-3.0-or-later");
    if (source.isCpp() && source.lines.value(0) != u"// " + line) {
        return {{source.path, 1, u"the first line must be \"// " + line + u"\""}};
    }
    if (isScript(source) && !source.lines.mid(0, 2).contains(u"# " + line)) {
        return {{source.path, 1, u"one of the first two lines must be \"# " + line + u"\""}};
    }
    return {};
}

Findings fileLength(const Source &source) {
    if (!source.isCpp() || source.lines.size() <= file_lines_max) {
        return {};
    }
    return {{source.path, file_lines_max + 1,
             QStringLiteral("%1 lines; split the file: %2 is the limit")
                 .arg(source.lines.size())
                 .arg(file_lines_max)}};
}

Findings lineLength(const Source &source) {
    Findings findings;
    for (int i = 0; source.isCpp() && i < source.lines.size(); ++i) {
        // Text inside of a raw literal belongs to another language, which may not break lines.
        const bool foreign =
            source.code[i].trimmed().isEmpty() && source.spoken[i].trimmed().isEmpty();
        if (source.lines[i].size() > line_columns_max && !foreign) {
            findings.append(
                {source.path, i + 1, QStringLiteral("%1 columns").arg(source.lines[i].size())});
        }
    }
    return findings;
}

Findings fileName(const Source &source) {
    static const Pattern good(QStringLiteral(R"((^|/)(test_|bench_|fuzz_)?[a-z0-9]+\.(h|cpp)$)"));
    static const Pattern test(QStringLiteral(R"(^tests/.*/[a-z0-9_]+\.(h|cpp)$)"));
    if (!source.isCpp() || good.match(source.path).hasMatch() ||
        test.match(source.path).hasMatch()) {
        return {};
    }
    return {{source.path, 1, QStringLiteral("name it like its class, in lower case letters only")}};
}

Findings unfinishedWords(const Source &source) {
    // The groups keep the pattern from matching itself.
    static const Pattern words(
        QStringLiteral(R"(\bTO(?:DO)\b|\bFIX(?:ME)\b|\bXX(?:X)\b|\b(?i:for\s(?:now))\b|)"
                       R"(\b(?i:stu(?:b)(?:s|bed)?)\b|(?i:\bnot\s+(?:yet\s+)?implemen(?:ted))\b)"));
    return source.isCpp() || isScript(source)
               ? matching(source, source.lines, words, QStringLiteral("unfinished"))
               : Findings{};
}

Findings typeNames(const Source &source) {
    static const Pattern vague(
        QStringLiteral(R"(\b(?:class|struct|union|enum(?:\s+class)?|using|concept)\s+(?!Q[A-Z])\w*)"
                       R"((?:Manager|Helper|Utils?|Handler|Info|Data)\b)"));
    return matching(source, source.code, vague, QStringLiteral("use a word of the domain"));
}

Findings coroutines(const Source &source) {
    static const Pattern words(QStringLiteral(R"(\bco_(await|yield|return)\b|<coroutine>)"));
    return matching(source, source.code, words, QStringLiteral("no coroutines on g++ 12"));
}

Findings sleeps(const Source &source) {
    static const Pattern words(
        QStringLiteral(R"(\b(QThread::[mu]?sleep|QTest::qSleep|QTest::qWait|sleep_for|)"
                       R"(sleep_until|usleep|nanosleep)\s*\()"));
    return matching(source, source.code, words, QStringLiteral("wait for the event instead"));
}

Findings nestedLoops(const Source &source) {
    static const Pattern everywhere(QStringLiteral(R"(\bQEventLoop\s+\w+|\bprocessEvents\s*\()"));
    static const Pattern in_ui(
        QStringLiteral(R"(\bQEventLoop\s+\w+|\bprocessEvents\s*\(|)"
                       R"((\.|->)exec\s*\(|\bwaitFor(Finished|Started|)"
                       R"(ReadyRead|Connected|Disconnected|BytesWritten)\()"));
    if (!inProduct(source)) {
        return {};
    }
    return matching(source, source.code, source.under(u"ui") ? in_ui : everywhere,
                    QStringLiteral("a nested event loop"));
}

Findings singletons(const Source &source) {
    static const Pattern words(
        QStringLiteral(R"(\bstatic\s+[\w:]+\s*[&*]\s*(instance|self|theInstance|get)\s*\(\s*\))"));
    return inProduct(source)
               ? matching(source, source.code, words, QStringLiteral("pass the object instead"))
               : Findings{};
}

Findings errorPointers(const Source &source) {
    static const Pattern words(
        QStringLiteral(R"(\b(QString|std::string)\s*\*\s*(error|err|errorText|errorString)\b)"));
    return matching(source, source.code, words, QStringLiteral("return a Result<T>"));
}

Findings rangeViews(const Source &source) {
    static const Pattern words(QStringLiteral(R"(\bviews::\w+)"));
    return matching(source, source.code, words, QStringLiteral("clang 14 does not compile it"));
}

Findings deadCode(const Source &source) {
    static const Pattern hidden(QStringLiteral(R"(^\s*#\s*if\s+(0|false)\b)"));
    // Statements that stand in a comment: a call, an assignment or a return that ends in ';', the
    // head of a block, an include.
    static const Pattern comment(QStringLiteral(
        R"(^\s*(//|\*)\s*([\w:.>\-]+\([^()]*(\([^()]*\))?[^()]*\);|)"
        R"([\w:<>]+(\s*[*&])?\s+\w+\s*=\s*[^;]+;|[\w.>\-]+\s*[-+*/|&]?=\s*[^;=]+;|)"
        R"(return\b[^;,]*;|(if|for|while|switch)\s*\(.*\)\s*\{|#\s*include\b.*)\s*$)"));
    return matching(source, source.code, hidden, QStringLiteral("delete it")) +
           matching(source, source.spoken, comment, QStringLiteral("commented-out code"));
}

Findings kernelHeaders(const Source &source) {
    static const Pattern foreign(QStringLiteral(
        R"(^\s*#\s*include\s*<([^>]*[A-Z./][^>]*|chrono|ctime|random|thread|mutex|shared_mutex|)"
        R"(condition_variable|future|semaphore|iostream|fstream|filesystem|cstdio|csignal|locale|)"
        R"(unordered_map|unordered_set|coroutine)>)"));
    return source.under(u"core/kernel")
               ? matching(source, source.lines, foreign, QStringLiteral("not in the kernel"))
               : Findings{};
}

Findings kernelThrow(const Source &source) {
    static const Pattern words(QStringLiteral(R"(\bthrow\b)"));
    return source.under(u"core/kernel")
               ? matching(source, source.code, words, QStringLiteral("no exceptions in the kernel"))
               : Findings{};
}

Findings workplacePath(const Source &source) {
    static const Pattern path(QStringLiteral(R"((^|[^\w.])/wor[k]/|\.\./share[d]/)"));
    return matching(source, source.lines, path, QStringLiteral("a path of one machine"));
}

Findings includes(const QList<Source> &tree, const Layers &layers) {
    QSet<QString> paths;
    for (const Source &source : tree) {
        paths.insert(source.path);
    }
    Findings findings;
    for (const Source &source : tree) {
        const bool free = source.under(u"app") || source.under(u"tests");
        const QString from = layers.moduleOf(source.path);
        if (inProduct(source) && !free && from.isEmpty()) {
            findings.append({source.path, 1, QStringLiteral("its folder is not in the table")});
        }
        for (const Include &include : source.isCpp() ? quotedIncludes(source) : QList<Include>{}) {
            const QString to = layers.moduleOf(include.target);
            if (include.target.endsWith(u".moc") && !include.target.contains(u'/')) {
                continue; // made by moc
            }
            if (!paths.contains(include.target)) {
                findings.append({source.path, include.line,
                                 u"not a file from the project root: " + include.target});
            } else if (!free && (to.isEmpty() || !layers.allows(from, to))) {
                findings.append(
                    {source.path, include.line, from + u" may not include " + include.target});
            }
        }
    }
    return findings;
}

Findings deadHeaders(const QList<Source> &tree) {
    QSet<QString> included;
    for (const Source &source : tree) {
        const QString own = source.path.section(u'.', 0, 0) + u".h";
        for (const Include &include : source.isCpp() ? quotedIncludes(source) : QList<Include>{}) {
            if (include.target != own) {
                included.insert(include.target);
            }
        }
    }
    Findings findings;
    for (const Source &source : tree) {
        // One that holds only words, such as the verbs of the protocol, declares nothing to
        // include.
        const bool declares =
            std::any_of(source.code.cbegin(), source.code.cend(), [](const QString &line) {
                return !line.trimmed().isEmpty() && !line.trimmed().startsWith(u'#');
            });
        if (source.isHeader() && declares && !included.contains(source.path)) {
            findings.append({source.path, 1, QStringLiteral("nobody includes this header")});
        }
    }
    return findings;
}

} // namespace aviary::tidy
