// SPDX-License-Identifier: GPL-3.0-or-later
// rehearse fit
#include "app/cli/commandline.h"
#include "app/cli/rehearsalinput.h"
#include "core/rehearsal/fit.h"
#include "core/rehearsal/scenariofile.h"
#include "core/support/wholefile.h"
#include "core/support/words.h"

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

struct FitOptions {
    std::vector<std::string> runs;
    std::string base = "calm", output;
};

QString learnedText(const char *what, const rehearsal::Learned &learned) {
    QString line = QString::fromLatin1(what) % u": "_qs % countText(learned.of) % u" answered"_qs;
    if (learned.of == 0) {
        return line;
    }
    line +=
        u", "_qs %
        rehearsal::portionText(rehearsal::portionOf(learned.failed + learned.refused, learned.of)) %
        u" failed"_qs;
    if (learned.latency.median_ms > 0) {
        line += u", "_qs % fromStd(kernel::durationText(learned.latency.median_ms)) %
                u" (19 of 20 within "_qs % fromStd(kernel::durationText(learned.latency.p95_ms)) %
                u')';
    } else {
        line += u", too few to learn a time from"_qs;
    }
    return line;
}

QJsonObject toJson(const rehearsal::Learned &learned) {
    return {{u"of"_qs, qint64(learned.of)},
            {u"failed"_qs, qint64(learned.failed)},
            {u"refused"_qs, qint64(learned.refused)},
            {u"median_ms"_qs, qint64(learned.latency.median_ms)},
            {u"p95_ms"_qs, qint64(learned.latency.p95_ms)}};
}

void fit(Conversation &talk, const FitOptions &options) {
    std::vector<record::Run> runs;
    for (const std::string &path : options.runs) {
        auto run = record::openRun(fromStd(path));
        if (!run) {
            return talk.failWith(run.error());
        }
        runs.push_back(std::move(*run));
    }
    RehearseOptions base;
    base.scenario = options.base;
    const auto scenario = readScenarioFor(base);
    const auto learned = rehearsal::fitOf(runs);
    if (!scenario || !learned) {
        return talk.failWith(scenario ? learned.error() : scenario.error());
    }
    const QByteArray yaml = rehearsal::writeScenario(rehearsal::applied(*learned, *scenario));
    if (!options.output.empty()) {
        if (const auto saved = writeWhole(fromStd(options.output), yaml); !saved) {
            return talk.failWith(saved.error());
        }
    }
    if (talk.json()) {
        talk.show({{u"runs"_qs, qint64(learned->runs)},
                   {u"starts"_qs, toJson(learned->starts)},
                   {u"backs"_qs, toJson(learned->backs)},
                   {u"stops"_qs, toJson(learned->stops)},
                   {u"splits"_qs, toJson(learned->splits)},
                   {u"unanswered"_qs, qint64(learned->unanswered)},
                   {u"scenario_yaml"_qs, QString::fromUtf8(yaml)}});
        return talk.finish();
    }
    if (options.output.empty()) {
        talk.terminal().printRaw(yaml);
    }
    talk.terminal().complain(learnedText("starts", learned->starts));
    talk.terminal().complain(learnedText("ways back", learned->backs));
    talk.terminal().complain(learnedText("stops", learned->stops));
    talk.terminal().complain(learnedText("splits of the traffic", learned->splits));
    talk.finish();
}

} // namespace

CLI::App *addFitVerb(CommandLine &line, CLI::App *rehearse) {
    auto options = std::make_shared<FitOptions>();
    CLI::App *verb = line.verb(rehearse, "fit",
                               "Learns from past runs how long starts take and how often they fail",
                               "{runs, starts: {of, failed, refused, median_ms, p95_ms}, backs, "
                               "stops, splits, unanswered, scenario_yaml}");
    verb->add_option("RUN", options->runs, "Records of live rollouts, .run.jsonl")->required();
    verb->add_option("--base", options->base, "The scenario that says everything else");
    verb->add_option("--output,-o", options->output,
                     "The .scenario.yaml (default: standard output)");
    verb->callback(
        [&line, options] { line.action = [options](Conversation &talk) { fit(talk, *options); }; });
    return verb;
}

} // namespace aviary::cli
