// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/words.h"
#include "ui/charts/paint.h"
#include "ui/charts/trafficslider.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr int full = 10'000;
constexpr qreal side_px = 20;  // room for half of the first and the last label
constexpr qreal track_px = 9;  // its thickness
constexpr qreal knob_px = 9.5; // radius
constexpr qreal tick_px = 21;  // its height

qreal lineHeight(const Scale &scale, TextSize size) {
    return QFontMetricsF(scale.font(size)).height();
}

} // namespace

qreal TrafficSlider::wordsAbove() const {
    return lineHeight(scale(), TextSize::Caption) * (value_.chances.isEmpty() ? 1 : 2);
}

QSize TrafficSlider::sizeHint() const {
    return {scale().whole(480), minimumSizeHint().height()};
}

QSize TrafficSlider::minimumSizeHint() const {
    const Scale scale = this->scale();
    const qreal words = wordsAbove() + 2 * lineHeight(scale, TextSize::Axis);
    return {scale.whole(240), static_cast<int>(std::ceil(words + scale(tick_px + 14)))};
}

QRectF TrafficSlider::track() const {
    const Scale scale = this->scale();
    const qreal middle = wordsAbove() + scale(tick_px / 2 + 4);
    return {scale(side_px), middle - scale(track_px) / 2, width() - 2 * scale(side_px),
            scale(track_px)};
}

qreal TrafficSlider::xOf(int weight) const {
    const QRectF track = this->track();
    return fromStart(track.left() + track.width() * weight / full);
}

QRectF TrafficSlider::span(qreal from, qreal to) const {
    const QRectF track = this->track();
    const qreal left = track.left() + track.width() * from / full;
    return fromStart(QRectF(left, track.top(), track.width() * (to - from) / full, track.height()));
}

QRectF TrafficSlider::circle(qreal weight) const {
    const qreal radius = scale()(knob_px);
    const QRectF track = this->track();
    const QPointF middle(fromStart(track.left() + track.width() * weight / full),
                         track.center().y());
    return {middle - QPointF(radius, radius), QSizeF(2 * radius, 2 * radius)};
}

QRectF TrafficSlider::knobRect() const {
    return circle(shown_);
}

QRectF TrafficSlider::ghostRect() const {
    return ghost_ ? circle(*ghost_) : QRectF();
}

void TrafficSlider::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintTrack(painter);
    paintTicks(painter);
    paintGhost(painter);
    paintKnob(painter);
    paintWords(painter);
}

void TrafficSlider::paintTrack(QPainter &painter) const {
    const Tokens &tokens = this->tokens();
    const Scale scale = this->scale();
    const QRectF track = fromStart(this->track());
    QPainterPath groove;
    groove.addRoundedRect(track, track.height() / 2, track.height() / 2);
    painter.save();
    painter.setClipPath(groove);
    painter.fillRect(track, mixed(tokens(Role::Card), tokens(Role::OldFill), 0.45));
    if (ghost_) {
        const auto [low, high] = std::minmax({shown_, static_cast<qreal>(*ghost_)});
        painter.fillRect(span(low, high), mixed(tokens(Role::Card), tokens(Role::Accent), 0.5));
    }
    const qreal filled = ghost_ ? std::min(shown_, static_cast<qreal>(*ghost_)) : shown_;
    const QColor fill = isEnabled() ? tokens(Role::Accent) : tokens(Role::OldLine);
    painter.fillRect(span(0, filled), fill);
    painter.restore();
    if (value_.raise_max < full && value_.overload) {
        QPainterPath forbidden;
        forbidden.addRect(span(value_.raise_max, full));
        paintHatch(painter, forbidden.intersected(groove), tokens(Role::OldLine), scale(6),
                   scale.line(1.2));
    }
}

