// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/piece.h"

#include <QString>

#include <optional>
#include <vector>

namespace aviary {

// Half of what the futures spread over: between `low` and `high`, one value for each time.
struct FanBand {
    std::vector<double> low, high;
    bool operator==(const FanBand &) const = default;
};

struct FanPoint {
    double minutes = 0;
    double value = 0;
    bool operator==(const FanPoint &) const = default;
};

using FanLine = std::vector<FanPoint>;

struct FanChartValue {
    std::vector<double> minutes; // rising; bands and the median have one value for each
    std::vector<FanBand> bands;  // widest first
    std::vector<double> median;
    QString band_label;                    // "median, 5 to 95 %"
    std::vector<FanLine> bad;              // futures that end badly
    QString bad_label;                     // "rolled back"
    FanLine live;                          // the live run, over its own prediction
    std::optional<double> left_at_minutes; // when the live run left the widest band
    double value_max = 1;
    bool percent = true; // values are shares of 1, written in percent
    QString unit;        // otherwise: " ms"
    bool operator==(const FanChartValue &) const = default;
};

// The value of a band or the median at a time, by straight lines; none outside of the times known.
std::optional<double> fanValueAt(const std::vector<double> &minutes,
                                 const std::vector<double> &values, double at_minutes);

// Bands, median, thin lines of the futures that end badly, and on top the live run in text colour.
class FanChart : public Piece {
    Q_OBJECT
public:
    explicit FanChart(QWidget *parent = nullptr);

    const FanChartValue &value() const { return value_; }
    void setValue(FanChartValue value);
    // A line at this time, shared with other charts; none takes it away.
    void setCrosshair(std::optional<double> minutes);
    QPointF pointAt(double minutes, double value) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void crosshairMoved(std::optional<double> minutes);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    QRectF plot() const;
    double minutesMax() const;
    QString valueText(double value) const;
    void describe();
    void paintGrid(QPainter &painter) const;
    void paintBands(QPainter &painter) const;
    void paintLines(QPainter &painter) const;
    void paintLabels(QPainter &painter) const;
    void paintCrosshair(QPainter &painter) const;

    FanChartValue value_;
    std::optional<double> crosshair_;
};

} // namespace aviary
