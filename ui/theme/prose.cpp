// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/prose.h"

#include "core/support/words.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

constexpr int length_max = 1'000;
constexpr qreal width_px = 220;
constexpr qreal width_min_px = 40;

Role roleOf(Tone tone) {
    switch (tone) {
    case Tone::Plain:
        return Role::Text;
    case Tone::Dim:
        return Role::Dim;
    case Tone::Good:
        return Role::Good;
    case Tone::Attention:
        return Role::Attention;
    case Tone::Bad:
        return Role::Bad;
    }
    return Role::Text;
}

} // namespace

Prose::Prose(const QString &text, TextSize size, Tone tone, QWidget *parent)
    : Piece(parent), size_(size), tone_(tone) {
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setText(text);
}

void Prose::setText(const QString &text) {
    const QString bounded = boundedText(text, length_max);
    if (bounded != text_) {
        text_ = bounded;
        setAccessibleName(text_);
        setToolTip({});
        updateGeometry();
        update();
    }
}

void Prose::setTone(Tone tone) {
    if (tone != tone_) {
        tone_ = tone;
        update();
    }
}

void Prose::setStrong(bool strong) {
    strong_ = strong;
    updateGeometry();
    update();
}

void Prose::setLinesMax(int lines_max) {
    lines_max_ = std::max(1, lines_max);
    updateGeometry();
}

Paragraph Prose::paragraph() const {
    return {text_, scale().font(size_, strong_ ? QFont::DemiBold : QFont::Normal), lines_max_};
}

int Prose::heightForWidth(int width) const {
    return static_cast<int>(paragraphHeight(paragraph(), width));
}

QSize Prose::sizeHint() const {
    const qreal needed = QFontMetricsF(paragraph().font).horizontalAdvance(text_) + 1;
    const int width = static_cast<int>(std::ceil(std::min(needed, scale()(width_px))));
    return {width, heightForWidth(width)};
}

QSize Prose::minimumSizeHint() const {
    const auto line = static_cast<int>(std::ceil(QFontMetricsF(paragraph().font).lineSpacing()));
    return {scale().whole(width_min_px), text_.isEmpty() ? 0 : line};
}

void Prose::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    painter.setPen(tokens()(roleOf(tone_)));
    const bool whole =
        paintParagraph(painter, rect(), paragraph(), mirrored() ? Qt::AlignRight : Qt::AlignLeft);
    const QString tip = whole ? QString() : text_.toHtmlEscaped();
    if (tip != toolTip()) {
        setToolTip(tip);
    }
}

} // namespace aviary
