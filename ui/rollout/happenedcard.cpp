// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/happenedcard.h"

#include "core/support/words.h"
#include "ui/rollout/happeningdelegate.h"
#include "ui/rollout/happeningsmodel.h"

#include <QListView>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace aviary {

HappenedCard::HappenedCard(QWidget *parent)
    : Card(tr("What happened"), {}, parent)
    , model_(new HappeningsModel(this))
    , list_(new QListView)
    , fresh_(new QToolButton) {
    list_->setModel(model_);
    list_->setItemDelegate(new HappeningDelegate(list_));
    list_->setAccessibleName(tr("What happened, newest first"));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setResizeMode(QListView::Adjust);
    list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setSelectionMode(QAbstractItemView::SingleSelection);
    list_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    list_->setMinimumHeight(Scale::of(this).whole(110));
    fresh_->setProperty("kind", QStringLiteral("choice"));
    fresh_->setChecked(true);
    fresh_->hide();
    addToHead(fresh_);
    body()->addWidget(list_, 1);
    connect(list_->verticalScrollBar(), &QScrollBar::valueChanged, this,
            [this](int value) { model_->setFrozen(value > 0); });
    connect(model_, &HappeningsModel::freshChanged, this, &HappenedCard::showFresh);
    connect(fresh_, &QToolButton::clicked, this, [this] {
        model_->setFrozen(false);
        list_->scrollToTop();
    });
}

void HappenedCard::setValue(const RolloutValue &value) {
    live_ = value.age.as_of.isEmpty() && !value.age.stale() && value.detail &&
            !kernel::isEnd(value.detail->row.status);
    if (value.detail) {
        model_->setHappenings(value.detail->row.id, value.detail->happenings);
    } else {
        model_->setHappenings({}, {});
    }
    showFresh(model_->fresh());
}

void HappenedCard::showFresh(int fresh) {
    setNote(fresh > 0 || model_->frozen() ? tr("stands still") : live_ ? tr("live") : QString());
    fresh_->setText(tr("+%1 new").arg(countText(fresh)));
    fresh_->setAccessibleName(countedText(fresh, tr("Show 1 new line"), tr("Show %1 new lines")));
    fresh_->setVisible(fresh > 0);
}

} // namespace aviary
