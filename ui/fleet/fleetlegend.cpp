// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetlegend.h"

#include "core/support/words.h"
#include "ui/charts/paint.h"
#include "ui/models/fleetwords.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace aviary {
namespace {

constexpr qreal mark_px = 10;

} // namespace

FleetLegend::FleetLegend(QWidget *parent) : Piece(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("What colours and signs mean"));
}

void FleetLegend::setValue(std::vector<FleetGrid::Entry> colours, const SignCounts &signs) {
    entries_.clear();
    for (const auto &[tint, nodes] : colours) {
        entries_.push_back({tint, Sign::None, tint.name + u' ' + countText(nodes)});
    }
    std::vector<Sign> worst(nodeSigns().begin(), nodeSigns().end());
    std::ranges::stable_sort(worst, std::greater(), troubleOf);
    for (const Sign sign : worst) {
        if (signs.at(sign) > 0 && troubleOf(sign) > 0) {
            entries_.push_back({{}, sign, nameOf(sign) + u' ' + countText(signs.at(sign))});
        }
    }
    QStringList texts;
    for (const Entry &entry : entries_) {
        texts += entry.text;
    }
    setToolTip(texts.join(u'\n'));
    setAccessibleDescription(texts.join(QStringLiteral(", ")));
    update();
}

QSize FleetLegend::sizeHint() const {
    return {scale().whole(320), minimumSizeHint().height()};
}

QSize FleetLegend::minimumSizeHint() const {
    const QFontMetricsF metrics(scale().font(TextSize::Caption));
    return {scale().whole(120), static_cast<int>(metrics.height()) + 2};
}

void FleetLegend::paintMark(QPainter &painter, const QRectF &place, const Entry &entry) const {
    if (entry.tint) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(
            mixed(tokens()(Role::Card), tokens()(entry.tint->role), entry.tint->strength));
        painter.drawRoundedRect(place, scale()(2), scale()(2));
    } else {
        paintSign(painter, place, entry.sign, tokens());
    }
}

void FleetLegend::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Scale scale = this->scale();
    painter.setFont(scale.font(TextSize::Caption));
    const QFontMetricsF metrics(painter.font());
    const qreal side = scale(mark_px);
    qreal x = 0;
    for (const Entry &entry : entries_) {
        const qreal text = metrics.horizontalAdvance(entry.text) + 1;
        const qreal all = side + scale(space::tiny) + text;
        if (x + all > width()) {
            break;
        }
        paintMark(painter, fromStart(QRectF(x, (height() - side) / 2, side, side)), entry);
        painter.setPen(tokens()(Role::Dim));
        paintText(painter, fromStart(QRectF(x + side + scale(space::tiny), 0, text, height())),
                  (mirrored() ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter |
                      Qt::AlignAbsolute,
                  entry.text);
        x += all + scale(space::large);
    }
}

} // namespace aviary
