// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/historyview.h"

#include "core/support/words.h"
#include "ui/history/comparisoncard.h"
#include "ui/history/deploymentcard.h"
#include "ui/history/deploymentsmodel.h"
#include "ui/theme/card.h"
#include "ui/theme/label.h"
#include "ui/theme/viewheader.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace aviary {

namespace {

// Columns that go first where there is little room, the least needed first.
constexpr std::array<int, 4> optional_columns{DeploymentsModel::Began, DeploymentsModel::Strategy,
                                              DeploymentsModel::By, DeploymentsModel::Cluster};
constexpr qreal outcome_px_min = 180; // what a sentence wants to be read

} // namespace

HistoryView::HistoryView(QWidget *parent)
    : QWidget(parent)
    , header_(new ViewHeader)
    , time_(new Card)
    , scrubber_(new Scrubber)
    , deployments_(new Card(tr("Deployments")))
    , filter_(new QLineEdit)
    , table_(new QTableView)
    , empty_(new Label({}, TextSize::Body, Tone::Dim))
    , trouble_(new Label({}, TextSize::Caption, Tone::Attention))
    , model_(new DeploymentsModel(this))
    , rows_(new DeploymentsFilter(this))
    , side_(new QStackedWidget)
    , pane_(new DeploymentCard)
    , comparison_(new ComparisonCard) {
    setAccessibleName(tr("History"));
    header_->setTitle(tr("History"));
    build();
    wire();
    setValue({});
}

void HistoryView::build() {
    const Scale scale = Scale::of(this);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(scale.whole(space::medium));
    layout->setContentsMargins(0, 0, 0, 0);
    time_->setNote(tr("Space plays, arrows step one event, Shift arrows one step"));
    time_->body()->addWidget(scrubber_);
    scrubber_->setAccessibleName(tr("Time"));
    trouble_->setWordWrap(true);
    time_->body()->addWidget(trouble_);
    deployments_->body()->addWidget(table(), 1);
    side_->addWidget(pane_);
    side_->addWidget(comparison_);
    side_->setMinimumWidth(scale.whole(220));
    auto *halves = new QSplitter(Qt::Horizontal);
    halves->setHandleWidth(scale.whole(space::medium));
    halves->setChildrenCollapsible(false);
    halves->addWidget(deployments_);
    halves->addWidget(side_);
    halves->setStretchFactor(0, 2);
    halves->setStretchFactor(1, 1);
    halves->setSizes({scale.whole(760), scale.whole(370)});
    layout->addWidget(header_);
    layout->addWidget(time_);
    layout->addWidget(halves, 1);
}

QWidget *HistoryView::table() {
    const Scale scale = Scale::of(this);
    rows_->setSourceModel(model_);
    table_->setModel(rows_);
    table_->setAccessibleName(tr("Deployments"));
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->setSortingEnabled(true);
    table_->sortByColumn(DeploymentsModel::Began, Qt::DescendingOrder);
    table_->setShowGrid(false);
    table_->setWordWrap(false);
    table_->setTabKeyNavigation(false);
    table_->verticalHeader()->hide();
    table_->verticalHeader()->setDefaultSectionSize(scale.whole(26));
    table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    table_->horizontalHeader()->setHighlightSections(false);
    table_->horizontalHeader()->setStretchLastSection(false);
    table_->horizontalHeader()->setResizeContentsPrecision(0); // by what is seen
    table_->horizontalHeader()->setMinimumSectionSize(scale.whole(24));
    table_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table_->installEventFilter(this);
    filter_->setPlaceholderText(tr("type to filter"));
    filter_->setAccessibleName(tr("Filter of the deployments"));
    filter_->setClearButtonEnabled(true);
    filter_->setMaximumWidth(scale.whole(260));
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setWordWrap(true);
    auto *inside = new QWidget;
    auto *layout = new QVBoxLayout(inside);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(filter_, 0, Qt::AlignTrailing);
    layout->addWidget(table_, 1);
    layout->addWidget(empty_, 1);
    return inside;
}

