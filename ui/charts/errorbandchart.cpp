// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/errorbandchart.h"

#include "core/support/words.h"
#include "ui/charts/paint.h"

#include <QAreaSeries>
#include <QFontMetricsF>
#include <QLineSeries>
#include <QLocale>
#include <QPainter>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr int name_max = 18; // letters of a revision in the plot: two of them side by side

// The point at or before an instant; null when there is none.
template <class Point>
const Point *before(const std::vector<Point> &points, double at_s) {
    const auto after =
        std::upper_bound(points.begin(), points.end(), at_s,
                         [](double wanted, const Point &point) { return wanted < point.at_s; });
    return after == points.begin() ? nullptr : &*std::prev(after);
}

} // namespace

ErrorBandChart::ErrorBandChart(QWidget *parent)
    : TimeChart(parent)
    , fresh_(new QLineSeries)
    , stable_(new QLineSeries)
    , low_(new QLineSeries(this))
    , high_(new QLineSeries(this))
    , gate_(new QLineSeries)
    , band_(new QAreaSeries(high_, low_)) {
    setAccessibleName(tr("Errors"));
    for (QAbstractSeries *series :
         {static_cast<QAbstractSeries *>(band_), static_cast<QAbstractSeries *>(gate_),
          static_cast<QAbstractSeries *>(stable_), static_cast<QAbstractSeries *>(fresh_)}) {
        chart()->addSeries(series);
        series->attachAxis(times_);
        series->attachAxis(values_);
    }
    setRange(value_.span_s, 0.01);
    dress();
}

double ErrorBandChart::highest() const {
    double high = value_.gate.value_or(0) * 1.1;
    for (const RatePoint &point : value_.fresh) {
        high = std::max(high, point.rate);
    }
    for (const RatePoint &point : value_.stable) {
        high = std::max(high, point.rate);
    }
    // The band is wide open at first; it must not flatten everything else.
    const double band_max = high > 0 ? high * 3 : 1;
    for (const RateBand &band : value_.band) {
        high = std::max(high, std::min(band.high, band_max));
    }
    return high > 0 ? high * 1.08 : (value_.unit == ErrorBandValue::Unit::Share ? 0.01 : 100);
}

void ErrorBandChart::setValue(ErrorBandValue value) {
    value_ = std::move(value);
    value_.gate_label = boundedText(value_.gate_label, 80);
    value_.new_revision = boundedText(value_.new_revision, 30);
    value_.old_revision = boundedText(value_.old_revision, 30);
    const double top = highest();
    const auto line = [](const std::vector<RatePoint> &points) {
        QList<QPointF> list;
        for (const RatePoint &point : points) {
            list << QPointF(point.at_s, point.rate);
        }
        return list;
    };
    fresh_->replace(line(value_.fresh));
    stable_->replace(line(value_.stable));
    QList<QPointF> low, high, gate;
    for (const RateBand &band : value_.band) {
        low << QPointF(band.at_s, std::clamp(band.low, 0.0, top));
        high << QPointF(band.at_s, std::clamp(band.high, 0.0, top));
    }
    if (value_.gate) {
        gate << QPointF(-value_.span_s, *value_.gate) << QPointF(0, *value_.gate);
    }
    low_->replace(low);
    high_->replace(high);
    gate_->replace(gate);
    setRange(value_.span_s, top);
    setMarks(value_.marks);
    setAccessibleName(value_.name.isEmpty() ? tr("Errors") : value_.name);
    setAccessibleDescription(value_.fresh.empty() ? tr("no requests on the new revision yet")
                                                  : readingAt(0));
}

void ErrorBandChart::dress() {
    const auto pen = [this](Role role, qreal width) {
        return QPen(tokens()(role), scale().line(width), Qt::SolidLine, Qt::RoundCap,
                    Qt::RoundJoin);
    };
    fresh_->setPen(pen(Role::Accent, 2));
    stable_->setPen(pen(Role::OldLine, 1.6));
    QPen gate = pen(Role::Bad, 1.4);
    gate.setDashPattern({4, 3});
    gate_->setPen(gate);
    band_->setPen(Qt::NoPen);
    band_->setBrush(tokens()(Role::Accent, 0.2));
}

