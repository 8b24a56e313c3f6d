// SPDX-License-Identifier: GPL-3.0-or-later
// service plan, service start, service stop: on clusters that run their rollouts themselves.
#include "app/cli/asking.h"
#include "core/api/servicestart.h"
#include "core/api/valuesjson.h"

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

struct Wanted {
    std::shared_ptr<Asking> asking = std::make_shared<Asking>(Asking::Exposure::Raises);
    std::string cluster, service, file, image, part, task;
    std::optional<qint64> count;
    std::vector<std::string> variables;
};
using Given = std::shared_ptr<Wanted>;

Result<QJsonObject> parametersOf(const Wanted &wanted) {
    api::ServiceStart start{fromStd(wanted.service),
                            fromStd(wanted.file),
                            fromStd(wanted.image),
                            fromStd(wanted.part),
                            fromStd(wanted.task),
                            wanted.count,
                            {}};
    for (const std::string &one : wanted.variables) {
        start.variables << fromStd(one);
    }
    return api::parametersOf(start).map_error(wrongInput).map([&wanted](QJsonObject parameters) {
        parameters.insert(u"verb"_qs, wanted.asking->verb);
        if (!wanted.asking->reason.empty()) {
            parameters.insert(u"reason"_qs, fromStd(wanted.asking->reason));
        }
        return parameters;
    });
}

void show(Conversation &talk, const QString &service, const api::EffectRow &effect) {
    if (talk.json()) {
        talk.show({{u"service"_qs, service}, {u"effect"_qs, api::toJson(effect, api::Form::Rows)}});
    } else {
        print(talk.terminal(), effect);
    }
    talk.finish();
}

// The effect is shown first; `sends`: and then it is done.
void ask(Conversation &talk, const Given &wanted, bool sends) {
    const auto given = parametersOf(*wanted);
    if (!given) {
        return talk.failWith(given.error());
    }
    talk.withCluster(fromStd(wanted->cluster), [&talk, wanted, sends, given](const auto &cluster) {
        QJsonObject parameters = *given;
        parameters.insert(u"cluster"_qs, cluster.id);
        talk.ask(u"service.effect"_qs, parameters,
                 [&talk, wanted, sends, parameters](const QJsonObject &answer) {
                     const QString service = answer.value(u"service"_qs).toString();
                     const auto effect =
                         api::fromJson<api::EffectRow>(answer.value(u"effect"_qs).toObject());
                     if (!effect) {
                         talk.failWith(effect.error());
                     } else if (!sends) {
                         show(talk, service, *effect);
                     } else {
                         askWithEffect(talk, wanted->asking,
                                       parameters.value(u"cluster"_qs).toString(), service,
                                       parameters, *effect);
                     }
                 });
    });
}

struct Word {
    const char *name, *text, *shape;
    const char *verb; // what the daemon is asked
    bool sends;
};

// One verb with what all of them take.
CLI::App *add(CommandLine &line, CLI::App *service, const Word &word, const Given &wanted) {
    wanted->asking->method = u"service.request"_qs;
    wanted->asking->verb = QString::fromLatin1(word.verb);
    CLI::App *verb = line.verb(service, word.name, word.text, word.shape);
    verb->add_option("--cluster", wanted->cluster, "Where (default: the only cluster)");
    if (word.sends) {
        verb->add_option("--reason", wanted->asking->reason, "Why; kept in the record");
        verb->add_flag("--yes,-y", wanted->asking->yes, "Do not ask for the service's name");
        addDuration(verb, "--timeout", wanted->asking->limit_s,
                    "How long to wait until the cluster confirmed it (default 30s)");
    }
    verb->callback([&line, wanted, sends = word.sends] {
        line.action = [wanted, sends](Conversation &talk) { ask(talk, wanted, sends); };
    });
    return verb;
}

void addStart(CommandLine &line, CLI::App *service, const Word &word) {
    auto wanted = std::make_shared<Wanted>();
    CLI::App *verb = add(line, service, word, wanted);
    CLI::Option *name =
        verb->add_option("SERVICE", wanted->service, "A service that runs, to be changed");
    CLI::Option *file = verb->add_option("--file", wanted->file,
                                         "A whole job: JSON, or the cluster's own language");
    name->excludes(file);
    verb->add_option("--image", wanted->image, "Another image");
    verb->add_option("--count", wanted->count, "Another number of instances")
        ->check(CLI::Range(0, 1'000'000));
    verb->add_option("--env", wanted->variables, "A variable of its environment: NAME=VALUE")
        ->allow_extra_args(false); // one each; SERVICE may follow
    verb->add_option("--part", wanted->part, "Which part (task group) of it is changed");
    verb->add_option("--task", wanted->task, "Which task of it is changed");
    verb->callback([&line, wanted, sends = word.sends] {
        if (wanted->service.empty() == wanted->file.empty()) {
            throw CLI::ValidationError("service", "give one of SERVICE and --file");
        }
        line.action = [wanted, sends](Conversation &talk) { ask(talk, wanted, sends); };
    });
}

} // namespace

void addServiceVerbs(CommandLine &line) {
    CLI::App *service =
        line.verb(&line.app, "service",
                  "Starts and stops services of clusters that run rollouts themselves", {});
    service->require_subcommand(1);
    addStart(line, service,
             {"plan", "Shows what the cluster would do", "{service, effect: EffectRow}", "start",
              false});
    addStart(line, service,
             {"start", "Starts a new version: from a file, or with what is changed",
              "{request: RequestRow, effect: EffectRow}", "start", true});
    auto stopped = std::make_shared<Wanted>();
    add(line, service,
        {"stop", "Stops a service; its versions stay", "{request: RequestRow, effect: EffectRow}",
         "stop", true},
        stopped)
        ->add_option("SERVICE", stopped->service, "Which service")
        ->required();
}

} // namespace aviary::cli
