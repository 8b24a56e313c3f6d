// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/windowframe.h"

#include "ui/theme/scale.h"
#include "ui/theme/tokens.h"

#include <QPainter>

#include <algorithm>

namespace aviary {
namespace {

constexpr qreal band_px = 3;
constexpr qreal frame_px = 4;

} // namespace

void WindowFrame::setMarks(bool production, bool travelling) {
    production_ = production;
    travelling_ = travelling;
    const Scale scale = Scale::of(this);
    const int frame = travelling ? scale.whole(frame_px) : 0;
    const int band = production ? scale.whole(band_px) : 0;
    setContentsMargins(frame, std::max(frame, band), frame, frame);
    update();
}

void WindowFrame::paintEvent(QPaintEvent *) {
    QPainter painter(this);
    const Tokens &tokens = tokensOf(this);
    painter.fillRect(rect(), tokens(production_ || travelling_ ? Role::Attention : Role::Window));
    painter.fillRect(contentsRect(), tokens(Role::Window));
}

} // namespace aviary
