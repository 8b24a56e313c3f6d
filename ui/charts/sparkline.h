// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/piece.h"

#include <QString>

#include <optional>
#include <vector>

namespace aviary {

struct SparklineValue {
    std::vector<double> points;  // oldest first; NaN: nothing was seen, and the line breaks there
    std::optional<double> limit; // drawn as a dashed line; points above it make the end bad
    QString label;               // for screen readers: "errors, 0.34 %"

    bool operator==(const SparklineValue &) const = default;
};

// A line from the lowest to the highest value, with a dot at its end. For delegates and the widget
// alike. Time always runs from left to right.
void paintSparkline(QPainter &painter, const QRectF &rect, const SparklineValue &value,
                    const Tokens &tokens, const Scale &scale);

class Sparkline : public Piece {
    Q_OBJECT
public:
    explicit Sparkline(QWidget *parent = nullptr);

    const SparklineValue &value() const { return value_; }
    void setValue(SparklineValue value);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    SparklineValue value_;
};

} // namespace aviary
