// SPDX-License-Identifier: GPL-3.0-or-later
// A Nomad job, as its API gives it and as `nomad job run -output` writes it.
#include "core/plans/exchange/podspec.h"

#include <algorithm>
#include <limits>

namespace aviary::plans {

using namespace kernel;

namespace {

// Nanoseconds as a number, or a time as text.
std::optional<Millis> timeOf(ForeignMap &map, const QString &key) {
    const YamlNode *node = map.take(key);
    if (!node) {
        return std::nullopt;
    }
    if (node->kind == YamlNode::Kind::Scalar && node->quoted) {
        const auto time = goDuration(node->text);
        if (!time) {
            map.flaw(key, u"is "_qs + time.error().what, time.error().remedy);
            return std::nullopt;
        }
        return kept(*time, map, key);
    }
    const auto nanoseconds = map.count(key, std::numeric_limits<qint64>::max());
    return nanoseconds ? std::optional(kept(ofNanoseconds(*nanoseconds), map, key)) : std::nullopt;
}

// The update block of a group, whose members come before those of the job's.
struct Update {
    std::optional<qint64> max_parallel, canary;
    std::optional<Millis> min_healthy, healthy_deadline, progress_deadline, stagger;
    std::optional<bool> auto_promote, auto_revert;
    QString health_check;
};

template <class Value>
void prefer(std::optional<Value> &value, std::optional<Value> over) {
    value = over ? over : value;
}

void readUpdate(ForeignMap map, Update &update) {
    prefer(update.max_parallel, map.count(u"MaxParallel"_qs, targets_max));
    prefer(update.canary, map.count(u"Canary"_qs, targets_max));
    prefer(update.min_healthy, timeOf(map, u"MinHealthyTime"_qs));
    prefer(update.healthy_deadline, timeOf(map, u"HealthyDeadline"_qs));
    prefer(update.progress_deadline, timeOf(map, u"ProgressDeadline"_qs));
    prefer(update.stagger, timeOf(map, u"Stagger"_qs));
    prefer(update.auto_promote, map.boolean(u"AutoPromote"_qs));
    prefer(update.auto_revert, map.boolean(u"AutoRevert"_qs));
    const QString health = map.text(u"HealthCheck"_qs);
    update.health_check = health.isEmpty() ? update.health_check : health;
    map.finish();
}

void setPolicy(const Update &update, const QString &path, Reading &reading) {
    Policy &policy = reading.request.policy;
    policy.min_healthy_ms = update.min_healthy.value_or(10'000);
    policy.healthy_deadline_ms = update.healthy_deadline.value_or(300'000);
    policy.progress_deadline_ms = update.progress_deadline.value_or(600'000);
    policy.auto_promote = update.auto_promote.value_or(false);
    policy.auto_revert = update.auto_revert.value_or(false);
    policy.success_threshold = ppm_one;
    // There, a deployment that fails stops; auto_revert then starts another one.
    policy.on_failure = OnFailure::Stop;
    if (update.health_check == u"task_states") {
        policy.health_check = HealthSource::AgentStates;
    } else if (update.health_check == u"manual") {
        policy.health_check = HealthSource::AgentStates;
        reading.findings.leave(path + u".HealthCheck"_qs, u"manual"_qs,
                               u"nobody sets a node's health by hand here; the agent's state "
                               "counts"_qs);
    }
}

void setStrategy(const Update &update, std::uint32_t count, bool is_system, const QString &path,
                 Reading &reading) {
    Policy &policy = reading.request.policy;
    const auto canary = static_cast<std::uint32_t>(update.canary.value_or(0));
    const auto parallel = static_cast<std::uint32_t>(update.max_parallel.value_or(1));
    policy.max_parallel = parallel == 0 ? std::max(count, 1U) : parallel;
    if (update.stagger && !is_system) {
        reading.findings.leave(path + u".Stagger"_qs,
                               QString::fromStdString(durationText(*update.stagger)),
                               u"it counts for system jobs alone; MinHealthyTime paces these"_qs);
    }
    reading.request.judges = std::vector<Judge>{HealthShare{ppm_one}};
    if (canary == 0) {
        reading.request.strategy = Rolling{is_system ? update.stagger.value_or(30'000) : 0};
        reading.request.mode = UpdateMode::InPlace;
        reading.request.judges.reset();
    } else if (is_system) {
        CanarySingle single;
        single.percent = static_cast<Weight>(std::min(canary, 100U) * 100);
        single.bake_ms = 0;
        reading.request.strategy = single;
    } else if (canary >= count && count > 0) {
        reading.request.strategy = BlueGreen{!policy.auto_promote, 0, 0};
        if (canary > count) {
            reading.findings.leave(path + u".Canary"_qs, QString::number(canary),
                                   u"a plan has one instance a node: as many as Count"_qs);
        }
    } else {
        reading.request.strategy = CanarySingle{1'000, canary, 0, std::nullopt};
    }
}

// The groups that may be meant: the named one, else all.
std::vector<ForeignMap> choose(std::vector<ForeignMap> groups, const QString &name,
                               QStringList &names) {
    std::vector<ForeignMap> chosen;
    for (ForeignMap &group : groups) {
        const QString own = group.text(u"Name"_qs);
        names.append(own.left(60));
        if (name.isEmpty() || own == name) {
            chosen.push_back(group);
        }
    }
    return chosen;
}

void readGroup(ForeignMap group, const Update &of_job, const QString &type, Reading &reading) {
    Update update = of_job;
    const bool is_system = type == u"system";
    const QString path = group.pathOf(u"Update"_qs);
    readUpdate(group.map(u"Update"_qs), update);
    const auto count =
        static_cast<std::uint32_t>(group.count(u"Count"_qs, targets_max).value_or(1));
    std::vector<ForeignMap> tasks = group.maps(u"Tasks"_qs);
    const QString image = tasks.empty() ? QString() : tasks[0].map(u"Config"_qs).text(u"image"_qs);
    nameRevision(image, group.pathOf(u"Tasks[0].Config.image"_qs), reading);
    group.leave(u"Tasks"_qs, u"a plan says how a revision spreads, not what it runs; the tag of "
                             "the first image became the revision's name"_qs);
    setPolicy(update, path, reading);
    reading.instances = is_system ? 0 : count;
    setStrategy(update, count, is_system, path, reading);
    group.finish();
}

} // namespace

void readNomadJob(const YamlNode &document, Reading &reading) {
    const bool wrapped = document.find(u"Job"_qs) != nullptr;
    ForeignMap top(&document, {}, reading.findings);
    ForeignMap job = wrapped ? top.map(u"Job"_qs) : top;
    const QString id = job.text(u"ID"_qs);
    reading.request.service = (id.isEmpty() ? job.text(u"Name"_qs) : id).toStdString();
    job.take(u"Name"_qs);
    if (reading.request.service.empty()) {
        job.flaw(u"ID"_qs, u"is missing"_qs, u"the job's id: the service"_qs);
    }
    const QString type = job.text(u"Type"_qs);
    if (type == u"batch" || type == u"sysbatch") {
        job.flaw(u"Type"_qs, u"is \""_qs + type + u"\", which Nomad does not roll out"_qs,
                 u"service or system"_qs);
    }
    Update of_job;
    readUpdate(job.map(u"Update"_qs), of_job);
    QStringList names;
    std::vector<ForeignMap> groups = choose(job.maps(u"TaskGroups"_qs), reading.choice.name, names);
    if (groups.size() != 1) {
        job.flaw(
            u"TaskGroups"_qs, groups.empty() ? u"has no such group"_qs : u"has several groups"_qs,
            names.isEmpty() ? u"one group"_qs
                            : QString(u"the name of one of them: " + names.mid(0, 20).join(u", ")));
    } else {
        readGroup(groups.front(), of_job, type, reading);
        if (names.size() > 1) {
            job.note(u"TaskGroups"_qs, u"a plan is of one group; the others need plans of "
                                       "their own"_qs);
        }
    }
    job.finish();
    if (wrapped) {
        top.finish();
    }
}

} // namespace aviary::plans
