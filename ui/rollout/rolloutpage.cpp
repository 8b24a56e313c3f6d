// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rolloutpage.h"

#include "ui/charts/steptrack.h"
#include "ui/rollout/decisionfacts.h"
#include "ui/rollout/happenedcard.h"
#include "ui/rollout/nodescard.h"
#include "ui/rollout/rolloutcharts.h"
#include "ui/rollout/trackvalue.h"
#include "ui/rollout/trafficcard.h"
#include "ui/rollout/whycard.h"

#include <QVBoxLayout>

namespace aviary {
namespace {

constexpr qreal stacked_px = 640; // narrower pages stack what stands beside each other

} // namespace

RolloutPage::RolloutPage(QWidget *parent)
    : QScrollArea(parent)
    , stale_(new StaleNote)
    , why_(new WhyCard)
    , facts_(new DecisionFacts)
    , steps_card_(new Card)
    , steps_(new StepTrack)
    , traffic_(new TrafficCard)
    , charts_(new RolloutCharts)
    , nodes_(new NodesCard)
    , happened_(new HappenedCard)
    , foot_(new QHBoxLayout) {
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("Rollout"));
    auto *content = new QWidget;
    content->setAccessibleName(tr("Rollout"));
    auto *rows = new QVBoxLayout(content);
    const int gap = Scale::of(this).whole(space::medium);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(gap);
    steps_card_->setAccessibleName(tr("Steps"));
    steps_card_->body()->addWidget(steps_);
    foot_->setSpacing(gap);
    foot_->addWidget(nodes_, 3);
    foot_->addWidget(happened_, 2);
    rows->addWidget(stale_);
    rows->addWidget(why_);
    rows->addWidget(facts_);
    rows->addWidget(steps_card_);
    rows->addWidget(traffic_);
    rows->addWidget(charts_, 4);
    rows->addLayout(foot_, 5);
    setWidget(content);
}

void RolloutPage::setValue(const RolloutValue &value) {
    if (!value.detail) {
        return;
    }
    const api::RolloutDetail &detail = *value.detail;
    stale_->setValue(value);
    why_->setValue(value);
    facts_->setValue(factsOf(value));
    steps_->setValue(trackOf(detail, value.now_wall_ms));
    // Without a router there is no traffic to show or to move.
    const bool splits = !detail.stages.empty() || !detail.traffic.empty();
    traffic_->setVisible(!detail.stages.empty() && !kernel::isEnd(detail.row.status));
    charts_->setVisible(splits);
    traffic_->setValue(value);
    charts_->setValue(value.detail, value.now_wall_ms, value.counted_by);
    nodes_->setVisible(detail.targets_total > 0);
    nodes_->setValue(value);
    happened_->setValue(value);
}

void RolloutPage::resizeEvent(QResizeEvent *event) {
    QScrollArea::resizeEvent(event);
    const bool stacked = viewport()->width() < Scale::of(this).whole(stacked_px);
    charts_->setStacked(stacked);
    foot_->setDirection(stacked ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

} // namespace aviary
