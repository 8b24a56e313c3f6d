// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/paint.h"
#include "ui/charts/scrubber.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace aviary {
namespace {

constexpr qreal names_px = 118;
constexpr qreal lane_px = 23;
constexpr qreal bar_px = 16;
constexpr qreal knob_px = 7;       // radius
constexpr qreal end_px = 16;       // the sign behind a bar
constexpr qreal tick_apart_px = 3; // ticks nearer than this say nothing

// Seconds from one label of the axis to the next.
constexpr std::array<std::int64_t, 15> steps_s{
    1, 2, 5, 10, 30, 60, 300, 600, 1'200, 3'600, 7'200, 21'600, 43'200, 86'400, 604'800};

} // namespace

QSize Scrubber::sizeHint() const {
    return {scale().whole(640), minimumSizeHint().height()};
}

QSize Scrubber::minimumSizeHint() const {
    const Scale scale = this->scale();
    const auto lanes = static_cast<qreal>(std::max<std::size_t>(1, value_.lanes.size()));
    const qreal axis = 2 * QFontMetricsF(scale.font(TextSize::Axis)).height() + scale(12);
    return {scale.whole(320), static_cast<int>(std::ceil(lanes * scale(lane_px) + axis))};
}

QRectF Scrubber::field() const {
    const Scale scale = this->scale();
    const qreal names = scale(names_px);
    const qreal margin = scale(space::wide);
    const qreal lanes = scale(lane_px) * static_cast<qreal>(value_.lanes.size());
    return mirrored() ? QRectF(margin, 0, width() - names - margin, lanes)
                      : QRectF(names, 0, width() - names - margin, lanes);
}

QRectF Scrubber::laneRect(std::size_t lane) const {
    const qreal height = scale()(lane_px);
    const QRectF field = this->field();
    return {field.left(), field.top() + height * static_cast<qreal>(lane), field.width(), height};
}

QRectF Scrubber::barRect(std::size_t lane, const ScrubberBar &bar) const {
    const QRectF row = laneRect(lane);
    const qreal height = scale()(bar_px);
    const qreal left = std::clamp(xOf(bar.begin_ms), row.left(), row.right());
    const qreal end = xOf(bar.end_ms.value_or(std::max(value_.end_ms, bar.begin_ms)));
    const qreal right = std::clamp(end, left, row.right());
    return {left, row.center().y() - height / 2, right - left, height};
}

QRectF Scrubber::liveRect() const {
    const Scale scale = this->scale();
    const QFontMetricsF metrics(scale.font(TextSize::Axis));
    const QRectF field = this->field();
    const QSizeF size(metrics.horizontalAdvance(tr("LIVE")) + scale(20),
                      metrics.height() + scale(4));
    return {QPointF(field.right() - size.width() + scale(space::wide), field.bottom() + scale(2)),
            size};
}

void Scrubber::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintEvents(painter);
    for (std::size_t lane = 0; lane < value_.lanes.size(); ++lane) {
        paintLane(painter, lane);
    }
    paintAxis(painter);
    paintPlayhead(painter);
    if (hasFocus()) {
        paintFocusRing(painter, QRectF(rect()).adjusted(1, 1, -1, -1), scale()(6),
                       tokens()(Role::Accent));
    }
}

void Scrubber::paintLane(QPainter &painter, std::size_t lane) const {
    const Scale scale = this->scale();
    const QRectF row = laneRect(lane);
    painter.setFont(scale.font(TextSize::Caption));
    painter.setPen(tokens()(Role::Text));
    const qreal gap = scale(space::tiny);
    const QRectF name(0, row.top(), scale(names_px) - 3 * gap, row.height());
    const Qt::Alignment side = mirrored() ? Qt::AlignRight : Qt::AlignLeft;
    paintText(painter, fromStart(name.translated(gap, 0)),
              side | Qt::AlignVCenter | Qt::AlignAbsolute, value_.lanes[lane].service);
    for (const ScrubberBar &bar : value_.lanes[lane].bars) {
        const bool seen =
            bar.begin_ms <= seen_end_ms_ && bar.end_ms.value_or(value_.end_ms) >= seen_begin_ms_;
        if (seen) {
            paintBar(painter, lane, bar);
        }
    }
}

void Scrubber::paintBar(QPainter &painter, std::size_t lane, const ScrubberBar &bar) const {
    const Tokens &tokens = this->tokens();
    const Scale scale = this->scale();
    const QRectF whole = barRect(lane, bar);
    const qreal now = std::clamp(xOf(present()), whole.left(), whole.right());
    const QRectF happened(whole.left(), whole.top(), now - whole.left(), whole.height());
    const QRectF ahead(now, whole.top(), whole.right() - now, whole.height());
    // At the instant shown it may not have ended yet; then its end must not colour it.
    const bool ended = bar.end_ms && *bar.end_ms <= present();
    const Sign sign = ended || live() ? bar.sign : Sign::InProgress;
    const QColor fill = tokens(roleOf(sign));
    if (happened.width() > 0) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawRoundedRect(happened, scale(2), scale(2));
    }
    if (ahead.width() > 0) {
        QPainterPath area;
        area.addRect(ahead);
        paintHatch(painter, area, tokens(Role::OldFill), scale(6), scale.line(1.2));
    }
    painter.setFont(scale.font(TextSize::Axis));
    const QRectF inside = happened.adjusted(scale(6), 0, -scale(3), 0);
    if (QFontMetricsF(painter.font()).horizontalAdvance(bar.label.left(3)) < inside.width()) {
        painter.setPen(readableOn(fill, tokens));
        paintText(painter, inside, Qt::AlignLeft | Qt::AlignVCenter | Qt::AlignAbsolute, bar.label);
    }
    const bool end_seen =
        bar.end_ms && *bar.end_ms <= seen_end_ms_ && *bar.end_ms >= seen_begin_ms_;
    if (end_seen) {
        const qreal side = scale(end_px) * 0.75;
        const QRectF mark(whole.right() + scale(4), whole.center().y() - side / 2, side, side);
        paintSign(painter, mark, bar.sign, tokens(ended ? roleOf(bar.sign) : Role::Dim),
                  tokens(Role::Card));
    }
}

