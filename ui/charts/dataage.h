// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/piece.h"
#include "ui/theme/sign.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace aviary {

// How old what is shown is.
struct DataAgeValue {
    std::optional<std::int64_t> age_ms; // none: nothing was heard yet
    std::int64_t limit_ms = 10'000;     // older than this is marked, and blocks raising exposure
    QString as_of;                      // time travel: the instant shown ("09:48:12"); else empty
    bool from_file = false;             // a file has no age

    bool operator==(const DataAgeValue &) const = default;
    bool stale() const { return as_of.isEmpty() && !from_file && (!age_ms || *age_ms > limit_ms); }
};

Sign signOf(const DataAgeValue &value);
// "live, 0.2 s old", "48 s old", "as of 09:48:12, not live", "not heard yet", "from a file"
QString dataAgeText(const DataAgeValue &value);
// Sign and words, from the side where reading begins. For delegates and the widget alike.
void paintDataAge(QPainter &painter, const QRectF &rect, const DataAgeValue &value,
                  const Tokens &tokens, const Scale &scale,
                  Qt::LayoutDirection direction = Qt::LeftToRight);

class DataAge : public Piece {
    Q_OBJECT
public:
    explicit DataAge(QWidget *parent = nullptr);

    const DataAgeValue &value() const { return value_; }
    void setValue(DataAgeValue value);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    DataAgeValue value_;
};

} // namespace aviary
