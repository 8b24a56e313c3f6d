// SPDX-License-Identifier: GPL-3.0-or-later
// aviary: the command line. Says what a person asks, shows what the daemon answers.
#include "app/cli/commandline.h"

#include <QCoreApplication>

#include <clocale>

int main(int argc, char **argv) {
    using namespace aviary::cli;
    QCoreApplication application(argc, argv);
    std::setlocale(LC_CTYPE, "");
    QCoreApplication::setApplicationName(QStringLiteral("aviary"));
    QCoreApplication::setApplicationVersion(QStringLiteral(AVIARY_VERSION));
    CommandLine line;
    try {
        line.app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        // CLI11 has a code for each kind of mistake; ours is one for all.
        return line.app.exit(error) == 0 ? int(Exit::Done) : int(Exit::Usage);
    }
    Conversation conversation(line.globals);
    line.action(conversation);
    return QCoreApplication::exec();
}
