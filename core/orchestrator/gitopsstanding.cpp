// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/gitopsstanding.h"

#include "core/support/words.h"

#include <algorithm>

namespace aviary::orchestrator {

using api::Drift;

namespace {

QString tr(const char *text) {
    return QObject::tr(text);
}

// The newest record that this repository made for the key; null: none.
const DeploymentRecord *broughtBy(const QString &repository, const QString &key,
                                  const Ledger &ledger) {
    const std::vector<DeploymentRecord> &history = ledger.history(key);
    const auto at = std::find_if(history.rbegin(), history.rend(),
                                 [&repository](const DeploymentRecord &record) {
                                     return record.opened.repository == repository &&
                                            record.opened.purpose != Purpose::WayBack;
                                 });
    return at == history.rend() ? nullptr : &*at;
}

bool isBad(const QString &key, const QString &fingerprint, const Ledger &ledger) {
    return std::ranges::any_of(ledger.history(key), [&](const DeploymentRecord &record) {
        return record.opened.fingerprint == fingerprint &&
               ledger.badMark(key, record.opened.revision);
    });
}

void settle(GitStanding &standing, Drift state, const QString &text) {
    standing.row.state = state;
    standing.row.text = text;
}

GitStanding active(GitStanding standing, const gitops::Desired &wanted, const LiveRollout &rollout,
                   const GitScene &scene) {
    const DeploymentRecord *record = scene.deployments.ledger().find(rollout.card().deployment);
    const kernel::Status status = rollout.state().status;
    const bool draft = status == kernel::Status::Draft || status == kernel::Status::Approved;
    const bool same = record && record->opened.fingerprint == wanted.fingerprint;
    const QString to = api::revisionText(rollout.plan(), rollout.plan().to);
    standing.row.rollout = rollout.card().id;
    if (same && draft) {
        settle(standing, Drift::Draft, tr("a draft of %1 waits for a person").arg(to));
    } else if (same) {
        settle(standing, Drift::UnderWay,
               to + u' ' + api::headlineOf(rollout.plan(), rollout.state()));
    } else if (draft && record && record->opened.repository == scene.repository.name) {
        standing.acts = true;
        standing.supersedes = true;
        settle(standing, Drift::Drifted,
               tr("a draft of an older commit waits: %1").arg(record->opened.commit.left(8)));
    } else {
        settle(standing, Drift::Conflict,
               tr("%1 asked for a rollout to %2 that is active; this follows when it has ended")
                   .arg(rollout.card().who, to));
    }
    return standing;
}

// It ran here before, and does not now.
void tellEarlier(GitStanding &standing, const DeploymentRecord &earlier) {
    const QString name = earlier.opened.revision;
    if (earlier.status == kernel::Status::Completed && !rolls(earlier.opened.job_type)) {
        settle(standing, Drift::InSync, tr("%1 was run").arg(name));
    } else if (earlier.status == kernel::Status::Completed) {
        settle(standing, Drift::Drifted,
               tr("%1 was replaced by %2 since; sync with --again to bring it back")
                   .arg(name, standing.row.running));
    } else {
        const QString outcome =
            earlier.outcome.isEmpty()
                ? QString::fromStdString(std::string(kernel::nameOf(earlier.status)))
                : earlier.outcome;
        settle(
            standing, Drift::Blocked,
            tr("%1 was tried: %2; push another commit, or sync with --again").arg(name, outcome));
    }
}

// Why a commit may not be followed; empty: it may.
QString distrustOf(const gitops::Commit &commit, const gitops::Repository &repository) {
    if (commit.signing == gitops::Signing::Bad) {
        return tr("the signature of %1 is bad").arg(commit.shortId());
    }
    if (repository.require_signed && commit.signing == gitops::Signing::Unsigned) {
        return tr("%1 is not signed; sign it, or set the repository without --require-signed")
            .arg(commit.shortId());
    }
    if (repository.require_signed && commit.signing != gitops::Signing::Verified) {
        return tr("nobody could verify the signature of %1; give its key to the daemon's user")
            .arg(commit.shortId());
    }
    return {};
}

GitStanding resting(GitStanding standing, const gitops::Desired &wanted, const GitScene &scene) {
    const Ledger &ledger = scene.deployments.ledger();
    const DeploymentRecord *stable = ledger.stable(wanted.key);
    if (stable && ledger.changesNothing(wanted.key, wanted.fingerprint, stable->opened.job_type)) {
        settle(standing, Drift::InSync, {});
        for (const DeploymentDesk::Behind &late : scene.behind) {
            if (late.key == wanted.key) {
                settle(standing, Drift::Drifted,
                       tr("%1 of its nodes do not run %2: %3")
                           .arg(late.nodes.size())
                           .arg(late.revision,
                                boundedText(QStringList(late.nodes.begin(), late.nodes.end())
                                                .join(u", "_qs))));
            }
        }
        return standing;
    }
    const DeploymentRecord *earlier = broughtBy(scene.repository.name, wanted.key, ledger);
    const bool changed = !earlier || earlier->opened.fingerprint != wanted.fingerprint;
    if (!changed && !scene.again) {
        tellEarlier(standing, *earlier);
    } else if (!scene.again && isBad(wanted.key, wanted.fingerprint, ledger)) {
        settle(standing, Drift::Blocked,
               tr("this content is marked bad; push another, or sync with --again"));
    } else if (const QString distrust = distrustOf(scene.commit, scene.repository);
               !distrust.isEmpty()) {
        settle(standing, Drift::Blocked, distrust);
    } else if (!scene.desk.observed() || scene.desk.stale()) {
        settle(
            standing, Drift::Blocked,
            tr("%1 has not answered for too long; this follows when it does").arg(scene.desk.id()));
    } else {
        standing.acts = true;
        settle(standing, Drift::Drifted,
               standing.row.running.isEmpty()
                   ? tr("nothing runs yet")
                   : tr("%1 runs, and %2 wants other content")
                         .arg(standing.row.running, scene.commit.shortId()));
    }
    return standing;
}

} // namespace

GitStanding standingOf(const gitops::Desired &wanted, const GitScene &scene) {
    const Ledger &ledger = scene.deployments.ledger();
    GitStanding standing;
    api::GitServiceRow &row = standing.row;
    row.id = scene.repository.name + u'/' + (wanted.key.isEmpty() ? wanted.file : wanted.key);
    row.key = wanted.key;
    row.file = wanted.file;
    row.running = wanted.key.isEmpty() ? QString() : ledger.running(wanted.key);
    if (const auto *brought = ledger.findRevision(wanted.key, row.running)) {
        row.running_commit = brought->opened.commit;
    }
    if (wanted.fit != gitops::Desired::Fit::Good) {
        const bool broken = wanted.fit == gitops::Desired::Fit::Broken;
        row.id = scene.repository.name + u'/' + wanted.file;
        settle(standing, broken ? Drift::Broken : Drift::Conflict, wanted.trouble);
        return standing;
    }
    const LiveRollout *rollout = scene.orchestrator.activeOf(scene.desk.id(), wanted.key);
    return rollout ? active(std::move(standing), wanted, *rollout, scene)
                   : resting(std::move(standing), wanted, scene);
}

std::vector<api::GitServiceRow> goneFrom(const std::vector<gitops::Desired> &desired,
                                         const gitops::Repository &repository,
                                         const Ledger &ledger) {
    std::vector<api::GitServiceRow> gone;
    if (std::ranges::any_of(desired, [](const gitops::Desired &d) { return d.key.isEmpty(); })) {
        return gone; // a file that cannot be read may be the one that names it
    }
    for (const QString &key : ledger.keys()) {
        const bool named = std::ranges::any_of(
            desired, [&key](const gitops::Desired &wanted) { return wanted.key == key; });
        const DeploymentRecord *brought = broughtBy(repository.name, key, ledger);
        const QString running = ledger.running(key);
        if (named || !brought || running.isEmpty()) {
            continue;
        }
        gone.push_back({repository.name + u'/' + key, key, QString(), Drift::Gone, running,
                        brought->opened.commit, QString(),
                        tr("is no longer in the repository; %1 goes on running").arg(running)});
    }
    return gone;
}

bool startsByItself(const gitops::Repository &repository, const api::ClusterRow &cluster) {
    return repository.start_by_itself && cluster.unlocked && !cluster.needs_approval &&
           (cluster.klass != api::ClusterClass::Production || repository.production);
}

} // namespace aviary::orchestrator
