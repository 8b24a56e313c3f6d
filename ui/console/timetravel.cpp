// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/timetravel.h"

#include "core/api/inprocesssession.h"
#include "ui/charts/scrubber.h"
#include "ui/console/offthread.h"

#include <QBuffer>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr int play_interval_ms = 33;            // 30 steps a second
constexpr std::size_t play_steps_max = 30 * 90; // a long record plays in a minute and a half
constexpr std::size_t needed_max = 64;          // records read for one instant, the newest

void sortOut(std::vector<qint64> &instants) {
    std::ranges::sort(instants);
    // Not by std::ranges: clang 14 cannot read the subrange of this library.
    instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
}

} // namespace

QString instantText(qint64 wall_ms, qint64 now_ms) {
    const QDateTime instant = QDateTime::fromMSecsSinceEpoch(wall_ms);
    const QString time = timeOfDayText(wall_ms, true);
    return instant.date() == QDateTime::fromMSecsSinceEpoch(now_ms).date()
               ? time
               : QLocale().toString(instant.date(), QLocale::ShortFormat) + u' ' + time;
}

TimeTravel::TimeTravel(QObject *parent) : QObject(parent) {
    connect(&play_timer_, &QTimer::timeout, this, &TimeTravel::playOn);
}

TimeTravel::~TimeTravel() = default;

void TimeTravel::begin(Desk &desk) {
    leave();
    desk_ = &desk;
    live_ = desk.session();
    rollouts_ = desk.rollouts();
    deployments_ = desk.deployments();
    end_wall_ms_ = QDateTime::currentMSecsSinceEpoch();
    if (desk.isFile()) {
        end_wall_ms_ = 0;
        for (const api::RolloutRow &rollout : rollouts_) {
            end_wall_ms_ = std::max(end_wall_ms_, rollout.changed_wall_ms);
        }
    }
    travel::Archive archive;
    archive.clusters = desk.clusters();
    archive.deployments = deployments_;
    archive.daemon = desk.daemon();
    provider_ = std::make_unique<travel::TravelProvider>(std::move(archive));
    connect(&desk, &QObject::destroyed, this, &TimeTravel::leave);
}

void TimeTravel::goTo(Desk &desk, qint64 wall_ms) {
    if (desk_ != &desk) {
        begin(desk);
    }
    wanted_ = wall_ms;
    for (const QString &rollout : neededAt(wall_ms)) {
        fetch(rollout);
    }
    showWhenReady();
}

// All that was under way then, and of each service the last that had ended: it says what served.
std::vector<QString> TimeTravel::neededAt(qint64 wall_ms) const {
    std::vector<const api::RolloutRow *> begun;
    for (const api::RolloutRow &rollout : rollouts_) {
        if (rollout.started_wall_ms <= wall_ms) {
            begun.push_back(&rollout);
        }
    }
    std::ranges::sort(begun, std::ranges::greater{}, &api::RolloutRow::started_wall_ms);
    std::set<std::pair<QString, QString>> served;
    std::vector<QString> needed;
    for (const api::RolloutRow *rollout : begun) {
        const bool over = rollout->ended_wall_ms != 0 && rollout->ended_wall_ms <= wall_ms;
        const bool newest = served.emplace(rollout->cluster, rollout->service).second;
        if ((!over || newest) && needed.size() < needed_max) {
            needed.push_back(rollout->id);
        }
    }
    return needed;
}

void TimeTravel::fetch(const QString &rollout) {
    if (!live_ || !asked_.insert(rollout).second) {
        return;
    }
    pending_.insert(rollout);
    live_->call(u"run.export"_qs, {{u"rollout"_qs, rollout}},
                [self = QPointer<TimeTravel>(this), rollout,
                 journey = journey_](const Result<QJsonObject> &answer) {
                    if (!self || self->journey_ != journey) {
                        return;
                    }
                    if (answer) {
                        self->read(rollout, (*answer)[u"jsonl"].toString().toUtf8());
                    } else {
                        self->arrived(rollout, tl::unexpected(answer.error()));
                    }
                });
}

