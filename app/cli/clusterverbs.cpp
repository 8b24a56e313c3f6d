// SPDX-License-Identifier: GPL-3.0-or-later
// cluster add, list, remove, test, token, unlock, lock
#include "app/cli/commandline.h"
#include "app/cli/table.h"
#include "core/api/valuesjson.h"
#include "core/api/words.h"

#include <QFile>
#include <QJsonDocument>

#include <termios.h>
#include <unistd.h>

#include <memory>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

constexpr qint64 token_bytes_max = 8'192;

Tone toneOf(api::Contact contact) {
    return contact == api::Contact::Live   ? Tone::Good
           : contact == api::Contact::Lost ? Tone::Bad
                                           : Tone::Attention;
}

void printClusters(const Terminal &terminal, const std::vector<api::ClusterRow> &rows) {
    Table table({u"CLUSTER"_qs, u"KIND"_qs, u"CLASS"_qs, u"CONTACT"_qs, u"HEARD"_qs, u">NODES"_qs,
                 u">HEALTHY"_qs, u">OFFLINE"_qs, u">BEHIND"_qs, u"REQUESTS"_qs, u"NOTE"_qs});
    for (const api::ClusterRow &row : rows) {
        const bool production = row.klass == api::ClusterClass::Production;
        table.add({{row.id, Tone::Strong},
                   {api::wordOf(row.kind)},
                   {api::wordOf(row.klass), production ? Tone::Attention : Tone::Plain},
                   {api::wordOf(row.contact), toneOf(row.contact)},
                   {agoText(row.heard_wall_ms)},
                   {QString::number(row.nodes)},
                   {QString::number(row.healthy)},
                   {QString::number(row.offline), row.offline > 0 ? Tone::Bad : Tone::Plain},
                   {QString::number(row.behind), row.behind > 0 ? Tone::Attention : Tone::Plain},
                   {row.unlocked ? u"allowed"_qs : u"read-only"_qs},
                   {row.text}});
    }
    table.isEmpty()
        ? terminal.print(u"no clusters; add one: aviary cluster add --help"_qs, Tone::Dim)
        : table.print(terminal);
}

void showCluster(Conversation &talk, const QJsonObject &answer) {
    const auto row = api::fromJson<api::ClusterRow>(answer.value(u"cluster"_qs).toObject());
    if (!row) {
        return talk.failWith(row.error());
    }
    if (talk.json()) {
        talk.show({{u"cluster"_qs, api::toJson(*row)}});
    } else {
        printClusters(talk.terminal(), {*row});
    }
    talk.finish();
}

// KEY=VALUE, where the value is JSON if it can be read as such, else a text; KEY may be a path with
// dots.
void put(QJsonObject &object, const QStringList &path, const QJsonValue &value) {
    if (path.size() == 1) {
        object.insert(path[0], value);
        return;
    }
    QJsonObject inner = object.value(path[0]).toObject();
    put(inner, path.mid(1), value);
    object.insert(path[0], inner);
}

Result<QJsonObject> settingsOf(const std::string &file_name,
                               const std::vector<std::string> &given) {
    QJsonObject settings;
    if (!file_name.empty()) {
        const auto text = readGiven(fromStd(file_name));
        if (!text) {
            return tl::unexpected(text.error());
        }
        const QJsonDocument document = QJsonDocument::fromJson(*text);
        if (!document.isObject()) {
            return fail(ErrorCode::Invalid, u"this is not a JSON object"_qs, fromStd(file_name));
        }
        settings = document.object();
    }
    for (const std::string &one : given) {
        const QString text = fromStd(one);
        const QString key = text.section(u'=', 0, 0);
        const QStringList path = key.split(u'.');
        if (!text.contains(u'=') || path.contains(QString()) || path.size() > 8) {
            return fail(ErrorCode::Invalid, u"\"%1\" is not KEY=VALUE"_qs.arg(text), u"--set"_qs);
        }
        const QString value = text.section(u'=', 1);
        const auto read = QJsonDocument::fromJson("[" + value.toUtf8() + "]").array();
        put(settings, path, read.size() == 1 ? read[0] : QJsonValue(value));
    }
    return settings;
}

