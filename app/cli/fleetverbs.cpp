// SPDX-License-Identifier: GPL-3.0-or-later
// nodes, drain, services, health, verify
#include "app/cli/commandline.h"
#include "app/cli/table.h"
#include "core/api/filter.h"
#include "core/api/valuesjson.h"
#include "core/api/words.h"
#include "core/support/words.h"

#include <QTimer>

#include <memory>
#include <set>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

QStringList flagsOf(const api::NodeRow &node) {
    QStringList flags;
    if (node.flags.draining) {
        flags.append(u"draining"_qs);
    }
    if (node.flags.maintenance) {
        flags.append(u"maintenance"_qs);
    }
    if (node.flags.excluded) {
        flags.append(u"excluded"_qs);
    }
    return flags;
}

void printNodes(const Terminal &terminal, const std::vector<api::NodeRow> &nodes) {
    Table table({u"NODE"_qs, u"SITE"_qs, u"HEALTH"_qs, u"FLAGS"_qs, u">BEHIND"_qs, u"HEARD"_qs,
                 u"ADDRESS"_qs, u"RUNS"_qs});
    for (const api::NodeRow &node : nodes) {
        QStringList runs;
        for (const api::ServiceOnNode &service : node.services) {
            runs.append(service.service % u' ' % service.revision %
                        (service.ready ? QString() : u" (not ready)"_qs));
        }
        const QString health = api::healthWord(node);
        const Tone tone = health == u"healthy"_qs                              ? Tone::Good
                          : health == u"offline"_qs || health == u"failing"_qs ? Tone::Bad
                                                                               : Tone::Attention;
        table.add({{node.id, Tone::Strong},
                   {node.site},
                   {health, tone},
                   {flagsOf(node).join(u' '), Tone::Attention},
                   {QString::number(node.behind), node.behind > 0 ? Tone::Attention : Tone::Plain},
                   {agoText(node.heard_wall_ms)},
                   {node.address},
                   {runs.join(u", "_qs)}});
    }
    table.isEmpty() ? terminal.print(u"no nodes"_qs, Tone::Dim) : table.print(terminal);
}

using Nodes = std::shared_ptr<std::vector<api::NodeRow>>;
void readPages(Conversation &talk, const QJsonObject &parameters, const Nodes &nodes,
               const WithNodes &then) {
    QJsonObject next = parameters;
    next.insert(u"first"_qs, qint64(nodes->size()));
    next.insert(u"count"_qs, api::page_nodes_max);
    talk.ask(u"fleet.page"_qs, next, [&talk, parameters, nodes, then](const QJsonObject &answer) {
        const auto page = api::fromJson<api::FleetPage>(answer);
        if (!page) {
            return talk.failWith(page.error());
        }
        nodes->insert(nodes->end(), page->nodes.begin(), page->nodes.end());
        if (!page->nodes.empty() && nodes->size() < page->total) {
            return readPages(talk, parameters, nodes, then);
        }
        then(*nodes);
    });
}

void addNodes(CommandLine &line) {
    struct Options {
        std::string cluster, filter;
    };
    auto options = std::make_shared<Options>();
    CLI::App *verb = line.verb(&line.app, "nodes", "Lists the nodes of a cluster",
                               "{cluster, nodes: [NodeRow]}");
    verb->add_option("--cluster", options->cluster, "Which cluster (default: the only one)");
    verb->add_option("--filter", options->filter,
                     "For example: revision:v41 site:eu-* health:!healthy behind:>0");
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            const QString filter = fromStd(options->filter);
            if (const auto parsed = api::Filter::parse(filter); !parsed) {
                return talk.failWith(parsed.error());
            }
            talk.withCluster(fromStd(options->cluster), [&talk, filter](const auto &cluster) {
                withNodes(talk, cluster.id, filter, [&talk, cluster](const auto &nodes) {
                    if (talk.json()) {
                        talk.show(
                            {{u"cluster"_qs, cluster.id}, {u"nodes"_qs, api::listToJson(nodes)}});
                    } else {
                        printNodes(talk.terminal(), nodes);
                    }
                    talk.finish();
                });
            });
        };
    });
}

struct Draining {
    std::vector<std::string> nodes;
    std::string cluster, reason;
    bool off = false;
    double limit_s = 30;
    std::set<QString> awaited;
};

