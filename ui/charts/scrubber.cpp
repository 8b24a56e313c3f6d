// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/scrubber.h"

#include "core/support/words.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr double zoom_step = 1.25;
constexpr int wheel_notch = 120;
constexpr std::int64_t seen_min_ms = 1'000;
constexpr int parts_of_seen = 20; // Shift and an arrow move one of them

} // namespace

QString timeOfDayText(std::int64_t instant_ms, bool seconds) {
    const QTime time = QDateTime::fromMSecsSinceEpoch(instant_ms).time();
    return time.toString(seconds ? QStringLiteral("HH:mm:ss") : QStringLiteral("HH:mm"));
}

Scrubber::Scrubber(QWidget *parent) : Piece(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Time"));
}

void Scrubber::setValue(ScrubberValue value) {
    const bool followed = seen_end_ms_ == value_.end_ms;
    const bool whole = followed && seen_begin_ms_ == value_.begin_ms;
    const bool lanes_differ = value.lanes.size() != value_.lanes.size();
    value_ = std::move(value);
    value_.end_ms = std::max(value_.end_ms, value_.begin_ms + 1);
    for (ScrubberLane &lane : value_.lanes) {
        lane.service = boundedText(lane.service, 80);
        for (ScrubberBar &bar : lane.bars) {
            bar.label = boundedText(bar.label, 80);
        }
    }
    if (whole || seen_end_ms_ <= 1) {
        seen_begin_ms_ = value_.begin_ms;
        seen_end_ms_ = value_.end_ms;
    } else if (followed) {
        // Zoomed in on the present: it stays at the edge.
        seen_begin_ms_ += value_.end_ms - seen_end_ms_;
        seen_end_ms_ = value_.end_ms;
    }
    if (lanes_differ) {
        updateGeometry();
    }
    describe();
    update();
}

void Scrubber::describe() {
    setAccessibleDescription(live() ? tr("live")
                                    : tr("viewing %1").arg(timeOfDayText(present(), true)));
}

void Scrubber::zoomBy(double factor, std::int64_t around_ms) {
    const std::int64_t whole = value_.end_ms - value_.begin_ms;
    const std::int64_t seen = seen_end_ms_ - seen_begin_ms_;
    const double wanted = static_cast<double>(seen) / std::max(factor, 1e-9);
    const auto limited = static_cast<std::int64_t>(std::min(wanted, static_cast<double>(whole)));
    const std::int64_t length = std::clamp(limited, std::min(seen_min_ms, whole), whole);
    const double share =
        static_cast<double>(around_ms - seen_begin_ms_) / static_cast<double>(seen);
    const auto before = static_cast<std::int64_t>(static_cast<double>(length) * share);
    seen_begin_ms_ = std::clamp(around_ms - before, value_.begin_ms, value_.end_ms - length);
    seen_end_ms_ = seen_begin_ms_ + length;
    update();
}

qreal Scrubber::xOf(std::int64_t instant_ms) const {
    const QRectF field = this->field();
    const double share = static_cast<double>(instant_ms - seen_begin_ms_) /
                         static_cast<double>(seen_end_ms_ - seen_begin_ms_);
    // Time runs from left to right in every language; only the names change sides.
    return field.left() + field.width() * share;
}

std::int64_t Scrubber::instantAt(qreal x) const {
    const QRectF field = this->field();
    const double share = std::clamp((x - field.left()) / field.width(), 0.0, 1.0);
    return seen_begin_ms_ +
           std::llround(share * static_cast<double>(seen_end_ms_ - seen_begin_ms_));
}

void Scrubber::moveTo(std::int64_t instant_ms) {
    const std::int64_t instant = std::clamp(instant_ms, value_.begin_ms, value_.end_ms);
    if (value_.playhead_ms == instant) {
        return;
    }
    value_.playhead_ms = instant;
    const std::int64_t seen = seen_end_ms_ - seen_begin_ms_;
    if (instant < seen_begin_ms_ || instant > seen_end_ms_) {
        seen_begin_ms_ = std::clamp(instant - seen / 2, value_.begin_ms, value_.end_ms - seen);
        seen_end_ms_ = seen_begin_ms_ + seen;
    }
    describe();
    update();
    Q_EMIT playheadMoved(instant);
}

void Scrubber::stepTo(const std::vector<std::int64_t> &instants, int direction) {
    if (direction > 0) {
        const auto next = std::upper_bound(instants.begin(), instants.end(), present());
        if (next != instants.end()) {
            moveTo(*next);
        }
        return;
    }
    const auto next = std::lower_bound(instants.begin(), instants.end(), present());
    if (next != instants.begin()) {
        moveTo(*std::prev(next));
    }
}

void Scrubber::stepFar(int direction) {
    if (!value_.turns_ms.empty()) {
        stepTo(value_.turns_ms, direction);
        return;
    }
    moveTo(present() + direction * (seen_end_ms_ - seen_begin_ms_) / parts_of_seen);
}

void Scrubber::keyPressEvent(QKeyEvent *event) {
    const bool far = event->modifiers().testFlag(Qt::ShiftModifier);
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        switch (event->key()) {
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            zoomBy(zoom_step, present());
            return;
        case Qt::Key_Minus:
            zoomBy(1 / zoom_step, present());
            return;
        case Qt::Key_0:
            zoomBy(0, present());
            return;
        default:
            break;
        }
    }
    switch (event->key()) {
    case Qt::Key_Left:
        far ? stepFar(-1) : stepTo(value_.events_ms, -1);
        break;
    case Qt::Key_Right:
        far ? stepFar(1) : stepTo(value_.events_ms, 1);
        break;
    case Qt::Key_Home:
        moveTo(value_.begin_ms);
        break;
    case Qt::Key_End:
        if (!live()) {
            Q_EMIT liveWanted();
        }
        break;
    case Qt::Key_Space:
        Q_EMIT playWanted(!value_.playing);
        break;
    default:
        Piece::keyPressEvent(event);
    }
}

void Scrubber::mousePressEvent(QMouseEvent *event) {
    if (event->button() != Qt::LeftButton) {
        return;
    }
    if (!live() && liveRect().contains(event->position())) {
        Q_EMIT liveWanted();
        return;
    }
    dragging_ = true;
    moveTo(instantAt(event->position().x()));
}

void Scrubber::mouseMoveEvent(QMouseEvent *event) {
    if (dragging_) {
        moveTo(instantAt(event->position().x()));
    }
}

void Scrubber::mouseReleaseEvent(QMouseEvent *) {
    dragging_ = false;
}

void Scrubber::mouseDoubleClickEvent(QMouseEvent *event) {
    for (std::size_t lane = 0; lane < value_.lanes.size(); ++lane) {
        const std::vector<ScrubberBar> &bars = value_.lanes[lane].bars;
        for (std::size_t bar = 0; bar < bars.size(); ++bar) {
            if (barRect(lane, bars[bar]).contains(event->position())) {
                Q_EMIT barActivated(lane, bar);
                return;
            }
        }
    }
}

void Scrubber::wheelEvent(QWheelEvent *event) {
    const double notches = static_cast<double>(event->angleDelta().y()) / wheel_notch;
    if (notches != 0) {
        zoomBy(std::pow(zoom_step, notches), instantAt(event->position().x()));
    }
    event->accept();
}

} // namespace aviary