void Scrubber::paintEvents(QPainter &painter) const {
    const std::vector<std::int64_t> &events = value_.events_ms;
    const auto begin = std::lower_bound(events.begin(), events.end(), seen_begin_ms_);
    const auto end = std::upper_bound(begin, events.end(), seen_end_ms_);
    const QRectF field = this->field();
    // Ticks appear once they stand apart.
    if (static_cast<qreal>(end - begin) * scale()(tick_apart_px) > field.width()) {
        return;
    }
    painter.setPen(QPen(tokens()(Role::OldLine), scale().line(1)));
    const qreal top = field.bottom();
    for (auto event = begin; event != end; ++event) {
        const qreal x = xOf(*event);
        painter.drawLine(QPointF(x, top), QPointF(x, top + scale()(4)));
    }
}

void Scrubber::paintAxis(QPainter &painter) const {
    if (value_.end_ms <= value_.begin_ms) {
        return; // no time is known yet
    }
    const Scale scale = this->scale();
    painter.setFont(scale.font(TextSize::Axis));
    painter.setPen(tokens()(Role::Dim));
    const QFontMetricsF metrics(painter.font());
    const QRectF field = this->field();
    const qreal top = field.bottom() + metrics.height() + scale(8);
    const double label_px = metrics.horizontalAdvance(QStringLiteral("00:00:00")) + scale(36);
    const double seen_s = static_cast<double>(seen_end_ms_ - seen_begin_ms_) / 1'000;
    const double step_min_s = seen_s * label_px / std::max(1.0, field.width());
    const auto found =
        std::find_if(steps_s.begin(), steps_s.end(), [step_min_s](std::int64_t step) {
            return static_cast<double>(step) >= step_min_s;
        });
    const std::int64_t step_ms = (found == steps_s.end() ? steps_s.back() : *found) * 1'000;
    for (std::int64_t at = (seen_begin_ms_ + step_ms - 1) / step_ms * step_ms; at <= seen_end_ms_;
         at += step_ms) {
        const QString text = timeOfDayText(at, step_ms < 60'000);
        paintTextAround(painter, xOf(at), top, 0, width(), text);
    }
}

void Scrubber::paintPlayhead(QPainter &painter) const {
    const Tokens &tokens = this->tokens();
    const Scale scale = this->scale();
    const QRectF field = this->field();
    painter.setFont(scale.font(TextSize::Axis));
    const QFontMetricsF metrics(painter.font());
    if (live()) {
        const QRectF pill = liveRect();
        painter.setPen(QPen(tokens(Role::Good), scale.line(1)));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2);
        painter.setPen(tokens(Role::Good));
        painter.drawText(pill, Qt::AlignCenter, tr("LIVE"));
        return;
    }
    const qreal x = xOf(present());
    if (x < field.left() - 1 || x > field.right() + 1) {
        return;
    }
    const QColor colour = tokens(Role::Attention);
    const qreal y = field.bottom() + metrics.height() / 2 + scale(3);
    painter.setPen(QPen(colour, scale.line(2)));
    painter.drawLine(QPointF(x, field.top()), QPointF(x, y));
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(QPointF(x, y), scale(knob_px), scale(knob_px));
    const QString time = timeOfDayText(present(), true);
    const QString note = tr("hatched: had not happened yet");
    const qreal gap = scale(14);
    const qreal time_width = metrics.horizontalAdvance(time) + 1;
    const qreal both = gap + time_width + gap + metrics.horizontalAdvance(note);
    // On the side where there is room.
    const bool right = x + both < width();
    const qreal time_left = right ? x + gap : x - gap - time_width;
    painter.setPen(tokens(Role::Text));
    paintText(painter, {time_left, y - metrics.height() / 2, time_width, metrics.height()},
              Qt::AlignLeft | Qt::AlignVCenter | Qt::AlignAbsolute, time);
    painter.setPen(tokens(Role::Dim));
    const QRectF place =
        right ? QRectF(time_left + time_width + gap, y - metrics.height() / 2,
                       width() - time_left - time_width - gap, metrics.height())
              : QRectF(0, y - metrics.height() / 2, time_left - gap, metrics.height());
    const Qt::Alignment side = right ? Qt::AlignLeft : Qt::AlignRight;
    paintText(painter, place, side | Qt::AlignVCenter | Qt::AlignAbsolute, note);
}

} // namespace aviary