void HistoryView::wire() {
    connect(scrubber_, &Scrubber::playheadMoved, this, &HistoryView::instantWanted);
    connect(scrubber_, &Scrubber::liveWanted, this, &HistoryView::liveWanted);
    connect(scrubber_, &Scrubber::playWanted, this, &HistoryView::playWanted);
    connect(filter_, &QLineEdit::textChanged, this, [this](const QString &text) {
        rows_->setWords(text);
        showNote();
    });
    connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { Q_EMIT selectionChanged(selected()); });
    connect(table_, &QTableView::activated, this, [this](const QModelIndex &index) {
        Q_EMIT openWanted(index.data(DeploymentsModel::IdRole).toString());
    });
    connect(rows_, &QAbstractItemModel::modelReset, this, &HistoryView::fitColumns);
    connect(pane_, &DeploymentCard::compareWanted, this,
            [this] { Q_EMIT compareWanted({pane_id_}); });
    connect(pane_, &DeploymentCard::openWanted, this, [this] { Q_EMIT openWanted(pane_id_); });
    connect(pane_, &DeploymentCard::rollBackWanted, this,
            [this] { Q_EMIT rollBackWanted(pane_id_); });
    connect(pane_, &DeploymentCard::badWanted, this, [this] { Q_EMIT badWanted(pane_id_); });
    connect(pane_, &DeploymentCard::tagWanted, this,
            [this](const QString &tag) { Q_EMIT tagWanted(pane_id_, tag); });
    connect(comparison_, &ComparisonCard::closeWanted, this, &HistoryView::closeComparison);
}

void HistoryView::setValue(const HistoryValue &value) {
    if (value_.scrubber != value.scrubber) {
        scrubber_->setValue(value.scrubber);
    }
    value_ = value;
    header_->setSubtitle(value.subtitle);
    time_->setTitle(value.span.isEmpty() ? tr("Time") : value.span);
    trouble_->setText(boundedText(value.loading.isEmpty() ? value.trouble : value.loading));
    trouble_->setTone(value.loading.isEmpty() ? Tone::Attention : Tone::Dim);
    trouble_->setVisible(!trouble_->text().isEmpty());
    const QStringList chosen = selected();
    model_->setLines(value.lines, value.instant_wall_ms);
    select(chosen);
    showNote();
}

void HistoryView::showNote() {
    const int shown = rows_->rowCount();
    const int all = model_->rowCount();
    deployments_->setNote(shown == all ? QString()
                                       : tr("%1 of %2").arg(countText(shown), countText(all)));
    table_->setVisible(shown > 0);
    empty_->setVisible(shown == 0);
    empty_->setText(all > 0 ? tr("No deployment has all these words.")
                            : tr("Nothing was deployed yet. A plan starts the first one."));
}

void HistoryView::setPane(const DeploymentPane &pane) {
    pane_id_ = pane.id;
    pane_->setValue(pane);
}

void HistoryView::showComparison(const DeploymentComparison &comparison) {
    comparison_->setValue(comparison);
    side_->setCurrentWidget(comparison_);
}

void HistoryView::closeComparison() {
    side_->setCurrentWidget(pane_);
}

QStringList HistoryView::selected() const {
    QStringList ids;
    for (const QModelIndex &index : table_->selectionModel()->selectedRows()) {
        ids << index.data(DeploymentsModel::IdRole).toString();
    }
    return ids;
}

void HistoryView::select(const QStringList &ids) {
    if (ids == selected()) {
        return;
    }
    QItemSelection rows;
    for (int row = 0; row < rows_->rowCount(); ++row) {
        const QModelIndex index = rows_->index(row, 0);
        if (ids.contains(index.data(DeploymentsModel::IdRole).toString())) {
            rows.select(index, rows_->index(row, DeploymentsModel::column_count - 1));
        }
    }
    table_->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
}

std::vector<HistoryLine> HistoryView::shown() const {
    std::vector<HistoryLine> lines;
    for (int row = 0; row < rows_->rowCount(); ++row) {
        const QString id = rows_->index(row, 0).data(DeploymentsModel::IdRole).toString();
        if (const HistoryLine *line = model_->line(id)) {
            lines.push_back(*line);
        }
    }
    return lines;
}

bool HistoryView::eventFilter(QObject *watched, QEvent *event) {
    if (watched == table_ && event->type() == QEvent::Resize) {
        fitColumns();
    }
    return QWidget::eventFilter(watched, event);
}

void HistoryView::fitColumns() {
    auto *head = table_->horizontalHeader();
    const auto wanted = [&](int column) {
        return std::max(static_cast<QAbstractItemView *>(table_)->sizeHintForColumn(column),
                        head->sectionSizeHint(column));
    };
    int room = table_->width() - Scale::of(this).whole(outcome_px_min);
    for (int column = 0; column < DeploymentsModel::column_count; ++column) {
        const bool stretches = column == DeploymentsModel::Outcome;
        table_->setColumnHidden(column, false); // a hidden one says no width
        head->setSectionResizeMode(column, stretches ? QHeaderView::Stretch
                                                     : QHeaderView::ResizeToContents);
        room -= stretches ? 0 : wanted(column);
    }
    for (const int column : optional_columns) {
        const int width = wanted(column);
        table_->setColumnHidden(column, room < 0);
        room += room < 0 ? width : 0;
    }
}

} // namespace aviary
