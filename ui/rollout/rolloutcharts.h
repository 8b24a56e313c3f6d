// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rollout/chartvalues.h"

#include <QTimer>
#include <QWidget>

#include <memory>

class QGridLayout;
class QToolButton;

namespace aviary {

class Card;

// Who carries the traffic, and how well: two charts under one crosshair. Their points are replaced
// in bulk, at most 30 times a second however often they are fed, and not at all while hidden.
class RolloutCharts : public QWidget {
    Q_OBJECT
public:
    explicit RolloutCharts(QWidget *parent = nullptr);

    void setValue(std::shared_ptr<const api::RolloutDetail> detail, qint64 now_wall_ms,
                  const QString &counted_by);
    Measure measure() const { return measure_; }
    void setMeasure(Measure measure);
    // How often points were replaced.
    int replacements() const { return replacements_; }
    // One below the other, where they would be too narrow beside each other.
    void setStacked(bool stacked);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void addSwitch();
    void replace();

    std::shared_ptr<const api::RolloutDetail> detail_;
    qint64 now_wall_ms_ = 0;
    Measure measure_ = Measure::Errors;
    QGridLayout *grid_;
    Card *share_card_, *rate_card_;
    TrafficShareChart *share_;
    ErrorBandChart *rate_;
    std::vector<QToolButton *> measures_; // in the order of Measure
    QTimer pace_;
    bool waiting_ = false; // fed since the points were replaced
    bool stacked_ = false;
    int replacements_ = 0;
};

} // namespace aviary
