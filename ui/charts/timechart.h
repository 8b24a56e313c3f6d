// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/scale.h"
#include "ui/theme/tokens.h"

#include <QChartView>
#include <QString>

#include <optional>
#include <vector>

class QValueAxis;

namespace aviary {

// Something that happened, as a dotted line with words at its head: "shift to 10 %".
struct ChartMark {
    double at_s = 0; // seconds before now, negative
    QString text;
    bool operator==(const ChartMark &) const = default;
};

// What the charts over time share: the last `span_s` seconds up to now, few round ticks, colours
// and fonts from the tokens, labels beside what they name instead of a legend, and a crosshair that
// several charts can show at the same instant.
class TimeChart : public QChartView {
    Q_OBJECT
public:
    // A line at this time, shared with other charts; none takes it away.
    void setCrosshair(std::optional<double> at_s);
    std::optional<double> crosshair() const { return crosshair_; }
    // Where a time and a value are, in the coordinates of the widget.
    QPointF pointAt(double at_s, double value) const;
    QRectF plot() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void crosshairMoved(std::optional<double> at_s);

protected:
    explicit TimeChart(QWidget *parent);

    const Tokens &tokens() const { return tokensOf(this); }
    Scale scale() const { return Scale::of(this); }
    // The range of both axes.
    void setRange(double span_s, double value_max);
    double spanSeconds() const { return span_s_; }
    double valueMax() const { return value_max_; }
    void setMarks(std::vector<ChartMark> marks);
    // Colours of series and axes, from the tokens; called whenever they may have changed.
    virtual void dress() = 0;
    virtual QString valueText(double value) const = 0;
    // Labels beside what they name.
    virtual void paintLabels(QPainter &painter) const = 0;
    // What the crosshair says of this instant.
    virtual QString readingAt(double at_s) const = 0;
    // Where a label stands that is kept inside the plot.
    QRectF labelBox(QPointF at, Qt::Alignment alignment, const QString &text) const;
    // A label kept inside the plot; `patched`: on a patch of the card, so that no line runs
    // through.
    void paintLabel(QPainter &painter, QPointF at, Qt::Alignment alignment, const QString &text,
                    const QColor &colour, bool patched = false) const;

    void drawBackground(QPainter *painter, const QRectF &rect) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

    QValueAxis *times_;
    QValueAxis *values_;

private:
    void fitPlot();
    void paintAxes(QPainter &painter) const;
    void paintMarks(QPainter &painter) const;
    void paintCrosshair(QPainter &painter) const;

    double span_s_ = 1'200;
    double value_max_ = 1;
    std::vector<ChartMark> marks_;
    std::optional<double> crosshair_;
};

} // namespace aviary
