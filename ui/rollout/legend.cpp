// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/legend.h"

#include "ui/charts/paint.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr qreal mark_px = 12;
constexpr qreal mark_gap_px = 6;
constexpr qreal gap_px = 18;

} // namespace

Legend::Legend(QWidget *parent) : Piece(parent) {
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Legend"));
}

void Legend::setEntries(const std::vector<LegendEntry> &entries) {
    if (entries == entries_) {
        return;
    }
    entries_ = entries;
    QStringList words;
    for (const LegendEntry &entry : entries_) {
        words << entry.text;
    }
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

std::vector<QRectF> Legend::place(qreal width) const {
    const Scale scale = this->scale();
    const QFontMetricsF metrics(scale.font(TextSize::Axis));
    const qreal line = std::max(metrics.height(), scale(mark_px)) + scale(4);
    std::vector<QRectF> places;
    qreal left = 0, top = 0;
    for (const LegendEntry &entry : entries_) {
        const qreal wanted =
            scale(mark_px + mark_gap_px) + metrics.horizontalAdvance(entry.text) + 2;
        const qreal needed = std::min(wanted, width);
        if (left > 0 && left + needed > width) {
            left = 0;
            top += line;
        }
        places.emplace_back(left, top, needed, line);
        left += needed + scale(gap_px);
    }
    return places;
}

int Legend::heightForWidth(int width) const {
    const std::vector<QRectF> places = place(width);
    return places.empty() ? 0 : static_cast<int>(std::ceil(places.back().bottom()));
}

QSize Legend::sizeHint() const {
    const int width = scale().whole(400);
    return {width, heightForWidth(width)};
}

QSize Legend::minimumSizeHint() const {
    return {scale().whole(120), 0};
}

void Legend::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Scale scale = this->scale();
    painter.setFont(scale.font(TextSize::Axis));
    const std::vector<QRectF> places = place(width());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const QRectF all = places[i];
        const qreal mark = scale(mark_px);
        const QRectF mark_rect =
            fromStart(QRectF(all.left(), all.center().y() - mark / 2, mark, mark));
        if (entries_[i].tint) {
            const FleetTint &tint = *entries_[i].tint;
            painter.setPen(Qt::NoPen);
            painter.setBrush(mixed(tokens()(Role::Card), tokens()(tint.role), tint.strength));
            painter.drawRoundedRect(mark_rect, scale(2), scale(2));
        } else {
            paintSign(painter, mark_rect, entries_[i].sign, tokens());
        }
        painter.setPen(tokens()(Role::Dim));
        paintText(painter, fromStart(all.adjusted(scale(mark_px + mark_gap_px), 0, 0, 0)),
                  Qt::AlignVCenter | (mirrored() ? Qt::AlignRight : Qt::AlignLeft),
                  entries_[i].text);
    }
}

} // namespace aviary
