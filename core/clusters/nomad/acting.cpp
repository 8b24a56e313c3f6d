// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/acting.h"

#include "core/clusters/nomad/asrollouts.h"
#include "core/clusters/nomad/members.h"
#include "core/clusters/nomad/reading.h"
#include "core/clusters/nomad/starting.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace aviary::clusters::nomad {
namespace {

using Verb = OwnRequest::Verb;
using Ending = OwnAnswer::Outcome;
using Kind = Failure::Kind;
constexpr qint64 drain_deadline_ns = 3'600'000'000'000; // as Nomad's own command line

bool isMeant(const OwnRequest &request, const GroupProgress &group) {
    return request.parts.isEmpty() ? group.canaries_wanted > 0 && !group.promoted
                                   : request.parts.contains(group.name);
}

bool isSo(const OwnRequest &request, const Deployment &now) {
    switch (request.verb) {
    case Verb::Promote:
        return std::ranges::none_of(now.groups, [&](const GroupProgress &group) {
            return group.canaries_wanted > 0 && !group.promoted &&
                   (request.parts.isEmpty() || request.parts.contains(group.name));
        });
    case Verb::Pause:
        return now.status == DeploymentStatus::Paused;
    case Verb::Resume:
        return now.status == DeploymentStatus::Running;
    case Verb::Fail:
        return now.status == DeploymentStatus::Failed;
    case Verb::RollBack:
        break;
    }
    return false;
}

Request callOf(const OwnRequest &request, const QString &id) {
    const auto at = [&id](const char *word, QJsonObject body) {
        body[u"DeploymentID"] = id; // a body without it is refused
        return Request{.verb = "POST",
                       .path =
                           QStringLiteral("/v1/deployment/%1/%2").arg(QLatin1StringView(word), id),
                       .body = bytesOf(body)};
    };
    switch (request.verb) {
    case Verb::Promote:
        return request.parts.isEmpty()
                   ? at("promote", {{QStringLiteral("All"), true}})
                   : at("promote",
                        {{QStringLiteral("Groups"), QJsonArray::fromStringList(request.parts)}});
    case Verb::Pause:
        return at("pause", {{QStringLiteral("Pause"), true}});
    case Verb::Resume:
        return at("pause", {{QStringLiteral("Pause"), false}});
    default:
        return at("fail", {});
    }
}

// One request on its way; it keeps itself until it was answered.
class Act : public std::enable_shared_from_this<Act> {
public:
    Act(Connection &connection, OwnRequest request, Deployment deployment,
        SelfRunning::Answered answer)
        : connection_(connection)
        , request_(std::move(request))
        , deployment_(std::move(deployment))
        , answer_(std::move(answer)) {}

    void ask() {
        send(callOf(request_, deployment_.id), [this](const Outcome<Answer> &given) {
            if (!given && !mayBeDone(given.error().kind)) {
                end(Ending::Refused, toText(given.error().error));
                return;
            }
            trouble_ = given ? QString() : toText(given.error().error);
            const QJsonObject said =
                given ? QJsonDocument::fromJson(given->body).object() : QJsonObject();
            confirm(given.has_value(), said[u"RevertedJobVersion"]);
        });
    }

    // The old specification without a canary phase, or Nomad's own revert with one.
    void goBack(const QString &from) {
        const Request versions{.path = jobPath(deployment_.job, "/versions"),
                               .query = {{QStringLiteral("namespace"), deployment_.space}}};
        send(versions, [this, from](const Outcome<Answer> &given) {
            if (!given) {
                end(Ending::Refused, toText(given.error().error));
                return;
            }
            const auto all = readVersions(given->body);
            if (!all || all->empty()) {
                end(Ending::Refused, QObject::tr("the cluster tells no versions of the job"));
                return;
            }
            before_ = all->front().version.value_or(0);
            request_.revision.isEmpty() ? registerOld(given->body, from) : revert();
        });
    }

private:
    void send(Request request, const std::function<void(const Outcome<Answer> &)> &then) {
        if (request.query.isEmpty()) {
            request.query.append({QStringLiteral("namespace"), deployment_.space});
        }
        connection_.ask(request,
                        [self = shared_from_this(), then](const auto &given) { then(given); });
    }
    void end(Ending outcome, const QString &text) { answer_({outcome, text}); }

