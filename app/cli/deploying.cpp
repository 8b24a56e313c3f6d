// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/deploying.h"

#include "core/api/presentation.h"
#include "core/api/valuesjson.h"

#include <QDir>
#include <QFileInfo>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

constexpr qint64 text_bytes_max = 4 * 1024 * 1024;

Result<QString> readText(const QString &path) {
    return readGiven(path, text_bytes_max).map([](const QByteArray &text) {
        return QString::fromUtf8(text);
    });
}

template <class T>
void put(QJsonObject &policy, const QString &name, const std::optional<T> &value) {
    if (value) {
        policy.insert(name, *value);
    }
}

QJsonObject policyOf(const Source &source) {
    QJsonObject policy;
    if (!source.strategy.empty()) {
        policy.insert(u"strategy"_qs, fromStd(source.strategy));
    }
    if (!source.health_check.empty()) {
        policy.insert(u"health_check"_qs, fromStd(source.health_check));
    }
    put(policy, u"max_parallel"_qs, source.max_parallel);
    put(policy, u"canary"_qs, source.canary);
    put(policy, u"auto_promote"_qs, source.auto_promote);
    put(policy, u"auto_revert"_qs, source.auto_revert);
    const auto putTime = [&policy](const QString &name, const std::optional<double> &seconds) {
        if (seconds) {
            policy.insert(name, qint64(*seconds * 1000));
        }
    };
    putTime(u"min_healthy_ms"_qs, source.min_healthy_s);
    putTime(u"healthy_deadline_ms"_qs, source.healthy_deadline_s);
    putTime(u"progress_deadline_ms"_qs, source.progress_deadline_s);
    return policy;
}

CLI::Option *addTime(CLI::App *verb, const std::string &name, std::optional<double> &seconds,
                     const std::string &text) {
    const std::map<std::string, double> units{{"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600}};
    return verb->add_option(name, seconds, text)
        ->transform(CLI::AsNumberWithUnit(units))
        ->type_name("TIME");
}

// --NAME and --no-NAME; neither leaves the manifest's word.
void addChoice(CLI::App *verb, const std::string &name, std::optional<bool> &choice,
               const std::string &text) {
    CLI::Option *yes = verb->add_flag_callback(
        "--" + name, [&choice] { choice = true; }, text);
    verb->add_flag_callback(
            "--no-" + name, [&choice] { choice = false; }, "Not that, whatever the manifest says")
        ->excludes(yes);
}

} // namespace

void addSource(CLI::App *verb, Source &source) {
    verb->add_option("SOURCE", source.path,
                     "A folder with manifest.json, a manifest, or a .plan.yaml")
        ->required();
    verb->add_option("--cluster", source.cluster, "Where (default: the only cluster)");
    verb->add_option("--key", source.key, "Key of the service (default: the manifest's)");
    verb->add_option("--strategy", source.strategy, "How it spreads")
        ->check(CLI::IsMember({"rolling", "canary", "blue-green", "blue_green"}));
    verb->add_option("--max-parallel", source.max_parallel, "Updates under way at once")
        ->check(CLI::Range(1, 1'000'000));
    verb->add_option("--canary", source.canary, "Nodes that go first")
        ->check(CLI::Range(0, 1'000'000));
    addChoice(verb, "auto-promote", source.auto_promote, "Pass holds whose checks passed");
    addChoice(verb, "auto-revert", source.auto_revert,
              "After a failure deploy the newest stable revision");
    verb->add_option("--health-check", source.health_check, "What counts as healthy")
        ->check(CLI::IsMember({"checks", "agent_states"}));
    addTime(verb, "--min-healthy", source.min_healthy_s, "Healthy for this long before it counts");
    addTime(verb, "--healthy-deadline", source.healthy_deadline_s, "For one node, from its order");
    addTime(verb, "--progress-deadline", source.progress_deadline_s, "Between two healthy nodes");
}

Result<QJsonObject> readSource(const Source &source, const Conversation &talk) {
    const QString path = fromStd(source.path);
    const bool elsewhere = !talk.globals().host.empty();
    const QFileInfo file(path);
    QJsonObject parameters;
    if (path.endsWith(u".yaml") || path.endsWith(u".yml")) {
        const Result<QString> text = readText(path);
        if (!text) {
            return tl::unexpected<Error>(text.error());
        }
        parameters.insert(u"plan"_qs, *text);
    } else if (elsewhere && file.isFile()) {
        const Result<QString> text = readText(path);
        if (!text) {
            return tl::unexpected<Error>(text.error());
        }
        parameters.insert(u"manifest"_qs, *text);
    } else if (elsewhere) {
        parameters.insert(u"bundle"_qs, path); // a folder of that host
    } else if (!file.exists()) {
        return fail(ErrorCode::Invalid, u"there is no such file or folder"_qs, path,
                    u"give a folder with manifest.json, a manifest, or a .plan.yaml"_qs);
    } else {
        parameters.insert(u"bundle"_qs, file.absoluteFilePath());
    }
    if (!source.key.empty()) {
        parameters.insert(u"key"_qs, fromStd(source.key));
    }
    if (!source.cluster.empty()) {
        parameters.insert(u"cluster"_qs, fromStd(source.cluster));
    }
    if (const QJsonObject policy = policyOf(source); !policy.isEmpty()) {
        parameters.insert(u"policy"_qs, policy);
    }
    return parameters;
}

void print(const Terminal &terminal, const api::PlanAnswer &plan) {
    const QString from = plan.from.isEmpty() ? u"nothing"_qs : plan.from;
    terminal.print(Line{{plan.service, Tone::Strong},
                        {u"  "_qs + from % u' ' % terminal.arrow() % u' ' % plan.to},
                        {u"  %1 nodes"_qs.arg(plan.nodes), Tone::Dim}});
    if (!plan.agents.isEmpty()) {
        const QString agents = plan.agents.join(u", "_qs);
        terminal.print(plan.route == u"whole_job"_qs
                           ? u"  another shape: all of it goes beside the old"_qs
                           : u"  started anew: %1"_qs.arg(agents));
    }
    for (qsizetype i = 0; i < plan.steps.size(); ++i) {
        terminal.print(Line{{u"%1  "_qs.arg(i + 1, 4), Tone::Dim}, {plan.steps[i]}});
    }
    for (const api::RemarkRow &remark : plan.remarks) {
        terminal.print(Line{{u"  note  "_qs, Tone::Attention},
                            {api::remarkText(remark.subject, remark.text)}});
    }
}

void failWith(Conversation &talk, const std::vector<api::ProblemRow> &problems) {
    if (talk.json()) {
        talk.show({{u"problems"_qs, api::listToJson(problems)}});
        return talk.finish(Exit::Usage);
    }
    for (const api::ProblemRow &problem : problems) {
        const Error error{ErrorCode::Invalid, problem.what, problem.field, problem.allowed};
        talk.terminal().complain(u"aviary: "_qs + aviary::toText(error));
    }
    talk.finish(Exit::Usage);
}

} // namespace aviary::cli
