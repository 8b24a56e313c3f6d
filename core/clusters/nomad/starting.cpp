// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/starting.h"

#include "core/clusters/nomad/asfleet.h"
#include "core/clusters/nomad/jobediting.h"
#include "core/clusters/nomad/members.h"
#include "core/clusters/nomad/reading.h"

#include <algorithm>

namespace aviary::clusters::nomad {
namespace {

using Ending = OwnAnswer::Outcome;
using Kind = Failure::Kind;
using Query = QList<std::pair<QString, QString>>;

constexpr qint64 ns_per_ms = 1'000'000;

QString spaceOf(const QJsonObject &job, const Settings &settings) {
    const QString own = text(job, "Namespace");
    return !own.isEmpty()             ? own
           : settings.seesAllSpaces() ? QStringLiteral("default")
                                      : settings.space;
}

Query inSpace(const QString &space) {
    return {{QStringLiteral("namespace"), space}};
}

// A POST that changes nothing.
Request dryRun(const QString &path, const QString &space, const QJsonObject &body) {
    return {.verb = "POST",
            .path = path,
            .query = inSpace(space),
            .body = bytesOf(body),
            .asks_only = true};
}

Request planOf(const QJsonObject &job, const QString &space) {
    return dryRun(jobPath(text(job, "ID"), "/plan"), space,
                  {{QStringLiteral("Job"), job}, {QStringLiteral("Diff"), true}});
}

qint64 instancesOf(const QJsonObject &job) {
    qint64 all = 0;
    for (const QJsonValue &group : job[u"TaskGroups"].toArray()) {
        all += group[u"Count"].toInteger(1);
    }
    return all;
}

// One plan on its way; it keeps itself until it was answered.
class Planning : public std::enable_shared_from_this<Planning> {
public:
    Planning(Connection &connection, const Picture &picture, bool with_space, OwnStart wanted,
             SelfRunning::Planned answer)
        : connection_(connection)
        , picture_(picture)
        , with_space_(with_space)
        , wanted_(std::move(wanted))
        , answer_(std::move(answer)) {}

    void begin() {
        if (wanted_.text.isEmpty()) {
            const Job *runs = jobOf(picture_, wanted_.service, with_space_);
            if (!runs) {
                end({ErrorCode::NotFound, QObject::tr("the cluster has no such service"),
                     bounded(wanted_.service), QObject::tr("give the job by a file")});
                return;
            }
            look(runs->id, runs->space);
            return;
        }
        const auto given = jobIn(wanted_.text);
        if (!given) {
            end(given.error());
        } else if (*given) {
            take(**given);
        } else {
            translate();
        }
    }

private:
    void send(const Request &request, const std::function<void(const Answer &)> &then) {
        connection_.ask(request, [self = shared_from_this(), then](const auto &given) {
            given ? then(*given) : self->end(given.error().error);
        });
    }
    void end(const Error &why) { answer_(tl::unexpected(why)); }

    // Nomad reads its own language itself.
    void translate() {
        Request request = dryRun(QStringLiteral("/v1/jobs/parse"), {},
                                 {{QStringLiteral("JobHCL"), wanted_.text},
                                  {QStringLiteral("Canonicalize"), false}}); // the plan does
        request.query.clear();
        send(request, [this](const Answer &given) {
            const auto job = objectIn(given.body, "ID");
            job ? take(*job) : end(job.error());
        });
    }

    void take(const QJsonObject &job) {
        job_ = job;
        look(text(job, "ID"), spaceOf(job, connection_.settings()));
    }

    // What is there now, which is what changes are made to when no file was given.
    void look(const QString &id, const QString &space) {
        space_ = space;
        connection_.ask({.path = jobPath(id, ""), .query = inSpace(space)},
                        [self = shared_from_this()](const Outcome<Answer> &given) {
                            if (!given && given.error().kind != Kind::NotFound) {
                                self->end(given.error().error);
                                return;
                            }
                            self->compare(given ? given->body : QByteArray());
                        });
    }