    void confirm(bool answered, const QJsonValue &reverted) {
        const Request look{.path = QStringLiteral("/v1/deployment/") + deployment_.id};
        send(look, [this, answered, reverted](const Outcome<Answer> &given) {
            const auto now = given ? readDeployment(given->body)
                                   : Result<std::optional<Deployment>>(std::nullopt);
            if (now && *now && isSo(request_, **now)) {
                const QString back =
                    reverted.isDouble()
                        ? QObject::tr("; it goes back to %1").arg(reverted.toInteger())
                        : QString();
                end(Ending::Applied,
                    QObject::tr("confirmed by the cluster: %1%2").arg((*now)->text, back));
            } else if (now && *now && answered) {
                end(Ending::Refused,
                    QObject::tr("the cluster took it and did not do it: %1").arg((*now)->text));
            } else {
                unknown();
            }
        });
    }
    void unknown() {
        const QString text = QObject::tr("it was sent, and what became of it is not known");
        end(Ending::Unknown,
            trouble_.isEmpty() ? text : QString(text % QStringLiteral(": ") % trouble_));
    }

    void registerOld(const QByteArray &versions, const QString &from) {
        const Result<QJsonObject> body = wayBack(versions, from);
        if (!body) {
            end(Ending::Refused, toText(body.error()));
            return;
        }
        OwnPlan plan;
        plan.document = object(*body, "Job");
        plan.index = index(*body, "JobModifyIndex");
        plan.version = QString::number(before_);
        start(connection_, plan, [answer = answer_, from](OwnAnswer given) {
            if (given.outcome == Ending::Applied) {
                given.text =
                    QObject::tr("what ran in %1 is brought back at once; %2").arg(from, given.text);
            }
            answer(given);
        });
    }

    void revert() {
        const QJsonObject body{{QStringLiteral("JobID"), deployment_.job},
                               {QStringLiteral("JobVersion"), request_.revision.toLongLong()},
                               {QStringLiteral("EnforcePriorVersion"), qint64(before_)}};
        const Request request{
            .verb = "POST", .path = jobPath(deployment_.job, "/revert"), .body = bytesOf(body)};
        send(request, [this](const Outcome<Answer> &given) {
            if (!given && !mayBeDone(given.error().kind)) {
                end(Ending::Refused, toText(given.error().error));
                return;
            }
            trouble_ = given ? QString() : toText(given.error().error);
            lookForVersion(given.has_value());
        });
    }

    // Done is done when there is a newer version of the job; it is ours if that was answered, since
    // nobody may have been first.
    void lookForVersion(bool answered) {
        send({.path = jobPath(deployment_.job, "")}, [this, answered](const auto &seen) {
            const auto job = seen ? readJob(seen->body) : Result<Job>(tl::unexpected(Error{}));
            const bool is_newer = job && job->version && *job->version > before_;
            if (!is_newer || !answered) {
                unknown();
                return;
            }
            end(Ending::Applied,
                QObject::tr("%1 is brought back, with its own canaries again; it is version %2")
                    .arg(request_.revision)
                    .arg(*job->version));
        });
    }

    Connection &connection_;
    OwnRequest request_;
    Deployment deployment_;
    SelfRunning::Answered answer_;
    quint64 before_ = 0; // the newest version as it was
    QString trouble_;    // why what was sent was not answered
};

} // namespace

