// SPDX-License-Identifier: GPL-3.0-or-later
// Each rule of tests/tidy fires on a bad sample, and is quiet on a good one that looks like it.
#include "tests/tidy/rules.h"

#include <QTest>

using namespace aviary::tidy;

namespace {

const QString spdx = QStringLiteral("// SPDX-License-Identifier: GPL-3.0-or-later\n");

QString repeated(const QString &text, int times) {
    return text.repeated(times);
}

} // namespace

class TestRules : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // `line` is where the rule must fire; 0: it must be quiet.
    void fileRule_data() {
        QTest::addColumn<QByteArray>("rule");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("line");
        rowsOfShape();
        rowsOfWords();
        rowsOfCode();
        rowsOfKernel();
    }
    void fileRule() {
        QFETCH(QByteArray, rule);
        QFETCH(QString, path);
        QFETCH(QString, text);
        QFETCH(int, line);
        const auto named = std::find_if(fileRules().cbegin(), fileRules().cend(),
                                        [&](const NamedRule &r) { return r.name == rule; });
        QVERIFY(named != fileRules().cend());
        const Findings findings = named->rule(readText(path, text));
        QCOMPARE(findings.size(), line == 0 ? 0 : 1);
        QCOMPARE(findings.isEmpty() ? 0 : findings.first().line, line);
    }

    void everyRuleHasABadAndAGoodSample() {
        for (const NamedRule &rule : fileRules()) {
            QVERIFY2(bad_.contains(rule.name), rule.name);
            QVERIFY2(good_.contains(rule.name), rule.name);
        }
    }

    void arrowsAreFollowedDownAndNeverUp() {
        const Layers layers = Layers::fromText(
            QStringLiteral("core/kernel: \ncore/journal: core/record\ncore/record: core/kernel\n"));
        const auto check = [&](const QString &path, const QString &target) {
            const QList<Source> tree{
                readText(path, u"#include \"" + target + u"\"\n"),
                readText(QStringLiteral("core/kernel/basics.h"), spdx),
                readText(QStringLiteral("core/journal/journal.h"), spdx),
            };
            return includes(tree, layers).size();
        };
        const QString kernel = QStringLiteral("core/kernel/basics.h");
        const QString journal = QStringLiteral("core/journal/journal.h");
        QCOMPARE(check(QStringLiteral("core/journal/a.cpp"), kernel), 0); // through record
        QCOMPARE(check(QStringLiteral("core/kernel/fleet/a.cpp"), kernel), 0);
        QCOMPARE(check(QStringLiteral("core/kernel/fleet/a.cpp"), journal), 1);
        QCOMPARE(check(QStringLiteral("core/record/a.cpp"), journal), 1);
        QCOMPARE(check(QStringLiteral("app/a.cpp"), journal), 0);
        QCOMPARE(check(QStringLiteral("tests/core/a.cpp"), journal), 0);
        QCOMPARE(check(QStringLiteral("core/record/a.cpp"), QStringLiteral("basics.h")), 1);
        QCOMPARE(check(QStringLiteral("core/record/a.cpp"), QStringLiteral("../kernel/basics.h")),
                 1);
        QCOMPARE(check(QStringLiteral("core/elsewhere/a.cpp"), kernel), 2); // no such module
        QCOMPARE(check(QStringLiteral("tests/a.cpp"), QStringLiteral("a.moc")), 0);
    }

    void arrowsDoNotGoRound() {
        QVERIFY(Layers::fromText(QStringLiteral("a: \nb: a\nc: b a\n")).circles().isEmpty());
        QCOMPARE(Layers::fromText(QStringLiteral("a: c\nb: a\nc: b\nd: a\n")).circles(),
                 QStringList({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
    }

    void aHeaderThatNobodyIncludesIsDead() {
        const Source header =
            readText(QStringLiteral("core/plans/lint.h"), spdx + u"int lint();\n");
        const Source own = readText(QStringLiteral("core/plans/lint.cpp"),
                                    QStringLiteral("#include \"core/plans/lint.h\"\n"));
        const Source user = readText(QStringLiteral("app/cli/main.cpp"),
                                     QStringLiteral("#include \"core/plans/lint.h\"\n"));
        QCOMPARE(deadHeaders({header, own}).size(), 1);
        QCOMPARE(deadHeaders({header, own, user}).size(), 0);
        QCOMPARE(deadHeaders({readText(header.path, spdx + u"// words\n")}).size(), 0);
    }

    void kernelSymbol_data() {
        QTest::addColumn<QString>("symbol");
        QTest::addColumn<bool>("allowed");
        for (const char *good :
             {"memcpy", "bcmp", "strlen", "sqrt", "operator new(unsigned long)",
              "__cxa_guard_acquire", "std::__throw_length_error(char const*)",
              "__asan_report_load8", "__ubsan_handle_x",
              "std::__cxx11::basic_string<char>::append(char const*)", "__tsan_read4",
              "llvm_gcda_end_file", "floor", "vtable for __cxxabiv1::__class_type_info",
              "_Unwind_Resume", "__udivti3", "__popcountdi2"}) {
            QTest::newRow(good) << QString::fromUtf8(good) << true;
        }
        for (const char *bad : {"log",
                                "exp",
                                "pow",
                                "clock_gettime",
                                "rand",
                                "open",
                                "read",
                                "write",
                                "QString::data()",
                                "time",
                                "getenv",
                                "printf",
                                "pthread_create",
                                "std::random_device::_M_getval()",
                                "std::chrono::_V2::system_clock::now()",
                                "std::this_thread::__sleep_for()",
                                "std::basic_ofstream<char>::basic_ofstream()",
                                "std::cout",
                                "gettimeofday",
                                "cos",
                                "aviary::toText(aviary::Error const&)"}) {
            QTest::newRow(bad) << QString::fromUtf8(bad) << false;
        }
    }
    void kernelSymbol() {
        QFETCH(QString, symbol);
        QFETCH(bool, allowed);
        const QString nm = QStringLiteral("\njudge.cpp.o:\n                 U ") + symbol + u'\n';
        QCOMPARE(kernelSymbols(nm, {}).isEmpty(), allowed);
    }
    void whatTheKernelDefinesItselfItMayNeed() {
        const QString undefined = QStringLiteral("a.cpp.o:\n         U aviary::kernel::step()\n");
        const QString own = QStringLiteral("b.cpp.o:\n0000000000000000 T aviary::kernel::step()\n");
        QCOMPARE(kernelSymbols(undefined, own).size(), 0);
        QCOMPARE(kernelSymbols(undefined, {}).size(), 1);
    }

private:
    void bad(const char *rule, const QString &path, const QString &text, int line) {
        bad_.insert(rule);
        QTest::addRow("%s/bad%d", rule, rows_++) << QByteArray(rule) << path << text << line;
    }
    void good(const char *rule, const QString &path, const QString &text) {
        good_.insert(rule);
        QTest::addRow("%s/good%d", rule, rows_++) << QByteArray(rule) << path << text << 0;
    }

    void rowsOfShape() {
        const QString cpp = QStringLiteral("core/plans/a.cpp");
        bad("licence", cpp, QStringLiteral("#pragma once\n"), 1);
        bad("licence", QStringLiteral("packaging/x.cmake"), QStringLiteral("set(a b)\n"), 1);
        good("licence", cpp, spdx);
        good("licence", QStringLiteral("run"), QStringLiteral("#!/bin/sh\n") + u"# " + spdx.mid(3));
        good("licence", QStringLiteral("notes.md"), QStringLiteral("words\n"));
        bad("fileLength", cpp, repeated(QStringLiteral("int a;\n"), 501), 501);
        good("fileLength", cpp, repeated(QStringLiteral("int a;\n"), 500));
        bad("lineLength", cpp, u"\n//" + repeated(QStringLiteral("x"), 99), 2);
        good("lineLength", cpp, u"//" + repeated(QStringLiteral("é"), 98));
        good("lineLength", cpp, u"R\"(\n" + repeated(QStringLiteral("x"), 120) + u"\n)\";\n");

        const QString body = repeated(QStringLiteral("    f();\n"), 69);
        const QString fits = body.mid(9);
        bad("functionLength", cpp, u"namespace a {\nvoid g() {\n" + body + u"}\n}\n", 2);
        good("functionLength", cpp, u"namespace a {\nvoid g() {\n" + fits + u"}\n}\n");
        bad("functionLength", cpp, u"A::A()\n    : b_{1}, c_(2) {\n" + body + u"}\n", 2);
        bad("functionLength", cpp,
            u"class A {\n void g() const {\n if (a) {\n}\n" + body + u"}\n};\n", 2);
        good("functionLength", cpp,
             u"class A {\n" + repeated(QStringLiteral(" void g();\n"), 90) + u"};\n");
        good("functionLength", cpp,
             u"const A table[] = {\n" + repeated(QStringLiteral("{1},\n"), 90) + u"};\n");

        good("functionLength", cpp, u"MACRO(a, b)\nnamespace x {\nvoid g();\n" + body + u"}\n");
        good("functionLength", cpp, u"struct T {\n void a_data() {\n" + body + u"}\n};\n");

        bad("fileName", QStringLiteral("core/plans/planReader.h"), spdx, 1);
        bad("fileName", QStringLiteral("core/plans/plan_reader.h"), spdx, 1);
        good("fileName", QStringLiteral("core/plans/planreader.h"), spdx);
        good("fileName", QStringLiteral("tests/core/test_plan_reader.cpp"), spdx);
        bad("workplacePath", QStringLiteral("README.md"),
            QStringLiteral("cd /wor"
                           "k/aviary\n"),
            1);
        good("workplacePath", QStringLiteral("README.md"), QStringLiteral("see net/work/x\n"));
    }

    void rowsOfWords() {
        const QString cpp = QStringLiteral("ui/fleet/a.cpp");
        for (const QString &word : {QStringLiteral("TO"
                                                   "DO"),
                                    QStringLiteral("FIX"
                                                   "ME: x"),
                                    QStringLiteral("XX"
                                                   "X"),
                                    QStringLiteral("good for"
                                                   " now"),
                                    QStringLiteral("a st"
                                                   "ub"),
                                    QStringLiteral("St"
                                                   "ubs"),
                                    QStringLiteral("not"
                                                   " implemented"),
                                    QStringLiteral("Not"
                                                   " yet implemented")}) {
            bad("unfinishedWords", cpp, u"int a;\n// " + word + u'\n', 2);
        }
        good("unfinishedWords", cpp,
             QStringLiteral("// stubborn, a to-do list, known for nowhere\n"));
        for (const char *name :
             {"class PlanManager {", "struct FleetInfo {", "enum class NodeData {",
              "using EventHandler = int;", "class FleetUtils", "struct PlanHelper"}) {
            bad("typeNames", cpp, QString::fromUtf8(name) + u'\n', 1);
        }
        good("typeNames", cpp,
             QStringLiteral("class QNetworkAccessManager;\nclass Database {};\n"
                            "// class PlanManager\nstruct DataPage;\n"));
    }

    void rowsOfCode() {
        const QString cpp = QStringLiteral("core/plans/a.cpp");
        const QString view = QStringLiteral("ui/fleet/a.cpp");
        bad("coroutines", cpp, QStringLiteral("Task f() {\n    co_await x;\n"), 2);
        good("coroutines", cpp, QStringLiteral("// no co_await here\nint co_awaiting;\n"));
        bad("sleeps", QStringLiteral("tests/core/a.cpp"), QStringLiteral("QTest::qWait(10);\n"), 1);
        bad("sleeps", cpp, QStringLiteral("std::this_thread::sleep_for(1ms);\n"), 1);
        good("sleeps", cpp, QStringLiteral("QTest::qWaitFor([] { return true; });\n"));
        bad("nestedLoops", cpp, QStringLiteral("QEventLoop loop;\n"), 1);
        bad("nestedLoops", view, QStringLiteral("if (dialog.exec() == 1) {\n"), 1);
        good("nestedLoops", cpp, QStringLiteral("query.exec(sql);\n"));
        good("nestedLoops", view, QStringLiteral("dialog->open();\n"));
        bad("singletons", cpp, QStringLiteral("static Journal &instance() {\n"), 1);
        good("singletons", cpp, QStringLiteral("static const QRegularExpression &word() {\n"));
        bad("rangeViews", cpp, QStringLiteral("for (int a : std::views::reverse(b)) {\n"), 1);
        good("rangeViews", cpp, QStringLiteral("std::ranges::sort(b);\n"));
        bad("errorPointers", cpp, QStringLiteral("bool read(const QString &a, QString *error);\n"),
            1);
        good("errorPointers", cpp, QStringLiteral("Result<Plan> read(const QString &error);\n"));
        for (const char *dead : {"// nodes.append(node);", "    // auto a = f(b);",
                                 "// if (a == b) {", "// return a + b;", "// #include <QFile>",
                                 "//a = b;", "// for (int i = 0; i < n; ++i) {", "#if 0"}) {
            bad("deadCode", cpp, QString::fromUtf8(dead) + u'\n', 1);
        }
        good("deadCode", cpp,
             QStringLiteral("// first the nodes;\n// calls step() and note(); then it ends\n"
                            "// in wave 2 (of 3) it returns to the old one;\nint a; // f(x)\n"));
    }

    void rowsOfKernel() {
        const QString kernel = QStringLiteral("core/kernel/fleet/a.cpp");
        for (const char *header :
             {"<QString>", "<chrono>", "<random>", "<unordered_map>", "<thread>", "<fstream>",
              "<time.h>", "<sys/time.h>", "<boost/math.hpp>"}) {
            bad("kernelHeaders", kernel, QStringLiteral("#include ") + QString::fromUtf8(header),
                1);
        }
        good("kernelHeaders", kernel, QStringLiteral("#include <vector>\n#include <cmath>\n"));
        good("kernelHeaders", QStringLiteral("core/plans/a.cpp"),
             QStringLiteral("#include <QString>\n"));
        bad("kernelThrow", kernel, QStringLiteral("    throw std::runtime_error(\"x\");\n"), 1);
        good("kernelThrow", kernel, QStringLiteral("// what others throw\n"));
    }

    QSet<QByteArray> bad_, good_;
    int rows_ = 0;
};

QTEST_GUILESS_MAIN(TestRules)
#include "test_rules.moc"
