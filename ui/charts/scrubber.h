// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/piece.h"
#include "ui/theme/sign.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace aviary {

// All instants are wall time, in milliseconds since 1970 UTC; shown in the desktop's time zone.
struct ScrubberBar {
    std::int64_t begin_ms = 0;
    std::optional<std::int64_t> end_ms; // none: it still runs
    QString label;                      // "v42 canary"
    Sign sign = Sign::InProgress;       // how it ended, or its state now
    bool operator==(const ScrubberBar &) const = default;
};

struct ScrubberLane {
    QString service;
    std::vector<ScrubberBar> bars; // rising
    bool operator==(const ScrubberLane &) const = default;
};

struct ScrubberValue {
    std::vector<ScrubberLane> lanes;
    std::vector<std::int64_t> events_ms;     // rising: everything that a step can stop at
    std::vector<std::int64_t> turns_ms = {}; // rising: where a rollout's step or status changed
    std::int64_t begin_ms = 0, end_ms = 0;   // what can be scrubbed; end is now, or the run's end
    std::optional<std::int64_t> playhead_ms; // none: live
    bool playing = false;
    bool operator==(const ScrubberValue &) const = default;
};

// A lane a service, bars by outcome, a playhead. What lies after the playhead had not happened yet
// and is hatched. Space plays, arrows step one event, Shift and arrows one step of a rollout (where
// none is known, a twentieth of what is seen), End goes back to live; the wheel zooms, dragging
// moves the playhead.
class Scrubber : public Piece {
    Q_OBJECT
public:
    explicit Scrubber(QWidget *parent = nullptr);

    const ScrubberValue &value() const { return value_; }
    void setValue(ScrubberValue value);
    bool live() const { return !value_.playhead_ms; }
    // What is on screen; the whole at first.
    std::int64_t seenBegin() const { return seen_begin_ms_; }
    std::int64_t seenEnd() const { return seen_end_ms_; }
    void zoomBy(double factor, std::int64_t around_ms);

    qreal xOf(std::int64_t instant_ms) const;
    std::int64_t instantAt(qreal x) const;
    QRectF liveRect() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void playheadMoved(std::int64_t instant_ms);
    void liveWanted();
    void playWanted(bool play);
    void barActivated(std::size_t lane, std::size_t bar); // double click

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    std::int64_t present() const { return value_.playhead_ms.value_or(value_.end_ms); }
    void moveTo(std::int64_t instant_ms);
    void stepTo(const std::vector<std::int64_t> &instants, int direction);
    void stepFar(int direction);
    void describe();
    QRectF field() const; // of the lanes, right of their names
    QRectF laneRect(std::size_t lane) const;
    QRectF barRect(std::size_t lane, const ScrubberBar &bar) const;
    void paintLane(QPainter &painter, std::size_t lane) const;
    void paintBar(QPainter &painter, std::size_t lane, const ScrubberBar &bar) const;
    void paintEvents(QPainter &painter) const;
    void paintAxis(QPainter &painter) const;
    void paintPlayhead(QPainter &painter) const;

    ScrubberValue value_;
    std::int64_t seen_begin_ms_ = 0, seen_end_ms_ = 1;
    bool dragging_ = false;
};

// "09:48:12" today's way of writing a time of day.
QString timeOfDayText(std::int64_t instant_ms, bool seconds);

} // namespace aviary
