// SPDX-License-Identifier: GPL-3.0-or-later
// rehearse. Futures run in this process; a daemon is asked for nothing but facts.
#include "app/cli/commandline.h"
#include "app/cli/rehearsalinput.h"
#include "app/cli/rehearsalview.h"
#include "core/rehearsal/htmlreport.h"
#include "core/support/wholefile.h"

#include <QJsonDocument>

#include <csignal>
#include <stop_token>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

using Options = std::shared_ptr<RehearseOptions>;

volatile std::sig_atomic_t interrupted = 0;

// While it lives, Ctrl-C asks the futures to stop; a second one ends the program as ever.
class Interrupts {
public:
    Interrupts() {
        struct sigaction action {};
        action.sa_handler = [](int) { interrupted = 1; };
        action.sa_flags = static_cast<int>(SA_RESETHAND); // the macro is unsigned
        sigaction(SIGINT, &action, &before_);
    }
    ~Interrupts() { sigaction(SIGINT, &before_, nullptr); }
    Interrupts(const Interrupts &) = delete;
    Interrupts &operator=(const Interrupts &) = delete;

private:
    struct sigaction before_ {};
};

Result<void> answer(Prepared &prepared, const rehearsal::Running &running, bool advise) {
    rehearsal::Findings &findings = prepared.findings;
    if (prepared.plans.size() > 1) {
        auto compared = rehearsal::compare(prepared.plans, prepared.setup, running);
        if (!compared) {
            return tl::unexpected(compared.error());
        }
        for (std::size_t i = 0; i < compared->answers.size(); ++i) {
            findings.plans[i].answers = std::move(compared->answers[i]);
        }
        findings.differences = std::move(compared->differences);
    } else {
        const auto made = rehearsal::Rehearsal::prepare(prepared.setup);
        if (!made) {
            return tl::unexpected(made.error());
        }
        auto answers = made->run(running);
        if (!answers) {
            return tl::unexpected(answers.error());
        }
        findings.plans.front().answers = std::move(*answers);
    }
    // From now on the plan is under way: it is not changed any more.
    if (advise && !prepared.setup.now) {
        auto advice = rehearsal::adviseOn(prepared.setup, running);
        if (!advice) {
            return tl::unexpected(advice.error());
        }
        findings.advice = std::move(*advice);
    }
    return {};
}

Result<void> run(Prepared &prepared, const RehearseOptions &options) {
    const Interrupts interrupts;
    ProgressLine line(prepared.setup.scenario);
    std::stop_source stop;
    rehearsal::Running running;
    running.threads = options.threads;
    running.cancel = stop.get_token();
    running.progress = [&line, &stop](const rehearsal::Progress &progress) {
        if (interrupted != 0) {
            stop.request_stop();
        }
        line.show(progress);
    };
    return answer(prepared, running, !options.no_advice);
}

void openFuture(Conversation &talk, const Prepared &prepared, const RehearseOptions &options) {
    const auto made = rehearsal::Rehearsal::prepare(prepared.setup);
    if (!made) {
        return talk.failWith(made.error());
    }
    const auto future = made->openFuture(*options.open);
    if (!future) {
        return talk.failWith(future.error());
    }
    const QString path = fromStd(options.output);
    if (const auto saved = record::saveRun(path, *future); !saved) {
        return talk.failWith(saved.error());
    }
    if (talk.json()) {
        talk.show({{u"file"_qs, path},
                   {u"future"_qs, qint64(*options.open)},
                   {u"entries"_qs, qint64(future->entries.size())}});
    } else {
        talk.terminal().print(
            u"future #%1 is in %2: aviary run open shows it"_qs.arg(*options.open).arg(path));
    }
    talk.finish();
}

// Hands the fan of the hypothesis that is shown to the daemon, which watches the live run by it.
void handFan(Conversation &talk, const Prepared &prepared, const QString &rollout) {
    const rehearsal::Answers &answers = prepared.findings.plans.front().answers;
    const std::size_t shown = rehearsal::shownHypothesis(prepared.findings.scenario);
    const QJsonObject fan =
        QJsonDocument::fromJson(rehearsal::toJson(answers.hypotheses[shown].fans)).object();
    talk.askOnce(u"fan.watch"_qs,
                 {{u"rollout"_qs, rollout},
                  {u"fan"_qs, fan},
                  {u"since_ms"_qs, qint64(prepared.setup.now->state.now)}},
                 [&talk](const QJsonObject &) {
                     if (!talk.json()) {
                         talk.terminal().print(QString());
                         talk.terminal().print(
                             u"the daemon watches the rollout and tells when it leaves this"_qs);
                     }
                     talk.finish();
                 });
}

