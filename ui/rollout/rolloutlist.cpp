// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rolloutlist.h"

#include "core/support/words.h"
#include "ui/rollout/rolloutdelegate.h"
#include "ui/rollout/rolloutsmodel.h"
#include "ui/theme/card.h"
#include "ui/theme/combobox.h"
#include "ui/theme/icon.h"
#include "ui/theme/prose.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QTableView>
#include <QVBoxLayout>

#include <array>

namespace aviary {
namespace {

// Shares of the width; columns at the end are hidden first where there is little of it.
struct Column {
    int column;
    qreal width_px; // wanted
    qreal from_px;  // shown from this width of the table on
};
constexpr std::array layout_of_columns{
    Column{RolloutsModel::Service, 170, 0},   Column{RolloutsModel::Revisions, 110, 380},
    Column{RolloutsModel::Cluster, 100, 560}, Column{RolloutsModel::Strategy, 90, 860},
    Column{RolloutsModel::State, 240, 0},     Column{RolloutsModel::Progress, 200, 480},
    Column{RolloutsModel::Changed, 90, 700},  Column{RolloutsModel::Who, 110, 1'000},
};

} // namespace

RolloutList::RolloutList(QWidget *parent)
    : QWidget(parent)
    , model_(new RolloutsModel(this))
    , shown_(new RolloutsFilter(this))
    , words_(new QLineEdit)
    , kind_(new ComboBox)
    , card_(new Card)
    , table_(new QTableView)
    , empty_(new Prose({}, TextSize::Body, Tone::Dim)) {
    setAccessibleName(tr("All rollouts"));
    shown_->setSourceModel(model_);
    words_->setPlaceholderText(tr("Filter by service, revision, cluster or state"));
    words_->setAccessibleName(tr("Filter the rollouts"));
    words_->setClearButtonEnabled(true);
    words_->addAction(lineIcon(QStringLiteral("filter")), QLineEdit::LeadingPosition);
    kind_->addItems({tr("all"), tr("under way"), tr("needs a person"), tr("ended")});
    kind_->setAccessibleName(tr("Which rollouts"));
    table_->setModel(shown_);
    table_->setItemDelegate(new RolloutDelegate(table_));
    table_->setAccessibleName(tr("Rollouts, what needs a person first"));
    table_->setFrameShape(QFrame::NoFrame);
    table_->setShowGrid(false);
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::SingleSelection);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table_->setSortingEnabled(true);
    table_->setTabKeyNavigation(false);
    table_->setWordWrap(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(Scale::of(this).whole(34));
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table_->horizontalHeader()->setHighlightSections(false);
    table_->horizontalHeader()->setAccessibleName(tr("Columns"));
    table_->sortByColumn(RolloutsModel::State, Qt::AscendingOrder);
    auto *head = new QHBoxLayout;
    head->setSpacing(Scale::of(this).whole(space::small));
    head->addWidget(words_, 1);
    head->addWidget(kind_);
    card_->setAccessibleName(tr("All rollouts"));
    card_->body()->addWidget(table_, 1);
    card_->body()->addWidget(empty_);
    card_->body()->addStretch();
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(Scale::of(this).whole(space::medium));
    rows->addLayout(head);
    rows->addWidget(card_, 1);
    connect(words_, &QLineEdit::textChanged, this, [this](const QString &words) {
        shown_->setWords(words);
        showEmpty();
    });
    connect(kind_, &QComboBox::currentIndexChanged, this, [this](int kind) {
        shown_->setKind(static_cast<RolloutsFilter::Kind>(kind));
        showEmpty();
    });
    connect(table_, &QTableView::activated, this, &RolloutList::openCurrent);
    connect(table_, &QTableView::clicked, this, &RolloutList::openCurrent);
}

void RolloutList::setValue(const RolloutValue &value) {
    model_->setNow(value.now_wall_ms);
    model_->setRows(value.rows);
    showEmpty();
}

void RolloutList::showEmpty() {
    const bool any = shown_->rowCount() > 0;
    table_->setVisible(any);
    empty_->setVisible(!any);
    if (any) {
        return;
    }
    if (model_->rowCount() > 0) {
        empty_->setText(
            tr("None of %1 matches. Clear the filter to see them.")
                .arg(countedText(model_->rowCount(), tr("1 rollout"), tr("%1 rollouts"))));
    } else {
        empty_->setText(tr("Nothing was rolled out yet. Write a plan, or deploy from the command "
                           "line: aviary deploy."));
    }
}

void RolloutList::openCurrent(const QModelIndex &index) {
    const QString id = index.data(RolloutsModel::IdRole).toString();
    if (!id.isEmpty()) {
        Q_EMIT opened(id);
    }
}

void RolloutList::resizeEvent(QResizeEvent *event) {
    QWidget::resizeEvent(event);
    fitColumns();
}

void RolloutList::fitColumns() {
    const Scale scale = Scale::of(this);
    const int room = width() - scale.whole(44); // the card's sides and a scroll bar
    qreal wanted = 0;
    for (const Column &one : layout_of_columns) {
        const bool shown = room >= scale(one.from_px);
        table_->setColumnHidden(one.column, !shown);
        wanted += shown ? one.width_px : 0;
    }
    for (const Column &one : layout_of_columns) {
        if (!table_->isColumnHidden(one.column)) {
            table_->setColumnWidth(one.column, static_cast<int>(room * one.width_px / wanted));
        }
    }
}

} // namespace aviary
