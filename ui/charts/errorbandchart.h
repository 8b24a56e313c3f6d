// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/timechart.h"

class QAreaSeries;
class QLineSeries;

namespace aviary {

struct RatePoint {
    double at_s = 0; // seconds before now, negative
    double rate = 0; // of 1, or milliseconds
    bool operator==(const RatePoint &) const = default;
};

struct RateBand {
    double at_s = 0;
    double low = 0, high = 0;
    bool operator==(const RateBand &) const = default;
};

// Errors (shares of 1) or latency (milliseconds) of both revisions, with the interval in which the
// new one's true rate lies however often one looks.
struct ErrorBandValue {
    std::vector<RatePoint> fresh, stable;
    std::vector<RateBand> band;
    std::optional<double> gate; // the band above it rolls back
    QString gate_label;         // "gate: roll back when the band is above"
    QString new_revision, old_revision;
    std::vector<ChartMark> marks;
    double span_s = 1'200;
    bool milliseconds = false; // latency
    bool operator==(const ErrorBandValue &) const = default;
};

class ErrorBandChart : public TimeChart {
    Q_OBJECT
public:
    explicit ErrorBandChart(QWidget *parent = nullptr);

    const ErrorBandValue &value() const { return value_; }
    void setValue(ErrorBandValue value);

protected:
    void dress() override;
    QString valueText(double value) const override;
    void paintLabels(QPainter &painter) const override;
    QString readingAt(double at_s) const override;

private:
    double highest() const;

    ErrorBandValue value_;
    QLineSeries *fresh_, *stable_, *low_, *high_, *gate_;
    QAreaSeries *band_;
};

} // namespace aviary
