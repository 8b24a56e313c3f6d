// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/jobediting.h"

#include "core/clusters/nomad/members.h"

#include <QObject>

#include <functional>

namespace aviary::clusters::nomad {
namespace {

constexpr std::size_t told_max = 20; // changes; the rest is counted

using Edit = std::function<void(QJsonObject &)>;

Error ambiguous(const QString &what, const QString &where, const QString &remedy) {
    return {ErrorCode::Invalid, what, where, remedy};
}

// Edits the one member of a list that is meant: the named one, or the only one that counts.
Result<void> editOne(QJsonObject &of, const QString &list, const QString &name,
                     const std::function<bool(const QJsonObject &)> &counts,
                     const std::function<Result<void>(QJsonObject &)> &edit) {
    QJsonArray all = of[list].toArray();
    std::vector<qsizetype> meant;
    for (qsizetype i = 0; i < all.size(); ++i) {
        const QJsonObject one = all[i].toObject();
        if (name.isEmpty() ? counts(one) : text(one, "Name") == name) {
            meant.push_back(i);
        }
    }
    const bool is_group = list == u"TaskGroups";
    const QString where = is_group ? QStringLiteral("part") : QStringLiteral("task");
    if (meant.size() != 1) {
        return tl::unexpected(
            meant.empty()
                ? ambiguous(name.isEmpty() ? QObject::tr("there is nothing in it to change so")
                            : is_group     ? QObject::tr("it has no part %1").arg(bounded(name))
                                           : QObject::tr("it has no task %1").arg(bounded(name)),
                            where, QObject::tr("look at the job"))
                : ambiguous(is_group ? QObject::tr("it has several parts")
                                     : QObject::tr("it has several tasks"),
                            where, QObject::tr("name the one that is meant")));
    }
    QJsonObject one = all[meant.front()].toObject();
    return edit(one).map([&] {
        all[meant.front()] = one;
        of[list] = all;
    });
}

bool hasImage(const QJsonObject &task) {
    return object(task, "Config").contains(u"image");
}

bool hasImageBelow(const QJsonObject &group) {
    const QJsonArray tasks = group[u"Tasks"].toArray();
    return std::any_of(tasks.begin(), tasks.end(),
                       [](const QJsonValue &task) { return hasImage(task.toObject()); });
}

void setIn(QJsonObject &of, const QString &member, const QString &key, const QString &value) {
    QJsonObject inner = of[member].toObject(); // null where there is none
    inner[key] = value;
    of[member] = inner;
}

Result<void> setImage(QJsonObject &job, const OwnStart &wanted) {
    return editOne(
        job, QStringLiteral("TaskGroups"), wanted.part, hasImageBelow, [&](QJsonObject &group) {
            return editOne(
                group, QStringLiteral("Tasks"), wanted.task, hasImage,
                [&](QJsonObject &task) -> Result<void> {
                    if (!hasImage(task)) {
                        return tl::unexpected(ambiguous(QObject::tr("the task runs no image"),
                                                        QStringLiteral("image"),
                                                        QObject::tr("give the job by a file")));
                    }
                    setIn(task, QStringLiteral("Config"), QStringLiteral("image"), wanted.image);
                    return {};
                });
        });
}

Result<void> setVariables(QJsonObject &job, const OwnStart &wanted) {
    const auto any = [](const QJsonObject &) { return true; };
    return editOne(job, QStringLiteral("TaskGroups"), wanted.part, any, [&](QJsonObject &group) {
        return editOne(group, QStringLiteral("Tasks"), wanted.task, any,
                       [&](QJsonObject &task) -> Result<void> {
                           for (auto one = wanted.variables.begin(); one != wanted.variables.end();
                                ++one) {
                               setIn(task, QStringLiteral("Env"), one.key(), one.value());
                           }
                           return {};
                       });
    });
}

Result<void> setCount(QJsonObject &job, const OwnStart &wanted) {
    const auto any = [](const QJsonObject &) { return true; };
    return editOne(job, QStringLiteral("TaskGroups"), wanted.part, any,
                   [&](QJsonObject &group) -> Result<void> {
                       group[u"Count"] = *wanted.count;
                       return {};
                   });
}

QString countsOf(const PlannedGroup &group) {
    QStringList counts;
    const auto add = [&counts](qint64 count, const QString &text) {
        if (count > 0) {
            counts << text.arg(count);
        }
    };
    add(group.canary, QObject::tr("%1 canaries"));
    add(group.place, QObject::tr("%1 are placed"));
    add(group.replace, QObject::tr("%1 are replaced"));
    add(group.in_place, QObject::tr("%1 are changed in place"));
    add(group.migrate, QObject::tr("%1 move to other nodes"));
    add(group.stop, QObject::tr("%1 stop"));
    add(group.preempt, QObject::tr("%1 of others give way"));
    add(group.ignore, group.canary > 0 ? QObject::tr("%1 stay as they are until it is promoted")
                                       : QObject::tr("%1 stay as they are"));
    return counts.isEmpty() ? QObject::tr("nothing changes") : counts.join(QStringLiteral(", "));
}

} // namespace

Result<std::optional<QJsonObject>> jobIn(const QString &text) {
    if (!text.trimmed().startsWith(u'{')) {
        return std::optional<QJsonObject>();
    }
    QJsonParseError trouble;
    const QJsonObject whole = QJsonDocument::fromJson(text.toUtf8(), &trouble).object();
    const QJsonObject job = whole.contains(u"Job") ? object(whole, "Job") : whole;
    if (trouble.error != QJsonParseError::NoError || job[u"ID"].toString().isEmpty()) {
        return fail(ErrorCode::Invalid,
                    trouble.error != QJsonParseError::NoError
                        ? trouble.errorString()
                        : QObject::tr("this is no job of Nomad: it has no ID"),
                    QStringLiteral("text"), QObject::tr("give what nomad job run -output writes"));
    }
    return std::optional(job);
}

Result<QJsonObject> changed(const QJsonObject &job, const OwnStart &wanted) {
    QJsonObject made = job;
    made[u"Stop"] = false;
    Result<void> done;
    if (!wanted.image.isEmpty()) {
        done = setImage(made, wanted);
    }
    if (done && wanted.count) {
        done = setCount(made, wanted);
    }
    if (done && !wanted.variables.isEmpty()) {
        done = setVariables(made, wanted);
    }
    return done.map([&made] { return made; });
}

QStringList effectOf(const Plan &plan, const std::optional<Job> &runs) {
    QStringList facts;
    const QString version = QString::number(runs ? runs->version.value_or(0) : 0);
    if (!runs) {
        facts << QObject::tr("it is new: a first version has no canaries, all is placed at once");
    } else if (plan.is_same) {
        return {QObject::tr("nothing changes: version %1 is so already").arg(version)};
    } else {
        for (std::size_t i = 0; i < std::min(told_max, plan.changes.size()); ++i) {
            const PlannedChange &change = plan.changes[i];
            facts << (change.from.isEmpty() ? QObject::tr("%1: %2").arg(change.what, change.to)
                                            : QObject::tr("%1: %2 in place of %3")
                                                  .arg(change.what, change.to, change.from));
        }
        if (plan.changes.size() > told_max) {
            facts << QObject::tr("and %1 more changes").arg(plan.changes.size() - told_max);
        }
    }
    for (const PlannedGroup &group : plan.groups) {
        facts << QObject::tr("%1: %2").arg(group.name, countsOf(group));
    }
    for (const QString &without : plan.unplaced) {
        facts << QObject::tr("not all of it can be placed now: %1").arg(without);
    }
    if (!plan.warnings.isEmpty()) {
        facts << QObject::tr("Nomad warns: %1").arg(plan.warnings);
    }
    facts << (runs ? QObject::tr("done only if the job is still at index %1, version %2")
                         .arg(plan.spec_modified)
                         .arg(version)
                   : QObject::tr("done only if there is still no such job"));
    return facts;
}

} // namespace aviary::clusters::nomad
