// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/fanchart.h"

#include "core/support/words.h"
#include "ui/charts/paint.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr qreal left_px = 44;
constexpr qreal right_px = 20;
constexpr qreal top_px = 8;
constexpr qreal bottom_px = 26;
constexpr int rows = 5;

} // namespace

std::optional<double> fanValueAt(const std::vector<double> &minutes,
                                 const std::vector<double> &values, double at_minutes) {
    if (minutes.empty() || minutes.size() != values.size() || at_minutes < minutes.front() ||
        at_minutes > minutes.back()) {
        return std::nullopt;
    }
    const auto after = std::lower_bound(minutes.begin(), minutes.end(), at_minutes);
    const auto i = static_cast<std::size_t>(after - minutes.begin());
    if (i == 0 || *after == at_minutes) {
        return values[i];
    }
    const double share = (at_minutes - minutes[i - 1]) / (minutes[i] - minutes[i - 1]);
    return values[i - 1] + share * (values[i] - values[i - 1]);
}

FanChart::FanChart(QWidget *parent) : Piece(parent) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Predicted course"));
}

void FanChart::setValue(FanChartValue value) {
    value_ = std::move(value);
    value_.band_label = boundedText(value_.band_label, 60);
    value_.bad_label = boundedText(value_.bad_label, 60);
    // A band or a median of another length than the times cannot be drawn.
    const std::size_t size = value_.minutes.size();
    std::erase_if(value_.bands, [size](const FanBand &band) {
        return band.low.size() != size || band.high.size() != size;
    });
    if (value_.median.size() != size) {
        value_.median.clear();
    }
    describe();
    update();
}