struct Adding {
    std::string id, name, file;
    std::string kind = "local", klass = "development";
    std::vector<std::string> settings;
    bool needs_approval = false;
};

void addAdd(CommandLine &line, CLI::App *cluster) {
    auto adding = std::make_shared<Adding>();
    CLI::App *verb = line.verb(cluster, "add", "Makes a cluster known; it opens read-only",
                               "{cluster: ClusterRow}");
    verb->add_option("ID", adding->id, "A short word for it")->required();
    verb->add_option("--name", adding->name, "Its name for people (default: the id)");
    verb->add_option("--kind", adding->kind, "What it is (default: local)")
        ->check(CLI::IsMember({"local", "docker", "nomad"}));
    verb->add_option("--class", adding->klass, "How careful to be (default: development)")
        ->check(CLI::IsMember({"development", "staging", "production"}));
    verb->add_option("--settings", adding->file, "Settings from a JSON file");
    verb->add_option("--set", adding->settings, "One setting: KEY=VALUE; KEY may be a path: a.b");
    verb->add_flag("--needs-approval", adding->needs_approval, "Another person approves each plan");
    verb->callback([&line, adding] {
        line.action = [adding](Conversation &talk) {
            const auto settings = settingsOf(adding->file, adding->settings);
            if (!settings) {
                return talk.failWith(settings.error());
            }
            const std::string &name = adding->name.empty() ? adding->id : adding->name;
            talk.askOnce(u"cluster.add"_qs,
                         {{u"id"_qs, fromStd(adding->id)},
                          {u"name"_qs, fromStd(name)},
                          {u"kind"_qs, fromStd(adding->kind)},
                          {u"class"_qs, fromStd(adding->klass)},
                          {u"needs_approval"_qs, adding->needs_approval},
                          {u"settings"_qs, *settings}},
                         [&talk](const QJsonObject &answer) { showCluster(talk, answer); });
        };
    });
}

void addList(CommandLine &line, CLI::App *cluster) {
    CLI::App *verb = line.verb(cluster, "list", "Lists the clusters", "{clusters: [ClusterRow]}");
    verb->callback([&line] {
        line.action = [](Conversation &talk) {
            talk.ask(u"cluster.list"_qs, {}, [&talk](const QJsonObject &answer) {
                const auto rows = api::listFromJson<api::ClusterRow>(answer.value(u"clusters"_qs));
                if (!rows) {
                    return talk.failWith(rows.error());
                }
                if (talk.json()) {
                    talk.show({{u"clusters"_qs, api::listToJson(*rows)}});
                } else {
                    printClusters(talk.terminal(), *rows);
                }
                talk.finish();
            });
        };
    });
}

void showChecks(Conversation &talk, const QJsonObject &answer) {
    const auto checks = api::listFromJson<api::CheckRow>(answer.value(u"checks"_qs));
    if (!checks) {
        return talk.failWith(checks.error());
    }
    bool good = !checks->empty();
    for (const api::CheckRow &check : *checks) {
        good = good && check.ok;
        if (!talk.json()) {
            talk.terminal().print(
                Line{{check.ok ? u"ok    "_qs : u"fails "_qs, check.ok ? Tone::Good : Tone::Bad},
                     {check.text},
                     {check.remedy.isEmpty() ? QString() : u"; "_qs + check.remedy, Tone::Dim}});
        }
    }
    if (talk.json()) {
        talk.show({{u"checks"_qs, api::listToJson(*checks)}});
    }
    talk.finish(good ? Exit::Done : Exit::Failed);
}

