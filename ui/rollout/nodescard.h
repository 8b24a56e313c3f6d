// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rollout/targetcells.h"
#include "ui/theme/card.h"

namespace aviary {

class Legend;

// The nodes of a rollout by site: colour = revision, shape = trouble, with what each stands for.
class NodesCard : public Card {
    Q_OBJECT
public:
    explicit NodesCard(QWidget *parent = nullptr);
    void setValue(const RolloutValue &value);

Q_SIGNALS:
    void nodeOpened(const QString &node); // a name

private:
    TargetCells cells_;
    FleetMap *map_;
    Legend *legend_;
};

} // namespace aviary
