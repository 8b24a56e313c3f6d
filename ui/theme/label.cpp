// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/label.h"

#include <QFontMetrics>
#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace aviary {
namespace {

QString nameOf(TextSize size) {
    switch (size) {
    case TextSize::Title:
        return QStringLiteral("title");
    case TextSize::Subtitle:
        return QStringLiteral("subtitle");
    case TextSize::Body:
        return {};
    case TextSize::Caption:
        return QStringLiteral("caption");
    case TextSize::Axis:
        return QStringLiteral("axis");
    }
    return {};
}

QString nameOf(Tone tone) {
    switch (tone) {
    case Tone::Plain:
        return {};
    case Tone::Dim:
        return QStringLiteral("dim");
    case Tone::Good:
        return QStringLiteral("good");
    case Tone::Attention:
        return QStringLiteral("attention");
    case Tone::Bad:
        return QStringLiteral("bad");
    }
    return {};
}

// The style sheet is asked again only when a property that it reads changed.
void restyle(QWidget *widget) {
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

} // namespace

Label::Label(const QString &text, TextSize size, Tone tone, QWidget *parent)
    : QLabel(text, parent) {
    setTextFormat(Qt::PlainText);
    setProperty("textSize", nameOf(size));
    setProperty("tone", nameOf(tone));
}

void Label::setTone(Tone tone) {
    if (property("tone").toString() != nameOf(tone)) {
        setProperty("tone", nameOf(tone));
        restyle(this);
    }
}

void Label::setStrong(bool strong) {
    setProperty("weight", strong ? QStringLiteral("strong") : QString());
    restyle(this);
}

void Label::setElided(bool elided) {
    elided_ = elided;
    updateGeometry();
    update();
}

QSize Label::minimumSizeHint() const {
    const QSize whole = QLabel::minimumSizeHint();
    return elided_ ? QSize(std::min(whole.width(), 3 * fontMetrics().height()), whole.height())
                   : whole;
}

void Label::paintEvent(QPaintEvent *event) {
    const QRect inside = contentsRect();
    if (!elided_ || fontMetrics().horizontalAdvance(text()) <= inside.width()) {
        QLabel::paintEvent(event);
        return;
    }
    setToolTip(text().toHtmlEscaped());
    QPainter painter(this);
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, inside.width());
    const Qt::Alignment where = QStyle::visualAlignment(layoutDirection(), alignment());
    style()->drawItemText(&painter, inside, static_cast<int>(where.toInt()), palette(), isEnabled(),
                          shown, foregroundRole());
}

} // namespace aviary
