// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs about git repositories.
#include "core/api/valuesjson.h"
#include "core/orchestrator/liveprovider.h"

namespace aviary::orchestrator {

namespace {

Result<QJsonObject> answerOf(const Result<api::GitRepositoryRow> &row) {
    return row.map([](const api::GitRepositoryRow &known) {
        return QJsonObject{{QStringLiteral("repository"), api::toJson(known)}};
    });
}

} // namespace

LiveProvider::Reply LiveProvider::setRepository(const Call &call) {
    QJsonObject wanted = call.parameters;
    for (const char *beside : {"request_id", "as", "reason", "confirm"}) {
        wanted.remove(QLatin1String(beside));
    }
    const auto desk = clusters_.findOrOnly(wanted.value(u"cluster").toString());
    const bool production = desk && (*desk)->row().klass == api::ClusterClass::Production;
    const bool by_itself =
        wanted.value(u"start").toString() == u"auto" && wanted.value(u"production").toBool();
    if (production && by_itself && call.text(u"confirm") != (*desk)->id()) {
        return fail(ErrorCode::Refused,
                    tr("%1 is a production cluster, and changes would start there by themselves")
                        .arg((*desk)->id()),
                    QStringLiteral("confirm"),
                    tr("confirm with the cluster's id, %1").arg((*desk)->id()));
    }
    return answerOf(gitops_.set(wanted, call.asker()));
}

LiveProvider::Reply LiveProvider::removeRepository(const Call &call) {
    return gitops_.remove(call.text(u"name"), call.asker()).map([] { return QJsonObject(); });
}

LiveProvider::Reply LiveProvider::repositories(const Call &call) {
    const QString name = call.text(u"name");
    if (name.isEmpty()) {
        return QJsonObject{{QStringLiteral("repositories"), api::listToJson(gitops_.rows())}};
    }
    return gitops_.row(name).map([](const api::GitRepositoryRow &row) {
        return QJsonObject{{QStringLiteral("repositories"), api::listToJson(std::vector{row})}};
    });
}

void LiveProvider::syncRepository(const Call &call, const api::Answer &answer) {
    gitops_.sync(call.text(u"name"),
                 {call.parameters[u"accept_rewrite"].toBool(), call.parameters[u"again"].toBool()},
                 call.asker(),
                 [answer](const Result<api::GitRepositoryRow> &row) { answer(answerOf(row)); });
}

// What moves here changes how repositories stand, and the other way round.
void LiveProvider::attendGitOps() {
    connect(&gitops_, &GitOpsDesk::changed, this, [this](const api::GitRepositoryRow &row) {
        tellRows(QStringLiteral("gitops"), {api::toJson(row)});
    });
    connect(&gitops_, &GitOpsDesk::gone, this,
            [this](const QString &name) { tellRows(QStringLiteral("gitops"), {}, {name}); });
    connect(&deployments_, &DeploymentDesk::deploymentsChanged, &gitops_, &GitOpsDesk::lookAround);
    connect(&orchestrator_, &Orchestrator::rolloutChanged, &gitops_, &GitOpsDesk::lookAround);
    connect(&clusters_, &ClusterSet::added, &gitops_, [this](ClusterDesk *desk) {
        connect(desk, &ClusterDesk::contactChanged, &gitops_, &GitOpsDesk::lookAround);
        connect(desk, &ClusterDesk::nodesChanged, &gitops_, &GitOpsDesk::lookAround);
    });
}

} // namespace aviary::orchestrator
