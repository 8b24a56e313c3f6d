// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/report.h"

#include <QCoreApplication>
#include <QTextStream>

using namespace aviary;
using namespace aviary::conformance;

namespace {

void print(QTextStream &out, const QMap<QString, Tally> &tallies,
           const std::vector<Family> &families, int failures_shown) {
    const auto cell = [](int number) { return QString::number(number).rightJustified(7); };
    out << QStringLiteral("family").leftJustified(22) << "  agree deviate    fail\n";
    for (auto at = tallies.begin(); at != tallies.end(); ++at) {
        out << at.key().leftJustified(22) << cell(at->agree) << ' ' << cell(at->deviate) << ' '
            << cell(at->fail) << '\n';
    }
    for (const Family &family : families) {
        for (const Deviation &deviation : family.deviations) {
            const int count = tallies.value(family.kind).by_deviation.value(deviation.name);
            if (count > 0) {
                out << "\n"
                    << family.kind << ", " << count << " cases: " << deviation.name << "\n  \""
                    << deviation.sentence << "\"\n";
            }
        }
    }
    for (const Tally &tally : tallies) {
        for (const QString &failure : tally.failures.mid(0, failures_shown)) {
            out << "\nFAIL " << failure << '\n';
        }
    }
}

} // namespace

// conformance [--failures N] DIR...: exit 0 when no case fails, 1 when one does, 2 on bad usage.
int main(int argc, char **argv) {
    QCoreApplication application(argc, argv);
    QTextStream out(stdout);
    QTextStream err(stderr);
    QStringList folders = QCoreApplication::arguments().mid(1);
    int failures_shown = 3;
    if (folders.size() >= 2 && folders.first() == u"--failures") {
        failures_shown = folders.at(1).toInt();
        folders = folders.mid(2);
    }
    if (folders.isEmpty()) {
        err << "usage: conformance [--failures N] DIR...\n";
        return 2;
    }
    const auto known = families();
    QMap<QString, Tally> tallies;
    for (const QString &folder : folders) {
        if (const auto ran = runFolder(folder, known, tallies); !ran) {
            err << toText(ran.error()) << '\n';
            return 2;
        }
    }
    print(out, tallies, known, failures_shown);
    for (const Tally &tally : tallies) {
        if (tally.fail > 0) {
            return 1;
        }
    }
    return 0;
}
