// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/steptrack.h"

#include "core/support/words.h"
#include "ui/charts/paint.h"

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace aviary {
namespace {

using Phase = TrackStep::Phase;

constexpr qreal radius_px = 9.5;
constexpr qreal slot_px = 100; // narrower ones cannot hold their label
constexpr qreal top_px = 4;

} // namespace

StepTrack::StepTrack(QWidget *parent) : Piece(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Steps of the plan"));
}

void StepTrack::setValue(StepTrackValue value) {
    if (value == value_) {
        return;
    }
    value_ = std::move(value);
    for (TrackStep &step : value_.steps) {
        step.label = boundedText(step.label, 60);
        step.note = boundedText(step.note, 60);
    }
    fold();
}

void StepTrack::fold() {
    const auto fitting = static_cast<std::size_t>(std::max(1.0, width() / scale()(slot_px)));
    stops_ = foldSteps(value_.steps, fitting);
    current_ = std::min(current_, stops_.empty() ? 0 : stops_.size() - 1);
    describe();
    update();
}

void StepTrack::describe() {
    for (std::size_t i = 0; i < value_.steps.size(); ++i) {
        if (value_.steps[i].phase == Phase::Now) {
            setAccessibleDescription(tr("step %1 of %2: %3, %4")
                                         .arg(i + 1)
                                         .arg(value_.steps.size())
                                         .arg(value_.steps[i].label, nameOf(value_.now)));
            return;
        }
    }
    setAccessibleDescription(
        countedText(static_cast<std::int64_t>(value_.steps.size()), tr("1 step"), tr("%1 steps")));
}

QSize StepTrack::sizeHint() const {
    const Scale scale = this->scale();
    return {scale.whole(slot_px * 6), minimumSizeHint().height()};
}

QSize StepTrack::minimumSizeHint() const {
    const Scale scale = this->scale();
    const qreal words = QFontMetricsF(scale.font(TextSize::Caption)).height() +
                        QFontMetricsF(scale.font(TextSize::Axis)).height();
    return {scale.whole(slot_px * 2),
            static_cast<int>(scale(2 * radius_px + 2 * top_px + space::tiny) + words) + 2};
}

QRectF StepTrack::slot(std::size_t stop) const {
    const qreal each =
        static_cast<qreal>(width()) / static_cast<qreal>(std::max<std::size_t>(1, stops_.size()));
    return fromStart(QRectF(each * static_cast<qreal>(stop), 0, each, height()));
}

QRectF StepTrack::stopRect(std::size_t stop) const {
    const qreal radius = scale()(radius_px);
    const QPointF middle(slot(stop).center().x(), scale()(top_px) + radius);
    return {middle - QPointF(radius, radius), QSizeF(2 * radius, 2 * radius)};
}

std::optional<std::size_t> StepTrack::stopAt(QPointF position) const {
    for (std::size_t i = 0; i < stops_.size(); ++i) {
        if (slot(i).contains(position)) {
            return i;
        }
    }
    return std::nullopt;
}

bool StepTrack::event(QEvent *event) {
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        if (const auto stop = stopAt(help->pos())) {
            const QString text = stops_[*stop].label + u'\n' + stops_[*stop].note;
            QToolTip::showText(help->globalPos(), text.trimmed().toHtmlEscaped(), this);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    if (event->type() == QEvent::FontChange) {
        fold();
    }
    return Piece::event(event);
}

void StepTrack::resizeEvent(QResizeEvent *event) {
    Piece::resizeEvent(event);
    fold();
}

void StepTrack::focusInEvent(QFocusEvent *event) {
    for (std::size_t i = 0; i < stops_.size(); ++i) {
        if (stops_[i].phase == Phase::Now && event->reason() != Qt::MouseFocusReason) {
            current_ = i;
        }
    }
    Piece::focusInEvent(event);
}

void StepTrack::keyPressEvent(QKeyEvent *event) {
    const int towards_end = mirrored() ? Qt::Key_Left : Qt::Key_Right;
    const int towards_start = mirrored() ? Qt::Key_Right : Qt::Key_Left;
    if (stops_.empty()) {
        Piece::keyPressEvent(event);
    } else if (event->key() == towards_end) {
        current_ = std::min(current_ + 1, stops_.size() - 1);
    } else if (event->key() == towards_start) {
        current_ = current_ == 0 ? 0 : current_ - 1;
    } else if (event->key() == Qt::Key_Home) {
        current_ = 0;
    } else if (event->key() == Qt::Key_End) {
        current_ = stops_.size() - 1;
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT stepsActivated(stops_[current_].first, stops_[current_].last);
    } else {
        Piece::keyPressEvent(event);
    }
    update();
}

void StepTrack::mousePressEvent(QMouseEvent *event) {
    if (const auto stop = stopAt(event->position())) {
        current_ = *stop;
        update();
        Q_EMIT stepsActivated(stops_[*stop].first, stops_[*stop].last);
    }
}

void StepTrack::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintLines(painter);
    for (std::size_t i = 0; i < stops_.size(); ++i) {
        paintCircle(painter, stops_[i], stopRect(i));
        paintWords(painter, stops_[i], slot(i));
    }
    if (hasFocus() && !stops_.empty()) {
        const qreal gap = scale()(3);
        const QRectF ring = stopRect(current_).adjusted(-gap, -gap, gap, gap);
        paintFocusRing(painter, ring, ring.width() / 2, tokens()(Role::Accent));
    }
}

void StepTrack::paintLines(QPainter &painter) const {
    for (std::size_t i = 0; i + 1 < stops_.size(); ++i) {
        const bool passed = stops_[i].phase == Phase::Done || stops_[i].phase == Phase::Skipped;
        const QRectF from = stopRect(i);
        const QRectF to = stopRect(i + 1);
        const qreal y = from.center().y();
        painter.setPen(QPen(tokens()(passed ? Role::Good : Role::Line), scale().line(2)));
        const auto [left, right] = std::minmax({from.center().x(), to.center().x()});
        const qreal gap = from.width() / 2 + scale()(2);
        painter.drawLine(QPointF(left + gap, y), QPointF(right - gap, y));
    }
}

void StepTrack::paintCircle(QPainter &painter, const TrackStop &stop, const QRectF &rect) const {
    const Tokens &tokens = this->tokens();
    const Scale scale = this->scale();
    const auto ring = [&](const QColor &colour, qreal width) {
        const qreal inset = width / 2;
        painter.setBrush(tokens(Role::Card));
        painter.setPen(QPen(colour, width));
        painter.drawEllipse(rect.adjusted(inset, inset, -inset, -inset));
    };
    if (stop.folded() && stop.phase != Phase::Done) {
        painter.setPen(QPen(tokens(Role::OldLine), scale.line(1.2)));
        painter.setBrush(Qt::NoBrush);
        const qreal shift = scale(mirrored() ? -3.5 : 3.5);
        painter.drawEllipse(rect.translated(shift, 0).adjusted(1, 1, -1, -1));
    }
    const qreal inset = rect.width() * 0.16;
    const QRectF inside = rect.adjusted(inset, inset, -inset, -inset);
    switch (stop.phase) {
    case Phase::Done:
        // The disc of the sign is a little smaller than its box.
        paintSign(painter, rect.adjusted(-2, -2, 2, 2), Sign::Completed, tokens);
        break;
    case Phase::Now: {
        const Role role = roleOf(value_.now);
        ring(tokens(role), scale.line(2));
        // A ring inside a ring would say nothing: waiting shows its bars alone.
        const Sign sign = value_.now == Sign::Waiting ? Sign::Paused : value_.now;
        const qreal more = rect.width() * (sign == Sign::Paused ? 0.1 : 0.06);
        paintSign(painter, inside.adjusted(more, more, -more, -more), sign, tokens(role),
                  tokens(Role::Card));
        break;
    }
    case Phase::Failed:
        ring(tokens(Role::Bad), scale.line(2));
        paintSign(painter, inside, Sign::Failed, tokens);
        break;
    case Phase::Skipped:
        ring(tokens(Role::OldLine), scale.line(1.2));
        paintSign(painter, inside, Sign::Superseded, tokens);
        break;
    case Phase::ToCome:
        ring(tokens(Role::OldLine), scale.line(1.2));
        break;
    }
}

void StepTrack::paintWords(QPainter &painter, const TrackStop &stop, const QRectF &slot) const {
    const Scale scale = this->scale();
    const bool to_come = stop.phase == Phase::ToCome || stop.phase == Phase::Skipped;
    const qreal gap = scale(space::tiny);
    const QRectF words = slot.adjusted(gap / 2, 0, -gap / 2, 0);
    qreal top = scale(2 * top_px + 2 * radius_px) + gap / 2;
    painter.setFont(scale.font(TextSize::Caption));
    painter.setPen(tokens()(to_come ? Role::Dim : Role::Text));
    const qreal line = QFontMetricsF(painter.font()).height();
    paintText(painter, {words.left(), top, words.width(), line}, Qt::AlignCenter, stop.label);
    top += line;
    painter.setFont(scale.font(TextSize::Axis));
    painter.setPen(tokens()(Role::Dim));
    paintText(painter, {words.left(), top, words.width(), QFontMetricsF(painter.font()).height()},
              Qt::AlignCenter, stop.note);
}

} // namespace aviary