// Nobody reads over the shoulder what is typed meanwhile.
class WithoutEcho {
public:
    WithoutEcho() {
        quiet_ = tcgetattr(STDIN_FILENO, &before_) == 0;
        termios without = before_;
        without.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        quiet_ = quiet_ && tcsetattr(STDIN_FILENO, TCSAFLUSH, &without) == 0;
    }
    ~WithoutEcho() {
        if (quiet_) {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
        }
    }
    WithoutEcho(const WithoutEcho &) = delete;
    WithoutEcho &operator=(const WithoutEcho &) = delete;

    bool isQuiet() const { return quiet_; }

private:
    termios before_{};
    bool quiet_ = false;
};

// One line of standard input. A secret is never an argument: every user sees those.
Result<QString> typedToken(const Terminal &terminal) {
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly)) {
        return fail(ErrorCode::Invalid, input.errorString(), u"standard input"_qs);
    }
    if (!terminal.answers()) {
        return QString::fromUtf8(input.readLine(token_bytes_max)).trimmed();
    }
    const WithoutEcho quiet;
    if (!quiet.isQuiet()) {
        return fail(ErrorCode::Invalid, u"the terminal would show the token"_qs,
                    u"standard input"_qs, u"give it by a pipe"_qs);
    }
    terminal.complain(u"Token (it is not shown; an empty line forgets the old one):"_qs);
    return QString::fromUtf8(input.readLine(token_bytes_max)).trimmed();
}

void keepToken(Conversation &talk, const QString &id) {
    const Result<QString> token = typedToken(talk.terminal());
    if (!token) {
        return talk.failWith(token.error());
    }
    talk.ask(u"cluster.token"_qs, {{u"id"_qs, id}, {u"token"_qs, *token}},
             [&talk](const QJsonObject &answer) {
                 talk.json() ? talk.show(answer)
                             : talk.terminal().print(answer.value(u"text"_qs).toString());
                 talk.finish();
             });
}

// remove, test, token, unlock and lock take one id each.
void addOnOne(CommandLine &line, CLI::App *cluster) {
    auto id = std::make_shared<std::string>();
    const auto add = [&](const char *name, const char *text, const char *shape,
                         std::function<void(Conversation &, const QString &)> action) {
        CLI::App *verb = line.verb(cluster, name, text, shape);
        verb->add_option("ID", *id, "Which cluster")->required();
        verb->callback([&line, id, action] {
            line.action = [id, action](Conversation &talk) { action(talk, fromStd(*id)); };
        });
    };
    add("remove", "Forgets a cluster; what runs there goes on", "{}",
        [](Conversation &talk, const QString &name) {
            talk.askOnce(u"cluster.remove"_qs, {{u"id"_qs, name}}, [&talk](const auto &answer) {
                if (talk.json()) {
                    talk.show(answer);
                }
                talk.finish();
            });
        });
    add("test", "Tries the connection, point by point", "{checks: [CheckRow]}",
        [](Conversation &talk, const QString &name) {
            talk.ask(u"cluster.test"_qs, {{u"id"_qs, name}},
                     [&talk](const QJsonObject &answer) { showChecks(talk, answer); });
        });
    add("token", "Keeps the token that a cluster wants, read from standard input", "{text}",
        keepToken);
    const auto setLock = [](bool unlocked) {
        return [unlocked](Conversation &talk, const QString &name) {
            talk.askOnce(u"cluster.lock"_qs, {{u"id"_qs, name}, {u"unlocked"_qs, unlocked}},
                         [&talk](const QJsonObject &answer) { showCluster(talk, answer); });
        };
    };
    add("unlock", "Allows requests that raise exposure", "{cluster: ClusterRow}", setLock(true));
    add("lock", "Makes a cluster read-only again", "{cluster: ClusterRow}", setLock(false));
}

} // namespace

void addClusterVerbs(CommandLine &line) {
    CLI::App *cluster = line.verb(&line.app, "cluster", "Works on the list of clusters", {});
    cluster->require_subcommand(1);
    addAdd(line, cluster);
    addList(line, cluster);
    addOnOne(line, cluster);
}

} // namespace aviary::cli
