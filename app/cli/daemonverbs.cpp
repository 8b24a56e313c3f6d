// SPDX-License-Identifier: GPL-3.0-or-later
// daemon start, stop, status; stdio
#include "app/cli/commandline.h"
#include "app/cli/pump.h"
#include "core/api/valuesjson.h"

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

void showDaemon(Conversation &talk, const QJsonObject &answer) {
    const auto state = api::fromJson<api::DaemonState>(answer);
    if (!state) {
        return talk.failWith(state.error());
    }
    if (talk.json()) {
        talk.show(api::toJson(*state));
        return talk.finish();
    }
    const Terminal &terminal = talk.terminal();
    const auto tell = [&terminal](const char *label, const QString &value, Tone tone) {
        if (!value.isEmpty()) {
            terminal.print(
                Line{{QString::fromLatin1(label).leftJustified(10), Tone::Dim}, {value, tone}});
        }
    };
    tell("aviaryd", state->version % u" on "_qs % state->host, Tone::Strong);
    tell("you are", state->who, Tone::Plain);
    tell("journal",
         u"%1 entries, %2"_qs.arg(state->journal_entries)
             .arg(state->journal_whole ? u"the chain is whole"_qs : u"the chain is broken"_qs),
         state->journal_whole ? Tone::Plain : Tone::Bad);
    tell("storage", state->read_only ? u"read-only"_qs : QString(), Tone::Bad);
    tell("note", state->text, Tone::Attention);
    QStringList present(state->present.begin(), state->present.end());
    tell("present", present.join(u", "_qs), Tone::Plain);
    if (const auto places = talk.places(); places && talk.globals().host.empty()) {
        tell("state", places->state, Tone::Dim);
        tell("socket", places->socket, Tone::Dim);
    }
    talk.finish();
}

void askState(Conversation &talk) {
    talk.ask(u"hello"_qs, {{u"client"_qs, u"aviary"_qs}, {u"version"_qs, u"" AVIARY_VERSION ""_qs}},
             [&talk](const QJsonObject &answer) { showDaemon(talk, answer); });
}

void stop(Conversation &talk) {
    api::LineSession *link = talk.sessionWithoutStarting();
    if (link == nullptr) {
        return;
    }
    // It is stopped when the link is gone, not when it said that it will.
    QObject::connect(link, &api::Session::linkChanged, &talk, [&talk](api::Session::Link now) {
        if (now == api::Session::Link::Connecting) {
            talk.json() ? talk.show({{u"stopped"_qs, true}})
                        : talk.terminal().print(u"aviaryd has stopped; services run on"_qs);
            talk.finish();
        }
    });
    link->call(u"daemon.stop"_qs, {}, [&talk](const Result<QJsonObject> &answer) {
        if (!answer && answer.error().code != ErrorCode::TimedOut) {
            talk.failWith(answer.error());
        }
    });
}

void addDaemon(CommandLine &line) {
    CLI::App *daemon = line.verb(&line.app, "daemon", "Starts and stops aviaryd", {});
    daemon->require_subcommand(1);
    line.verb(daemon, "start", "Starts aviaryd, if it does not run", "DaemonState")
        ->callback([&line] { line.action = askState; });
    line.verb(daemon, "stop", "Stops aviaryd; services and the router run on", "{stopped: true}")
        ->callback([&line] { line.action = stop; });
    line.verb(daemon, "status", "Shows aviaryd; exit 1 when it does not run", "DaemonState")
        ->callback([&line] {
            line.action = [](Conversation &talk) {
                if (talk.sessionWithoutStarting() != nullptr) {
                    askState(talk);
                }
            };
        });
}

} // namespace

void addDaemonVerbs(CommandLine &line) {
    addDaemon(line);
    line.verb(&line.app, "stdio",
              "Carries the daemon's protocol over standard input and output, for ssh", {})
        ->callback([&line] {
            line.action = [](Conversation &talk) {
                const auto places = talk.places();
                if (!places) {
                    return talk.failWith(places.error());
                }
                // The first answer says that it runs; the line itself is another connection.
                talk.ask(u"hello"_qs, {}, [&talk, socket = places->socket](const QJsonObject &) {
                    const Result<void> carried = pump(socket);
                    carried ? talk.finish() : talk.failWith(carried.error());
                });
            };
        });
}

} // namespace aviary::cli
