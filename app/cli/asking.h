// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commandline.h"

#include <memory>

namespace aviary::cli {

// One request of a rollout, as it was given on the command line.
struct Asking {
    enum class Exposure { Raises, Lowers, Keeps };
    explicit Asking(Exposure given_exposure) : exposure(given_exposure) {}

    Exposure exposure;
    QString method = QStringLiteral("request"); // of the daemon
    QString verb;
    std::string rollout, reason, to, node, version, tag;
    std::vector<std::string> parts; // of a rollout that the cluster runs itself
    bool full = false;
    bool yes = false;
    double limit_s = 30;
};

// Finds the rollout; where the request raises exposure, asks the daemon for its effect, shows it,
// and on a production cluster has it confirmed by the service's name; sends it with the effect that
// was shown; and waits until the cluster's word is in: applied, refused, or unknown.
void askRollout(Conversation &talk, const std::shared_ptr<Asking> &asking);

// The second half of it, for what is asked of a service: shows the effect, has it confirmed, sends
// the parameters with it, and waits.
void askWithEffect(Conversation &talk, const std::shared_ptr<Asking> &asking,
                   const QString &cluster, const QString &service, const QJsonObject &parameters,
                   const api::EffectRow &effect);

// Shows what an effect does, one fact a line.
void print(const Terminal &terminal, const api::EffectRow &effect);

} // namespace aviary::cli
