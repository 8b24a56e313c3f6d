// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/piece.h"

#include <QEvent>

namespace aviary {

Piece::Piece(QWidget *parent) : QWidget(parent) {
    setAttribute(Qt::WA_OpaquePaintEvent, false);
}

QRectF Piece::fromStart(const QRectF &rect) const {
    return mirrored() ? QRectF(width() - rect.right(), rect.top(), rect.width(), rect.height())
                      : rect;
}

void Piece::changeEvent(QEvent *event) {
    QWidget::changeEvent(event);
    switch (event->type()) {
    case QEvent::FontChange:
    case QEvent::LayoutDirectionChange:
        updateGeometry();
        [[fallthrough]];
    case QEvent::PaletteChange:
    case QEvent::EnabledChange:
        update();
        break;
    default:
        break;
    }
}

} // namespace aviary
