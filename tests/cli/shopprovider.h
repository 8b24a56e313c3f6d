// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/gitvalues.h"
#include "core/api/provider.h"
#include "core/api/values.h"

#include <QMap>
#include <QPair>

namespace aviary::tests {

// A daemon's inside with one cluster, "edge", and one rollout of "shop" that waits at 10 %. What
// becomes of a request is up to the test.
class ShopProvider : public api::Provider {
    Q_OBJECT
public:
    enum class Fate { Applied, Refused, Late, Never, Silent };

    ShopProvider();

    void handle(const api::Caller &caller, const QString &verb, const QJsonObject &parameters,
                api::Answer answer) override;
    Result<QJsonObject> whole(const QString &topic) override;
    void arrived(const api::Caller &) override {}
    void left(const api::Caller &) override {}

    // Changes the rollout and tells it.
    void move(kernel::Status status, const QString &text);
    bool asked(const QString &verb) const { return calls.contains(verb); }

    Fate fate = Fate::Applied;
    api::ClusterRow cluster;
    api::GitRepositoryRow repository;
    api::RolloutDetail rollout;
    std::vector<api::RolloutRow> more;
    api::EffectRow effect;
    QMap<QString, QJsonObject> calls; // the newest of each verb

private:
    QJsonObject answerOf(const QString &verb, const QJsonObject &parameters);
    void request(const QJsonObject &parameters, const api::Answer &answer);
    void tellRequest(api::Outcome outcome, const QString &text);

    QMap<QString, api::RequestRow> requests_;
    QString last_request_;
};

} // namespace aviary::tests
