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

    // The name of a revision and its share now. It stands in the colour of its revision where that
    // is wide and high enough, else on a patch of the card.
    struct ShareLabel {
        QString text;
        QRectF box; // in the coordinates of the widget
        Role colour = Role::Text;
        bool patched = false;
    };
    // Of the new revision first.
    std::vector<ShareLabel> labels() const;

protected:
    void dress() override;
    QString valueText(double value) const override;
    void paintLabels(QPainter &painter) const override;
    QString readingAt(double at_s) const override;

private:
    // The least and the most share of the new revision between two places; none: it is not known
    // all the way.
    std::optional<std::pair<double, double>> sharesBetween(qreal left, qreal right) const;
    ShareLabel freshLabel(double share) const;
    // None: there is no room for it.
    std::optional<ShareLabel> stableLabel(double share, const QRectF &taken) const;

    TrafficShareValue value_;
    QLineSeries *floor_, *edge_, *top_;
    QAreaSeries *fresh_, *stable_;
};

} // namespace aviary
