// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rolloutcharts.h"

#include "core/support/words.h"
#include "ui/theme/card.h"

#include <QButtonGroup>
#include <QGridLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace aviary {
namespace {

constexpr int pace_ms = 34; // under 30 a second

QString titleOf(Measure measure) {
    switch (measure) {
    case Measure::Errors:
        return RolloutCharts::tr("Errors, band valid at every look");
    case Measure::Slow:
        return RolloutCharts::tr("Answers slower than the plan's limit");
    case Measure::Requests:
        return RolloutCharts::tr("Requests a second");
    }
    return {};
}

} // namespace

RolloutCharts::RolloutCharts(QWidget *parent)
    : QWidget(parent)
    , grid_(new QGridLayout(this))
    , share_card_(new Card(tr("Traffic share")))
    , rate_card_(new Card(titleOf(Measure::Errors)))
    , share_(new TrafficShareChart)
    , rate_(new ErrorBandChart) {
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setSpacing(Scale::of(this).whole(space::medium));
    share_card_->body()->addWidget(share_, 1);
    rate_card_->body()->addWidget(rate_, 1);
    grid_->addWidget(share_card_, 0, 0);
    grid_->addWidget(rate_card_, 0, 1);
    grid_->setColumnStretch(0, 1);
    grid_->setColumnStretch(1, 1);
    addSwitch();
    connect(share_, &TimeChart::crosshairMoved, rate_, &TimeChart::setCrosshair);
    connect(rate_, &TimeChart::crosshairMoved, share_, &TimeChart::setCrosshair);
    pace_.setSingleShot(true);
    pace_.setInterval(pace_ms);
    connect(&pace_, &QTimer::timeout, this, [this] {
        if (waiting_) {
            replace();
        }
    });
}

void RolloutCharts::addSwitch() {
    auto *group = new QButtonGroup(this);
    const auto add = [this, group](const QString &text, Measure measure) {
        auto *button = new QToolButton;
        button->setText(text);
        button->setAccessibleName(titleOf(measure));
        button->setCheckable(true);
        button->setChecked(measure == measure_);
        button->setProperty("kind", QStringLiteral("choice"));
        group->addButton(button, static_cast<int>(measure));
        rate_card_->addToHead(button);
        measures_.push_back(button);
    };
    add(tr("errors"), Measure::Errors);
    add(tr("latency"), Measure::Slow);
    add(tr("requests"), Measure::Requests);
    connect(group, &QButtonGroup::idClicked, this,
            [this](int id) { setMeasure(static_cast<Measure>(id)); });
}

void RolloutCharts::setMeasure(Measure measure) {
    measure_ = measure;
    measures_[static_cast<std::size_t>(measure)]->setChecked(true);
    rate_card_->setTitle(titleOf(measure));
    if (detail_) {
        replace();
    }
}

void RolloutCharts::setValue(std::shared_ptr<const api::RolloutDetail> detail, qint64 now_wall_ms,
                             const QString &counted_by) {
    const bool other = !detail_ || !detail || detail_->row.id != detail->row.id;
    const bool same = !other && now_wall_ms == now_wall_ms_ && detail_->traffic == detail->traffic;
    detail_ = std::move(detail);
    now_wall_ms_ = now_wall_ms;
    share_card_->setNote(
        counted_by.isEmpty() ? QString() : tr("counted by %1").arg(boundedText(counted_by, 40)));
    if (same) {
        return;
    }
    waiting_ = true;
    if (detail_ && isVisible() && (other || !pace_.isActive())) {
        replace();
    }
}

void RolloutCharts::replace() {
    if (!detail_) {
        return;
    }
    waiting_ = false;
    ++replacements_;
    share_->setValue(shareOf(*detail_, now_wall_ms_));
    rate_->setValue(rateOf(*detail_, measure_, now_wall_ms_));
    pace_.start();
}

void RolloutCharts::setStacked(bool stacked) {
    if (stacked != stacked_) {
        stacked_ = stacked;
        grid_->addWidget(rate_card_, stacked ? 1 : 0, stacked ? 0 : 1);
        grid_->setColumnStretch(1, stacked ? 0 : 1);
    }
}

void RolloutCharts::showEvent(QShowEvent *event) {
    QWidget::showEvent(event);
    if (waiting_) {
        replace();
    }
}

} // namespace aviary