QString ErrorBandChart::valueText(double value) const {
    switch (value_.unit) {
    case ErrorBandValue::Unit::Milliseconds:
        return tr("%1 ms").arg(QLocale().toString(value, 'f', 0));
    case ErrorBandValue::Unit::PerSecond:
        return tr("%1/s").arg(QLocale().toString(value, 'g', 3));
    case ErrorBandValue::Unit::Share:
        break;
    }
    return rateText(value, 2);
}

void ErrorBandChart::paintLabels(QPainter &painter) const {
    const qreal line = QFontMetricsF(painter.font()).height();
    const qreal gap = scale()(2);
    const QRectF plot = this->plot();
    std::optional<qreal> gate_top; // of the gate's label
    if (value_.gate) {
        const QPointF end = pointAt(0, *value_.gate);
        // Above the line where there is room, else below it.
        const bool above = end.y() - line - gap >= plot.top();
        gate_top = above ? end.y() - line - gap : end.y() + gap;
        paintLabel(painter, {end.x(), *gate_top}, Qt::AlignRight, value_.gate_label,
                   tokens()(Role::Bad), true);
    }
    if (value_.fresh.empty() && value_.stable.empty()) {
        paintLabel(painter, plot.center(), Qt::AlignHCenter, tr("no requests yet"),
                   tokens()(Role::Dim));
        return;
    }
    // The first of these heights that is inside the plot and clear of the gate's label.
    const auto clear = [&](std::initializer_list<qreal> tops) {
        const auto fits = [&](qreal top) {
            return top >= plot.top() && top + line <= plot.bottom() &&
                   (!gate_top || std::abs(top - *gate_top) >= line);
        };
        const auto *best = std::ranges::find_if(tops, fits);
        return best != tops.end() ? *best : *tops.begin();
    };
    // The old revision at the left below its line, the new one at the right clear of both lines.
    if (!value_.stable.empty()) {
        const RatePoint &first = value_.stable.front();
        const QPointF at = pointAt(std::max(first.at_s, -value_.span_s), first.rate);
        const qreal top =
            clear({at.y() + 2 * gap, at.y() - line - 2 * gap, plot.top(), plot.bottom() - line});
        paintLabel(painter, {at.x() + 2 * gap, top}, Qt::AlignLeft,
                   boundedText(value_.old_revision, name_max), tokens()(Role::Dim));
    }
    if (!value_.fresh.empty()) {
        double low = value_.fresh.back().rate;
        double high = low;
        for (const auto *points : {&value_.fresh, &value_.stable}) {
            for (const RatePoint &point : *points) {
                if (point.at_s > -value_.span_s * 0.08) {
                    low = std::min(low, point.rate);
                    high = std::max(high, point.rate);
                }
            }
        }
        const qreal top = clear({pointAt(0, high).y() - line - 2 * gap,
                                 pointAt(0, low).y() + 2 * gap, plot.top(), plot.bottom() - line});
        paintLabel(painter, {plot.right(), top}, Qt::AlignRight,
                   boundedText(value_.new_revision, name_max), tokens()(Role::Accent), true);
    }
}

QString ErrorBandChart::readingAt(double at_s) const {
    const RatePoint *fresh = before(value_.fresh, at_s);
    const RatePoint *stable = before(value_.stable, at_s);
    const RateBand *band = before(value_.band, at_s);
    QString text;
    if (fresh) {
        text = value_.new_revision + u' ' + valueText(fresh->rate);
        if (band) {
            text += tr(" (%1 to %2)").arg(valueText(band->low), valueText(band->high));
        }
    }
    if (stable) {
        text += text.isEmpty() ? QString() : QStringLiteral(", ");
        text += value_.old_revision + u' ' + valueText(stable->rate);
    }
    return text.isEmpty() ? tr("nothing was counted") : text;
}

} // namespace aviary
