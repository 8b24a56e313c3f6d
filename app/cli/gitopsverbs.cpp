// SPDX-License-Identifier: GPL-3.0-or-later
// gitops add, sync, status, remove
#include "app/cli/commandline.h"
#include "app/cli/table.h"
#include "core/api/gitvalues.h"
#include "core/api/valuesjson.h"
#include "core/api/words.h"

#include <memory>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

using api::Drift;
using api::GitState;

Tone toneOf(GitState state) {
    switch (state) {
    case GitState::InSync:
        return Tone::Good;
    case GitState::Unknown:
    case GitState::Syncing:
        return Tone::Accent;
    case GitState::Drifted:
        return Tone::Attention;
    default:
        return Tone::Bad;
    }
}

Tone toneOf(Drift state) {
    switch (state) {
    case Drift::InSync:
        return Tone::Good;
    case Drift::UnderWay:
    case Drift::Unknown:
        return Tone::Accent;
    case Drift::Conflict:
    case Drift::Broken:
        return Tone::Bad;
    default:
        return Tone::Attention;
    }
}

QString signatureText(const api::GitRepositoryRow &row) {
    const QString word = row.commit.isEmpty() ? QString() : api::wordOf(row.signature);
    return row.signer.isEmpty() ? word : QString(word % u" by "_qs % row.signer);
}

void printOne(const Terminal &terminal, const api::GitRepositoryRow &row) {
    terminal.print(Line{{row.id, Tone::Strong},
                        {u"  "_qs},
                        {api::wordOf(row.state), toneOf(row.state)},
                        {u"  "_qs},
                        {row.text}});
    const auto tell = [&terminal](const QString &label, const QString &text) {
        terminal.print(Line{{u"  "_qs + label.leftJustified(10), Tone::Dim}, {text}});
    };
    tell(u"from"_qs, row.url % u"  "_qs % row.branch %
                         (row.path.isEmpty() ? QString() : QString(u"  "_qs % row.path)));
    tell(u"changes"_qs, row.start == api::GitStart::Draft ? u"become drafts"_qs
                        : row.production ? u"start by themselves, in production too"_qs
                                         : u"start by themselves, but in production"_qs);
    if (!row.commit.isEmpty()) {
        tell(u"commit"_qs, row.commit.left(8) % u"  "_qs % row.subject);
        tell(u"author"_qs, row.author % u"  "_qs % agoText(row.committed_wall_ms) % u"  "_qs %
                               signatureText(row));
    }
    tell(u"fetched"_qs, agoText(row.fetched_wall_ms));
    Table table({u"SERVICE"_qs, u"STATE"_qs, u"RUNS"_qs, u"FROM"_qs, u"FILE"_qs, u"NOTE"_qs});
    for (const api::GitServiceRow &service : row.services) {
        table.add({{service.key, Tone::Strong},
                   {api::wordOf(service.state), toneOf(service.state)},
                   {service.running},
                   {service.running_commit.left(8)},
                   {service.file},
                   {service.text}});
    }
    table.print(terminal);
}

// Ends well when what git says is known and can be used: also while it does not run yet.
Exit exitOf(const api::GitRepositoryRow &row) {
    const bool good = row.state == GitState::InSync || row.state == GitState::Drifted ||
                      row.state == GitState::Syncing;
    return good ? Exit::Done : Exit::Failed;
}

// The one repository of an answer, in JSON or as `say` prints it; none when it cannot be read.
template <class Say>
std::optional<api::GitRepositoryRow> shown(Conversation &talk, const QJsonObject &answer, Say say) {
    const auto row =
        api::fromJson<api::GitRepositoryRow>(answer.value(u"repository"_qs).toObject());
    if (!row) {
        talk.failWith(row.error());
        return std::nullopt;
    }
    if (talk.json()) {
        talk.show({{u"repository"_qs, api::toJson(*row, api::Form::Rows)}});
    } else {
        say(talk.terminal(), *row);
    }
    return *row;
}

