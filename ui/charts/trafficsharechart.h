// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/timechart.h"

class QAreaSeries;
class QLineSeries;

namespace aviary {

struct SharePoint {
    double at_s = 0;  // seconds before now, negative
    double share = 0; // of the new revision, 0 to 1
    bool operator==(const SharePoint &) const = default;
};

struct TrafficShareValue {
    std::vector<SharePoint> points; // rising in time
    std::vector<ChartMark> marks;
    QString new_revision, old_revision; // "v42", "v41"
    double span_s = 1'200;
    bool operator==(const TrafficShareValue &) const = default;
};

// Who carries the traffic: the new revision below, the old one on top of it, together all.
class TrafficShareChart : public TimeChart {
    Q_OBJECT
public:
    explicit TrafficShareChart(QWidget *parent = nullptr);

    const TrafficShareValue &value() const { return value_; }
    void setValue(TrafficShareValue value);

protected:
    void dress() override;
    QString valueText(double value) const override;
    void paintLabels(QPainter &painter) const override;
    QString readingAt(double at_s) const override;

private:
    TrafficShareValue value_;
    QLineSeries *floor_, *edge_, *top_;
    QAreaSeries *fresh_, *stable_;
};

} // namespace aviary
