// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/paint.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace aviary {

QRectF paintText(QPainter &painter, const QRectF &rect, Qt::Alignment alignment,
                 const QString &text) {
    if (text.isEmpty() || rect.width() <= 0) {
        return {};
    }
    const QFontMetricsF metrics(painter.font());
    const bool fits = metrics.horizontalAdvance(text) <= rect.width();
    const QString shown = fits ? text : metrics.elidedText(text, Qt::ElideRight, rect.width());
    QRectF covered;
    painter.drawText(rect, static_cast<int>(alignment) | Qt::TextSingleLine, shown, &covered);
    return covered;
}

QRectF paintTextAround(QPainter &painter, qreal x, qreal top, qreal left, qreal right,
                       const QString &text) {
    const QFontMetricsF metrics(painter.font());
    const qreal width = std::min(metrics.horizontalAdvance(text) + 1, right - left);
    const qreal start = std::clamp(x - width / 2, left, std::max(left, right - width));
    return paintText(painter, QRectF(start, top, width, metrics.height()), Qt::AlignCenter, text);
}

void paintHatch(QPainter &painter, const QPainterPath &area, const QColor &colour,
                qreal distance_px, qreal line_px) {
    const QRectF box = area.boundingRect();
    if (box.isEmpty()) {
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipPath(area, Qt::IntersectClip);
    painter.setPen(QPen(colour, line_px));
    // Anchored at the origin, so that the lines stand still when the area grows.
    const qreal first = std::floor((box.left() - box.height()) / distance_px) * distance_px;
    for (qreal x = first; x < box.right(); x += distance_px) {
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()));
    }
    painter.restore();
}

void paintFocusRing(QPainter &painter, const QRectF &rect, qreal radius, const QColor &colour) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(rect, radius, radius);
    painter.restore();
}

std::vector<double> roundTicks(double low, double high, int count_max) {
    std::vector<double> ticks;
    if (!(high > low) || count_max < 2 || !std::isfinite(low) || !std::isfinite(high)) {
        return ticks;
    }
    const double power = std::pow(10.0, std::floor(std::log10((high - low) / count_max)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0, 20.0}) {
        const double step = factor * power;
        const double first = std::ceil(low / step - 1e-9);
        const double last = std::floor(high / step + 1e-9);
        if (last - first + 1 <= count_max) {
            for (double k = first; k <= last; ++k) {
                ticks.push_back(k * step);
            }
            return ticks;
        }
    }
    return ticks;
}

} // namespace aviary
