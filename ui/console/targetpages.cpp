// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/targetpages.h"

#include "core/api/valuesjson.h"

#include <algorithm>

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr int pace_ms = 150;

} // namespace

TargetPages::TargetPages(QObject *parent) : QObject(parent) {
    pace_.setInterval(pace_ms);
    connect(&pace_, &QTimer::timeout, this, &TargetPages::fetch);
}

void TargetPages::want(Desk *desk, const QString &rollout, quint32 first, quint32 total) {
    if (!desk || total <= first) {
        return stop();
    }
    if (desk != desk_ || rollout != rollout_ || first != first_ || total != total_) {
        stop();
        desk_ = desk;
        rollout_ = rollout;
        first_ = first;
        total_ = total;
        next_ = first;
    }
    if (!pace_.isActive()) {
        pace_.start();
        fetch();
    }
}

void TargetPages::stop() {
    pace_.stop();
    ++turn_;
    fetching_ = false;
    rows_.clear();
    rollout_.clear();
}

void TargetPages::fetch() {
    if (fetching_ || !desk_) {
        return;
    }
    fetching_ = true;
    desk_->call(u"rollout.targets"_qs,
                {{u"rollout"_qs, rollout_},
                 {u"first"_qs, qint64(next_)},
                 {u"count"_qs, api::page_nodes_max}},
                [this, turn = turn_](const Result<QJsonObject> &answer) {
                    if (turn != turn_) {
                        return;
                    }
                    fetching_ = false;
                    if (!answer) {
                        return; // asked again with the next beat
                    }
                    if (const auto page = api::fromJson<api::TargetPage>(*answer)) {
                        take(*page);
                    }
                });
}

void TargetPages::take(const api::TargetPage &page) {
    if (page.first < first_ || page.targets.empty()) {
        next_ = first_;
        return;
    }
    const std::size_t at = page.first - first_;
    if (at > rows_.size()) {
        next_ = first_ + static_cast<quint32>(rows_.size());
        return;
    }
    rows_.resize(std::max(rows_.size(), at + page.targets.size()));
    std::ranges::copy(page.targets, rows_.begin() + static_cast<std::ptrdiff_t>(at));
    next_ = page.first + static_cast<quint32>(page.targets.size());
    if (next_ >= total_) {
        next_ = first_;
    }
    Q_EMIT changed();
}

} // namespace aviary
