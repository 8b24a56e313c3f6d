// SPDX-License-Identifier: GPL-3.0-or-later
// list, status, watch, verify, summary.
#include "app/cli/commandline.h"
#include "app/cli/rolloutview.h"
#include "app/cli/table.h"
#include "app/cli/watch.h"
#include "core/api/valuesjson.h"
#include "core/api/words.h"
#include "core/support/words.h"

#include <algorithm>
#include <limits>
#include <memory>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

// The shortest beginning, of at least 10 signs, that tells all ids apart.
int idLength(const std::vector<api::RolloutRow> &rows) {
    for (int length = 10; length < 26; ++length) {
        QStringList seen;
        for (const api::RolloutRow &row : rows) {
            seen.append(row.id.left(length));
        }
        if (seen.removeDuplicates() == 0) {
            return length;
        }
    }
    return 26;
}

void printRollouts(const Terminal &terminal, std::vector<api::RolloutRow> rows) {
    std::ranges::sort(rows, std::greater{}, [](const api::RolloutRow &row) {
        return std::pair(row.started_wall_ms, row.id); // not every cluster's ids tell the time
    });
    const int length = idLength(rows);
    Table table({u"ROLLOUT"_qs, u"SERVICE"_qs, u"CHANGE"_qs, u"STATUS"_qs, u">TRAFFIC"_qs,
                 u">NODES"_qs, u"CLUSTER"_qs, u"STARTED"_qs, u"WHO"_qs, u"NOW"_qs});
    for (const api::RolloutRow &row : rows) {
        const QString from = row.from.isEmpty() ? u"-"_qs : row.from;
        table.add({{row.id.left(length)},
                   {row.service, Tone::Strong},
                   {from % u' ' % terminal.arrow() % u' ' % row.to},
                   {api::wordOf(row.status), toneOf(row.status)},
                   {percentText(row.weight)},
                   {u"%1/%2"_qs.arg(row.nodes_done).arg(row.nodes)},
                   {row.cluster},
                   {agoText(row.started_wall_ms)},
                   {row.who},
                   {row.headline}});
    }
    table.isEmpty() ? terminal.print(u"no rollouts"_qs, Tone::Dim) : table.print(terminal);
}

void addList(CommandLine &line) {
    struct Options {
        std::string cluster, service;
        bool active = false;
    };
    auto options = std::make_shared<Options>();
    CLI::App *verb =
        line.verb(&line.app, "list", "Lists rollouts, newest first", "{rollouts: [RolloutRow]}");
    verb->add_option("--cluster", options->cluster, "Only of this cluster");
    verb->add_option("--service", options->service, "Only of this service");
    verb->add_flag("--active", options->active, "Only those that have not ended");
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            QJsonObject parameters{{u"active"_qs, options->active}};
            if (!options->cluster.empty()) {
                parameters.insert(u"cluster"_qs, fromStd(options->cluster));
            }
            if (!options->service.empty()) {
                parameters.insert(u"service"_qs, fromStd(options->service));
            }
            talk.ask(u"rollout.list"_qs, parameters, [&talk](const QJsonObject &answer) {
                const auto rows = api::listFromJson<api::RolloutRow>(answer.value(u"rollouts"_qs));
                if (!rows) {
                    return talk.failWith(rows.error());
                }
                if (talk.json()) {
                    talk.show({{u"rollouts"_qs, api::listToJson(*rows)}});
                } else {
                    printRollouts(talk.terminal(), *rows);
                }
                talk.finish();
            });
        };
    });
}

void showOverview(Conversation &talk, const QJsonObject &waiting, const QJsonObject &rollouts) {
    const auto waits = api::listFromJson<api::WaitingRow>(waiting.value(u"waiting"_qs));
    const auto rows = api::listFromJson<api::RolloutRow>(rollouts.value(u"rollouts"_qs));
    if (!waits || !rows) {
        return talk.failWith(waits ? rows.error() : waits.error());
    }
    if (talk.json()) {
        talk.show(
            {{u"waiting"_qs, api::listToJson(*waits)}, {u"rollouts"_qs, api::listToJson(*rows)}});
        return talk.finish();
    }
    if (waits->empty()) {
        talk.terminal().print(u"nothing waits for you"_qs, Tone::Dim);
    } else {
        Table table({u"WAITS"_qs, u"CLUSTER"_qs, u"SINCE"_qs, u"DO"_qs});
        for (const api::WaitingRow &row : *waits) {
            const QString what = row.rollout.isEmpty() ? row.subject : row.rollout;
            table.add({{row.text, Tone::Attention},
                       {row.cluster},
                       {agoText(row.since_wall_ms)},
                       {u"aviary "_qs % row.verb % u' ' % what}});
        }
        table.print(talk.terminal());
    }
    printRollouts(talk.terminal(), *rows);
    talk.finish();
}

void addStatus(CommandLine &line) {
    auto rollout = std::make_shared<std::string>();
    CLI::App *verb = line.verb(&line.app, "status",
                               "Shows a rollout, or what waits for a person and what is active",
                               "RolloutDetail; without ROLLOUT {waiting: [WaitingRow], rollouts: "
                               "[RolloutRow]}");
    verb->add_option("ROLLOUT", *rollout, "Which rollout");
    verb->callback([&line, rollout] {
        line.action = [rollout](Conversation &talk) {
            if (rollout->empty()) {
                return talk.ask(u"waiting"_qs, {}, [&talk](const QJsonObject &waiting) {
                    talk.ask(u"rollout.list"_qs, {{u"active"_qs, true}},
                             [&talk, waiting](const QJsonObject &rows) {
                                 showOverview(talk, waiting, rows);
                             });
                });
            }
            talk.withRollout(fromStd(*rollout), [&talk](const api::RolloutRow &row) {
                talk.ask(u"rollout.get"_qs, {{u"rollout"_qs, row.id}}, [&talk](const auto &answer) {
                    const auto detail = api::fromJson<api::RolloutDetail>(answer);
                    if (!detail) {
                        return talk.failWith(detail.error());
                    }
                    if (talk.json()) {
                        talk.show(api::toJson(*detail, api::Form::Rows));
                    } else {
                        constexpr int rows_max = 200;
                        for (const Line &one : linesOf(*detail, talk.terminal(), rows_max)) {
                            talk.terminal().print(one);
                        }
                    }
                    talk.finish();
                });
            });
        };
    });
}

void addWatch(CommandLine &line) {
    struct Options {
        std::string rollout;
        double limit_s = 0;
    };
    auto options = std::make_shared<Options>();
    CLI::App *verb = line.verb(&line.app, "watch", "Shows a live rollout until it ends",
                               "one object a line: {rollout: RolloutRow, happenings: [Happening]}");
    verb->add_option("ROLLOUT", options->rollout, "Which rollout")->required();
    addDuration(verb, "--timeout", options->limit_s, "Stop watching after this time");
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            talk.withRollout(fromStd(options->rollout), [&talk, options](const auto &row) {
                auto *watch = new Watch(talk, row.id, qint64(options->limit_s * 1000));
                watch->begin();
            });
        };
    });
}

} // namespace

void addRolloutVerbs(CommandLine &line) {
    addList(line);
    addStatus(line);
    addWatch(line);
}

} // namespace aviary::cli
