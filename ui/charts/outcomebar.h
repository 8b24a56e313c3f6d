// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/piece.h"

#include <QString>

#include <vector>

class QPalette;

namespace aviary {

// One part of a whole: how it ended, how often, and what that is called.
struct OutcomePart {
    enum class Kind { Good, Attention, Bad };
    Kind kind = Kind::Good;
    double share = 0; // 0 to 1
    QString label;    // "complete"

    bool operator==(const OutcomePart &) const = default;
};

struct OutcomeBarValue {
    std::vector<OutcomePart> parts; // in the order drawn; what is missing to 1 stays empty

    bool operator==(const OutcomeBarValue &) const = default;
};

// "98.9 % complete, 0.8 % back, 0.3 % stuck"
QString outcomeText(const OutcomeBarValue &value);

// Plain, slanted and crossed areas, so that parts are told apart without colour. Mirrored where
// `direction` says so. For delegates and the widget alike.
void paintOutcomeBar(QPainter &painter, const QRectF &rect, const OutcomeBarValue &value,
                     const Tokens &tokens, const Scale &scale,
                     Qt::LayoutDirection direction = Qt::LeftToRight);

class OutcomeBar : public Piece {
    Q_OBJECT
public:
    explicit OutcomeBar(QWidget *parent = nullptr);

    const OutcomeBarValue &value() const { return value_; }
    void setValue(OutcomeBarValue value);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    OutcomeBarValue value_;
};

} // namespace aviary
