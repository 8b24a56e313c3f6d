// SPDX-License-Identifier: GPL-3.0-or-later
// run open, check, export. Files are inert: opening one never acts, and needs no daemon.
#include "app/cli/commandline.h"
#include "app/cli/table.h"
#include "core/api/words.h"
#include "core/record/run.h"
#include "core/support/wholefile.h"

#include <QDateTime>

#include <memory>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

QJsonObject toJson(const record::Run &run, const record::RunCheck &check) {
    const kernel::Plan &plan = run.header.plan;
    return {{u"rollout"_qs, run.header.rollout},
            {u"cluster"_qs, run.header.cluster},
            {u"service"_qs, fromStd(plan.service)},
            {u"from"_qs, fromStd(plan.revisions[plan.from])},
            {u"to"_qs, fromStd(plan.revisions[plan.to])},
            {u"who"_qs, run.header.who},
            {u"begun_wall_ms"_qs, run.header.begun_wall_ms},
            {u"nodes"_qs, qint64(plan.targets.size())},
            {u"entries"_qs, qint64(check.entries)},
            {u"status"_qs, api::wordOf(check.status)},
            {u"head"_qs, record::hexOf(run.head())},
            {u"warnings"_qs, QJsonArray::fromStringList(check.warnings)}};
}

// Reads, and replays every entry: what does not lead where it says it led is refused.
Result<std::pair<record::Run, record::RunCheck>> readChecked(const QString &path) {
    Result<record::Run> run = record::openRun(path);
    if (!run) {
        return tl::unexpected<Error>(run.error());
    }
    const auto check = record::checkRun(*run, record::Decisions::Recorded, path);
    if (!check) {
        return tl::unexpected<Error>(check.error());
    }
    return std::pair(std::move(*run), *check);
}

void printRun(const Terminal &terminal, const QJsonObject &run) {
    const auto tell = [&terminal](const char *label, const QString &value) {
        if (!value.isEmpty()) {
            terminal.print(
                Line{{QString::fromLatin1(label).leftJustified(10), Tone::Dim}, {value}});
        }
    };
    const auto text = [&run](const char *name) {
        return run.value(QLatin1StringView(name)).toVariant().toString();
    };
    tell("service", text("service"));
    tell("change", text("from") % u' ' % terminal.arrow() % u' ' % text("to"));
    tell("status", text("status"));
    tell("cluster", text("cluster"));
    tell("who", text("who"));
    const qint64 begun = run.value(u"begun_wall_ms"_qs).toInteger();
    tell("begun", QDateTime::fromMSecsSinceEpoch(begun).toString(Qt::ISODate));
    tell("nodes", text("nodes"));
    tell("entries", text("entries"));
    tell("rollout", text("rollout"));
    tell("head", text("head"));
    const QJsonArray warnings = run.value(u"warnings"_qs).toArray();
    for (const QJsonValue &warning : warnings) {
        terminal.print(Line{{u"warning   "_qs, Tone::Attention}, {warning.toString()}});
    }
}

void addOnFile(CommandLine &line, CLI::App *run, const char *name, const char *text, bool quiet) {
    auto path = std::make_shared<std::string>();
    CLI::App *verb = line.verb(run, name, text,
                               "{rollout, cluster, service, from, to, who, begun_wall_ms, nodes, "
                               "entries, status, head, warnings: [text]}");
    verb->add_option("FILE", *path, "A .run.jsonl")->required();
    verb->callback([&line, path, quiet] {
        line.action = [path, quiet](Conversation &talk) {
            const auto read = readChecked(fromStd(*path));
            if (!read) {
                return talk.failWith(read.error());
            }
            const QJsonObject json = toJson(read->first, read->second);
            if (talk.json()) {
                talk.show(json);
            } else if (quiet) {
                talk.terminal().print(u"%1 entries, the chain is whole, head %2"_qs
                                          .arg(json.value(u"entries"_qs).toInteger())
                                          .arg(json.value(u"head"_qs).toString()));
                for (const QString &warning : read->second.warnings) {
                    talk.terminal().print(Line{{u"warning   "_qs, Tone::Attention}, {warning}});
                }
            } else {
                printRun(talk.terminal(), json);
            }
            talk.finish();
        };
    });
}

void save(Conversation &talk, const QString &path, const QByteArray &bytes) {
    if (path.isEmpty()) {
        talk.terminal().printRaw(bytes);
        return talk.finish();
    }
    if (const Result<void> saved = writeWhole(path, bytes); !saved) {
        return talk.failWith(saved.error());
    }
    if (talk.json()) {
        talk.show({{u"file"_qs, path}, {u"bytes"_qs, bytes.size()}});
    }
    talk.finish();
}

void addExport(CommandLine &line, CLI::App *run) {
    struct Options {
        std::string rollout, output;
    };
    auto options = std::make_shared<Options>();
    CLI::App *verb = line.verb(run, "export", "Writes the record of a rollout as a file",
                               "{file, bytes}; without --output the record itself");
    verb->add_option("ROLLOUT", options->rollout, "Which rollout")->required();
    verb->add_option("--output,-o", options->output, "The file (default: standard output)");
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            talk.withRollout(fromStd(options->rollout), [&talk, options](const auto &row) {
                talk.ask(u"run.export"_qs, {{u"rollout"_qs, row.id}},
                         [&talk, options](const QJsonObject &answer) {
                             save(talk, fromStd(options->output),
                                  answer.value(u"jsonl"_qs).toString().toUtf8());
                         });
            });
        };
    });
}

} // namespace

void addRunVerbs(CommandLine &line) {
    CLI::App *run = line.verb(&line.app, "run", "Works on records of rollouts", {});
    run->require_subcommand(1);
    addOnFile(line, run, "open", "Shows a record", false);
    addOnFile(line, run, "check", "Replays a record and checks its chain", true);
    addExport(line, run);
}

} // namespace aviary::cli
