// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/provider.h"
#include "ui/samples/world.h"

#include <functional>

namespace aviary::samples {

// Answers the verbs that only read from a World, in process. What would change
// something is refused unless a test gives it an answer; every call is kept for
// tests to look at.
class SampleProvider : public api::Provider {
    Q_OBJECT
public:
    using Reply = Result<QJsonObject>;
    using Answering = std::function<Reply(const QJsonObject &parameters)>;
    struct Call {
        QString verb;
        QJsonObject parameters;
    };

    explicit SampleProvider(World world, QObject *parent = nullptr);

    const World &world() const { return world_; }
    const std::vector<Call> &calls() const { return calls_; }
    // Takes the place of what would be answered to `verb`.
    void answer(const QString &verb, Answering answering) {
        answering_[verb] = std::move(answering);
    }
    // Leaves `verb` without an answer, as a link that breaks does, until
    // release().
    void hold(const QString &verb) { held_[verb]; }
    void release(const QString &verb, const Reply &reply);

    void tell(const api::ClusterRow &cluster);
    void tell(const api::RolloutDetail &rollout);
    void tell(const api::RequestRow &request);
    void tellEffect(const QString &rollout, const api::EffectRow &effect);
    void tellWaiting(std::vector<api::WaitingRow> waiting);

    void handle(const api::Caller &caller, const QString &verb, const QJsonObject &parameters,
                api::Answer answer) override;
    Reply whole(const QString &topic) override;
    void arrived(const api::Caller &) override {}
    void left(const api::Caller &) override {}

private:
    Reply reply(const QString &verb, const QJsonObject &parameters) const;
    Reply effect(const QJsonObject &parameters) const;
    Reply fleetPage(const QJsonObject &parameters) const;
    Reply node(const QJsonObject &parameters) const;
    api::HealthReport health(const QJsonObject &parameters) const;
    const api::RolloutDetail *rollout(const QString &id) const;
    void told(const QString &topic, const QJsonObject &row);

    World world_;
    std::vector<Call> calls_;
    std::map<QString, Answering> answering_;
    std::map<QString, std::vector<api::Answer>> held_;
};

} // namespace aviary::samples
