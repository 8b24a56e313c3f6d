// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/travelbanner.h"

#include "core/support/words.h"
#include "ui/theme/actionbutton.h"
#include "ui/theme/scale.h"
#include "ui/theme/tokens.h"

#include <QAction>
#include <QFontMetricsF>
#include <QMouseEvent>
#include <QPainter>

namespace aviary {

TravelBanner::TravelBanner(QAction *back, QWidget *parent) : QWidget(parent), back_(back) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    hide();
}

void TravelBanner::setMoment(const QString &moment) {
    moment_ = boundedText(moment, 40);
    setAccessibleName(moment_.isEmpty() ? QString() : tr("Viewing %1").arg(moment_));
    setVisible(!moment_.isEmpty());
    update();
}

QSize TravelBanner::sizeHint() const {
    return {Scale::of(this).whole(400), Scale::of(this).whole(32)};
}

QSize TravelBanner::minimumSizeHint() const {
    return {Scale::of(this).whole(200), sizeHint().height()};
}

QRectF TravelBanner::backRect() const {
    const Scale scale = Scale::of(this);
    const QFont strong = scale.font(TextSize::Caption, QFont::DemiBold);
    const qreal keys = keysWidth(scale.font(TextSize::Caption), keysText(back_->shortcut()));
    const qreal size = QFontMetricsF(strong).horizontalAdvance(back_->text()) + keys + scale(20);
    const qreal left = layoutDirection() == Qt::RightToLeft ? 0 : width() - size - scale(2);
    return {left, 0, size, static_cast<qreal>(height())};
}

void TravelBanner::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tokens &tokens = tokensOf(this);
    const Scale scale = Scale::of(this);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens(Role::Attention));
    painter.drawRoundedRect(rect(), scale(6), scale(6));
    painter.setPen(tokens(Role::OnAttention));
    painter.setFont(scale.font(TextSize::Caption, QFont::DemiBold));
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const QRectF back = backRect();
    QRectF words = QRectF(rect()).adjusted(scale(12), 0, -scale(12), 0);
    mirrored ? words.setLeft(back.right() + scale(8)) : words.setRight(back.left() - scale(8));
    const int line = static_cast<int>((mirrored ? Qt::AlignRight : Qt::AlignLeft) |
                                      Qt::AlignVCenter | Qt::AlignAbsolute) |
                     Qt::TextSingleLine;
    const QString text =
        tr("Viewing %1. Every view shows that moment; actions are off.").arg(moment_);
    const QFontMetricsF metrics(painter.font());
    painter.drawText(words, line, metrics.elidedText(text, Qt::ElideRight, words.width()));
    const qreal name = metrics.horizontalAdvance(back_->text());
    const QRectF place(back.left() + scale(2), 0, name + 2, height());
    painter.drawText(place, line, back_->text());
    painter.setFont(scale.font(TextSize::Caption));
    paintKeys(painter, {place.right() + scale(6), 0, back.width(), static_cast<qreal>(height())},
              keysText(back_->shortcut()), tokens(Role::OnAttention));
}

void TravelBanner::mousePressEvent(QMouseEvent *event) {
    if (backRect().contains(event->position())) {
        back_->trigger();
    }
}

} // namespace aviary
