// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/gitopsdesk.h"

#include "core/api/server.h"
#include "core/orchestrator/facts.h"
#include "core/support/words.h"

namespace aviary::orchestrator {

using gitops::Look;

namespace {

constexpr int failures_counted_max = 16; // of the doubling
constexpr int around_ms = 200;           // rollouts move more often than anybody looks

// Of the journal, the newest of each name.
Result<std::map<QString, QJsonObject>> newest(const journal::Journal &journal,
                                              const QString &topic) {
    return journal.facts(topic).map([](const std::vector<journal::Fact> &facts) {
        std::map<QString, QJsonObject> all;
        for (const journal::Fact &fact : facts) {
            all[fact.key] = bodyOf(fact);
        }
        return all;
    });
}

bool sameSource(const gitops::Repository &a, const gitops::Repository &b) {
    return a.url == b.url && a.branch == b.branch && a.path == b.path;
}

} // namespace

GitOpsDesk::GitOpsDesk(journal::Journal &journal, Orchestrator &orchestrator,
                       const ClusterSet &clusters, DeploymentDesk &deployments, const Clock &clock,
                       QObject *parent)
    : QObject(parent)
    , journal_(journal)
    , orchestrator_(orchestrator)
    , clusters_(clusters)
    , deployments_(deployments)
    , clock_(clock) {
    connect(&looker_, &gitops::Looker::looked, this, &GitOpsDesk::take);
    around_.setSingleShot(true);
    connect(&around_, &QTimer::timeout, this, &GitOpsDesk::judgeAll);
}

GitOpsDesk::~GitOpsDesk() = default;

QString GitOpsDesk::folderOf(const QString &name) const {
    return journal_.directory().filePath(u"gitops/" + name);
}

Result<void> GitOpsDesk::write(const QString &topic, const QString &name, const QJsonObject &body) {
    journal::Batch batch;
    batch.facts.push_back(toFact(topic, name, body, clock_.wallMs()));
    return journal_.append(batch);
}

Result<void> GitOpsDesk::restore() {
    const auto stored = newest(journal_, topic_gitops);
    const auto followed = newest(journal_, topic_followed);
    if (!stored || !followed) {
        return tl::unexpected(stored ? followed.error() : stored.error());
    }
    for (const auto &[name, body] : *stored) {
        if (body[u"removed"].toBool()) {
            continue;
        }
        const auto repository = gitops::repositoryFrom(body);
        if (!repository) {
            return tl::unexpected(repository.error());
        }
        Watched &watched = watch(*repository);
        if (const auto at = followed->find(name); at != followed->end()) {
            watched.followed = at->second[u"commit"].toString();
        }
        look(watched);
    }
    return {};
}

// ---- What a person says ------------------------------------------------------------------------

GitOpsDesk::Watched &GitOpsDesk::watch(const gitops::Repository &repository) {
    Watched &watched = watched_[repository.name];
    watched.repository = repository;
    if (!watched.timer) {
        watched.timer = std::make_unique<QTimer>();
        watched.timer->setSingleShot(true);
        connect(watched.timer.get(), &QTimer::timeout, this,
                [this, name = repository.name] { look(watched_.at(name)); });
    }
    return watched;
}

Result<GitOpsDesk::Watched *> GitOpsDesk::find(const QString &name) {
    const auto at = watched_.find(name);
    if (at == watched_.end()) {
        return fail(ErrorCode::NotFound, tr("no repository %1 is watched").arg(boundedText(name)),
                    QStringLiteral("name"), tr("aviary gitops status names them"));
    }
    return &at->second;
}

Result<api::GitRepositoryRow> GitOpsDesk::set(const QJsonObject &wanted, const Asker &asker) {
    QJsonObject whole;
    const auto known = watched_.find(wanted[u"name"].toString());
    if (known != watched_.end()) {
        whole = gitops::toJson(known->second.repository);
    }
    for (auto member = wanted.begin(); member != wanted.end(); ++member) {
        whole[member.key()] = member.value();
    }
    const auto repository = gitops::repositoryFrom(whole);
    if (!repository) {
        return tl::unexpected(repository.error());
    }
    if (!repository->cluster.isEmpty()) {
        if (const auto desk = clusters_.find(repository->cluster); !desk) {
            return tl::unexpected(desk.error());
        }
    }
    QJsonObject body = gitops::toJson(*repository);
    body[u"who"] = asker.who;
    body[u"reason"] = asker.reason;
    if (auto stored = write(topic_gitops, repository->name, body); !stored) {
        return tl::unexpected(stored.error());
    }
    const bool moved =
        known != watched_.end() && !sameSource(known->second.repository, *repository);
    Watched &watched = watch(*repository);
    if (moved) { // another history: nothing of the old one is followed any more
        watched.seen.reset();
        watched.followed.clear();
        if (auto stored = write(topic_followed, repository->name, {}); !stored) {
            return tl::unexpected(stored.error());
        }
    }
    look(watched);
    judge(watched);
    return watched.told;
}

Result<void> GitOpsDesk::remove(const QString &name, const Asker &asker) {
    return find(name).and_then([&](Watched *watched) -> Result<void> {
        if (auto stored =
                write(topic_gitops, name,
                      {{QStringLiteral("removed"), true}, {QStringLiteral("who"), asker.who}});
            !stored) {
            return stored;
        }
        if (auto stored = write(topic_followed, name, {}); !stored) {
            return stored;
        }
        looker_.forget(folderOf(name), watched->repository);
        for (const Synced &then : watched->waiting) {
            then(fail(ErrorCode::NotFound, tr("%1 was removed meanwhile").arg(name)));
        }
        watched_.erase(name);
        Q_EMIT gone(name);
        return {};
    });
}

void GitOpsDesk::sync(const QString &name, const Wish &wish, const Asker &asker,
                      const Synced &then) {
    const auto found = find(name);
    if (!found) {
        then(tl::unexpected(found.error()));
        return;
    }
    if (wish.accept_rewrite || wish.again) {
        const QJsonObject asked{{QStringLiteral("who"), asker.who},
                                {QStringLiteral("reason"), asker.reason},
                                {QStringLiteral("accept_rewrite"), wish.accept_rewrite},
                                {QStringLiteral("again"), wish.again}};
        if (const auto stored = write(topic_sync, name, asked); !stored) {
            then(tl::unexpected(stored.error()));
            return;
        }
    }
    Watched &watched = **found;
    watched.wish.accept_rewrite |= wish.accept_rewrite;
    watched.wish.again |= wish.again;
    watched.waiting.push_back(then);
    watched.once_more = watched.looking; // what is under way may have fetched before
    look(watched);
}

// ---- Looking -----------------------------------------------------------------------------------

void GitOpsDesk::look(Watched &watched) {
    watched.timer->stop();
    if (watched.looking) {
        return;
    }
    watched.looking = true;
    looker_.look(
        {folderOf(watched.repository.name), watched.repository, watched.followed, watched.seen});
    judge(watched);
}

void GitOpsDesk::take(const gitops::Repository &repository,
                      const std::shared_ptr<const Look> &look) {
    const auto at = watched_.find(repository.name);
    if (at == watched_.end() || look->end == Look::End::Stopped) {
        return;
    }
    Watched &watched = at->second;
    watched.looking = false;
    if (watched.repository != repository) { // set anew while it was looked at
        this->look(watched);
        return;
    }
    watched.end = look->end;
    watched.trouble = look->text;
    if (look->read()) {
        watched.seen = look;
        watched.fetched_wall_ms = clock_.wallMs();
        watched.failures = 0;
        follow(watched);
    } else {
        watched.failures += 1;
    }
    if (std::exchange(watched.once_more, false)) {
        this->look(watched);
        return;
    }
    watched.wish = {};
    schedule(watched);
    judge(watched);
    for (const Synced &then : std::exchange(watched.waiting, {})) {
        then(watched.told);
    }
}

void GitOpsDesk::schedule(Watched &watched) {
    const qint64 interval_ms = watched.repository.interval_ms;
    const qint64 most_ms = std::max(interval_ms, gitops::Repository::retry_ms_max);
    const auto doublings = std::min<quint32>(watched.failures, failures_counted_max);
    const qint64 wait_ms = std::min(interval_ms << doublings, most_ms);
    watched.next_wall_ms = clock_.wallMs() + wait_ms;
    watched.timer->start(std::chrono::milliseconds(wait_ms));
}

// ---- Following ---------------------------------------------------------------------------------

// Acts on what was just read, and on nothing older.
void GitOpsDesk::follow(Watched &watched) {
    watched.refusals.clear();
    const Look &seen = *watched.seen;
    if (seen.rewritten && !watched.wish.accept_rewrite) {
        return;
    }
    const auto desk = clusters_.findOrOnly(watched.repository.cluster);
    if (!desk) {
        return;
    }
    const auto behind = deployments_.behind(**desk);
    const GitScene scene{watched.repository, *seen.commit, deployments_,
                         orchestrator_,      **desk,       behind,
                         watched.wish.again};
    for (const gitops::Desired &wanted : seen.desired) {
        const GitStanding standing = standingOf(wanted, scene);
        if (!standing.acts) {
            continue;
        }
        if (const QString refusal = act(wanted, standing, watched, **desk); !refusal.isEmpty()) {
            watched.refusals[wanted.key] = refusal;
        }
    }
    if (seen.commit->id == watched.followed) {
        return;
    }
    const auto stored = write(topic_followed, watched.repository.name,
                              {{QStringLiteral("commit"), seen.commit->id}});
    if (stored) {
        watched.followed = seen.commit->id;
    } else {
        qWarning("%s", qPrintable(toText(stored.error())));
    }
}

// Why it was refused; empty: it was not.
QString GitOpsDesk::act(const gitops::Desired &wanted, const GitStanding &standing,
                        const Watched &watched, const ClusterDesk &desk) {
    const gitops::Commit &commit = *watched.seen->commit;
    DeployOrder order;
    order.cluster = desk.id();
    order.key = wanted.key;
    order.manifest = wanted.manifest;
    order.fingerprint = wanted.fingerprint;
    order.bundle_bytes = wanted.bundle_bytes;
    order.request = wanted.request;
    order.supersede = standing.supersedes;
    order.start = startsByItself(watched.repository, desk.row());
    order.repository = watched.repository.name;
    order.commit = commit.id;
    const Asker asker{tr("%1 (git, by %2)").arg(commit.author, api::ownUser()),
                      tr("%1 (%2, %3)").arg(commit.subject, commit.shortId(), wanted.file)};
    const auto made = deployments_.deploy(order, desk, asker);
    return made ? QString() : boundedText(toText(made.error()), 600);
}

// ---- What is shown -----------------------------------------------------------------------------

void GitOpsDesk::lookAround() {
    if (!watched_.empty() && !around_.isActive()) {
        around_.start(around_ms);
    }
}

void GitOpsDesk::judgeAll() {
    for (auto &[name, watched] : watched_) {
        if (somethingIsDue(watched)) {
            look(watched);
        }
        judge(watched);
    }
}

void GitOpsDesk::judge(Watched &watched) {
    api::GitRepositoryRow row = rowOf(watched);
    if (row != watched.told) {
        watched.told = std::move(row);
        Q_EMIT changed(watched.told);
    }
}

} // namespace aviary::orchestrator