void showOne(Conversation &talk, const QJsonObject &answer) {
    if (const auto row = shown(talk, answer, printOne)) {
        talk.finish(exitOf(*row));
    }
}

struct Adding {
    std::string name, url, branch, path, cluster, start, reason;
    double interval_s = 0, timeout_s = 0;
    qint64 size_mib_max = 0;
    bool production = false, require_signed = false, yes = false;
};

QJsonObject parametersOf(const CLI::App &verb, const Adding &adding) {
    QJsonObject given{{u"name"_qs, fromStd(adding.name)}};
    const auto text = [&given](const QString &member, const std::string &value) {
        if (!value.empty()) {
            given.insert(member, fromStd(value));
        }
    };
    text(u"url"_qs, adding.url);
    text(u"branch"_qs, adding.branch);
    text(u"path"_qs, adding.path);
    text(u"cluster"_qs, adding.cluster);
    text(u"start"_qs, adding.start);
    text(u"reason"_qs, adding.reason);
    if (verb.count("--production") > 0) {
        given.insert(u"production"_qs, adding.production);
    }
    if (verb.count("--require-signed") > 0) {
        given.insert(u"require_signed"_qs, adding.require_signed);
    }
    if (verb.count("--interval") > 0) {
        given.insert(u"interval_ms"_qs, qint64(adding.interval_s * 1000));
    }
    if (verb.count("--timeout") > 0) {
        given.insert(u"timeout_ms"_qs, qint64(adding.timeout_s * 1000));
    }
    if (verb.count("--size-max") > 0) {
        given.insert(u"size_mib_max"_qs, adding.size_mib_max);
    }
    return given;
}

void set(Conversation &talk, const QJsonObject &given) {
    talk.askOnce(u"gitops.set"_qs, given, [&talk](const QJsonObject &answer) {
        const auto say = [](const Terminal &terminal, const api::GitRepositoryRow &row) {
            terminal.print(u"%1 is watched; see: aviary gitops status %1"_qs.arg(row.id));
        };
        if (shown(talk, answer, say)) {
            talk.finish();
        }
    });
}

// What may start by itself on a production cluster is confirmed by the cluster's id.
void confirmThenSet(Conversation &talk, const QJsonObject &given, bool yes) {
    if (!given.value(u"production"_qs).toBool()) {
        return set(talk, given);
    }
    talk.withCluster(given.value(u"cluster"_qs).toString(), [&talk, given, yes](const auto &at) {
        QJsonObject confirmed = given;
        confirmed.insert(u"confirm"_qs, at.id);
        if (yes || at.klass != api::ClusterClass::Production) {
            return set(talk, confirmed);
        }
        talk.confirm(
            u"Changes will start on %1, a production cluster, by themselves. Type %2:"_qs.arg(
                at.name, at.id),
            at.id, [&talk, confirmed] { set(talk, confirmed); });
    });
}

void addAdd(CommandLine &line, CLI::App *gitops) {
    auto adding = std::make_shared<Adding>();
    CLI::App *verb = line.verb(gitops, "add",
                               "Watches a repository for plans and bundles, or changes how; "
                               "what is not given stays",
                               "{repository: GitRepositoryRow}");
    verb->add_option("NAME", adding->name, "A short word for it")->required();
    verb->add_option("URL", adding->url,
                     "file://, ssh:// or https://, host:path, or an absolute path");
    verb->add_option("--branch", adding->branch, "Which branch (default: main)");
    verb->add_option("--path", adding->path, "Only this folder of it");
    verb->add_option("--cluster", adding->cluster, "Where it runs (default: the only cluster)");
    verb->add_option("--start", adding->start, "What a change becomes: draft (default), auto")
        ->check(CLI::IsMember({"draft", "auto"}));
    verb->add_flag("--production,!--no-production", adding->production,
                   "With auto: on a production cluster too");
    verb->add_flag("--require-signed,!--no-require-signed", adding->require_signed,
                   "Follow only commits whose signature can be verified");
    addDuration(verb, "--interval", adding->interval_s, "Between looks (default 60s)");
    addDuration(verb, "--timeout", adding->timeout_s, "Of one fetch (default 5m)");
    verb->add_option("--size-max", adding->size_mib_max, "MiB that one fetch may bring (1024)");
    verb->add_option("--reason", adding->reason, "Why; kept in the record");
    verb->add_flag("--yes,-y", adding->yes, "Do not ask for the cluster's id");
    verb->callback([&line, adding, verb] {
        line.action = [adding, verb](Conversation &talk) {
            confirmThenSet(talk, parametersOf(*verb, *adding), adding->yes);
        };
    });
}

