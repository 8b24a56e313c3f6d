// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/piece.h"
#include "ui/theme/sign.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace aviary {

struct TrackStep {
    enum class Phase { Done, Now, ToCome, Failed, Skipped };
    QString label; // "Update 4 nodes"
    // Below the label instead of a time: "sees +1.1 %". Empty: the time.
    QString note;
    Phase phase = Phase::ToCome;
    std::optional<std::int64_t> taken_ms;    // so far, for the present step
    std::optional<std::int64_t> expected_ms; // shown with "~" while the step has not begun
    QString group;                           // "Stage 50 %": steps of one group fold into it

    bool operator==(const TrackStep &) const = default;
};

struct StepTrackValue {
    std::vector<TrackStep> steps;
    Sign now = Sign::InProgress; // state of the rollout, drawn in the ring of the present step

    bool operator==(const StepTrackValue &) const = default;
};

// One circle of the track: the steps [first, last], more than one where they are folded.
struct TrackStop {
    std::size_t first = 0, last = 0;
    QString label, note;
    TrackStep::Phase phase = TrackStep::Phase::ToCome;

    bool operator==(const TrackStop &) const = default;
    bool folded() const { return last > first; }
};

// Folds steps until at most `stops_max` circles are left: groups far ahead first, then groups long
// done, then runs of either. The present step and those that failed always stand alone.
std::vector<TrackStop> foldSteps(const std::vector<TrackStep> &steps, std::size_t stops_max);

// Circles and a line: done = tick, now = ring with the sign of the state, to come = empty.
class StepTrack : public Piece {
    Q_OBJECT
public:
    explicit StepTrack(QWidget *parent = nullptr);

    const StepTrackValue &value() const { return value_; }
    void setValue(StepTrackValue value);
    const std::vector<TrackStop> &stops() const { return stops_; }
    QRectF stopRect(std::size_t stop) const; // of the circle

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    // A circle was clicked, or Enter pressed on it.
    void stepsActivated(std::size_t first, std::size_t last);

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    void fold();
    void describe();
    std::optional<std::size_t> stopAt(QPointF position) const;
    QRectF slot(std::size_t stop) const;
    void paintLines(QPainter &painter) const;
    void paintCircle(QPainter &painter, const TrackStop &stop, const QRectF &rect) const;
    void paintWords(QPainter &painter, const TrackStop &stop, const QRectF &slot) const;

    StepTrackValue value_;
    std::vector<TrackStop> stops_;
    std::size_t current_ = 0; // stop with the keyboard
};

} // namespace aviary
