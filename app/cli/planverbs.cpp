// SPDX-License-Identifier: GPL-3.0-or-later
// plan compile, plan lint; plan import and export are in exchangeverbs.cpp
#include "app/cli/deploying.h"
#include "core/api/presentation.h"
#include "core/api/valuesjson.h"
#include "core/plans/planfile.h"
#include "core/support/wholefile.h"

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

using Then = std::function<void(Conversation &, const api::PlanAnswer &)>;

void compile(Conversation &talk, const std::shared_ptr<Source> &source, const Then &then) {
    const auto parameters = readSource(*source, talk);
    if (!parameters) {
        return talk.failWith(parameters.error());
    }
    talk.ask(u"plan.compile"_qs, *parameters, [&talk, then](const QJsonObject &answer) {
        const auto plan = api::fromJson<api::PlanAnswer>(answer);
        if (!plan || !plan->problems.empty()) {
            return plan ? failWith(talk, plan->problems) : talk.failWith(plan.error());
        }
        then(talk, *plan);
    });
}

void save(Conversation &talk, const QString &path, const QString &text) {
    const Result<void> saved = writeWhole(path, text.toUtf8());
    saved ? talk.finish() : talk.failWith(saved.error());
}

void addCompile(CommandLine &line, CLI::App *plan) {
    struct Options {
        std::string output;
        bool yaml = false;
    };
    auto source = std::make_shared<Source>();
    auto options = std::make_shared<Options>();
    CLI::App *verb =
        line.verb(plan, "compile", "Shows the steps that a deploy would take", "PlanAnswer");
    addSource(verb, *source);
    verb->add_flag("--yaml", options->yaml, "The compiled plan itself");
    verb->add_option("--output,-o", options->output, "Write the compiled plan to this file");
    verb->callback([&line, source, options] {
        line.action = [source, options](Conversation &conversation) {
            compile(conversation, source, [options](Conversation &talk, const auto &answer) {
                if (!options->output.empty()) {
                    return save(talk, fromStd(options->output), answer.plan_yaml);
                }
                if (talk.json()) {
                    talk.show(api::toJson(answer, api::Form::Rows));
                } else if (options->yaml) {
                    talk.terminal().printRaw(answer.plan_yaml.toUtf8());
                } else {
                    print(talk.terminal(), answer);
                }
                talk.finish();
            });
        };
    });
}

// A plan file alone needs no daemon: what is wrong with it is told with its line.
void lintFile(Conversation &talk, const QString &path) {
    const auto text = readGiven(path);
    if (!text) {
        return talk.failWith(text.error());
    }
    const plans::PlanReading reading = plans::readPlan(*text);
    std::vector<api::ProblemRow> problems;
    for (const Flaw &flaw : reading.flaws) {
        const QString place = flaw.line > 0 ? u"%1:%2"_qs.arg(path).arg(flaw.line) : path;
        problems.push_back({place, flaw.message, flaw.allowed});
    }
    if (!problems.empty()) {
        return failWith(talk, problems);
    }
    if (talk.json()) {
        talk.show({{u"problems"_qs, QJsonArray()}});
    } else {
        talk.terminal().print(
            u"nothing is wrong with it; add --cluster to compile it for the nodes of one"_qs);
    }
    talk.finish();
}

void addLint(CommandLine &line, CLI::App *plan) {
    auto source = std::make_shared<Source>();
    CLI::App *verb =
        line.verb(plan, "lint", "Says all that is wrong with a deploy, or nothing",
                  "{problems: [ProblemRow]} or {remarks: [RemarkRow]}. A .plan.yaml is read "
                  "without a daemon, unless --cluster is given");
    addSource(verb, *source);
    verb->callback([&line, source] {
        line.action = [source](Conversation &conversation) {
            const QString path = fromStd(source->path);
            if (source->cluster.empty() && (path.endsWith(u".yaml") || path.endsWith(u".yml"))) {
                return lintFile(conversation, path);
            }
            compile(conversation, source, [](Conversation &talk, const api::PlanAnswer &answer) {
                if (talk.json()) {
                    talk.show({{u"remarks"_qs, api::listToJson(answer.remarks)}});
                    return talk.finish();
                }
                for (const api::RemarkRow &remark : answer.remarks) {
                    talk.terminal().print(Line{{u"note  "_qs, Tone::Attention},
                                               {api::remarkText(remark.subject, remark.text)}});
                }
                talk.terminal().print(u"%1 steps, nothing wrong"_qs.arg(answer.steps.size()));
                talk.finish();
            });
        };
    });
}

} // namespace

void addPlanVerbs(CommandLine &line) {
    CLI::App *plan = line.verb(&line.app, "plan", "Works on plans without starting anything", {});
    plan->require_subcommand(1);
    addCompile(line, plan);
    addLint(line, plan);
    addExchangeVerbs(line, plan);
}

} // namespace aviary::cli