void TimeTravel::read(const QString &rollout, const QByteArray &lines) {
    const auto replayed = [rollout, lines]() -> Result<Run> {
        QBuffer device;
        device.setData(lines);
        device.open(QIODevice::ReadOnly);
        return record::readRun(device, rollout).and_then([](record::Run run) {
            return travel::RecordedRun::of(std::move(run));
        });
    };
    offThread(this, replayed, [this, rollout, journey = journey_](const Result<Run> &run) {
        if (journey == journey_) {
            arrived(rollout, run);
        }
    });
}

void TimeTravel::arrived(const QString &rollout, const Result<Run> &run) {
    pending_.erase(rollout);
    if (run) {
        provider_->addRun(*run);
        collectInstants();
        if (!(*run)->warnings().isEmpty()) {
            trouble_ = (*run)->warnings().first();
        }
    } else {
        trouble_ = tr("the record of a rollout could not be read: %1").arg(toText(run.error()));
    }
    showWhenReady();
}

void TimeTravel::collectInstants() {
    events_ms_.clear();
    turns_ms_.clear();
    for (const Run &run : provider_->runs()) {
        events_ms_.insert(events_ms_.end(), run->entryWallsMs().begin(), run->entryWallsMs().end());
        turns_ms_.insert(turns_ms_.end(), run->turnWallsMs().begin(), run->turnWallsMs().end());
    }
    sortOut(events_ms_);
    sortOut(turns_ms_);
}

void TimeTravel::showWhenReady() {
    if (!pending_.empty() || !wanted_ || !desk_) {
        Q_EMIT changed();
        return;
    }
    const QString as_of = instantText(*wanted_, QDateTime::currentMSecsSinceEpoch());
    provider_->setRefusal({ErrorCode::Refused,
                           tr("this is %1: nothing can be asked of what is past").arg(as_of),
                           {},
                           tr("go back to live first")});
    if (const auto there = provider_->goTo(*wanted_); !there) {
        trouble_ = toText(there.error());
        Q_EMIT changed();
        return;
    }
    shown_ = wanted_;
    if (!past_) {
        const api::Caller here{desk_->daemon().who, {}, 0};
        past_ = std::make_unique<api::InProcessSession>(*provider_, here);
    }
    desk_->travelTo(past_.get(), as_of);
    Q_EMIT changed();
}

void TimeTravel::leave() {
    ++journey_;
    play_timer_.stop();
    if (desk_) {
        disconnect(desk_, nullptr, this, nullptr);
        desk_->backToLive();
    }
    desk_ = nullptr;
    live_ = nullptr;
    past_.reset();
    provider_.reset();
    asked_.clear();
    pending_.clear();
    events_ms_.clear();
    turns_ms_.clear();
    wanted_.reset();
    shown_.reset();
    trouble_.clear();
    Q_EMIT changed();
}

void TimeTravel::play(bool on) {
    if (on && desk_) {
        play_timer_.start(play_interval_ms);
    } else {
        play_timer_.stop();
    }
    Q_EMIT changed();
}

void TimeTravel::playOn() {
    if (!desk_ || !shown_ || !pending_.empty()) {
        return;
    }
    const auto next = std::ranges::upper_bound(events_ms_, *shown_);
    if (next == events_ms_.end()) {
        play(false);
        return;
    }
    const auto stride = static_cast<std::ptrdiff_t>(events_ms_.size() / play_steps_max);
    goTo(*desk_, next[std::min(stride, events_ms_.end() - next - 1)]);
}

QString TimeTravel::loading() const {
    return pending_.empty()
               ? QString()
               : tr("reading %n record(s)\u2026", nullptr, static_cast<int>(pending_.size()));
}

} // namespace aviary
