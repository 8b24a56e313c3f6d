// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rollout/rolloutvalue.h"
#include "ui/theme/card.h"

class QListView;
class QToolButton;

namespace aviary {

class HappeningsModel;

// What happened, newest on top and following what comes, until the reader scrolls away from the
// top: then it stands still and says how many are new.
class HappenedCard : public Card {
    Q_OBJECT
public:
    explicit HappenedCard(QWidget *parent = nullptr);
    void setValue(const RolloutValue &value);

    HappeningsModel *model() const { return model_; }
    QListView *list() const { return list_; }

private:
    void showFresh(int fresh);

    HappeningsModel *model_;
    QListView *list_;
    QToolButton *fresh_;
    bool live_ = true;
};

} // namespace aviary
