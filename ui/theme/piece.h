// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/scale.h"
#include "ui/theme/tokens.h"

#include <QWidget>

namespace aviary {

// What everything that we draw ourselves has in common: colours from the palette, lengths from the
// font, and a repaint when either changes. A piece is fed by one small value and knows nothing of
// where it came from.
class Piece : public QWidget {
    Q_OBJECT
public:
    explicit Piece(QWidget *parent = nullptr);

protected:
    const Tokens &tokens() const { return tokensOf(this); }
    Scale scale() const { return Scale::of(this); }
    bool mirrored() const { return layoutDirection() == Qt::RightToLeft; }
    // `x` measured from the side where reading begins.
    qreal fromStart(qreal x) const { return mirrored() ? width() - x : x; }
    QRectF fromStart(const QRectF &rect) const;
    void changeEvent(QEvent *event) override;
};

} // namespace aviary
