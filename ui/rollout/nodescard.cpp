// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/nodescard.h"

#include "core/support/words.h"
#include "ui/rollout/legend.h"

#include <QVBoxLayout>

namespace aviary {

NodesCard::NodesCard(QWidget *parent)
    : Card(tr("Nodes by site"), {}, parent), map_(new FleetMap), legend_(new Legend) {
    map_->setAccessibleName(tr("Nodes of the rollout by site"));
    // What is left of a low window is enough: the squares shrink.
    map_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    map_->setMinimumHeight(Scale::of(this).whole(110));
    body()->addWidget(map_, 1);
    body()->addWidget(legend_);
    connect(map_, &FleetMap::nodeHovered, this, [this](std::size_t square) {
        if (square < cells_.size()) {
            map_->setCard(square, cells_.card(square));
        }
    });
    const auto open = [this](std::size_t square) {
        if (square < cells_.size()) {
            Q_EMIT nodeOpened(cells_.target(square).node);
        }
    };
    connect(map_, &FleetMap::nodeActivated, this, open);
}

void NodesCard::setValue(const RolloutValue &value) {
    TargetCells::Update update = cells_.setValue(value);
    if (!update.same_places) {
        map_->setValue(cells_.map());
    } else if (!update.changes.empty()) {
        if (map_->value().tints != cells_.map().tints) {
            map_->setValue(cells_.map());
        } else {
            map_->setCells(update.changes);
        }
    }
    legend_->setEntries(cells_.legend());
    const quint32 total = value.detail ? value.detail->targets_total : 0;
    setNote(cells_.size() < total
                ? tr("%1 of %2 nodes so far")
                      .arg(countText(static_cast<qint64>(cells_.size())), countText(total))
                : tr("double click or Enter opens a node"));
}

} // namespace aviary
