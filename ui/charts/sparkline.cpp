// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/sparkline.h"

#include "core/support/words.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

struct Extent {
    double low = 0, high = 0;
};

std::optional<Extent> extentOf(const SparklineValue &value) {
    std::optional<Extent> extent;
    const auto include = [&extent](double point) {
        if (std::isfinite(point)) {
            extent = extent ? Extent{std::min(extent->low, point), std::max(extent->high, point)}
                            : Extent{point, point};
        }
    };
    std::for_each(value.points.begin(), value.points.end(), include);
    if (value.limit && extent) {
        include(*value.limit);
    }
    return extent;
}

} // namespace

void paintSparkline(QPainter &painter, const QRectF &rect, const SparklineValue &value,
                    const Tokens &tokens, const Scale &scale) {
    const auto extent = extentOf(value);
    if (!extent || value.points.size() < 2) {
        return;
    }
    const qreal dot = scale(2.2);
    const QRectF inside = rect.adjusted(dot, dot, -dot, -dot);
    const double range = extent->high - extent->low;
    const auto yOf = [&](double point) {
        // A line without change runs through the middle.
        const double share = range > 0 ? (point - extent->low) / range : 0.5;
        return inside.bottom() - share * inside.height();
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (value.limit) {
        painter.setPen(QPen(tokens(Role::Bad), scale.line(1), Qt::DashLine));
        painter.drawLine(QPointF(rect.left(), yOf(*value.limit)),
                         QPointF(rect.right(), yOf(*value.limit)));
    }
    QPolygonF line;
    painter.setPen(
        QPen(tokens(Role::OldLine), scale.line(1.4), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const auto last = static_cast<qreal>(value.points.size() - 1);
    for (std::size_t i = 0; i < value.points.size(); ++i) {
        if (std::isfinite(value.points[i])) {
            const qreal x = inside.left() + inside.width() * static_cast<qreal>(i) / last;
            line << QPointF(x, yOf(value.points[i]));
        } else {
            painter.drawPolyline(line);
            line.clear();
        }
    }
    painter.drawPolyline(line);
    if (!line.isEmpty()) {
        const bool above = value.limit && value.points.back() > *value.limit;
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens(above ? Role::Bad : Role::Accent));
        painter.drawEllipse(line.back(), dot, dot);
    }
    painter.restore();
}

Sparkline::Sparkline(QWidget *parent) : Piece(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Course"));
}

void Sparkline::setValue(SparklineValue value) {
    value_ = std::move(value);
    value_.label = boundedText(value_.label);
    setAccessibleDescription(value_.label);
    setToolTip(value_.label.toHtmlEscaped());
    update();
}

QSize Sparkline::sizeHint() const {
    return {scale().whole(96), minimumSizeHint().height()};
}

QSize Sparkline::minimumSizeHint() const {
    return {scale().whole(32), scale().whole(18)};
}

void Sparkline::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    paintSparkline(painter, rect(), value_, tokens(), scale());
}

} // namespace aviary