void rehearse(Conversation &talk, const Options &options, Prepared prepared,
              const QString &rollout) {
    if (options->open) {
        return openFuture(talk, prepared, *options);
    }
    if (const auto done = run(prepared, *options); !done) {
        return talk.failWith(done.error());
    }
    if (!options->report.empty()) {
        const auto saved =
            writeWhole(fromStd(options->report), rehearsal::htmlOf(prepared.findings));
        if (!saved) {
            return talk.failWith(saved.error());
        }
    }
    if (talk.json()) {
        talk.terminal().printRaw(rehearsal::toJson(prepared.findings));
    } else {
        print(talk.terminal(), prepared.findings);
    }
    if (options->watch) {
        return handFan(talk, prepared, rollout);
    }
    talk.finish();
}

void rehearseFiles(Conversation &talk, const Options &options,
                   const std::optional<GivenFleet> &fleet) {
    auto prepared = prepare(*options, fleet, std::nullopt);
    prepared ? rehearse(talk, options, std::move(*prepared), {}) : talk.failWith(prepared.error());
}

void rehearseLive(Conversation &talk, const Options &options, const api::RolloutRow &row,
                  const api::ClusterRow &cluster, const std::vector<api::NodeRow> &nodes) {
    const GivenFleet fleet = fleetOf(cluster.id, nodes);
    talk.ask(u"run.export"_qs, {{u"rollout"_qs, row.id}},
             [&talk, options, row, cluster, fleet](const QJsonObject &answer) {
                 auto live = liveStartOf(answer.value(u"jsonl"_qs).toString(), cluster.kind);
                 if (!live) {
                     return talk.failWith(live.error());
                 }
                 auto prepared = prepare(*options, fleet, std::move(*live));
                 prepared ? rehearse(talk, options, std::move(*prepared), row.id)
                          : talk.failWith(prepared.error());
             });
}

void fromNow(Conversation &talk, const Options &options) {
    talk.withRollout(fromStd(options->from_now), [&talk, options](const auto &row) {
        talk.withCluster(row.cluster, [&talk, options, row](const auto &cluster) {
            withNodes(talk, cluster.id, {}, [&talk, options, row, cluster](const auto &nodes) {
                rehearseLive(talk, options, row, cluster, nodes);
            });
        });
    });
}

// Nothing is started: the cluster is only asked how it would.
void nextVersion(Conversation &talk, const Options &options) {
    talk.withCluster(fromStd(options->cluster), [&talk, options](const auto &cluster) {
        withNodes(talk, cluster.id, {}, [&talk, options, cluster](const auto &nodes) {
            talk.ask(u"service.effect"_qs,
                     {{u"verb"_qs, u"start"_qs},
                      {u"service"_qs, fromStd(options->service)},
                      {u"cluster"_qs, cluster.id}},
                     [&talk, options, cluster, nodes](const QJsonObject &answer) {
                         auto prepared = prepareNext(*options, rehearsal::plannedVersionOf(answer),
                                                     cluster.id, nodes);
                         prepared ? rehearse(talk, options, std::move(*prepared), {})
                                  : talk.failWith(prepared.error());
                     });
        });
    });
}

// What does not go together; CLI11 knows the rest.
std::optional<Error> misuse(const RehearseOptions &options) {
    const auto wrong = [](const QString &what, const QString &remedy) {
        return Error{ErrorCode::Invalid, what, u"rehearse"_qs, remedy};
    };
    const int given = !options.plan.empty() + !options.from_now.empty() + !options.service.empty();
    if (given != 1) {
        return wrong(given == 0 ? u"there is nothing to rehearse"_qs
                                : u"a plan, a live rollout and a service are three things"_qs,
                     u"PLAN, --from-now ROLLOUT, or --service SERVICE"_qs);
    }
    if (!options.service.empty() && (!options.against.empty() || !options.fleet.empty())) {
        return wrong(u"a service is rehearsed as its cluster would roll it out"_qs,
                     u"no --against and no --fleet"_qs);
    }
    if (!options.from_now.empty() && !options.against.empty()) {
        return wrong(u"a rollout that is under way has no other plan"_qs, u"no --against"_qs);
    }
    if (options.watch && options.from_now.empty()) {
        return wrong(u"only a live rollout can be watched"_qs, u"--from-now ROLLOUT"_qs);
    }
    if (options.open.has_value() == options.output.empty()) {
        return wrong(u"--open and --output go together"_qs, u"--open K -o FUTURE.run.jsonl"_qs);
    }
    return std::nullopt;
}

