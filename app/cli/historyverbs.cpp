// SPDX-License-Identifier: GPL-3.0-or-later
// history, snapshots, diff, tag, bad, summary
#include "app/cli/commandline.h"
#include "app/cli/table.h"
#include "core/api/valuesjson.h"
#include "core/api/words.h"
#include "core/support/words.h"

#include <memory>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

void printHistory(const Terminal &terminal, const std::vector<api::DeploymentRow> &rows) {
    Table table({u"KEY"_qs, u">VERSION"_qs, u"CHANGE"_qs, u"STRATEGY"_qs, u"STATUS"_qs, u"MARKS"_qs,
                 u"STARTED"_qs, u"WHO"_qs, u"DEPLOYMENT"_qs, u"OUTCOME"_qs});
    for (const api::DeploymentRow &row : rows) {
        QStringList marks = row.tags;
        if (row.stable) {
            marks.prepend(u"stable"_qs);
        }
        if (row.bad) {
            marks.prepend(u"bad"_qs);
        }
        const QString from = row.from.isEmpty() ? u"-"_qs : row.from;
        QStringList story{row.outcome, row.reason}; // how it ended, and why it was asked for
        story.removeAll(QString());
        story.removeDuplicates();
        table.add({{row.key, Tone::Strong},
                   {QString::number(row.version)},
                   {from % u' ' % terminal.arrow() % u' ' % row.to},
                   {row.strategy},
                   {api::wordOf(row.status), toneOf(row.status)},
                   {marks.join(u' '), row.bad ? Tone::Bad : Tone::Plain},
                   {agoText(row.started_wall_ms)},
                   {row.who},
                   {row.id},
                   {story.join(u"; "_qs)}});
    }
    table.isEmpty() ? terminal.print(u"no deployments"_qs, Tone::Dim) : table.print(terminal);
}

void addHistory(CommandLine &line) {
    struct Options {
        std::string key, cluster;
        int limit = 20;
    };
    auto options = std::make_shared<Options>();
    CLI::App *verb = line.verb(&line.app, "history", "Lists deployments, newest first",
                               "{deployments: [DeploymentRow]}");
    verb->add_option("KEY", options->key, "Only of this service");
    verb->add_option("--cluster", options->cluster, "Only on this cluster");
    verb->add_option("--limit", options->limit, "At most this many (default 20)")
        ->check(CLI::Range(1, 10'000));
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            QJsonObject parameters{{u"limit"_qs, options->limit}};
            if (!options->key.empty()) {
                parameters.insert(u"key"_qs, fromStd(options->key));
            }
            if (!options->cluster.empty()) {
                parameters.insert(u"cluster"_qs, fromStd(options->cluster));
            }
            talk.ask(u"history"_qs, parameters, [&talk](const QJsonObject &answer) {
                const auto rows =
                    api::listFromJson<api::DeploymentRow>(answer.value(u"deployments"_qs));
                if (!rows) {
                    return talk.failWith(rows.error());
                }
                if (talk.json()) {
                    talk.show({{u"deployments"_qs, api::listToJson(*rows)}});
                } else {
                    printHistory(talk.terminal(), *rows);
                }
                talk.finish();
            });
        };
    });
}

void printSnapshots(const Terminal &terminal, const std::vector<api::SnapshotRow> &rows) {
    Table table(
        {u">VERSION"_qs, u"REVISION"_qs, u"STATE"_qs, u"RUNS"_qs, u"MARKS"_qs, u"DEPLOYMENT"_qs});
    for (const api::SnapshotRow &row : rows) {
        table.add({{QString::number(row.version)},
                   {row.revision, Tone::Strong},
                   {api::wordOf(row.state)},
                   {row.running ? u"yes"_qs : QString(), Tone::Good},
                   {(row.bad ? QStringList(u"bad"_qs) + row.tags : row.tags).join(u' '),
                    row.bad ? Tone::Bad : Tone::Plain},
                   {row.deployment}});
    }
    table.isEmpty() ? terminal.print(u"no version completed yet"_qs, Tone::Dim)
                    : table.print(terminal);
}

