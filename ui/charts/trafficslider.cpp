// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/trafficslider.h"

#include "core/support/words.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace aviary {
namespace {

constexpr int full = 10'000;
constexpr int one_percent = 100;
constexpr qreal snap_px = 6; // how near to a stage the ghost jumps onto it

} // namespace

TrafficSlider::TrafficSlider(QWidget *parent) : Piece(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    motion_.setDuration(motion_ms);
    motion_.setEasingCurve(QEasingCurve::OutCubic);
    connect(&motion_, &QVariantAnimation::valueChanged, this, [this](const QVariant &weight) {
        shown_ = weight.toReal();
        update();
    });
    describe();
}

void TrafficSlider::setValue(const TrafficSliderValue &value) {
    if (value == value_) {
        return;
    }
    const int before = value_.now;
    const bool rehearsed = !value_.chances.isEmpty();
    value_ = value;
    value_.now = std::clamp(value_.now, 0, full);
    value_.raise_max = std::clamp(value_.raise_max, value_.now, full);
    value_.raise_reason = boundedText(value_.raise_reason);
    value_.revision = boundedText(value_.revision, 40);
    value_.chances = boundedText(value_.chances, 400);
    if (before != value_.now) {
        animateTo(value_.now);
    }
    const bool reached = ghost_ == value_.now;
    if (reached) {
        ghost_.reset();
        effect_.clear();
    } else if (ghost_ && *ghost_ > value_.raise_max) {
        moveGhost(value_.raise_max);
    }
    if (rehearsed != !value_.chances.isEmpty()) {
        updateGeometry(); // its line comes or goes
    }
    describe();
    update();
}

bool TrafficSlider::raises() const {
    return ghost_ && *ghost_ > value_.now;
}

void TrafficSlider::animateTo(int weight) {
    motion_.stop();
    if (!isVisible() || !motionAllowed(this)) {
        shown_ = weight;
        return;
    }
    motion_.setStartValue(shown_);
    motion_.setEndValue(static_cast<qreal>(weight));
    motion_.start();
}

void TrafficSlider::setEffect(const QString &effect) {
    effect_ = boundedText(effect);
    describe();
    update();
}

void TrafficSlider::moveGhost(int weight) {
    const int allowed = std::clamp(weight, 0, value_.raise_max);
    if (allowed == value_.now) {
        withdraw();
        return;
    }
    if (ghost_ == allowed) {
        return;
    }
    ghost_ = allowed;
    effect_.clear();
    Q_EMIT ghostMoved(allowed);
    describe();
    update();
}

void TrafficSlider::withdraw() {
    if (!ghost_) {
        return;
    }
    ghost_.reset();
    effect_.clear();
    describe();
    update();
    Q_EMIT withdrawn();
}

void TrafficSlider::describe() {
    setAccessibleName(value_.revision.isEmpty() ? tr("Traffic on the new revision")
                                                : tr("Traffic on %1").arg(value_.revision));
    QString text = tr("now %1").arg(percentText(value_.now));
    if (ghost_) {
        text += tr(", proposed %1").arg(percentText(*ghost_));
        text += effect_.isEmpty() ? QString() : u": " + effect_;
        text += raises() && !value_.chances.isEmpty() ? u"; " + value_.chances : QString();
    }
    if (value_.raise_max < full) {
        text += tr(", at most %1: %2").arg(percentText(value_.raise_max), value_.raise_reason);
    }
    setAccessibleDescription(text);
}

int TrafficSlider::weightAt(qreal x) const {
    const QRectF track = this->track();
    const qreal share = (fromStart(x) - track.left()) / track.width();
    const int weight =
        static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * full / one_percent)) *
        one_percent;
    for (const int stage : value_.stages) {
        if (std::abs(xOf(stage) - x) <= scale()(snap_px)) {
            return stage;
        }
    }
    return weight;
}

int TrafficSlider::nextStage(int from, int direction) const {
    if (direction > 0) {
        const auto next = std::upper_bound(value_.stages.begin(), value_.stages.end(), from);
        return next == value_.stages.end() ? full : *next;
    }
    const auto next = std::lower_bound(value_.stages.begin(), value_.stages.end(), from);
    return next == value_.stages.begin() ? 0 : *std::prev(next);
}

void TrafficSlider::step(int direction, bool by_stage) {
    const int from = ghost_.value_or(value_.now);
    if (by_stage) {
        moveGhost(nextStage(from, direction));
    } else if (direction > 0) {
        moveGhost((from / one_percent + 1) * one_percent);
    } else {
        moveGhost(((from + one_percent - 1) / one_percent - 1) * one_percent);
    }
}

void TrafficSlider::keyPressEvent(QKeyEvent *event) {
    const bool by_stage = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (event->key()) {
    case Qt::Key_Right:
        step(mirrored() ? -1 : 1, by_stage);
        break;
    case Qt::Key_Left:
        step(mirrored() ? 1 : -1, by_stage);
        break;
    case Qt::Key_Up:
        step(1, by_stage);
        break;
    case Qt::Key_Down:
        step(-1, by_stage);
        break;
    case Qt::Key_PageUp:
        step(1, true);
        break;
    case Qt::Key_PageDown:
        step(-1, true);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!ghost_) {
            Piece::keyPressEvent(event);
            return;
        }
        Q_EMIT proposed(*ghost_);
        break;
    case Qt::Key_Escape:
        if (!ghost_) {
            Piece::keyPressEvent(event);
            return;
        }
        withdraw();
        break;
    default:
        Piece::keyPressEvent(event);
        return;
    }
    event->accept();
}

void TrafficSlider::mousePressEvent(QMouseEvent *event) {
    if (event->button() != Qt::LeftButton) {
        Piece::mousePressEvent(event);
        return;
    }
    dragging_ = true;
    // A press on the knob or the ghost picks it up; anywhere else it calls the ghost there.
    const QPointF at = event->position();
    const bool on_handle = knobRect().contains(at) || (ghost_ && ghostRect().contains(at));
    if (!on_handle) {
        moveGhost(weightAt(at.x()));
    }
}

void TrafficSlider::mouseMoveEvent(QMouseEvent *event) {
    if (dragging_) {
        moveGhost(weightAt(event->position().x()));
    }
}

void TrafficSlider::mouseReleaseEvent(QMouseEvent *event) {
    if (event->button() == Qt::LeftButton) {
        dragging_ = false;
    }
}

void TrafficSlider::mouseDoubleClickEvent(QMouseEvent *event) {
    if (ghost_ && ghostRect().contains(event->position())) {
        Q_EMIT proposed(*ghost_);
    }
}

} // namespace aviary
