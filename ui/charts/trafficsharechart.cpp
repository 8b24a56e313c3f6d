// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/trafficsharechart.h"

#include "core/support/words.h"

#include <QAreaSeries>
#include <QLineSeries>
#include <QLocale>
#include <QPainter>
#include <QValueAxis>

#include <algorithm>

namespace aviary {
namespace {

QString labelText(const QString &revision, double share) {
    return revision + QStringLiteral(", ") + percentText(static_cast<int>(share * 10'000 + 0.5));
}

} // namespace

TrafficShareChart::TrafficShareChart(QWidget *parent)
    : TimeChart(parent)
    , floor_(new QLineSeries(this))
    , edge_(new QLineSeries(this))
    , top_(new QLineSeries(this))
    , fresh_(new QAreaSeries(edge_, floor_))
    , stable_(new QAreaSeries(top_, edge_)) {
    setAccessibleName(tr("Traffic share"));
    for (QAreaSeries *area : {stable_, fresh_}) {
        chart()->addSeries(area);
        area->attachAxis(times_);
        area->attachAxis(values_);
    }
    setRange(value_.span_s, 1);
    dress();
}

void TrafficShareChart::setValue(TrafficShareValue value) {
    value_ = std::move(value);
    value_.new_revision = boundedText(value_.new_revision, 30);
    value_.old_revision = boundedText(value_.old_revision, 30);
    QList<QPointF> floor, edge, top;
    for (const SharePoint &point : value_.points) {
        floor << QPointF(point.at_s, 0);
        edge << QPointF(point.at_s, std::clamp(point.share, 0.0, 1.0));
        top << QPointF(point.at_s, 1);
    }
    floor_->replace(floor);
    edge_->replace(edge);
    top_->replace(top);
    setRange(value_.span_s, 1);
    setMarks(value_.marks);
    setAccessibleDescription(value_.points.empty() ? tr("no traffic was counted yet")
                                                   : readingAt(0));
}

void TrafficShareChart::dress() {
    const QColor card = tokens()(Role::Card);
    fresh_->setPen(Qt::NoPen);
    fresh_->setBrush(tokens()(Role::Accent));
    stable_->setPen(Qt::NoPen);
    stable_->setBrush(mixed(card, tokens()(Role::OldFill), 0.5));
}

QString TrafficShareChart::valueText(double value) const {
    return QLocale().toString(value * 100, 'f', 0);
}

void TrafficShareChart::paintLabels(QPainter &painter) const {
    if (value_.points.empty()) {
        paintLabel(painter, plot().center(), Qt::AlignHCenter, tr("no traffic was counted yet"),
                   tokens()(Role::Dim));
        return;
    }
    for (const ShareLabel &label : labels()) {
        paintLabel(painter, label.box.topLeft(), Qt::AlignLeft, label.text, tokens()(label.colour),
                   label.patched);
    }
}

std::vector<TrafficShareChart::ShareLabel> TrafficShareChart::labels() const {
    std::vector<ShareLabel> labels;
    if (value_.points.empty()) {
        return labels;
    }
    const double share = std::clamp(value_.points.back().share, 0.0, 1.0);
    if (share > 0) {
        labels.push_back(freshLabel(share));
    }
    if (const auto stable = stableLabel(share, labels.empty() ? QRectF() : labels[0].box)) {
        labels.push_back(*stable);
    }
    return labels;
}

// At the end of its area, where its share now is.
TrafficShareChart::ShareLabel TrafficShareChart::freshLabel(double share) const {
    const QRectF plot = this->plot();
    ShareLabel label{labelText(value_.new_revision, share), {}, Role::Text, false};
    const QPointF end = pointAt(value_.points.back().at_s, share);
    label.box = labelBox({end.x() - scale()(8), 0}, Qt::AlignRight, label.text);
    const qreal line = label.box.height();
    const auto shares = sharesBetween(label.box.left(), label.box.right());
    if (shares && plot.height() * shares->first > line * 0.9) {
        label.box.moveTop(plot.bottom() - plot.height() * shares->first / 2 - line / 2);
        label.colour = Role::OnAccent;
        return label;
    }
    const bool high = plot.bottom() - end.y() > line;
    label.box.moveTop(high ? (end.y() + plot.bottom() - line) / 2 : end.y() - line);
    const bool clear = shares && pointAt(0, shares->second).y() >= label.box.bottom();
    label.patched = !clear;
    return label;
}

std::optional<TrafficShareChart::ShareLabel>
TrafficShareChart::stableLabel(double share, const QRectF &taken) const {
    const QRectF plot = this->plot();
    ShareLabel label{labelText(value_.old_revision, 1 - share), {}, Role::Text, false};
    // In the middle, or wherever else there is room.
    for (const double part : {0.5, 0.25, 0.75, 0.1, 0.9}) {
        const QPointF at(plot.left() + plot.width() * part, 0);
        label.box = labelBox(at, Qt::AlignHCenter, label.text);
        const auto shares = sharesBetween(label.box.left(), label.box.right());
        if (!shares) {
            continue;
        }
        const qreal height = plot.height() * (1 - shares->second);
        label.box.moveTop(plot.top() + (height - label.box.height()) / 2);
        if (height > label.box.height() && !label.box.intersects(taken)) {
            return label;
        }
    }
    return std::nullopt;
}

std::optional<std::pair<double, double>> TrafficShareChart::sharesBetween(qreal left,
                                                                          qreal right) const {
    const auto &points = value_.points;
    const auto x = [this](const SharePoint &point) { return pointAt(point.at_s, 0).x(); };
    if (points.empty() || x(points.front()) > left || x(points.back()) < right) {
        return std::nullopt;
    }
    double least = 1, most = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        // With the points just outside: the edge runs from them into it.
        const bool reaches = i + 1 >= points.size() || x(points[i + 1]) >= left;
        const bool begins = i == 0 || x(points[i - 1]) <= right;
        if (reaches && begins) {
            const double share = std::clamp(points[i].share, 0.0, 1.0);
            least = std::min(least, share);
            most = std::max(most, share);
        }
    }
    return std::pair(least, most);
}

QString TrafficShareChart::readingAt(double at_s) const {
    const auto after = std::upper_bound(
        value_.points.begin(), value_.points.end(), at_s,
        [](double wanted, const SharePoint &point) { return wanted < point.at_s; });
    if (after == value_.points.begin()) {
        return tr("nothing was counted");
    }
    const int weight = static_cast<int>(std::prev(after)->share * 10'000 + 0.5);
    return tr("%1 %2, %3 %4")
        .arg(value_.new_revision, percentText(weight), value_.old_revision,
             percentText(10'000 - weight));
}

} // namespace aviary
