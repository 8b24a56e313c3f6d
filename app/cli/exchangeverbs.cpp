// SPDX-License-Identifier: GPL-3.0-or-later
// plan import, plan export: plans of other tools. Files alone, no daemon and no cluster.
#include "app/cli/commandline.h"
#include "app/cli/deploying.h"
#include "core/plans/exchange/export.h"
#include "core/plans/exchange/import.h"
#include "core/support/wholefile.h"

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

QJsonArray toJson(const std::vector<plans::Unmapped> &unmapped) {
    QJsonArray list;
    for (const plans::Unmapped &one : unmapped) {
        list.append(
            QJsonObject{{u"path"_qs, one.path}, {u"what"_qs, one.what}, {u"why"_qs, one.why}});
    }
    return list;
}

// To standard error: the plan itself goes to standard output.
void tell(const Terminal &terminal, const std::vector<plans::Unmapped> &unmapped) {
    for (const plans::Unmapped &one : unmapped) {
        terminal.complain(u"not carried over: "_qs % one.path % u": "_qs % one.what % u": "_qs %
                          one.why);
    }
}

void failWith(Conversation &talk, const QString &path, const Flaws &flaws) {
    std::vector<api::ProblemRow> problems;
    for (const Flaw &flaw : flaws) {
        const QString place = flaw.line > 0 ? u"%1:%2"_qs.arg(path).arg(flaw.line) : path;
        problems.push_back({place, flaw.message, flaw.allowed});
    }
    cli::failWith(talk, problems);
}

// The text to its file or to standard output, and what it lacks beside it.
void give(Conversation &talk, QJsonObject answer, const QByteArray &text, const QString &output,
          const std::vector<plans::Unmapped> &unmapped, bool strict) {
    if (!output.isEmpty()) {
        if (const Result<void> saved = writeWhole(output, text); !saved) {
            return talk.failWith(saved.error());
        }
    }
    if (talk.json()) {
        answer.insert(u"unmapped"_qs, toJson(unmapped));
        talk.show(answer);
    } else {
        if (output.isEmpty()) {
            talk.terminal().printRaw(text);
        }
        tell(talk.terminal(), unmapped);
    }
    talk.finish(strict && !unmapped.empty() ? Exit::Failed : Exit::Done);
}

struct Options {
    std::string file, name, from, to, as, output;
    std::uint32_t nodes = 0;
    bool strict = false;
};

void addCommon(CLI::App *verb, Options &options) {
    verb->add_option("--output,-o", options.output, "The file (default: standard output)");
    verb->add_flag("--strict", options.strict, "Exit 1 when something was not carried over");
}

void import(Conversation &talk, const Options &options) {
    const QString path = fromStd(options.file);
    const auto text = readGiven(path);
    if (!text) {
        return talk.failWith(text.error());
    }
    const plans::ImportReading reading = plans::importPlan(
        *text, {fromStd(options.name), fromStd(options.from), fromStd(options.to)});
    if (!reading.import) {
        return failWith(talk, path, reading.flaws);
    }
    const auto yaml = plans::writePlan(reading.import->plan);
    if (!yaml) {
        return talk.failWith(yaml.error());
    }
    give(talk,
         {{u"kind"_qs, plans::nameOf(reading.import->kind)},
          {u"plan_yaml"_qs, QString::fromUtf8(*yaml)}},
         *yaml, fromStd(options.output), reading.import->unmapped, options.strict);
}

void addImport(CommandLine &line, CLI::App *plan) {
    auto options = std::make_shared<Options>();
    CLI::App *verb = line.verb(
        plan, "import", "Reads a plan of Argo Rollouts, Kubernetes or Nomad; says what is lost",
        "{kind, plan_yaml, unmapped: [{path, what, why}]}");
    verb->add_option("FILE", options->file,
                     "A Rollout, a Deployment (YAML or JSON), or a Nomad job (JSON)")
        ->required();
    verb->add_option("--name", options->name, "Which object of several, or which group of a job");
    verb->add_option("--from", options->from, "The stable revision, which no manifest names");
    verb->add_option("--to", options->to, "The new revision (default: the tag of the image)");
    addCommon(verb, *options);
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) { import(talk, *options); };
    });
}

void exportAs(Conversation &talk, const Options &options) {
    const QString path = fromStd(options.file);
    const auto text = readGiven(path);
    if (!text) {
        return talk.failWith(text.error());
    }
    const plans::PlanReading reading = plans::readPlan(*text);
    if (!reading.file) {
        return failWith(talk, path, reading.flaws);
    }
    const auto format = plans::exportFormatOf(fromStd(options.as));
    const auto made = plans::exportPlan(*reading.file, *format, options.nodes);
    if (!made) {
        return talk.failWith(made.error());
    }
    give(talk, {{u"as"_qs, fromStd(options.as)}, {u"text"_qs, QString::fromUtf8(made->text)}},
         made->text, fromStd(options.output), made->unmapped, options.strict);
}

void addExport(CommandLine &line, CLI::App *plan) {
    auto options = std::make_shared<Options>();
    CLI::App *verb =
        line.verb(plan, "export", "Writes a plan for Argo Rollouts or Nomad; says what is lost",
                  "{as, text, unmapped: [{path, what, why}]}");
    verb->add_option("PLAN", options->file, "A .plan.yaml, request or compiled")->required();
    verb->add_option("--as", options->as, "argo, nomad or aviary")
        ->required()
        ->check(CLI::IsMember({"argo", "nomad", "aviary"}));
    verb->add_option("--nodes", options->nodes, "Of how many nodes the shares of a request are")
        ->check(CLI::Range(1U, 1'000'000U));
    addCommon(verb, *options);
    verb->callback([&line, options] {
        line.action = [options](Conversation &talk) { exportAs(talk, *options); };
    });
}

} // namespace

void addExchangeVerbs(CommandLine &line, CLI::App *plan) {
    addImport(line, plan);
    addExport(line, plan);
}

} // namespace aviary::cli