    void compare(const QByteArray &body) {
        if (const Result<Job> runs = readJob(body); !body.isEmpty()) {
            if (!runs) {
                end(runs.error());
                return;
            }
            runs_ = *runs;
            runs_document_ = QJsonDocument::fromJson(body).object();
        }
        if (job_.isEmpty()) {
            job_ = runs_document_;
        }
        const Result<QJsonObject> made = changed(job_, wanted_);
        if (!made) {
            end(made.error());
            return;
        }
        job_ = *made;
        job_[u"Namespace"] = space_;
        send(planOf(job_, space_), [this](const Answer &given) {
            const Result<Plan> plan = readPlan(given.body);
            plan ? answer_(told(*plan)) : end(plan.error());
        });
    }

    OwnPlan told(const Plan &plan) const {
        OwnPlan made;
        made.service = serviceOf(space_, text(job_, "ID"), with_space_);
        made.document = job_;
        made.index = plan.spec_modified;
        made.version = runs_ ? QString::number(runs_->version.value_or(0)) : QString();
        made.is_so = plan.is_same;
        made.instances = instancesOf(job_);
        made.sentences = effectOf(plan, runs_);
        made.starts_ms = startsMs();
        const auto &deployments = picture_.deployments();
        const auto going = std::ranges::find_if(deployments, [this](const auto &one) {
            return one.second.space == space_ && one.second.job == text(job_, "ID") &&
                   !one.second.isOver();
        });
        if (going != deployments.end() && !made.is_so) {
            made.sentences << QObject::tr("the rollout to %1 that goes on ends for it")
                                  .arg(going->second.job_version);
        }
        return made;
    }

    // Nomad calls an allocation healthy once it was so for a while, which its group says.
    QMap<QString, QList<qint64>> startsMs() const {
        QMap<QString, qint64> sure_ns;
        for (const QJsonValue &group : runs_document_[u"TaskGroups"].toArray()) {
            sure_ns[group[u"Name"].toString()] = group[u"Update"][u"MinHealthyTime"].toInteger();
        }
        QMap<QString, QList<qint64>> starts_ms;
        for (const auto &[id, one] : picture_.allocations()) {
            const bool ours = one.space == space_ && one.job == text(job_, "ID");
            if (ours && one.healthy == true && one.judged_ns && sure_ns.contains(one.group)) {
                const qint64 took_ns = *one.judged_ns - one.created_ns - sure_ns[one.group];
                starts_ms[one.group].append(std::max<qint64>(took_ns / ns_per_ms, 1));
            }
        }
        return starts_ms;
    }

    Connection &connection_;
    const Picture &picture_;
    bool with_space_;
    OwnStart wanted_;
    SelfRunning::Planned answer_;
    QJsonObject job_;
    QString space_;
    std::optional<Job> runs_; // none: there is nothing yet
    QJsonObject runs_document_;
};

// One register or one stop on its way.
class JobChange : public std::enable_shared_from_this<JobChange> {
public:
    JobChange(Connection &connection, QString id, QString space, SelfRunning::Answered answer)
        : connection_(connection)
        , id_(std::move(id))
        , space_(std::move(space))
        , answer_(std::move(answer)) {}

    void start(const OwnPlan &plan) {
        plan_ = plan;
        const QJsonObject body{{QStringLiteral("Job"), plan.document},
                               {QStringLiteral("EnforceIndex"), true},
                               {QStringLiteral("JobModifyIndex"), qint64(plan.index)}};
        send({.verb = "POST", .path = QStringLiteral("/v1/jobs"), .body = bytesOf(body)},
             [this](const QByteArray &said) {
                 registered_ = index(QJsonDocument::fromJson(said).object(), "JobModifyIndex");
                 settle();
             });
    }

    void settle(const OwnPlan &plan) {
        plan_ = plan;
        settle();
    }

