// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rollout/rolloutvalue.h"

#include <QScrollArea>

class QBoxLayout;

namespace aviary {

class Card;
class DecisionFacts;
class HappenedCard;
class NodesCard;
class RolloutCharts;
class StaleNote;
class StepTrack;
class TrafficCard;
class WhyCard;

// One rollout below its header: why, the facts, the steps, the traffic, the charts, the nodes and
// what happened. Scrolls where the window is low, stacks where it is narrow.
class RolloutPage : public QScrollArea {
    Q_OBJECT
public:
    explicit RolloutPage(QWidget *parent = nullptr);

    void setValue(const RolloutValue &value);
    TrafficCard *traffic() const { return traffic_; }
    NodesCard *nodes() const { return nodes_; }
    RolloutCharts *charts() const { return charts_; }

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    StaleNote *stale_;
    WhyCard *why_;
    DecisionFacts *facts_;
    Card *steps_card_;
    StepTrack *steps_;
    TrafficCard *traffic_;
    RolloutCharts *charts_;
    NodesCard *nodes_;
    HappenedCard *happened_;
    QBoxLayout *foot_;
};

} // namespace aviary
