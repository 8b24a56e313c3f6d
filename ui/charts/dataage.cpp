// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/dataage.h"

#include "core/support/words.h"
#include "ui/charts/paint.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace aviary {

Sign signOf(const DataAgeValue &value) {
    if (value.from_file) {
        return Sign::ClusterFile;
    }
    if (!value.as_of.isEmpty()) {
        return Sign::Pending;
    }
    return value.stale() ? Sign::ClusterStale : Sign::ClusterLive;
}

QString dataAgeText(const DataAgeValue &value) {
    if (value.from_file) {
        return DataAge::tr("from a file");
    }
    if (!value.as_of.isEmpty()) {
        return DataAge::tr("as of %1, not live").arg(value.as_of);
    }
    if (!value.age_ms) {
        return DataAge::tr("not heard yet");
    }
    return value.stale() ? DataAge::tr("%1 old").arg(ageText(*value.age_ms))
                         : DataAge::tr("live, %1 old").arg(ageText(*value.age_ms));
}

void paintDataAge(QPainter &painter, const QRectF &rect, const DataAgeValue &value,
                  const Tokens &tokens, const Scale &scale, Qt::LayoutDirection direction) {
    painter.save();
    painter.setFont(scale.font(TextSize::Axis));
    const bool travel = !value.as_of.isEmpty();
    const Role role = travel ? Role::Attention : roleOf(signOf(value));
    const qreal side = QFontMetricsF(painter.font()).height() * 0.8;
    QRectF sign(rect.left(), rect.center().y() - side / 2, side, side);
    QRectF words = rect.adjusted(side + scale(5), 0, 0, 0);
    if (direction == Qt::RightToLeft) {
        sign.moveRight(rect.right());
        words.moveRight(rect.right() - side - scale(5));
    }
    paintSign(painter, sign, signOf(value), tokens(role), tokens(Role::Card));
    painter.setPen(tokens(role));
    const Qt::Alignment side_of_start =
        direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft;
    paintText(painter, words, side_of_start | Qt::AlignVCenter | Qt::AlignAbsolute,
              dataAgeText(value));
    painter.restore();
}

DataAge::DataAge(QWidget *parent) : Piece(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tr("Age of the data"));
}

void DataAge::setValue(DataAgeValue value) {
    if (value == value_) {
        return;
    }
    const auto length = dataAgeText(value_).size();
    value_ = std::move(value);
    const QString text = dataAgeText(value_);
    setAccessibleDescription(text);
    if (text.size() != length) {
        updateGeometry();
    }
    update();
}

QSize DataAge::sizeHint() const {
    const Scale scale = this->scale();
    const QFontMetricsF metrics(scale.font(TextSize::Axis));
    QString widest = dataAgeText(value_);
    // Digits differ in width; the layout must not tremble while they count.
    for (QChar &c : widest) {
        c = c.isDigit() ? QChar(u'0') : c;
    }
    const qreal width = metrics.horizontalAdvance(widest) + metrics.height() * 0.8 + scale(9);
    return {static_cast<int>(std::ceil(width)), static_cast<int>(std::ceil(metrics.height())) + 2};
}

QSize DataAge::minimumSizeHint() const {
    return {scale().whole(48), sizeHint().height()};
}

void DataAge::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    paintDataAge(painter, rect(), value_, tokens(), scale(), layoutDirection());
}

} // namespace aviary
