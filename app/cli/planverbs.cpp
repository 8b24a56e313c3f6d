// SPDX-License-Identifier: GPL-3.0-or-later
// plan compile, plan lint
#include "app/cli/deploying.h"
#include "core/api/valuesjson.h"

#include <QSaveFile>

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
    QSaveFile file(path);
    const bool saved =
        file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0 && file.commit();
    if (!saved) {
        return talk.failWith({ErrorCode::Storage, file.errorString(), path, {}});
    }
    talk.finish();
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

void addLint(CommandLine &line, CLI::App *plan) {
    auto source = std::make_shared<Source>();
    CLI::App *verb = line.verb(plan, "lint", "Says all that is wrong with a deploy, or nothing",
                               "{problems: [ProblemRow]} or {remarks: [RemarkRow]}");
    addSource(verb, *source);
    verb->callback([&line, source] {
        line.action = [source](Conversation &conversation) {
            compile(conversation, source, [](Conversation &talk, const api::PlanAnswer &answer) {
                if (talk.json()) {
                    talk.show({{u"remarks"_qs, api::listToJson(answer.remarks)}});
                    return talk.finish();
                }
                for (const api::RemarkRow &remark : answer.remarks) {
                    talk.terminal().print(Line{{u"note  "_qs, Tone::Attention},
                                               {remark.subject % u": "_qs % remark.text}});
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
}

} // namespace aviary::cli