void endDrain(Conversation &talk, const Draining &draining, api::Outcome outcome,
              const QString &text) {
    if (talk.finished()) {
        return;
    }
    if (talk.json()) {
        api::RequestRow row;
        row.cluster = fromStd(draining.cluster);
        row.verb = u"drain"_qs;
        row.outcome = outcome;
        row.text = text;
        talk.show({{u"request"_qs, api::toJson(row)}});
    } else {
        const bool applied = outcome == api::Outcome::Applied;
        talk.terminal().print(Line{{api::wordOf(outcome), applied ? Tone::Good : Tone::Attention},
                                   {u"  drain  "_qs, Tone::Strong},
                                   {text}});
    }
    talk.finish(outcome == api::Outcome::Applied ? Exit::Done : Exit::TimedOut);
}

// Done when the cluster itself shows the flag on each node.
void drain(Conversation &talk, const std::shared_ptr<Draining> &draining,
           const api::ClusterRow &cluster) {
    QJsonArray names;
    for (const std::string &node : draining->nodes) {
        names.append(fromStd(node));
        draining->awaited.insert(fromStd(node));
    }
    draining->cluster = cluster.id.toStdString();
    QJsonObject parameters{{u"cluster"_qs, cluster.id},
                           {u"nodes"_qs, names},
                           {u"draining"_qs, !draining->off},
                           {u"reason"_qs, fromStd(draining->reason)}};
    talk.askOnce(u"node.flag"_qs, parameters, [&talk, draining, cluster](const QJsonObject &) {
        talk.subscribe(u"fleet:"_qs + cluster.id, [&talk, draining](const QJsonObject &change) {
            const auto rows = api::listFromJson<api::NodeRow>(change.value(u"rows"_qs));
            for (const auto &row : rows.value_or(std::vector<api::NodeRow>())) {
                if (row.flags.draining != draining->off) {
                    draining->awaited.erase(row.id);
                }
            }
            if (draining->awaited.empty()) {
                const QString text =
                    draining->off ? u"%1 no longer draining"_qs : u"%1 draining"_qs;
                endDrain(talk, *draining, api::Outcome::Applied,
                         text.arg(nodesText(std::ssize(draining->nodes))));
            }
        });
        QTimer::singleShot(int(draining->limit_s * 1000), &talk, [&talk, draining] {
            endDrain(talk, *draining, api::Outcome::Unknown,
                     u"%1 did not show it in the given time"_qs.arg(
                         nodesText(std::ssize(draining->awaited))));
        });
    });
}

void addDrain(CommandLine &line) {
    auto draining = std::make_shared<Draining>();
    CLI::App *verb =
        line.verb(&line.app, "drain", "Keeps rollouts away from nodes", "{request: RequestRow}");
    verb->add_option("NODE", draining->nodes, "Which nodes")->required();
    verb->add_option("--cluster", draining->cluster, "Which cluster (default: the only one)");
    verb->add_flag("--off", draining->off, "Give them back");
    verb->add_option("--reason", draining->reason, "Why; kept in the record");
    addDuration(verb, "--timeout", draining->limit_s, "How long to wait (default 30s)");
    verb->callback([&line, draining] {
        line.action = [draining](Conversation &talk) {
            talk.withCluster(fromStd(draining->cluster), [&talk, draining](const auto &cluster) {
                drain(talk, draining, cluster);
            });
        };
    });
}

void printInstances(const Terminal &terminal, const std::vector<api::InstanceRow> &rows) {
    Table table({u"SERVICE"_qs, u"REVISION"_qs, u"ROLE"_qs, u"STATUS"_qs, u"ADDRESS"_qs, u"NODE"_qs,
                 u"CLUSTER"_qs, u"NOTE"_qs});
    for (const api::InstanceRow &row : rows) {
        table.add({{row.service, Tone::Strong},
                   {row.revision},
                   {row.role, row.role == u"primary"_qs ? Tone::Plain : Tone::Accent},
                   {row.status, row.ready ? Tone::Good : Tone::Bad},
                   {row.address},
                   {row.node},
                   {row.cluster},
                   {row.text}});
    }
    table.isEmpty() ? terminal.print(u"no instances"_qs, Tone::Dim) : table.print(terminal);
}

