// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/watcher.h"

#include <QPointer>
#include <QRandomGenerator>

#include <algorithm>

namespace aviary::clusters::nomad {
namespace {

Watching someWatching() {
    return Watching(QRandomGenerator::global()->generate());
}

} // namespace

Watcher::Watcher(Connection &connection)
    : stream_(connection), lister_(connection), watching_(someWatching()) {
    clock_.start();
    timer_.setSingleShot(true);
    connect(&timer_, &QTimer::timeout, this,
            [this] { step([this](qint64 now_ms) { return watching_.advance(now_ms); }); });
    connect(&stream_, &EventStream::said, this, [this](const Result<StreamLine> &line) {
        step([&](qint64 now_ms) { return watching_.streamSaid(now_ms, line); });
    });
    connect(&stream_, &EventStream::ended, this, [this](const Failure &why) {
        step([&](qint64 now_ms) { return watching_.streamEnded(now_ms, why); });
    });
    connect(&lister_, &Lister::listed, this, [this](Table table, Index index, const Rows &rows) {
        step([&](qint64 now_ms) { return watching_.listed(now_ms, table, index, rows); });
    });
    connect(&lister_, &Lister::failed, this, [this](Table table, const Failure &why) {
        const QPointer<Watcher> self = this;
        step([&](qint64 now_ms) { return watching_.listFailed(now_ms, table, why); });
        if (self) {
            look_ms_.reset();
            Q_EMIT failed(why);
        }
    });
}

void Watcher::begin() {
    stream_.close();
    lister_.giveUp();
    watching_ = someWatching();
    was_complete_ = false;
    look_ms_.reset();
    setVersion(version_);
    step([this](qint64 now_ms) { return watching_.begin(now_ms); });
}

void Watcher::setVersion(const QString &version) {
    version_ = version;
    lister_.setVersion(version);
    step([&](qint64 now_ms) {
        watching_.setVersion(now_ms, version);
        return Commands{};
    });
}

std::optional<qint64> Watcher::ageMs() const {
    const auto at_ms = watching_.trueAt();
    return at_ms ? std::optional(clock_.elapsed() - *at_ms) : std::nullopt;
}

void Watcher::look() {
    if (look_ms_ || !was_complete_) {
        return; // its answer comes
    }
    look_ms_ = now_ms_ = std::max(clock_.elapsed(), now_ms_ + 1);
    for (const Table table : all_tables) {
        lookAt(table);
    }
}

void Watcher::note(const Change &change) {
    step([&](qint64) {
        watching_.noted(change);
        return Commands{};
    });
}

void Watcher::lookAt(Table table) {
    lister_.look(table, [this, table, before = indexOf(table)](const Outcome<Index> &index) {
        if (index) {
            step([&](qint64 now_ms) { return watching_.seen(now_ms, table, *index, before); });
        } else if (std::exchange(look_ms_, std::nullopt)) {
            Q_EMIT failed(index.error());
        }
    });
}

void Watcher::step(const Decide &decide) {
    now_ms_ = std::max(clock_.elapsed(), now_ms_);
    const Commands commands = decide(now_ms_);
    const QPointer<Watcher> self = this;
    carryOut(commands);
    if (self) {
        tell();
    }
}

void Watcher::carryOut(const Commands &commands) {
    for (const Command &command : commands) {
        if (const auto *open = std::get_if<OpenStream>(&command)) {
            stream_.open(open->from);
        } else if (const auto *list = std::get_if<List>(&command)) {
            lister_.list(*list);
        } else {
            stream_.close();
        }
    }
    if (const auto due_ms = watching_.nextDeadline()) {
        timer_.start(static_cast<int>(std::max<qint64>(0, *due_ms - clock_.elapsed())));
    } else {
        timer_.stop();
    }
}

void Watcher::tell() {
    const QPointer<Watcher> self = this;
    const QStringList notices = watching_.takeNotices();
    const bool has_changed = watching_.takeChanged();
    const bool is_first = !std::exchange(was_complete_, watching_.isComplete()) && was_complete_;
    const auto true_ms = watching_.trueAt();
    const bool has_looked = look_ms_ && true_ms && *true_ms >= *look_ms_;
    if (has_looked) {
        look_ms_.reset();
    }
    for (const QString &notice : notices) {
        if (self) {
            Q_EMIT noticed(notice);
        }
    }
    if (self && is_first) {
        Q_EMIT completed();
    }
    if (self && has_changed) {
        Q_EMIT changed();
    }
    if (self && has_looked) {
        Q_EMIT looked();
    }
}

} // namespace aviary::clusters::nomad
