// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/trafficsharechart.h"

#include "core/support/words.h"

#include <QAreaSeries>
#include <QFontMetricsF>
#include <QLineSeries>
#include <QLocale>
#include <QPainter>
#include <QValueAxis>

#include <algorithm>

namespace aviary {

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
    const double share = value_.points.back().share;
    const qreal line = QFontMetricsF(painter.font()).height();
    const auto label = [&](const QString &name, double part) -> QString {
        return name + QStringLiteral(", ") + percentText(static_cast<int>(part * 10'000 + 0.5));
    };
    const QRectF plot = this->plot();
    const qreal old_height = plot.height() * (1 - share);
    if (old_height > line) {
        paintLabel(painter, {plot.center().x(), plot.top() + old_height / 2 - line / 2},
                   Qt::AlignHCenter, label(value_.old_revision, 1 - share), tokens()(Role::Text));
    }
    const qreal new_height = plot.height() * share;
    if (share <= 0) {
        return;
    }
    const bool inside = new_height > line * 0.9;
    const qreal y =
        inside ? plot.bottom() - new_height / 2 - line / 2 : plot.bottom() - new_height - line;
    paintLabel(painter, {plot.right() - scale()(8), y}, Qt::AlignRight,
               label(value_.new_revision, share), tokens()(inside ? Role::OnAccent : Role::Text));
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