void FanChart::describe() {
    QString text;
    if (!value_.median.empty()) {
        text = tr("median ends at %1").arg(valueText(value_.median.back()));
    }
    if (!value_.bad.empty()) {
        text += countedText(static_cast<std::int64_t>(value_.bad.size()),
                            tr(", 1 future ends badly"), tr(", %1 futures end badly"));
    }
    if (value_.left_at_minutes) {
        text += tr(", the live run left the prediction after %1")
                    .arg(clockText(std::llround(*value_.left_at_minutes * 60'000)));
    }
    setAccessibleDescription(text);
}

void FanChart::setCrosshair(std::optional<double> minutes) {
    crosshair_ = minutes;
    update();
}

QSize FanChart::sizeHint() const {
    return {scale().whole(480), scale().whole(240)};
}

QSize FanChart::minimumSizeHint() const {
    return {scale().whole(200), scale().whole(120)};
}

QRectF FanChart::plot() const {
    const Scale scale = this->scale();
    return QRectF(rect()).adjusted(scale(left_px), scale(top_px), -scale(right_px),
                                   -scale(bottom_px));
}

double FanChart::minutesMax() const {
    double last = value_.minutes.empty() ? 1 : value_.minutes.back();
    if (!value_.live.empty()) {
        last = std::max(last, value_.live.back().minutes);
    }
    return std::max(last, 1e-3);
}

// Time runs from left to right in every language.
QPointF FanChart::pointAt(double minutes, double value) const {
    const QRectF plot = this->plot();
    return {plot.left() + plot.width() * minutes / minutesMax(),
            plot.bottom() - plot.height() * value / value_.value_max};
}

QString FanChart::valueText(double value) const {
    return value_.percent ? rateText(value, 1) : QLocale().toString(value, 'g', 4) + value_.unit;
}

void FanChart::mouseMoveEvent(QMouseEvent *event) {
    const QRectF plot = this->plot();
    const double share = (event->position().x() - plot.left()) / plot.width();
    const bool inside = share >= 0 && share <= 1;
    setCrosshair(inside ? std::optional(share * minutesMax()) : std::nullopt);
    Q_EMIT crosshairMoved(crosshair_);
}

void FanChart::leaveEvent(QEvent *event) {
    setCrosshair(std::nullopt);
    Q_EMIT crosshairMoved(std::nullopt);
    Piece::leaveEvent(event);
}

void FanChart::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintGrid(painter);
    paintBands(painter);
    paintLines(painter);
    paintLabels(painter);
    paintCrosshair(painter);
}

void FanChart::paintGrid(QPainter &painter) const {
    const Tokens &tokens = this->tokens();
    const Scale scale = this->scale();
    const QRectF plot = this->plot();
    painter.setFont(scale.font(TextSize::Axis));
    const QFontMetricsF metrics(painter.font());
    for (int row = 0; row < rows; ++row) {
        const double value = value_.value_max * row / (rows - 1);
        const qreal y = std::round(pointAt(0, value).y()) + 0.5;
        painter.setPen(QPen(tokens(Role::Line), scale.line(1)));
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        painter.setPen(tokens(Role::Dim));
        paintText(painter, {0, y - metrics.height() / 2, scale(left_px - 6), metrics.height()},
                  Qt::AlignRight | Qt::AlignVCenter | Qt::AlignAbsolute, valueText(value));
    }
    const qreal label = metrics.horizontalAdvance(tr("%1 min").arg(100)) + scale(space::large);
    const int fitting = std::clamp(static_cast<int>(plot.width() / label), 2, 7);
    painter.setPen(tokens(Role::Dim));
    for (const double minutes : roundTicks(0, minutesMax(), fitting)) {
        const QString text = tr("%1 min").arg(QLocale().toString(minutes, 'g', 4));
        paintTextAround(painter, pointAt(minutes, 0).x(), plot.bottom() + metrics.height() / 2, 0,
                        width(), text);
    }
}

void FanChart::paintBands(QPainter &painter) const {
    painter.setPen(Qt::NoPen);
    // Bands lie on each other, so that the narrower ones come out stronger.
    painter.setBrush(tokens()(Role::Accent, value_.bands.size() > 1 ? 0.16 : 0.24));
    for (const FanBand &band : value_.bands) {
        QPolygonF area;
        for (std::size_t i = 0; i < value_.minutes.size(); ++i) {
            area << pointAt(value_.minutes[i], band.high[i]);
        }
        for (std::size_t i = value_.minutes.size(); i-- > 0;) {
            area << pointAt(value_.minutes[i], band.low[i]);
        }
        painter.drawPolygon(area);
    }
}

void FanChart::paintLines(QPainter &painter) const {
    const Scale scale = this->scale();
    painter.setBrush(Qt::NoBrush);
    const auto line = [&](Role role, qreal width) {
        painter.setPen(
            QPen(tokens()(role), scale.line(width), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    };
    const auto draw = [&](const FanLine &points) {
        QPolygonF polygon;
        for (const FanPoint &point : points) {
            polygon << pointAt(point.minutes, point.value);
        }
        painter.drawPolyline(polygon);
    };
    line(Role::Bad, 1);
    for (const FanLine &future : value_.bad) {
        draw(future);
    }
    line(Role::Accent, 2.2);
    FanLine median;
    for (std::size_t i = 0; i < value_.median.size(); ++i) {
        median.push_back({value_.minutes[i], value_.median[i]});
    }
    draw(median);
    line(Role::Text, 2.2);
    draw(value_.live);
    if (!value_.live.empty()) {
        const FanPoint &now = value_.live.back();
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens()(Role::Text));
        painter.drawEllipse(pointAt(now.minutes, now.value), scale(3.5), scale(3.5));
    }
}

// Every label carries its own patch of the card, so that no line runs through it.
void FanChart::paintLabels(QPainter &painter) const {
    const Scale scale = this->scale();
    const QRectF plot = this->plot();
    painter.setFont(scale.font(TextSize::Axis));
    const QFontMetricsF metrics(painter.font());
    const auto label = [&](QPointF at, const QString &text, Role role) {
        if (text.isEmpty()) {
            return;
        }
        const qreal width = std::min(metrics.horizontalAdvance(text) + scale(8), plot.width());
        QRectF box(at, QSizeF(width, metrics.height() + scale(2)));
        box.moveLeft(std::clamp(box.left(), plot.left(), plot.right() - width));
        box.moveTop(std::clamp(box.top(), plot.top(), plot.bottom() - box.height()));
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens()(Role::Card, 0.82));
        painter.drawRoundedRect(box, scale(3), scale(3));
        painter.setPen(tokens()(role));
        paintText(painter, box, Qt::AlignCenter, text);
    };
    if (!value_.median.empty()) {
        // Under the right end, where the fan has closed.
        const QPointF end = pointAt(value_.minutes.back(), value_.median.back());
        label(end + QPointF(-metrics.horizontalAdvance(value_.band_label) - scale(8), scale(8)),
              value_.band_label, Role::Text);
    }
    if (!crosshair_ && !value_.bad.empty() && !value_.bad.front().empty()) {
        const FanPoint &end = value_.bad.front().back();
        label(pointAt(end.minutes, end.value) + QPointF(scale(4), -metrics.height() - scale(6)),
              value_.bad_label, Role::Bad);
    }
    if (value_.left_at_minutes) {
        const double at = *value_.left_at_minutes;
        const QPointF top = pointAt(at, value_.value_max);
        painter.setPen(QPen(tokens()(Role::Attention), scale.line(1.5), Qt::DashLine));
        painter.drawLine(top, pointAt(at, 0));
        const QString text = tr("left the fan at %1").arg(clockText(std::llround(at * 60'000)));
        label(top + QPointF(scale(4), scale(20)), text, Role::Attention);
    }
}

void FanChart::paintCrosshair(QPainter &painter) const {
    if (!crosshair_ || value_.median.empty()) {
        return;
    }
    const Scale scale = this->scale();
    const QRectF plot = this->plot();
    const qreal x = pointAt(*crosshair_, 0).x();
    painter.setPen(QPen(tokens()(Role::OldLine), scale.line(1)));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    QString text = clockText(std::llround(*crosshair_ * 60'000));
    if (const auto median = fanValueAt(value_.minutes, value_.median, *crosshair_)) {
        text += tr(", median %1").arg(valueText(*median));
    }
    if (!value_.bands.empty()) {
        const auto low = fanValueAt(value_.minutes, value_.bands.front().low, *crosshair_);
        const auto high = fanValueAt(value_.minutes, value_.bands.front().high, *crosshair_);
        if (low && high) {
            text += tr(", %1 to %2").arg(valueText(*low), valueText(*high));
        }
    }
    painter.setFont(scale.font(TextSize::Axis));
    const QFontMetricsF metrics(painter.font());
    const qreal width = metrics.horizontalAdvance(text) + scale(12);
    const qreal left =
        std::clamp(x - width / 2, plot.left(), std::max(plot.left(), plot.right() - width));
    const QRectF box(left, plot.bottom() - metrics.height() - scale(8), width,
                     metrics.height() + scale(4));
    painter.setBrush(tokens()(Role::Raised));
    painter.drawRoundedRect(box, scale(4), scale(4));
    painter.setPen(tokens()(Role::Text));
    paintText(painter, box, Qt::AlignCenter, text);
}

} // namespace aviary