    void stop() {
        send({.verb = "DELETE", .path = jobPath(id_, ""), .body = "{}"}, [this](
                                                                             const QByteArray &) {
            look([this](const std::optional<Job> &now) {
                !now || now->stopped
                    ? end(Ending::Applied, QObject::tr("confirmed by the cluster: it is stopped"))
                    : notSeen();
            });
        });
    }

private:
    // `then` gets what was answered, or nothing where it may have been done all the same.
    void send(Request request, const std::function<void(const QByteArray &)> &then) {
        request.query = inSpace(space_);
        connection_.ask(request, [self = shared_from_this(), then](const Outcome<Answer> &given) {
            if (!given && !mayBeDone(given.error().kind)) {
                self->end(Ending::Refused, toText(given.error().error));
                return;
            }
            self->answered_ = given.has_value();
            self->trouble_ = given ? QString() : toText(given.error().error);
            then(given ? given->body : QByteArray());
        });
    }
    // `then` gets the job as it is; none: there is none.
    void look(const std::function<void(const std::optional<Job> &)> &then) {
        connection_.ask({.path = jobPath(id_, ""), .query = inSpace(space_)},
                        [self = shared_from_this(), then](const Outcome<Answer> &given) {
                            if (!given && given.error().kind == Kind::NotFound) {
                                then(std::nullopt);
                                return;
                            }
                            const auto job =
                                given ? readJob(given->body) : Result<Job>(tl::unexpected(Error{}));
                            job ? then(*job) : self->unknown();
                        });
    }
    void end(Ending outcome, const QString &text) { answer_({outcome, text}); }
    void unknown() {
        const QString text = QObject::tr("it was sent, and what became of it is not known");
        end(Ending::Unknown,
            trouble_.isEmpty() ? text : QString(text % QStringLiteral(": ") % trouble_));
    }
    void notSeen() {
        answered_ ? end(Ending::Refused, QObject::tr("the cluster took it and did not do it"))
                  : unknown();
    }

    void settle() {
        look([this](const std::optional<Job> &now) {
            if (!now || now->spec_modified == plan_.index) {
                notSeen();
            } else if (registered_ > plan_.index && now->spec_modified >= registered_) {
                isThere(*now);
            } else {
                compare(*now);
            }
        });
    }
    // Something newer is there: it is ours when a plan of ours would change nothing.
    void compare(const Job &now) {
        const auto compared = [self = shared_from_this(), now](const Outcome<Answer> &given) {
            const auto plan = given ? readPlan(given->body) : Result<Plan>(tl::unexpected(Error{}));
            if (!plan) {
                self->unknown();
            } else if (plan->is_same) {
                self->isThere(now);
            } else {
                self->isAnothers(now);
            }
        };
        connection_.ask(planOf(plan_.document, space_), compared);
    }
    void isThere(const Job &now) {
        end(Ending::Applied,
            QObject::tr("confirmed by the cluster: it is version %1").arg(now.version.value_or(0)));
    }
    void isAnothers(const Job &now) {
        const quint64 newest = now.version.value_or(0);
        const quint64 next = plan_.version.isEmpty() ? 0 : plan_.version.toULongLong() + 1;
        if (newest == next) {
            end(Ending::Refused,
                QObject::tr("version %1 is somebody else's, and this one never came").arg(newest));
        } else {
            unknown();
        }
    }

    Connection &connection_;
    QString id_, space_;
    SelfRunning::Answered answer_;
    OwnPlan plan_;
    Index registered_ = 0; // 0: not answered
    bool answered_ = false;
    QString trouble_;
};

std::shared_ptr<JobChange> changeOf(Connection &connection, const OwnPlan &plan,
                                    const SelfRunning::Answered &answer) {
    return std::make_shared<JobChange>(connection, text(plan.document, "ID"),
                                       spaceOf(plan.document, connection.settings()), answer);
}

} // namespace

const Job *jobOf(const Picture &picture, const QString &service, bool with_space) {
    for (const auto &[key, job] : picture.jobs()) {
        if (serviceOf(job.space, job.id, with_space) == service) {
            return &job;
        }
    }
    return nullptr;
}

void planStart(Connection &connection, const Picture &picture, bool with_space,
               const OwnStart &wanted, const SelfRunning::Planned &answer) {
    std::make_shared<Planning>(connection, picture, with_space, wanted, answer)->begin();
}

void start(Connection &connection, const OwnPlan &plan, const SelfRunning::Answered &answer) {
    changeOf(connection, plan, answer)->start(plan);
}

void settleStart(Connection &connection, const OwnPlan &plan, const SelfRunning::Answered &answer) {
    changeOf(connection, plan, answer)->settle(plan);
}

void stop(Connection &connection, const Job &job, const SelfRunning::Answered &answer) {
    std::make_shared<JobChange>(connection, job.id, job.space, answer)->stop();
}

} // namespace aviary::clusters::nomad
