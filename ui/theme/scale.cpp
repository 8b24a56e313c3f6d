// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/scale.h"

#include <QFontMetricsF>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace aviary {
namespace {

// Height of Inter at the design's 13 px body size; another font at that size is within a pixel.
constexpr qreal body_height_px = 16;
constexpr qreal body_px = 13;

qreal designSize(TextSize size) {
    switch (size) {
    case TextSize::Title:
        return 18;
    case TextSize::Subtitle:
        return 15;
    case TextSize::Body:
        return body_px;
    case TextSize::Caption:
        return 12;
    case TextSize::Axis:
        return 11;
    }
    return body_px;
}

} // namespace

Scale::Scale(const QFont &body)
    : body_(body), unit_(std::max(0.25, QFontMetricsF(body).height() / body_height_px)) {}

Scale Scale::of(const QWidget *widget) {
    return Scale(widget->font());
}

int Scale::whole(qreal design_px) const {
    return std::max(1, static_cast<int>(std::lround(design_px * unit_)));
}

qreal Scale::line(qreal design_px) const {
    return std::max(1.0, design_px * unit_);
}

QFont Scale::font(TextSize size, QFont::Weight weight) const {
    QFont font = body_;
    const qreal ratio = designSize(size) / body_px;
    if (font.pointSizeF() > 0) {
        font.setPointSizeF(font.pointSizeF() * ratio);
    } else {
        font.setPixelSize(std::max(1, static_cast<int>(std::lround(font.pixelSize() * ratio))));
    }
    font.setWeight(weight);
    return font;
}

} // namespace aviary
