// SPDX-License-Identifier: GPL-3.0-or-later
// alert list, ack, snooze, delivery
#include "app/cli/commandline.h"
#include "app/cli/table.h"
#include "core/api/valuesjson.h"
#include "core/api/words.h"

#include <memory>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

bool calls(const api::AlertRow &row) {
    return row.over_wall_ms == 0 && row.acknowledged_by.isEmpty();
}

QString standingOf(const api::AlertRow &row) {
    if (!row.acknowledged_by.isEmpty()) {
        return u"acknowledged by "_qs + row.acknowledged_by;
    }
    if (row.over_wall_ms != 0) {
        return u"over"_qs;
    }
    return row.snoozed_until_wall_ms == 0 ? u"calls"_qs : u"snoozed by "_qs + row.snoozed_by;
}

void printAlerts(const Terminal &terminal, const std::vector<api::AlertRow> &rows) {
    Table table({u"ALERT"_qs, u"KIND"_qs, u"RAISED"_qs, u"STANDS"_qs, u"DELIVERY"_qs, u"TEXT"_qs});
    for (const api::AlertRow &row : rows) {
        table.add({{row.id, Tone::Strong},
                   {api::wordOf(row.kind)},
                   {agoText(row.raised_wall_ms)},
                   {standingOf(row), calls(row) ? Tone::Attention : Tone::Dim},
                   {row.delivery},
                   {row.text}});
    }
    table.isEmpty() ? terminal.print(u"no alerts"_qs, Tone::Dim) : table.print(terminal);
}

void addList(CommandLine &line, CLI::App *alert) {
    auto all = std::make_shared<bool>(false);
    CLI::App *verb =
        line.verb(alert, "list", "Lists what calls for a person", "{alerts: [AlertRow]}");
    verb->add_flag("--all", *all, "Also those that somebody acknowledged");
    verb->callback([&line, all] {
        line.action = [all](Conversation &talk) {
            talk.ask(u"alert.list"_qs, {{u"open"_qs, !*all}}, [&talk](const QJsonObject &answer) {
                const auto rows = api::listFromJson<api::AlertRow>(answer.value(u"alerts"_qs));
                if (!rows) {
                    return talk.failWith(rows.error());
                }
                if (talk.json()) {
                    talk.show({{u"alerts"_qs, api::listToJson(*rows)}});
                } else {
                    printAlerts(talk.terminal(), *rows);
                }
                talk.finish();
            });
        };
    });
}

void showAlert(Conversation &talk, const QJsonObject &answer) {
    const auto row = api::fromJson<api::AlertRow>(answer.value(u"alert"_qs).toObject());
    if (!row) {
        return talk.failWith(row.error());
    }
    if (talk.json()) {
        talk.show({{u"alert"_qs, api::toJson(*row)}});
    } else {
        printAlerts(talk.terminal(), {*row});
    }
    talk.finish();
}

struct Taking {
    std::string id;
    double for_s = 3600;
};

void addTakingUp(CommandLine &line, CLI::App *alert) {
    auto taking = std::make_shared<Taking>();
    const auto showIt = [](Conversation &talk) {
        return [&talk](const QJsonObject &answer) { showAlert(talk, answer); };
    };
    CLI::App *ack = line.verb(alert, "ack", "Says that you take care of it", "{alert: AlertRow}");
    ack->add_option("ALERT", taking->id, "Which one")->required();
    ack->callback([&line, taking, showIt] {
        line.action = [taking, showIt](Conversation &talk) {
            talk.askOnce(u"alert.ack"_qs, {{u"id"_qs, fromStd(taking->id)}}, showIt(talk));
        };
    });
    CLI::App *snooze =
        line.verb(alert, "snooze", "Silences it; it is told again afterwards", "{alert: AlertRow}");
    snooze->add_option("ALERT", taking->id, "Which one")->required();
    addDuration(snooze, "--for", taking->for_s, "How long (default: 1h)");
    snooze->callback([&line, taking, showIt] {
        line.action = [taking, showIt](Conversation &talk) {
            talk.askOnce(
                u"alert.snooze"_qs,
                {{u"id"_qs, fromStd(taking->id)}, {u"for_ms"_qs, qint64(taking->for_s * 1000)}},
                showIt(talk));
        };
    });
}

struct Delivery {
    std::vector<std::string> command;
    std::string webhook;
    bool none = false;
};

void showDelivery(Conversation &talk, const QJsonObject &answer) {
    const auto delivery = api::fromJson<api::AlertDelivery>(answer);
    if (!delivery) {
        return talk.failWith(delivery.error());
    }
    if (talk.json()) {
        talk.show(api::toJson(*delivery));
    } else {
        const QString none = u"none"_qs;
        const QString command = delivery->command.join(u' ');
        talk.terminal().print(
            Line{{u"command  "_qs, Tone::Dim}, {command.isEmpty() ? none : command}});
        talk.terminal().print(Line{{u"webhook  "_qs, Tone::Dim},
                                   {delivery->webhook.isEmpty() ? none : delivery->webhook}});
    }
    talk.finish();
}

void addDelivery(CommandLine &line, CLI::App *alert) {
    auto given = std::make_shared<Delivery>();
    CLI::App *verb =
        line.verb(alert, "delivery", "Shows, or says, where alerts are sent", "AlertDelivery");
    verb->add_option("--command", given->command,
                     "A program and its arguments; it reads the alert as JSON");
    verb->add_option("--webhook", given->webhook, "An address that gets the alert as JSON");
    verb->add_flag("--none", given->none, "Nowhere but to the clients");
    verb->callback([&line, given, verb] {
        const bool command = verb->count("--command") > 0;
        const bool webhook = verb->count("--webhook") > 0;
        line.action = [given, command, webhook](Conversation &talk) {
            QJsonObject parameters;
            if (command || given->none) {
                QJsonArray words;
                for (const std::string &word : given->command) {
                    words.append(fromStd(word));
                }
                parameters.insert(u"command"_qs, words);
            }
            if (webhook || given->none) {
                parameters.insert(u"webhook"_qs, fromStd(given->webhook));
            }
            talk.askOnce(u"alert.delivery"_qs, parameters,
                         [&talk](const QJsonObject &answer) { showDelivery(talk, answer); });
        };
    });
}

} // namespace

void addAlertVerbs(CommandLine &line) {
    CLI::App *alert = line.verb(&line.app, "alert", "Works on what calls for a person", {});
    alert->require_subcommand(1);
    addList(line, alert);
    addTakingUp(line, alert);
    addDelivery(line, alert);
}

} // namespace aviary::cli
