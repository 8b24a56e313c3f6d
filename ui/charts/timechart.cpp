// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/timechart.h"

#include "core/support/words.h"
#include "ui/charts/paint.h"

#include <QChart>
#include <QFontMetricsF>
#include <QGraphicsLayout>
#include <QLocale>
#include <QMouseEvent>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr qreal left_px = 48; // "0.75 %"
constexpr qreal right_px = 8;
constexpr qreal top_px = 8;
constexpr qreal bottom_px = 25;
constexpr int value_ticks_max = 4;
constexpr int marks_max = 12; // more would be a fence

} // namespace

TimeChart::TimeChart(QWidget *parent)
    : QChartView(parent), times_(new QValueAxis), values_(new QValueAxis) {
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setFocusPolicy(Qt::NoFocus);
    viewport()->setAutoFillBackground(false); // the card behind shows through
    setBackgroundBrush(Qt::NoBrush);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    QChart *chart = this->chart();
    chart->setBackgroundVisible(false);
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->setMargins({});
    chart->legend()->hide();
    // The axes only place the series; grid and words are drawn by us, in the sizes of the theme.
    for (QValueAxis *axis : {times_, values_}) {
        axis->setLabelsVisible(false);
        axis->setLineVisible(false);
        axis->setGridLineVisible(false);
    }
    chart->addAxis(times_, Qt::AlignBottom);
    chart->addAxis(values_, Qt::AlignLeft);
}

QSize TimeChart::sizeHint() const {
    return {scale().whole(400), scale().whole(150)};
}

QSize TimeChart::minimumSizeHint() const {
    return {scale().whole(180), scale().whole(110)};
}

QRectF TimeChart::plot() const {
    const Scale scale = this->scale();
    return QRectF(rect()).adjusted(scale(left_px), scale(top_px), -scale(right_px),
                                   -scale(bottom_px));
}

QPointF TimeChart::pointAt(double at_s, double value) const {
    const QRectF plot = this->plot();
    return {plot.right() + plot.width() * at_s / span_s_,
            plot.bottom() - plot.height() * value / value_max_};
}

void TimeChart::setRange(double span_s, double value_max) {
    span_s_ = std::max(1.0, span_s);
    value_max_ = value_max > 0 ? value_max : 1.0;
    times_->setRange(-span_s_, 0);
    values_->setRange(0, value_max_);
    viewport()->update();
}

void TimeChart::setMarks(std::vector<ChartMark> marks) {
    marks_ = std::move(marks);
    for (ChartMark &mark : marks_) {
        mark.text = boundedText(mark.text, 60);
    }
    viewport()->update();
}

void TimeChart::setCrosshair(std::optional<double> at_s) {
    if (crosshair_ != at_s) {
        crosshair_ = at_s;
        viewport()->update();
    }
}

void TimeChart::fitPlot() {
    chart()->setPlotArea(plot());
}

void TimeChart::resizeEvent(QResizeEvent *event) {
    QChartView::resizeEvent(event);
    fitPlot();
}

void TimeChart::showEvent(QShowEvent *event) {
    fitPlot();
    dress();
    QChartView::showEvent(event);
}

void TimeChart::changeEvent(QEvent *event) {
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        fitPlot();
        dress();
    }
}

void TimeChart::mouseMoveEvent(QMouseEvent *event) {
    const QRectF plot = this->plot();
    const double share = (plot.right() - event->position().x()) / plot.width();
    const bool inside = share >= 0 && share <= 1;
    setCrosshair(inside ? std::optional(-share * span_s_) : std::nullopt);
    Q_EMIT crosshairMoved(crosshair_);
}

void TimeChart::leaveEvent(QEvent *event) {
    setCrosshair(std::nullopt);
    Q_EMIT crosshairMoved(std::nullopt);
    QChartView::leaveEvent(event);
}

void TimeChart::drawBackground(QPainter *painter, const QRectF &) {
    painter->save();
    painter->translate(mapToScene(0, 0));
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(QPen(tokens()(Role::Line), scale().line(1)));
    const QRectF plot = this->plot();
    for (const double value : roundTicks(0, value_max_, value_ticks_max)) {
        const qreal y = pointAt(0, value).y();
        painter->drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    }
    painter->restore();
}

void TimeChart::drawForeground(QPainter *painter, const QRectF &) {
    painter->save();
    // The scene lies on the viewport one to one, but for where it begins.
    painter->translate(mapToScene(0, 0));
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(scale().font(TextSize::Axis));
    paintAxes(*painter);
    paintMarks(*painter);
    paintLabels(*painter);
    paintCrosshair(*painter);
    painter->restore();
}

