// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/trafficslider.h"
#include "ui/rollout/rolloutvalue.h"
#include "ui/theme/card.h"

namespace aviary {

class Label;

// The slider's value, and why nothing can be proposed on it at all (empty where something can).
TrafficSliderValue sliderOf(const RolloutValue &value);
QString sliderRefusal(const RolloutValue &value);

// "10 % -> 25 %: 8 more nodes first, then about 3,120 more requests a minute on v42"; while there
// is no answer yet the two shares alone.
QString ghostText(const api::RolloutDetail &detail, const GhostValue &ghost);

// The share of traffic on the new revision, and what the ghost on it would do. Nothing changes
// until what was proposed is confirmed elsewhere.
class TrafficCard : public Card {
    Q_OBJECT
public:
    explicit TrafficCard(QWidget *parent = nullptr);

    void setValue(const RolloutValue &value);
    // An answer about another weight than the ghost's is late, and dropped.
    void setGhost(const GhostValue &ghost);
    void withdraw();
    TrafficSlider *slider() const { return slider_; }

Q_SIGNALS:
    void effectWanted(int weight);
    void proposed(int weight);
    void withdrawn();

private:
    std::shared_ptr<const api::RolloutDetail> detail_;
    quint64 asked_epoch_ = 0; // of the effect above the ghost
    TrafficSlider *slider_;
    Label *refusal_;
};

} // namespace aviary
