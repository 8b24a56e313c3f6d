// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/conversation.h"

#include <CLI/CLI.hpp>

// The verbs. Each function adds one or a family of them to the command line; what a verb does is
// kept in `action` and carried out once the whole line was understood.
namespace aviary::cli {

using Action = std::function<void(Conversation &conversation)>;

struct CommandLine {
    CommandLine();

    CLI::App app;
    Globals globals;
    Action action;

    // A verb with its `--json` shape in the help text. `members`: "{rollouts: [RolloutRow]}".
    CLI::App *verb(CLI::App *parent, const std::string &name, const std::string &text,
                   const std::string &members);
};

void addRolloutVerbs(CommandLine &line);   // list status watch verify summary
void addRequestVerbs(CommandLine &line);   // approve start promote lower pause resume rollback ...
void addDeployVerb(CommandLine &line);     // deploy
void addCatchUpVerb(CommandLine &line);    // catch_up
void addHistoryVerbs(CommandLine &line);   // history snapshots diff tag bad summary
void addFleetVerbs(CommandLine &line);     // services nodes drain health
void addServiceVerbs(CommandLine &line);   // service plan start stop
void addLogVerb(CommandLine &line);        // log
void addPlanVerbs(CommandLine &line);      // plan compile, plan lint
void addRehearseVerb(CommandLine &line);   // rehearse
void addRunVerbs(CommandLine &line);       // run open, run check, run export
void addClusterVerbs(CommandLine &line);   // cluster add list remove test unlock
void addAlertVerbs(CommandLine &line);     // alert list ack snooze delivery
void addGitOpsVerbs(CommandLine &line);    // gitops add sync status remove
void addDaemonVerbs(CommandLine &line);    // daemon start stop status, stdio
void addCompletionVerb(CommandLine &line); // completion; added last, it reads the others

// Verbs below a verb.
void addExchangeVerbs(CommandLine &line, CLI::App *plan);    // plan import, plan export
CLI::App *addFitVerb(CommandLine &line, CLI::App *rehearse); // rehearse fit

// What several verbs take.
CLI::Option *addDuration(CLI::App *verb, const std::string &name, double &seconds,
                         const std::string &text); // "90", "90s", "5m", "2h"
CLI::Option *addShare(CLI::App *verb, const std::string &name, std::string &percent,
                      const std::string &text); // "25", "12.5", "25%"
int weightOf(const std::string &percent);       // 1/100 %, of what addShare() let through

// All nodes of a cluster that the filter lets through, page by page.
using WithNodes = std::function<void(const std::vector<api::NodeRow> &nodes)>;
void withNodes(Conversation &talk, const QString &cluster, const QString &filter, WithNodes then);

// A file that the command line names: one that cannot be read is wrong input as any other, which
// wrongInput() makes of its error.
inline constexpr qint64 file_bytes_max = 16 * 1024 * 1024;
Error wrongInput(Error error);
Result<QByteArray> readGiven(const QString &path, qint64 bytes_max = file_bytes_max);

QString fromStd(const std::string &text);
// "3 min ago", with "never" for 0.
QString agoText(qint64 wall_ms);
Tone toneOf(kernel::Status status);

} // namespace aviary::cli