void TimeChart::paintAxes(QPainter &painter) const {
    const Scale scale = this->scale();
    const QRectF plot = this->plot();
    const QFontMetricsF metrics(painter.font());
    painter.setPen(tokens()(Role::Dim));
    for (const double value : roundTicks(0, value_max_, value_ticks_max)) {
        const qreal y = pointAt(0, value).y() - metrics.height() / 2;
        paintText(painter, {0, y, scale(left_px - 6), metrics.height()},
                  Qt::AlignRight | Qt::AlignVCenter | Qt::AlignAbsolute, valueText(value));
    }
    const qreal top = plot.bottom() + metrics.height() / 2;
    const bool minutes = span_s_ >= 120;
    const double unit_s = minutes ? 60 : 1;
    const int fitting = plot.width() > metrics.horizontalAdvance(u'm') * 60 ? 5 : 3;
    for (const double at : roundTicks(-span_s_ / unit_s, 0, fitting)) {
        const QString number = QLocale().toString(at, 'g', 4);
        const QString text = std::abs(at) < 1e-9 ? tr("now")
                             : minutes           ? tr("%1 min").arg(number)
                                                 : tr("%1 s").arg(number);
        paintTextAround(painter, pointAt(at * unit_s, 0).x(), top, 0, width(), text);
    }
}

void TimeChart::paintMarks(QPainter &painter) const {
    const Scale scale = this->scale();
    const QRectF plot = this->plot();
    const QFontMetricsF metrics(painter.font());
    qreal free_from = plot.left();
    int drawn = 0;
    for (const ChartMark &mark : marks_) {
        if (mark.at_s < -span_s_ || mark.at_s > 0 || drawn++ >= marks_max) {
            continue;
        }
        const qreal x = pointAt(mark.at_s, 0).x();
        QPen pen(tokens()(Role::Accent), scale.line(1.2));
        pen.setDashPattern({2, 2});
        painter.setPen(pen);
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        const qreal needed = metrics.horizontalAdvance(mark.text) + scale(10);
        const bool right = x + needed < plot.right();
        const qreal left = right ? x : x - needed;
        if (left >= free_from) {
            paintLabel(painter, {x, plot.top()}, right ? Qt::AlignLeft : Qt::AlignRight, mark.text,
                       tokens()(Role::Text));
            free_from = left + needed;
        }
    }
}

QRectF TimeChart::labelBox(QPointF at, Qt::Alignment alignment, const QString &text) const {
    const Scale scale = this->scale();
    const QRectF plot = this->plot();
    const QFontMetricsF metrics(scale.font(TextSize::Axis));
    const qreal width = metrics.horizontalAdvance(text) + scale(8);
    QRectF box(0, 0, std::min(width, plot.width()), metrics.height());
    box.moveTop(at.y());
    if (alignment.testFlag(Qt::AlignRight)) {
        box.moveRight(at.x());
    } else if (alignment.testFlag(Qt::AlignHCenter)) {
        box.moveLeft(at.x() - box.width() / 2);
    } else {
        box.moveLeft(at.x());
    }
    box.moveLeft(std::clamp(box.left(), plot.left(), plot.right() - box.width()));
    box.moveTop(
        std::clamp(box.top(), plot.top(), std::max(plot.top(), plot.bottom() - box.height())));
    return box;
}

void TimeChart::paintLabel(QPainter &painter, QPointF at, Qt::Alignment alignment,
                           const QString &text, const QColor &colour, bool patched) const {
    const QRectF box = labelBox(at, alignment, text);
    if (patched) {
        painter.fillRect(box, tokens()(Role::Card, 0.85));
    }
    painter.setPen(colour);
    paintText(painter, box, Qt::AlignCenter, text);
}

void TimeChart::paintCrosshair(QPainter &painter) const {
    if (!crosshair_) {
        return;
    }
    const QRectF plot = this->plot();
    const Scale scale = this->scale();
    const qreal x = pointAt(*crosshair_, 0).x();
    painter.setPen(QPen(tokens()(Role::Text, 0.6), scale.line(1)));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    const QString reading = readingAt(*crosshair_);
    const QFontMetricsF metrics(painter.font());
    const qreal width = std::min(metrics.horizontalAdvance(reading) + scale(12), plot.width());
    const qreal left = std::clamp(x - width / 2, plot.left(), plot.right() - width);
    const QRectF box(left, plot.center().y() - metrics.height() / 2 - scale(2), width,
                     metrics.height() + scale(4));
    painter.setPen(QPen(tokens()(Role::OldLine), scale.line(1)));
    painter.setBrush(tokens()(Role::Raised));
    painter.drawRoundedRect(box, scale(4), scale(4));
    painter.setPen(tokens()(Role::Text));
    paintText(painter, box, Qt::AlignCenter, reading);
}

} // namespace aviary