void addServices(CommandLine &line) {
    struct Options {
        std::string name, cluster, node, role, status;
        bool include_canary = false, every_status = false;
    };
    auto options = std::make_shared<Options>();
    CLI::App *verb = line.verb(&line.app, "services", "Lists where services answer",
                               "{instances: [InstanceRow]}");
    verb->add_option("NAME", options->name, "Only this service");
    verb->add_option("--cluster", options->cluster, "Only on this cluster");
    verb->add_option("--node", options->node, "Only on this node");
    verb->add_option("--role", options->role, "Only this role; asking for one shows it")
        ->check(CLI::IsMember({"primary", "canary", "candidate"}));
    verb->add_option("--status", options->status, "Only this status")
        ->check(CLI::IsMember({"passing", "warning", "critical"}));
    verb->add_flag("--include-canary", options->include_canary, "Canaries and candidates too");
    verb->add_flag("--every-status", options->every_status,
                   "Not only those that pass, also when a NAME is given");
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            QJsonObject parameters{{u"include_canary"_qs, options->include_canary},
                                   {u"name"_qs, fromStd(options->name)},
                                   {u"cluster"_qs, fromStd(options->cluster)},
                                   {u"node"_qs, fromStd(options->node)},
                                   {u"role"_qs, fromStd(options->role)},
                                   {u"status"_qs, fromStd(options->status)}};
            if (options->every_status || !options->status.empty()) {
                parameters.insert(u"passing_only"_qs, false);
            }
            talk.ask(u"services"_qs, parameters, [&talk](const QJsonObject &answer) {
                const auto rows =
                    api::listFromJson<api::InstanceRow>(answer.value(u"instances"_qs));
                if (!rows) {
                    return talk.failWith(rows.error());
                }
                if (talk.json()) {
                    talk.show({{u"instances"_qs, api::listToJson(*rows)}});
                } else {
                    printInstances(talk.terminal(), *rows);
                }
                talk.finish();
            });
        };
    });
}

Tone toneOf(api::Health health) {
    return health == api::Health::Healthy     ? Tone::Good
           : health == api::Health::Unhealthy ? Tone::Bad
                                              : Tone::Attention;
}

// Ends well only when all is healthy: unknown is never healthy.
void showHealth(Conversation &talk, const QJsonObject &answer) {
    const auto report = api::fromJson<api::HealthReport>(answer);
    if (!report) {
        return talk.failWith(report.error());
    }
    if (talk.json()) {
        talk.show(api::toJson(*report, api::Form::Rows));
    } else {
        Table table(
            {u"NODE"_qs, u"SERVICE"_qs, u"REVISION"_qs, u"CHECK"_qs, u"HEALTH"_qs, u"SAYS"_qs});
        for (const api::HealthRow &row : report->checks) {
            table.add({{row.node},
                       {row.service, Tone::Strong},
                       {row.revision},
                       {row.critical ? row.check : row.check + u" (not critical)"_qs},
                       {api::wordOf(row.health), toneOf(row.health)},
                       {row.text}});
        }
        if (!table.isEmpty()) {
            table.print(talk.terminal());
        }
        talk.terminal().print(Line{{api::wordOf(report->overall), toneOf(report->overall)},
                                   {u"  "_qs + report->text}});
    }
    talk.finish(report->overall == api::Health::Healthy ? Exit::Done : Exit::Failed);
}

void addHealth(CommandLine &line) {
    struct Options {
        std::string cluster, node, service, rollout;
    };
    auto options = std::make_shared<Options>();
    CLI::App *verb = line.verb(&line.app, "health", "Shows what health checks answer now",
                               "HealthReport; exit 0 only when all is healthy");
    verb->add_option("--cluster", options->cluster, "Which cluster (default: the only one)");
    verb->add_option("--node", options->node, "Only this node");
    verb->add_option("--service", options->service, "Only this service");
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            talk.withCluster(fromStd(options->cluster), [&talk, options](const auto &cluster) {
                QJsonObject parameters{{u"cluster"_qs, cluster.id}};
                if (!options->node.empty()) {
                    parameters.insert(u"node"_qs, fromStd(options->node));
                }
                if (!options->service.empty()) {
                    parameters.insert(u"service"_qs, fromStd(options->service));
                }
                talk.ask(u"health"_qs, parameters,
                         [&talk](const QJsonObject &answer) { showHealth(talk, answer); });
            });
        };
    });
    CLI::App *verify = line.verb(&line.app, "verify", "Shows the health of what a rollout brought",
                                 "HealthReport; exit 0 only when all is healthy");
    verify->add_option("ROLLOUT", options->rollout, "Which rollout")->required();
    verify->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            talk.withRollout(fromStd(options->rollout), [&talk](const api::RolloutRow &row) {
                talk.ask(u"verify"_qs, {{u"rollout"_qs, row.id}},
                         [&talk](const QJsonObject &answer) { showHealth(talk, answer); });
            });
        };
    });
}

} // namespace

void withNodes(Conversation &talk, const QString &cluster, const QString &filter, WithNodes then) {
    readPages(talk, {{u"cluster"_qs, cluster}, {u"filter"_qs, filter}},
              std::make_shared<std::vector<api::NodeRow>>(), then);
}

void addFleetVerbs(CommandLine &line) {
    addNodes(line);
    addDrain(line);
    addServices(line);
    addHealth(line);
}

} // namespace aviary::cli
