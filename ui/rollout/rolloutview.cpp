// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rolloutview.h"

#include "core/api/words.h"
#include "core/support/words.h"
#include "ui/models/signs.h"
#include "ui/rollout/nodescard.h"
#include "ui/rollout/rolloutlist.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/rollout/rolloutsmodel.h"
#include "ui/rollout/trafficcard.h"
#include "ui/theme/prose.h"
#include "ui/theme/viewheader.h"

#include <QLineEdit>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace aviary {
namespace {

QString listSubtitle(const std::vector<api::RolloutRow> &rows) {
    int waiting = 0, active = 0;
    for (const api::RolloutRow &row : rows) {
        waiting += needOf(row.status) == 0;
        active += !kernel::isEnd(row.status);
    }
    QString text =
        countedText(active, RolloutView::tr("1 under way"), RolloutView::tr("%1 under way"));
    if (waiting > 0) {
        text += countedText(waiting, RolloutView::tr(", 1 waits for you"),
                            RolloutView::tr(", %1 wait for you"));
    }
    return text;
}

} // namespace

RolloutView::RolloutView(QWidget *parent)
    : QWidget(parent)
    , header_(new ViewHeader)
    , pages_(new QStackedWidget)
    , list_(nullptr)
    , page_(nullptr)
    , notice_(new Prose({}, TextSize::Body, Tone::Dim))
    , notice_page_(new QWidget) {
    setAccessibleName(tr("Rollouts"));
    notice_page_->setAccessibleName(tr("Rollouts"));
    auto *notice_rows = new QVBoxLayout(notice_page_);
    notice_rows->setContentsMargins(0, 0, 0, 0);
    notice_rows->addWidget(notice_);
    notice_rows->addStretch();
    auto *rows = new QVBoxLayout(this);
    const int side = Scale::of(this).whole(space::large + 2);
    const int gap = Scale::of(this).whole(space::medium);
    rows->setContentsMargins(side, gap, side, gap);
    rows->setSpacing(gap);
    rows->addWidget(header_);
    rows->addWidget(pages_, 1);
    pages_->addWidget(notice_page_);
    setValue({});
}

RolloutList *RolloutView::list() {
    if (!list_) {
        list_ = new RolloutList;
        pages_->addWidget(list_);
        connect(list_, &RolloutList::opened, this, &RolloutView::rolloutOpened);
    }
    return list_;
}

RolloutPage *RolloutView::page() {
    if (!page_) {
        page_ = new RolloutPage;
        pages_->addWidget(page_);
        TrafficCard *traffic = page_->traffic();
        connect(traffic, &TrafficCard::effectWanted, this, &RolloutView::effectWanted);
        connect(traffic, &TrafficCard::proposed, this, &RolloutView::proposed);
        connect(traffic, &TrafficCard::withdrawn, this, &RolloutView::withdrawn);
        connect(page_->nodes(), &NodesCard::nodeOpened, this, &RolloutView::nodeOpened);
    }
    return page_;
}

void RolloutView::setValue(const RolloutValue &value) {
    value_ = value;
    showHeader();
    if (value_.chosen.isEmpty() && value_.rows_known) {
        list()->setValue(value_);
        pages_->setCurrentWidget(list());
    } else if (value_.detail && !value_.chosen.isEmpty()) {
        page()->setValue(value_);
        pages_->setCurrentWidget(page());
    } else {
        showNotice();
    }
}

void RolloutView::showNotice() {
    notice_->setText(!value_.trouble.isEmpty() ? value_.trouble
                     : value_.chosen.isEmpty() ? tr("The rollouts are being fetched.")
                                               : tr("The rollout is being fetched."));
    pages_->setCurrentWidget(notice_page_);
}

void RolloutView::showHeader() {
    if (value_.chosen.isEmpty()) {
        header_->setTitle(tr("Rollouts"));
        header_->setSubtitle(value_.rows_known ? listSubtitle(value_.rows) : QString());
        header_->setChips({});
        return;
    }
    if (!value_.detail) {
        header_->setTitle(tr("Rollout"));
        header_->setSubtitle({});
        header_->setChips({});
        return;
    }
    const api::RolloutRow &row = value_.detail->row;
    const Sign sign = signOf(row.status);
    header_->setTitle(row.service);
    header_->setSubtitle((row.from.isEmpty() ? tr("nothing") : row.from) +
                         QStringLiteral(" \u2192 ") + row.to);
    header_->setChips({{api::wordOf(row.strategy), Role::Dim, Sign::None, false},
                       {nameOf(sign), roleOf(sign), sign, false}});
}

void RolloutView::setGhost(const GhostValue &ghost) {
    if (page_) {
        page_->traffic()->setGhost(ghost);
    }
}

void RolloutView::withdraw() {
    if (page_) {
        page_->traffic()->withdraw();
    }
}

void RolloutView::focusWork() {
    const QWidget *shown = pages_->currentWidget();
    if (list_ && shown == list_) {
        list_->filter()->setFocus(Qt::OtherFocusReason);
    } else if (page_ && shown == page_ && page_->traffic()->isVisibleTo(page_)) {
        page_->traffic()->slider()->setFocus(Qt::OtherFocusReason);
    }
}

} // namespace aviary
