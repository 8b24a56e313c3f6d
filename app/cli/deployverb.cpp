// SPDX-License-Identifier: GPL-3.0-or-later
// deploy, catch_up
#include "app/cli/deploying.h"
#include "app/cli/watch.h"
#include "core/api/valuesjson.h"
#include "core/api/words.h"

#include <QTimer>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

struct Options {
    Source source;
    bool draft = false, supersede = false, wait = false, yes = false;
    std::string reason;
    double limit_s = 3600;
};
using Given = std::shared_ptr<Options>;

void report(Conversation &talk, const Given &options, const QJsonObject &answer) {
    const auto rollout = api::fromJson<api::RolloutRow>(answer.value(u"rollout"_qs).toObject());
    const auto record =
        api::fromJson<api::DeploymentRow>(answer.value(u"deployment"_qs).toObject());
    if (!rollout || !record) {
        return talk.failWith(rollout ? record.error() : rollout.error());
    }
    const Terminal &terminal = talk.terminal();
    const bool watching = options->wait && !rollout->id.isEmpty() && !options->draft;
    if (talk.json() && !watching) {
        talk.show(answer);
    } else if (!talk.json()) {
        const QString text = answer.value(u"text"_qs).toString();
        if (!text.isEmpty()) {
            terminal.print(text);
        }
        const auto tell = [&terminal](const char *label, const QString &value) {
            if (!value.isEmpty()) {
                terminal.print(Line{{QString::fromLatin1(label).leftJustified(12), Tone::Dim},
                                    {value, Tone::Plain}});
            }
        };
        tell("key", record->key);
        tell("version", record->version > 0 ? QString::number(record->version) : QString());
        const QString from = record->from.isEmpty() ? u"nothing"_qs : record->from;
        tell("change", from % u' ' % terminal.arrow() % u' ' % record->to);
        tell("status", api::wordOf(record->status));
        tell("deployment", record->id);
        tell("rollout", rollout->id);
        if (!watching && !rollout->id.isEmpty()) {
            tell("next",
                 (options->draft ? u"aviary start "_qs : u"aviary watch "_qs) + rollout->id);
        }
    }
    if (!watching) {
        return talk.finish();
    }
    (new Watch(talk, rollout->id, qint64(options->limit_s * 1000)))->begin();
}

void send(Conversation &talk, const Given &options, QJsonObject parameters) {
    parameters.insert(u"start"_qs, !options->draft);
    if (options->supersede) {
        parameters.insert(u"supersede"_qs, true);
    }
    if (!options->reason.empty()) {
        parameters.insert(u"reason"_qs, fromStd(options->reason));
    }
    talk.askOnce(u"deploy"_qs, parameters,
                 [&talk, options](const QJsonObject &answer) { report(talk, options, answer); });
}

// On a production cluster the plan is shown first, and confirmed by the service's name.
void confirmThenSend(Conversation &talk, const Given &options, const QJsonObject &parameters,
                     const api::ClusterRow &cluster) {
    talk.ask(u"plan.compile"_qs, parameters,
             [&talk, options, parameters, cluster](const QJsonObject &answer) {
                 const auto plan = api::fromJson<api::PlanAnswer>(answer);
                 if (!plan || !plan->problems.empty()) {
                     return plan ? failWith(talk, plan->problems) : talk.failWith(plan.error());
                 }
                 QJsonObject confirmed = parameters;
                 confirmed.insert(u"confirm"_qs, plan->service);
                 if (options->yes) {
                     return send(talk, options, confirmed);
                 }
                 print(talk.terminal(), *plan);
                 talk.confirm(u"%1 is a production cluster. Type %2 to go on:"_qs.arg(
                                  cluster.name, plan->service),
                              plan->service,
                              [&talk, options, confirmed] { send(talk, options, confirmed); });
             });
}

} // namespace

void addDeployVerb(CommandLine &line) {
    auto options = std::make_shared<Options>();
    CLI::App *verb =
        line.verb(&line.app, "deploy", "Deploys a bundle, a manifest or a plan",
                  "{rollout: RolloutRow, deployment: DeploymentRow, text}; with --wait "
                  "the lines of watch");
    addSource(verb, options->source);
    verb->add_flag("--draft", options->draft, "Make the plan and do not start it")
        ->excludes(
            verb->add_flag("--wait", options->wait, "Watch until it ends; the exit code says how"));
    addDuration(verb, "--timeout", options->limit_s, "How long --wait waits (default 1h)");
    verb->add_flag("--supersede", options->supersede, "Take over from an active rollout");
    verb->add_option("--reason", options->reason, "Why; kept in the record");
    verb->add_flag("--yes,-y", options->yes, "Do not ask for the service's name");
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            const auto source = readSource(options->source, talk);
            if (!source) {
                return talk.failWith(source.error());
            }
            talk.withCluster(
                fromStd(options->source.cluster), [&talk, options, source](const auto &cluster) {
                    QJsonObject parameters = *source;
                    parameters.insert(u"cluster"_qs, cluster.id);
                    if (cluster.klass == api::ClusterClass::Production && !options->draft) {
                        return confirmThenSend(talk, options, parameters, cluster);
                    }
                    send(talk, options, parameters);
                });
        };
    });
}

void addCatchUpVerb(CommandLine &line) {
    auto options = std::make_shared<Options>();
    CLI::App *verb =
        line.verb(&line.app, "catch_up", "Brings nodes that came back to the stable revision",
                  "{rollout: RolloutRow, deployment: DeploymentRow, text}; with --wait "
                  "the lines of watch");
    verb->add_option("SERVICE", options->source.key, "Of which service")->required();
    verb->add_option("--cluster", options->source.cluster, "Where (default: the only cluster)");
    verb->add_flag("--wait", options->wait, "Watch until it ends; the exit code says how");
    addDuration(verb, "--timeout", options->limit_s, "How long --wait waits (default 1h)");
    verb->add_option("--reason", options->reason, "Why; kept in the record");
    verb->add_flag("--yes,-y", options->yes, "Do not ask for the service's name");
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) {
            talk.withCluster(fromStd(options->source.cluster), [&talk, options](const auto &at) {
                const QString key = fromStd(options->source.key);
                const QJsonObject parameters{{u"cluster"_qs, at.id},
                                             {u"key"_qs, key},
                                             {u"confirm"_qs, key},
                                             {u"reason"_qs, fromStd(options->reason)}};
                const auto send = [&talk, options, parameters] {
                    talk.askOnce(u"catch_up"_qs, parameters, [&talk, options](const auto &answer) {
                        report(talk, options, answer);
                    });
                };
                if (at.klass != api::ClusterClass::Production || options->yes) {
                    return send();
                }
                talk.confirm(u"%1 is a production cluster. Type %2 to go on:"_qs.arg(at.name, key),
                             key, send);
            });
        };
    });
}

} // namespace aviary::cli