void addSnapshots(CommandLine &line) {
    auto key = std::make_shared<std::string>();
    CLI::App *verb = line.verb(&line.app, "snapshots",
                               "Lists the versions of a service that can be gone back to; "
                               "rollback --version goes to one",
                               "{snapshots: [SnapshotRow], holds: bool}");
    verb->add_option("KEY", *key, "Which service")->required();
    verb->callback([&line, key] {
        line.action = [key](Conversation &talk) {
            talk.ask(u"snapshots"_qs, {{u"key"_qs, fromStd(*key)}}, [&talk](const auto &answer) {
                const auto rows =
                    api::listFromJson<api::SnapshotRow>(answer.value(u"snapshots"_qs));
                if (!rows) {
                    return talk.failWith(rows.error());
                }
                if (talk.json()) {
                    talk.show({{u"snapshots"_qs, api::listToJson(*rows)},
                               {u"holds"_qs, answer.value(u"holds"_qs).toBool()}});
                } else {
                    printSnapshots(talk.terminal(), *rows);
                }
                talk.finish();
            });
        };
    });
}

// "shop:3" is version 3 of shop; anything else goes to the daemon as it is.
using WithId = std::function<void(const QString &id)>;
void withDeployment(Conversation &talk, const QString &name, const WithId &then) {
    bool numbered = false;
    const quint32 version = name.section(u':', -1).toUInt(&numbered);
    if (!numbered || !name.contains(u':')) {
        return then(name);
    }
    const QString key = name.section(u':', 0, -2);
    talk.ask(u"history"_qs, {{u"key"_qs, key}}, [&talk, name, version, then](const auto &answer) {
        const auto rows = api::listFromJson<api::DeploymentRow>(answer.value(u"deployments"_qs));
        for (const auto &row : rows.value_or(std::vector<api::DeploymentRow>())) {
            if (row.version == version) {
                return then(row.id);
            }
        }
        talk.failWith({ErrorCode::NotFound, u"there is no such version"_qs, name,
                       u"aviary history lists them"_qs});
    });
}

void showDiff(Conversation &talk, const QJsonObject &answer) {
    if (talk.json()) {
        talk.show(answer);
        return talk.finish();
    }
    const QJsonArray lines = answer.value(u"lines"_qs).toArray();
    for (const QJsonValue &value : lines) {
        const QString text = value.toString();
        const Tone tone = text.startsWith(u'+')   ? Tone::Good
                          : text.startsWith(u'-') ? Tone::Bad
                                                  : Tone::Plain;
        talk.terminal().print(text, tone);
    }
    talk.finish();
}

void addDiff(CommandLine &line) {
    auto names = std::make_shared<std::pair<std::string, std::string>>();
    CLI::App *verb = line.verb(&line.app, "diff", "Compares what two deployments run",
                               "{lines: [\"+ ...\", \"- ...\", \"  ...\"]}");
    verb->add_option("A", names->first, "A deployment's id, or KEY:VERSION")->required();
    verb->add_option("B", names->second, "The other one")->required();
    verb->callback([&line, names] {
        line.action = [names](Conversation &talk) {
            withDeployment(talk, fromStd(names->first), [&talk, names](const QString &a) {
                withDeployment(talk, fromStd(names->second), [&talk, a](const QString &b) {
                    talk.ask(u"deployment.diff"_qs, {{u"a"_qs, a}, {u"b"_qs, b}},
                             [&talk](const auto &answer) { showDiff(talk, answer); });
                });
            });
        };
    });
}

void showMarked(Conversation &talk, const QJsonObject &answer) {
    const auto row = api::fromJson<api::DeploymentRow>(answer.value(u"deployment"_qs).toObject());
    if (!row) {
        return talk.failWith(row.error());
    }
    if (talk.json()) {
        talk.show({{u"deployment"_qs, api::toJson(*row)}});
    } else {
        printHistory(talk.terminal(), {*row});
    }
    talk.finish();
}

