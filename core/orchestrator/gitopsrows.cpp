// SPDX-License-Identifier: GPL-3.0-or-later
// How repositories are shown.
#include "core/orchestrator/gitopsdesk.h"
#include "core/support/words.h"

namespace aviary::orchestrator {

using api::Drift;
using api::GitState;
using gitops::Look;

namespace {

api::Signature signatureOf(gitops::Signing signing) {
    switch (signing) {
    case gitops::Signing::Signed:
        return api::Signature::Signed;
    case gitops::Signing::Verified:
        return api::Signature::Verified;
    case gitops::Signing::Bad:
        return api::Signature::Bad;
    default:
        return api::Signature::Unsigned;
    }
}

qint64 countOf(const std::vector<api::GitServiceRow> &services, auto states) {
    return std::ranges::count_if(services, [&states](const api::GitServiceRow &service) {
        return std::ranges::find(states, service.state) != states.end();
    });
}

GitState stateOf(const std::vector<api::GitServiceRow> &services) {
    if (countOf(services, std::array{Drift::Broken, Drift::Conflict}) > 0) {
        return GitState::Broken;
    }
    const qint64 good = countOf(services, std::array{Drift::InSync, Drift::Gone});
    return good == std::ssize(services) ? GitState::InSync : GitState::Drifted;
}

QString sentenceOf(const std::vector<api::GitServiceRow> &services,
                   const gitops::Repository &repository) {
    if (services.empty()) {
        return QObject::tr("%1 names no service: it has no .plan.yaml and no manifest.json")
            .arg(repository.branch);
    }
    const qint64 good = countOf(services, std::array{Drift::InSync});
    const qint64 gone = countOf(services, std::array{Drift::Gone});
    const qint64 unusable = countOf(services, std::array{Drift::Broken, Drift::Conflict});
    QStringList parts{QObject::tr("%1 of %2 run what %3 says")
                          .arg(good)
                          .arg(countedText(std::ssize(services) - gone, QObject::tr("1 service"),
                                           QObject::tr("%1 services")),
                               repository.branch)};
    if (unusable > 0) {
        parts << QObject::tr("%1 cannot be used")
                     .arg(countedText(unusable, QObject::tr("1 file"), QObject::tr("%1 files")));
    }
    if (gone > 0) {
        parts << QObject::tr("%1 no longer in it")
                     .arg(countedText(gone, QObject::tr("1 is"), QObject::tr("%1 are")));
    }
    return parts.join(u"; "_qs);
}

} // namespace

std::vector<api::GitServiceRow> GitOpsDesk::servicesOf(const Watched &watched) const {
    const auto desk = clusters_.findOrOnly(watched.repository.cluster);
    if (!watched.seen || !desk) {
        return {};
    }
    const Look &seen = *watched.seen;
    const auto behind = deployments_.behind(**desk);
    const GitScene scene{
        watched.repository, *seen.commit, deployments_, orchestrator_, **desk, behind, false};
    std::vector<api::GitServiceRow> rows;
    for (const gitops::Desired &wanted : seen.desired) {
        GitStanding standing = standingOf(wanted, scene);
        if (const auto refused = watched.refusals.find(wanted.key);
            refused != watched.refusals.end() && standing.acts) {
            standing.row.state = Drift::Blocked;
            standing.row.text = refused->second;
        }
        rows.push_back(std::move(standing.row));
    }
    std::ranges::move(goneFrom(seen.desired, watched.repository, deployments_.ledger()),
                      std::back_inserter(rows));
    return rows;
}

// And nobody accepted that.
bool GitOpsDesk::isRewritten(const Watched &watched) {
    return watched.seen->rewritten && watched.followed != watched.seen->commit->id;
}

// Something could be done now that could not be done when it was read.
bool GitOpsDesk::somethingIsDue(const Watched &watched) const {
    const auto desk = clusters_.findOrOnly(watched.repository.cluster);
    if (!watched.seen || isRewritten(watched) || !desk || watched.end != Look::End::Read) {
        return false;
    }
    const auto behind = deployments_.behind(**desk);
    const GitScene scene{watched.repository,
                         *watched.seen->commit,
                         deployments_,
                         orchestrator_,
                         **desk,
                         behind,
                         false};
    return std::ranges::any_of(watched.seen->desired, [&](const gitops::Desired &wanted) {
        return watched.refusals.count(wanted.key) == 0 && standingOf(wanted, scene).acts;
    });
}

api::GitRepositoryRow GitOpsDesk::rowOf(const Watched &watched) const {
    const gitops::Repository &repository = watched.repository;
    api::GitRepositoryRow row;
    row.id = repository.name;
    row.url = repository.url;
    row.branch = repository.branch;
    row.path = repository.path;
    row.cluster = repository.cluster;
    row.start = repository.start_by_itself ? api::GitStart::Auto : api::GitStart::Draft;
    row.production = repository.production;
    row.require_signed = repository.require_signed;
    row.interval_ms = repository.interval_ms;
    row.fetched_wall_ms = watched.fetched_wall_ms;
    row.next_wall_ms = watched.looking ? 0 : watched.next_wall_ms;
    row.failures = watched.failures;
    row.services = servicesOf(watched);
    if (watched.seen) {
        const gitops::Commit &commit = *watched.seen->commit;
        row.commit = commit.id;
        row.subject = commit.subject;
        row.author = commit.author;
        row.committed_wall_ms = commit.wall_ms;
        row.signature = signatureOf(commit.signing);
        row.signer = commit.signer;
    }
    const auto desk = clusters_.findOrOnly(repository.cluster);
    if (watched.looking && !watched.seen && watched.failures == 0) {
        row.state = GitState::Syncing;
        row.text = tr("is being fetched");
    } else if (!watched.trouble.isEmpty()) {
        row.state = watched.end == Look::End::Refused ? GitState::Refused : GitState::Unreachable;
        row.text = watched.trouble;
    } else if (!desk) {
        row.state = GitState::Unknown;
        row.text = toText(desk.error());
    } else if (!watched.seen) {
        row.state = GitState::Unknown;
        row.text = tr("was not fetched yet");
    } else if (isRewritten(watched)) {
        row.state = GitState::Rewritten;
        row.text = tr("%1 was rewritten: %2 is no longer part of it, and nothing follows; accept "
                      "it with: aviary gitops sync %3 --accept-rewrite")
                       .arg(repository.branch, watched.followed.left(8), repository.name);
    } else {
        row.state = stateOf(row.services);
        row.text = sentenceOf(row.services, repository);
    }
    return row;
}

Result<api::GitRepositoryRow> GitOpsDesk::row(const QString &name) const {
    const auto at = watched_.find(name);
    if (at == watched_.end()) {
        return fail(ErrorCode::NotFound, tr("no repository %1 is watched").arg(boundedText(name)),
                    QStringLiteral("name"), tr("aviary gitops status names them"));
    }
    return rowOf(at->second);
}

std::vector<api::GitRepositoryRow> GitOpsDesk::rows() const {
    std::vector<api::GitRepositoryRow> all;
    for (const auto &[name, watched] : watched_) {
        all.push_back(rowOf(watched));
    }
    return all;
}

} // namespace aviary::orchestrator