void begin(Conversation &talk, const Options &options) {
    if (const auto wrong = misuse(*options); wrong) {
        return talk.failWith(*wrong);
    }
    if (!options->from_now.empty()) {
        return fromNow(talk, options);
    }
    if (!options->service.empty()) {
        return nextVersion(talk, options);
    }
    if (!options->cluster.empty()) {
        return talk.withCluster(
            fromStd(options->cluster), [&talk, options](const api::ClusterRow &cluster) {
                withNodes(talk, cluster.id, {}, [&talk, options, cluster](const auto &nodes) {
                    rehearseFiles(talk, options, fleetOf(cluster.id, nodes));
                });
            });
    }
    if (options->fleet.empty()) {
        return rehearseFiles(talk, options, std::nullopt);
    }
    const auto fleet = readFleetFile(fromStd(options->fleet));
    fleet ? rehearseFiles(talk, options, *fleet) : talk.failWith(fleet.error());
}

void addOptions(CLI::App *verb, RehearseOptions &options) {
    verb->add_option("PLAN", options.plan, "A .plan.yaml, request or compiled");
    verb->add_option("--fleet", options.fleet, "The nodes: a .fleet.json");
    verb->add_option("--cluster", options.cluster, "The nodes of this cluster, from the daemon")
        ->excludes("--fleet");
    verb->add_option("--scenario", options.scenario,
                     "What is assumed: calm, flaky-site, night, peak, or a .scenario.yaml");
    verb->add_option("--hypothesis", options.hypotheses,
                     "What the new revision may be: a name of the scenario's, or a map");
    verb->add_option("--futures", options.futures, "How many (default 1000)")
        ->check(CLI::Range(1U, rehearsal::futures_max));
    verb->add_option("--seed", options.seed, "The same seed gives the same bytes (default 1)");
    verb->add_option("--threads", options.threads, "0 is one for each core; changes no answer")
        ->check(CLI::Range(0U, 1'024U));
    verb->add_option("--worst", options.worst, "How many of the worst futures are told")
        ->check(CLI::Range(0U, 1'000U));
    verb->add_option("--against", options.against, "Other plans, on the same luck")->expected(1, 7);
    verb->add_option("--from-now", options.from_now, "A live rollout, from where it stands");
    verb->add_option("--service", options.service,
                     "The next version of a service that its cluster rolls out itself");
    verb->add_option("--part", options.part, "With --service: which part (task group) of it");
    verb->add_flag("--watch", options.watch,
                   "With --from-now: the daemon tells when the rollout leaves what was predicted");
    verb->add_flag("--no-advice", options.no_advice, "Try no changes of the plan");
    verb->add_option("--report", options.report, "Write a report for people: one HTML file");
    verb->add_option("--open", options.open, "Write this future as a run instead");
    verb->add_option("--output,-o", options.output, "The .run.jsonl of --open");
}

} // namespace

void addRehearseVerb(CommandLine &line) {
    auto options = std::make_shared<RehearseOptions>();
    CLI::App *verb =
        line.verb(&line.app, "rehearse",
                  "Runs futures of a plan with the live engine; needs no daemon for files",
                  "{format, fleet, scenario, scenario_yaml, presumed, plans: [{name, service, "
                  "from, to, nodes, steps, sites, answers, totals}], differences, advice}; with "
                  "--open {file, future, entries}");
    verb->require_subcommand(0, 1);
    addOptions(verb, *options);
    CLI::App *fitting = addFitVerb(line, verb);
    verb->callback([&line, options, fitting] {
        if (!fitting->parsed()) {
            line.action = [options](Conversation &talk) { begin(talk, options); };
        }
    });
}

} // namespace aviary::cli
