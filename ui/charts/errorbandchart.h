// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/timechart.h"

class QAreaSeries;
class QLineSeries;

namespace aviary {

struct RatePoint {
    double at_s = 0; // seconds before now, negative
    double rate = 0; // in the unit of the chart
    bool operator==(const RatePoint &) const = default;
};

struct RateBand {
    double at_s = 0;
    double low = 0, high = 0;
    bool operator==(const RateBand &) const = default;
};

// A rate of both revisions (errors, slow answers, latency, requests), with the interval in which
// the new one's true rate lies however often one looks.
struct ErrorBandValue {
    std::vector<RatePoint> fresh, stable;
    std::vector<RateBand> band;
    std::optional<double> gate; // the band above it rolls back
    QString gate_label;         // "gate: roll back when the band is above"
    QString new_revision, old_revision;
    std::vector<ChartMark> marks;
    double span_s = 1'200;
    enum class Unit { Share, Milliseconds, PerSecond };
    Unit unit = Unit::Share; // Share: of 1, written as a percentage
    QString name;            // for screen readers; empty: "Errors"
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
