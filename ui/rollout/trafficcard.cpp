// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/trafficcard.h"

#include "core/support/words.h"
#include "ui/theme/label.h"

#include <QVBoxLayout>

#include <algorithm>

namespace aviary {
namespace {

const api::Permission *permission(const api::RolloutDetail &detail, QStringView verb) {
    const auto found = std::ranges::find(detail.permissions, verb, &api::Permission::verb);
    return found == detail.permissions.end() ? nullptr : &*found;
}

bool allows(const api::RolloutDetail &detail, QStringView verb) {
    const api::Permission *found = permission(detail, verb);
    return found && found->allowed;
}

QString reason(const api::RolloutDetail &detail, QStringView verb) {
    const api::Permission *found = permission(detail, verb);
    return found ? boundedText(found->reason) : QString();
}

QString chancesText(const RolloutValue &value) {
    QStringList parts;
    for (const ChanceValue &chance : value.chances) {
        parts << boundedText(chance.hypothesis, 40) + u' ' + chance.headline;
    }
    return parts.isEmpty() ? QString()
                           : TrafficCard::tr("rehearsed %1, going on as planned: %2")
                                 .arg(value.rehearsed, parts.join(QStringLiteral("; ")));
}

} // namespace

TrafficSliderValue sliderOf(const RolloutValue &value) {
    TrafficSliderValue slider;
    if (!value.detail) {
        return slider;
    }
    const api::RolloutDetail &detail = *value.detail;
    slider.now = detail.row.weight;
    slider.stages.assign(detail.stages.begin(), detail.stages.end());
    slider.revision = detail.row.to;
    slider.chances = chancesText(value);
    if (!allows(detail, u"promote") || value.age.stale()) {
        slider.raise_max = slider.now;
        slider.overload = false;
        slider.raise_reason = value.age.stale()
                                  ? TrafficCard::tr("only lower until the cluster answers again")
                                  : reason(detail, u"promote");
    } else if (detail.promote_max < kernel::full_weight) {
        slider.raise_max = detail.promote_max;
        slider.raise_reason = boundedText(detail.load_text);
    }
    return slider;
}

QString sliderRefusal(const RolloutValue &value) {
    if (!value.detail) {
        return {};
    }
    if (!value.age.as_of.isEmpty()) {
        return TrafficCard::tr("this is %1; go back to live to propose").arg(value.age.as_of);
    }
    const api::RolloutDetail &detail = *value.detail;
    if (allows(detail, u"promote") || allows(detail, u"lower")) {
        return {};
    }
    const QString why = reason(detail, u"promote");
    return why.isEmpty() ? TrafficCard::tr("nothing can be proposed now") : why;
}

QString ghostText(const api::RolloutDetail &detail, const GhostValue &ghost) {
    const QString shares =
        percentText(detail.row.weight) + QStringLiteral(" \u2192 ") + percentText(ghost.weight);
    if (!ghost.trouble.isEmpty()) {
        return TrafficCard::tr("%1: %2").arg(shares, boundedText(ghost.trouble));
    }
    if (!ghost.effect) {
        return shares;
    }
    const api::EffectRow &effect = *ghost.effect;
    if (!effect.refusal.isEmpty()) {
        return TrafficCard::tr("%1 is off: %2").arg(shares, boundedText(effect.refusal));
    }
    QStringList parts;
    const bool lowers = effect.weight_to < effect.weight_from;
    if (effect.nodes > 0) {
        parts << countedText(effect.nodes, TrafficCard::tr("1 more node first"),
                             TrafficCard::tr("%1 more nodes first"));
    }
    if (effect.requests_per_minute >= 0) {
        const QString count = countText(static_cast<std::int64_t>(effect.requests_per_minute));
        const QString to = boundedText(detail.row.to, 40);
        QString requests = lowers ? TrafficCard::tr("about %1 fewer requests a minute on %2")
                                  : TrafficCard::tr("about %1 more requests a minute on %2");
        requests = requests.arg(count, to);
        parts << (effect.nodes > 0 ? TrafficCard::tr("then %1").arg(requests) : requests);
    } else if (lowers) {
        parts << TrafficCard::tr("nodes stay as they are");
    }
    return parts.isEmpty()
               ? shares
               : TrafficCard::tr("%1: %2").arg(shares, parts.join(QStringLiteral(", ")));
}

TrafficCard::TrafficCard(QWidget *parent)
    : Card({}, {}, parent)
    , slider_(new TrafficSlider)
    , refusal_(new Label({}, TextSize::Caption, Tone::Dim)) {
    refusal_->setElided(true);
    body()->addWidget(slider_);
    body()->addWidget(refusal_);
    connect(slider_, &TrafficSlider::ghostMoved, this, [this](int weight) {
        if (!detail_) {
            return;
        }
        // The shares at once, the rest when the daemon has answered.
        asked_epoch_ = detail_->row.epoch;
        slider_->setEffect(ghostText(*detail_, {weight, std::nullopt, {}}));
        Q_EMIT effectWanted(weight);
    });
    connect(slider_, &TrafficSlider::proposed, this, &TrafficCard::proposed);
    connect(slider_, &TrafficSlider::withdrawn, this, &TrafficCard::withdrawn);
}

void TrafficCard::setValue(const RolloutValue &value) {
    const bool other = !detail_ || !value.detail || detail_->row.id != value.detail->row.id;
    detail_ = value.detail;
    if (other) {
        slider_->withdraw();
    }
    if (!detail_) {
        return;
    }
    setTitle(tr("Traffic on %1").arg(boundedText(detail_->row.to, 40)));
    const QString refusal = sliderRefusal(value);
    slider_->setEnabled(refusal.isEmpty());
    TrafficSliderValue slider = sliderOf(value);
    if (!refusal.isEmpty()) {
        slider.raise_reason.clear(); // it is said below, for raising and lowering alike
    }
    slider_->setValue(slider);
    setNote(refusal.isEmpty() ? tr("drag or arrow keys, Enter proposes, Esc withdraws")
                              : QString());
    refusal_->setText(refusal);
    refusal_->setVisible(!refusal.isEmpty());
    if (!refusal.isEmpty()) {
        slider_->withdraw();
    } else if (slider_->ghost() && asked_epoch_ != detail_->row.epoch) {
        // What stands above the ghost was computed for another state.
        asked_epoch_ = detail_->row.epoch;
        Q_EMIT effectWanted(*slider_->ghost());
    }
}

void TrafficCard::setGhost(const GhostValue &ghost) {
    if (detail_ && slider_->ghost() == ghost.weight) {
        slider_->setEffect(ghostText(*detail_, ghost));
    }
}

void TrafficCard::withdraw() {
    slider_->withdraw();
}

} // namespace aviary
