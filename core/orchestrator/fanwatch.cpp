// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/fanwatch.h"

#include <QJsonDocument>

#include <algorithm>

namespace aviary::orchestrator {

Result<void> FanWatch::watch(const QString &rollout, const QJsonObject &fan,
                             kernel::Millis since_ms) {
    if (watched_.size() >= watched_max && !watched_.contains(rollout)) {
        return fail(ErrorCode::Refused, QStringLiteral("too many rollouts are watched"), rollout,
                    QStringLiteral("at most %1").arg(watched_max));
    }
    auto fans = rehearsal::fansFromJson(QJsonDocument(fan).toJson(QJsonDocument::Compact),
                                        QStringLiteral("fan"));
    if (!fans) {
        return tl::unexpected(fans.error());
    }
    watched_[rollout] = Watched{std::move(*fans), since_ms, {}, false};
    return {};
}

std::optional<QString> FanWatch::look(const LiveRollout &rollout, kernel::Millis now) {
    const auto found = watched_.find(rollout.card().id);
    if (found == watched_.end() || found->second.over) {
        return std::nullopt;
    }
    Watched &watched = found->second;
    const kernel::Millis elapsed_ms = std::max<kernel::Millis>(now - watched.since_ms, 0);
    const rehearsal::Watched seen = rehearsal::insideFan(
        watched.fans, rehearsal::instantOf(rollout.plan(), rollout.state(), elapsed_ms));
    watched.over = !seen.inside || !rollout.active();
    if (seen.inside) {
        return std::nullopt;
    }
    watched.left = seen.sentence;
    return seen.sentence;
}

QString FanWatch::leftText(const QString &rollout) const {
    const auto found = watched_.find(rollout);
    return found == watched_.end() ? QString() : found->second.left;
}

std::vector<QString> FanWatch::watched() const {
    std::vector<QString> ids;
    for (const auto &[id, watched] : watched_) {
        if (!watched.over) {
            ids.push_back(id);
        }
    }
    return ids;
}

} // namespace aviary::orchestrator