void addSync(CommandLine &line, CLI::App *gitops) {
    struct Options {
        std::string name, reason;
        bool accept_rewrite = false, again = false;
    };
    auto options = std::make_shared<Options>();
    CLI::App *verb = line.verb(gitops, "sync", "Looks at a repository now; follows what changed",
                               "{repository: GitRepositoryRow}. Exit 1 when it cannot be fetched, "
                               "used or followed");
    verb->add_option("NAME", options->name, "Which one")->required();
    verb->add_flag("--accept-rewrite", options->accept_rewrite,
                   "Follow a branch whose history was rewritten");
    verb->add_flag("--again", options->again,
                   "Bring content again that failed, or was replaced by hand");
    verb->add_option("--reason", options->reason, "Why; kept in the record");
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            talk.askOnce(u"gitops.sync"_qs,
                         {{u"name"_qs, fromStd(options->name)},
                          {u"accept_rewrite"_qs, options->accept_rewrite},
                          {u"again"_qs, options->again},
                          {u"reason"_qs, fromStd(options->reason)}},
                         [&talk](const QJsonObject &answer) { showOne(talk, answer); });
        };
    });
}

void addStatus(CommandLine &line, CLI::App *gitops) {
    auto name = std::make_shared<std::string>();
    CLI::App *verb = line.verb(gitops, "status", "Shows repositories, and how what runs differs",
                               "{repositories: [GitRepositoryRow]}");
    verb->add_option("NAME", *name, "Only this one");
    verb->callback([&line, name] {
        line.action = [name](Conversation &talk) {
            talk.ask(
                u"gitops.status"_qs, {{u"name"_qs, fromStd(*name)}}, [&talk](const auto &said) {
                    const auto rows =
                        api::listFromJson<api::GitRepositoryRow>(said.value(u"repositories"_qs));
                    if (!rows) {
                        return talk.failWith(rows.error());
                    }
                    if (talk.json()) {
                        talk.show({{u"repositories"_qs, api::listToJson(*rows)}});
                        return talk.finish();
                    }
                    for (const api::GitRepositoryRow &row : *rows) {
                        printOne(talk.terminal(), row);
                    }
                    if (rows->empty()) {
                        talk.terminal().print(
                            u"no repositories; add one: aviary gitops add --help"_qs, Tone::Dim);
                    }
                    talk.finish();
                });
        };
    });
}

void addRemove(CommandLine &line, CLI::App *gitops) {
    auto name = std::make_shared<std::string>();
    CLI::App *verb =
        line.verb(gitops, "remove", "Forgets a repository; what it brought goes on running", "{}");
    verb->add_option("NAME", *name, "Which one")->required();
    verb->callback([&line, name] {
        line.action = [name](Conversation &talk) {
            talk.askOnce(u"gitops.remove"_qs, {{u"name"_qs, fromStd(*name)}},
                         [&talk](const QJsonObject &answer) {
                             if (talk.json()) {
                                 talk.show(answer);
                             }
                             talk.finish();
                         });
        };
    });
}

} // namespace

void addGitOpsVerbs(CommandLine &line) {
    CLI::App *gitops =
        line.verb(&line.app, "gitops", "Follows git repositories that say what should run", {});
    gitops->require_subcommand(1);
    addAdd(line, gitops);
    addSync(line, gitops);
    addStatus(line, gitops);
    addRemove(line, gitops);
}

} // namespace aviary::cli
