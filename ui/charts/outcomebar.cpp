// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/outcomebar.h"

#include "core/support/words.h"
#include "ui/charts/paint.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace aviary {
namespace {

Role roleOf(OutcomePart::Kind kind) {
    switch (kind) {
    case OutcomePart::Kind::Good:
        return Role::Good;
    case OutcomePart::Kind::Attention:
        return Role::Attention;
    case OutcomePart::Kind::Bad:
        return Role::Bad;
    }
    return Role::Dim;
}

// Slanted for attention, crossed for bad.
void paintPattern(QPainter &painter, const QRectF &part, OutcomePart::Kind kind,
                  const QColor &colour, const Scale &scale) {
    if (kind == OutcomePart::Kind::Good) {
        return;
    }
    QPainterPath area;
    area.addRect(part);
    const qreal distance = scale(kind == OutcomePart::Kind::Bad ? 4 : 6);
    paintHatch(painter, area, colour, distance, scale.line(1));
    if (kind == OutcomePart::Kind::Bad) {
        painter.save();
        painter.translate(part.left() + part.right(), 0);
        painter.scale(-1, 1);
        paintHatch(painter, area, colour, distance, scale.line(1));
        painter.restore();
    }
}

} // namespace

QString outcomeText(const OutcomeBarValue &value) {
    QString text;
    for (const OutcomePart &part : value.parts) {
        text += text.isEmpty() ? QString() : QStringLiteral(", ");
        text += rateText(part.share, 1) + u' ' + boundedText(part.label, 40);
    }
    return text;
}

void paintOutcomeBar(QPainter &painter, const QRectF &rect, const OutcomeBarValue &value,
                     const Tokens &tokens, const Scale &scale, Qt::LayoutDirection direction) {
    painter.save();
    painter.fillRect(rect, tokens(Role::Line));
    qreal begin = 0;
    for (const OutcomePart &part : value.parts) {
        const qreal share = std::clamp(part.share, 0.0, 1.0 - begin);
        if (share <= 0) {
            continue;
        }
        // What happens at all is seen: at least two pixels.
        const qreal width = std::max(rect.width() * share, std::min(2.0, rect.width()));
        const qreal left = std::min(rect.width() * begin, rect.width() - width);
        QRectF area(rect.left() + left, rect.top(), width, rect.height());
        if (direction == Qt::RightToLeft) {
            area.moveLeft(rect.left() + rect.right() - area.right());
        }
        const QColor fill = tokens(roleOf(part.kind));
        painter.fillRect(area, fill);
        paintPattern(painter, area, part.kind, mixed(fill, tokens(Role::Card), 0.45), scale);
        begin += share;
    }
    painter.restore();
}

OutcomeBar::OutcomeBar(QWidget *parent) : Piece(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Outcomes"));
}

void OutcomeBar::setValue(OutcomeBarValue value) {
    value_ = std::move(value);
    const QString text = outcomeText(value_);
    setAccessibleDescription(text);
    setToolTip(text.toHtmlEscaped());
    update();
}

QSize OutcomeBar::sizeHint() const {
    return {scale().whole(150), minimumSizeHint().height()};
}

QSize OutcomeBar::minimumSizeHint() const {
    return {scale().whole(48), scale().whole(12)};
}

void OutcomeBar::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    const qreal height = scale()(12);
    const QRectF rect(0, (this->height() - height) / 2, width(), height);
    paintOutcomeBar(painter, rect, value_, tokens(), scale(), layoutDirection());
}

} // namespace aviary
