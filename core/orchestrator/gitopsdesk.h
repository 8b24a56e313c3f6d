// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gitops/looker.h"
#include "core/orchestrator/clusterset.h"
#include "core/orchestrator/gitopsstanding.h"

#include <QTimer>

namespace aviary::orchestrator {

// The repositories that say what should run. Each is looked at again and again; a change in it
// becomes a draft or a rollout like any other, with the commit's author as the one who asked.
class GitOpsDesk : public QObject {
    Q_OBJECT
public:
    // Clones stand in DIRECTORY/gitops/NAME.
    GitOpsDesk(journal::Journal &journal, Orchestrator &orchestrator, const ClusterSet &clusters,
               DeploymentDesk &deployments, const Clock &clock, QObject *parent = nullptr);
    ~GitOpsDesk() override;

    Result<void> restore(); // from the journal; then they are looked at

    // Of gitops.set; members that are left out keep what they were. Journalled, then looked at.
    Result<api::GitRepositoryRow> set(const QJsonObject &wanted, const Asker &asker);
    // Forgotten, and its clone deleted; what it brought goes on running.
    Result<void> remove(const QString &name, const Asker &asker);

    struct Wish {
        bool accept_rewrite = false;
        bool again = false;
    };
    using Synced = std::function<void(const Result<api::GitRepositoryRow> &row)>;
    // Looks now, and answers when the look has ended.
    // Who accepts a rewrite, or asks again for content that failed, is journalled.
    void sync(const QString &name, const Wish &wish, const Asker &asker, const Synced &then);

    Result<api::GitRepositoryRow> row(const QString &name) const;
    std::vector<api::GitRepositoryRow> rows() const;

    // A rollout moved, or a cluster came or went: what is shown is judged anew, and what became
    // possible is looked at first.
    void lookAround();

Q_SIGNALS:
    void changed(const aviary::api::GitRepositoryRow &row);
    void gone(const QString &name);

private:
    struct Watched {
        gitops::Repository repository;
        std::shared_ptr<const gitops::Look> seen; // the last that was read
        gitops::Look::End end = gitops::Look::End::Unreachable;
        QString trouble;
        qint64 fetched_wall_ms = 0, next_wall_ms = 0;
        quint32 failures = 0;
        bool looking = false;
        QString followed;       // commit
        Wish wish;              // of the look that is under way
        bool once_more = false; // asked for while it was under way
        std::vector<Synced> waiting;
        std::map<QString, QString> refusals; // of the last try, by key
        api::GitRepositoryRow told;
        std::unique_ptr<QTimer> timer;
    };

    Result<Watched *> find(const QString &name);
    Watched &watch(const gitops::Repository &repository);
    void look(Watched &watched);
    void take(const gitops::Repository &repository,
              const std::shared_ptr<const gitops::Look> &look);
    void schedule(Watched &watched);
    void follow(Watched &watched);
    QString act(const gitops::Desired &wanted, const GitStanding &standing, const Watched &watched,
                const ClusterDesk &desk);
    void judge(Watched &watched);
    void judgeAll();
    api::GitRepositoryRow rowOf(const Watched &watched) const;
    std::vector<api::GitServiceRow> servicesOf(const Watched &watched) const;
    bool somethingIsDue(const Watched &watched) const;
    static bool isRewritten(const Watched &watched);
    QString folderOf(const QString &name) const;
    Result<void> write(const QString &topic, const QString &name, const QJsonObject &body);

    journal::Journal &journal_;
    Orchestrator &orchestrator_;
    const ClusterSet &clusters_;
    DeploymentDesk &deployments_;
    const Clock &clock_;
    std::map<QString, Watched> watched_;
    QTimer around_;         // runs while lookAround() is on its way
    gitops::Looker looker_; // last: its end waits for its threads
};

} // namespace aviary::orchestrator