void addMarks(CommandLine &line) {
    struct Options {
        std::string key, tag, revision;
        quint32 version = 0;
        bool off = false;
    };
    auto options = std::make_shared<Options>();
    CLI::App *tag = line.verb(&line.app, "tag", "Gives a version a name that rollback --tag finds",
                              "{deployment: DeploymentRow}");
    tag->add_option("KEY", options->key, "Which service")->required();
    tag->add_option("VERSION", options->version, "Which version")->required();
    tag->add_option("TAG", options->tag, "The name")->required();
    tag->add_flag("--remove", options->off, "Take the name away");
    tag->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            talk.askOnce(u"deployment.tag"_qs,
                         {{u"key"_qs, fromStd(options->key)},
                          {u"version"_qs, qint64(options->version)},
                          {u"tag"_qs, fromStd(options->tag)},
                          {u"remove"_qs, options->off}},
                         [&talk](const QJsonObject &answer) { showMarked(talk, answer); });
        };
    });
    CLI::App *bad = line.verb(&line.app, "bad", "Marks a revision that no plan may choose unasked",
                              "{deployment: DeploymentRow}");
    bad->add_option("KEY", options->key, "Which service")->required();
    bad->add_option("REVISION", options->revision, "Which revision")->required();
    bad->add_flag("--remove", options->off, "Take the mark away");
    bad->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            talk.askOnce(u"deployment.bad"_qs,
                         {{u"key"_qs, fromStd(options->key)},
                          {u"revision"_qs, fromStd(options->revision)},
                          {u"bad"_qs, !options->off}},
                         [&talk](const QJsonObject &answer) { showMarked(talk, answer); });
        };
    });
}

void printSummary(const Terminal &terminal, const api::Summary &summary) {
    const auto tell = [&terminal](const char *label, const QString &value, Tone tone) {
        terminal.print(
            Line{{QString::fromLatin1(label).leftJustified(14), Tone::Dim}, {value, tone}});
    };
    const auto tellCount = [&tell](const char *label, quint32 count, Tone tone) {
        tell(label, countText(count), count == 0 ? Tone::Plain : tone);
    };
    tellCount("services", summary.services, Tone::Plain);
    tellCount("deployments", summary.deployments, Tone::Plain);
    tellCount("active", summary.active, Tone::Accent);
    tellCount("waiting", summary.waiting, Tone::Attention);
    tellCount("completed", summary.completed, Tone::Good);
    tellCount("rolled back", summary.rolled_back, Tone::Bad);
    tellCount("failed", summary.failed, Tone::Bad);
    tellCount("superseded", summary.superseded, Tone::Dim);
    tell("success rate",
         summary.success_rate < 0 ? u"none has ended"_qs : rateText(summary.success_rate),
         Tone::Plain);
}

void addSummary(CommandLine &line) {
    auto cluster = std::make_shared<std::string>();
    CLI::App *verb =
        line.verb(&line.app, "summary", "Counts deployments by how they ended", "Summary");
    verb->add_option("--cluster", *cluster, "Only on this cluster");
    verb->callback([&line, cluster] {
        line.action = [cluster](Conversation &talk) {
            QJsonObject parameters;
            if (!cluster->empty()) {
                parameters.insert(u"cluster"_qs, fromStd(*cluster));
            }
            talk.ask(u"summary"_qs, parameters, [&talk](const QJsonObject &answer) {
                const auto summary = api::fromJson<api::Summary>(answer);
                if (!summary) {
                    return talk.failWith(summary.error());
                }
                talk.json() ? talk.show(api::toJson(*summary))
                            : printSummary(talk.terminal(), *summary);
                talk.finish();
            });
        };
    });
}

} // namespace

void addHistoryVerbs(CommandLine &line) {
    addHistory(line);
    addSnapshots(line);
    addDiff(line);
    addMarks(line);
    addSummary(line);
}

} // namespace aviary::cli