QString refusalOf(const OwnRequest &request, const Deployment &deployment, const Picture &picture) {
    if (request.verb == Verb::RollBack) {
        return {};
    }
    if (deployment.isOver()) {
        return QObject::tr("it is over: %1").arg(deployment.text);
    }
    if (request.verb == Verb::Pause && deployment.status == DeploymentStatus::Paused) {
        return QObject::tr("it is paused already");
    }
    if (request.verb == Verb::Resume && deployment.status != DeploymentStatus::Paused) {
        return QObject::tr("it is not paused");
    }
    if (request.verb != Verb::Promote) {
        return {};
    }
    // Nomad would begin to stop old instances, and stay paused.
    if (deployment.status == DeploymentStatus::Paused) {
        return QObject::tr("it is paused; resume it first");
    }
    for (const QString &part : request.parts) {
        if (std::ranges::find(deployment.groups, part, &GroupProgress::name) ==
            deployment.groups.end()) {
            return QObject::tr("it has no part %1").arg(part);
        }
    }
    bool any = false;
    for (const GroupProgress &group : deployment.groups) {
        if (!isMeant(request, group) || group.promoted) {
            continue;
        }
        any = true;
        const qint64 healthy = healthyCanaries(picture, group);
        if (healthy < group.canaries_wanted) {
            return QObject::tr("%1 has %2 of %3 healthy canaries")
                .arg(group.name)
                .arg(healthy)
                .arg(group.canaries_wanted);
        }
    }
    return any ? QString() : QObject::tr("nothing in it waits for promotion");
}

void act(Connection &connection, const OwnRequest &request, const Deployment &deployment,
         const QString &from, const SelfRunning::Answered &answer) {
    const auto act = std::make_shared<Act>(connection, request, deployment, answer);
    request.verb == Verb::RollBack ? act->goBack(from) : act->ask();
}

Result<QJsonObject> wayBack(const QByteArray &versions, const QString &revision) {
    const QJsonArray all = QJsonDocument::fromJson(versions).object()[u"Versions"].toArray();
    const auto old = std::ranges::find_if(all, [&](const QJsonValue &one) {
        return !revision.isEmpty() && QString::number(one[u"Version"].toInteger()) == revision;
    });
    if (old == all.end()) {
        return fail(ErrorCode::NotFound,
                    QObject::tr("the cluster has forgotten version %1").arg(revision),
                    QStringLiteral("version"),
                    QObject::tr("it keeps the newest ones; register the old job again"));
    }
    if (*old == all.first()) {
        return fail(ErrorCode::Refused, QObject::tr("version %1 is the newest").arg(revision));
    }
    QJsonObject job = (*old).toObject();
    const auto withoutCanary = [](QJsonObject of) {
        QJsonObject update = of[u"Update"].toObject();
        if (!update.isEmpty()) {
            update[u"Canary"] = 0;
            of[u"Update"] = update;
        }
        return of;
    };
    QJsonArray groups;
    for (const QJsonValue &group : job[u"TaskGroups"].toArray()) {
        groups.append(withoutCanary(group.toObject()));
    }
    job = withoutCanary(job);
    job[u"TaskGroups"] = groups;
    return QJsonObject{{QStringLiteral("Job"), job},
                       {QStringLiteral("EnforceIndex"), true},
                       {QStringLiteral("JobModifyIndex"), all.first()[u"JobModifyIndex"]}};
}

void setFlags(Connection &connection, const Node &node, kernel::NodeFlags flags,
              const std::function<void(const Outcome<Answer> &)> &done) {
    const auto at = [&node](const char *word, QJsonObject body) {
        body[u"NodeID"] = node.id;
        return Request{.verb = "POST",
                       .path =
                           QStringLiteral("/v1/node/%1/%2").arg(node.id, QLatin1StringView(word)),
                       .body = bytesOf(body),
                       .spaced = false};
    };
    // To free a node a drain is ended, also where none is seen yet: 1.0 tells no event of one.
    const bool frees = !flags.draining && !flags.maintenance;
    if (flags.draining == node.draining && !frees) {
        connection.ask(
            at("eligibility", {{QStringLiteral("Eligibility"), QStringLiteral("ineligible")}}),
            done);
        return;
    }
    const QJsonValue how =
        flags.draining ? QJsonValue(QJsonObject{{QStringLiteral("Deadline"), drain_deadline_ns},
                                                {QStringLiteral("IgnoreSystemJobs"), false}})
                       : QJsonValue();
    connection.ask(at("drain", {{QStringLiteral("DrainSpec"), how},
                                {QStringLiteral("MarkEligible"), !flags.maintenance}}),
                   done);
}

} // namespace aviary::clusters::nomad