void TrafficSlider::paintTicks(QPainter &painter) const {
    const Scale scale = this->scale();
    const qreal middle = track().center().y();
    const qreal reach = scale(tick_px) / 2;
    painter.setPen(QPen(tokens()(Role::OldLine), scale.line(1.2)));
    std::vector<int> ticks = value_.stages;
    ticks.insert(ticks.end(), {0, value_.overload ? value_.raise_max : 0, full});
    for (const int weight : ticks) {
        const qreal x = xOf(weight);
        painter.drawLine(QPointF(x, middle - reach), QPointF(x, middle + reach));
    }
}

void TrafficSlider::paintGhost(QPainter &painter) const {
    if (!ghost_) {
        return;
    }
    const Tokens &tokens = this->tokens();
    QPen pen(tokens(Role::Accent), scale().line(2), Qt::DashLine, Qt::FlatCap);
    pen.setDashPattern({2.2, 1.6});
    painter.setPen(pen);
    painter.setBrush(tokens(Role::Card, 0.55));
    const qreal inset = scale()(1);
    painter.drawEllipse(ghostRect().adjusted(inset, inset, -inset, -inset));
}

void TrafficSlider::paintKnob(QPainter &painter) const {
    const Tokens &tokens = this->tokens();
    const Scale scale = this->scale();
    const qreal inset = scale(1.5);
    painter.setPen(QPen(isEnabled() ? tokens(Role::Accent) : tokens(Role::OldLine), scale(3)));
    painter.setBrush(tokens(Role::Card));
    painter.drawEllipse(knobRect().adjusted(inset, inset, -inset, -inset));
    if (hasFocus()) {
        const QRectF around = ghost_ ? ghostRect() : knobRect();
        const qreal gap = scale(3);
        const QRectF ring = around.adjusted(-gap, -gap, gap, gap);
        paintFocusRing(painter, ring, ring.width() / 2, tokens(Role::Text));
    }
}

void TrafficSlider::paintWords(QPainter &painter) const {
    const Tokens &tokens = this->tokens();
    const Scale scale = this->scale();
    if (ghost_ && !effect_.isEmpty()) {
        painter.setFont(scale.font(TextSize::Caption));
        painter.setPen(tokens(Role::Text));
        paintTextAround(painter, ghostRect().center().x(), 0, 0, width(), effect_);
        if (raises() && !value_.chances.isEmpty()) {
            painter.setPen(tokens(Role::Dim));
            paintTextAround(painter, ghostRect().center().x(), lineHeight(scale, TextSize::Caption),
                            0, width(), value_.chances);
        }
    }
    // Labels give way to what matters more: now, the ghost, the ends, then the stages.
    std::vector<int> weights{value_.now};
    if (ghost_) {
        weights.push_back(*ghost_);
    }
    weights.insert(weights.end(), {0, full});
    weights.insert(weights.end(), value_.stages.begin(), value_.stages.end());
    painter.setFont(scale.font(TextSize::Axis));
    const QFontMetricsF metrics(painter.font());
    qreal top = track().center().y() + scale(tick_px / 2 + 3);
    std::vector<QRectF> taken;
    for (const int weight : weights) {
        const QString text = percentText(weight);
        const qreal half = metrics.horizontalAdvance(text) / 2 + scale(3);
        const QRectF place(xOf(weight) - half, top, 2 * half, metrics.height());
        const bool free = std::none_of(taken.begin(), taken.end(), [&](const QRectF &other) {
            return other.intersects(place);
        });
        if (free) {
            painter.setPen(tokens(weight == value_.now ? Role::Text : Role::Dim));
            paintTextAround(painter, xOf(weight), top, 0, width(), text);
            taken.push_back(place);
        }
    }
    if (value_.raise_max < full && !value_.raise_reason.isEmpty()) {
        top += metrics.height();
        painter.setPen(tokens(Role::Dim));
        const QString reason = value_.overload ? tr("hatched: %1").arg(value_.raise_reason)
                                               : tr("no more now: %1").arg(value_.raise_reason);
        paintTextAround(painter, span(value_.raise_max, full).center().x(), top, 0, width(),
                        reason);
    }
}

} // namespace aviary
