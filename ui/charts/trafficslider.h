// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/piece.h"

#include <QString>
#include <QVariantAnimation>

#include <optional>
#include <vector>

namespace aviary {

// Weights are in 1/100 %: 0 to 10,000.
struct TrafficSliderValue {
    int now = 0;
    std::vector<int> stages; // rising
    // The most that may be proposed now. Never below `now`: lowering is always possible.
    int raise_max = 10'000;
    QString raise_reason; // "12 nodes would carry over twice their usual load"
    QString revision;     // "v42"
    // What is beyond raise_max is forbidden by load, and hatched; else it is merely not its time.
    bool overload = true;
    // Rehearsed chances of going on, in a line of their own under the effect of a ghost that
    // raises; empty: not rehearsed.
    QString chances = {};

    bool operator==(const TrafficSliderValue &) const = default;
};

// The share of traffic on the new revision. The knob is where it is now; dragging or the keys move
// a dashed ghost, and nothing changes until the proposal was confirmed elsewhere.
class TrafficSlider : public Piece {
    Q_OBJECT
public:
    explicit TrafficSlider(QWidget *parent = nullptr);

    const TrafficSliderValue &value() const { return value_; }
    // Moves the knob to its new place; a ghost that it has reached goes away, one that is now
    // beyond raise_max stops there.
    void setValue(const TrafficSliderValue &value);
    // What the ghost would do, above it: "10 % to 25 %: 8 more nodes first". Plain text; whoever
    // hears ghostMoved answers with it.
    void setEffect(const QString &effect);
    std::optional<int> ghost() const { return ghost_; }
    // Moves the ghost, to what is allowed; at `now` it goes away.
    void moveGhost(int weight);
    void withdraw();

    // Where a weight is, in the coordinates of the widget.
    qreal xOf(int weight) const;
    QRectF knobRect() const;
    QRectF ghostRect() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void ghostMoved(int weight);
    void proposed(int weight); // Enter, or a double click on the ghost
    void withdrawn();          // Esc

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;

private:
    bool raises() const;
    qreal wordsAbove() const; // height of the lines above the track
    void describe();
    void animateTo(int weight);
    int weightAt(qreal x) const;
    int nextStage(int from, int direction) const;
    void step(int direction, bool by_stage);
    QRectF track() const;
    QRectF span(qreal from, qreal to) const; // of weights
    QRectF circle(qreal weight) const;
    void paintTrack(QPainter &painter) const;
    void paintTicks(QPainter &painter) const;
    void paintGhost(QPainter &painter) const;
    void paintKnob(QPainter &painter) const;
    void paintWords(QPainter &painter) const;

    TrafficSliderValue value_;
    std::optional<int> ghost_;
    QString effect_;
    bool dragging_ = false;
    qreal shown_ = 0; // where the knob is drawn while it moves
    QVariantAnimation motion_;
};

} // namespace aviary
