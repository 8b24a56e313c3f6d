// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleettable.h"

#include "ui/fleet/signdelegate.h"
#include "ui/models/fleettablemodel.h"
#include "ui/theme/scale.h"

#include <QFontDatabase>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScopedValueRollback>

#include <algorithm>

namespace aviary {
namespace {

using Model = FleetTableModel;

constexpr qreal row_px = 26;
constexpr qsizetype ranges_max = 1'000;

// In design pixels; columns without a width are hidden until a person asks for
// them.
struct Width {
    int column;
    int px;
};
constexpr Width shown_columns[] = {{Model::SignColumn, 36},    {Model::NodeColumn, 184},
                                   {Model::SiteColumn, 120},   {Model::RevisionColumn, 104},
                                   {Model::HealthColumn, 208}, {Model::RolloutColumn, 224},
                                   {Model::FlagsColumn, 120},  {Model::HeardColumn, 84}};

} // namespace

FleetTable::FleetTable(QWidget *parent) : QTableView(parent) {
    setAccessibleName(tr("Nodes"));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollMode(ScrollPerPixel);
    setCornerButtonEnabled(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    QHeaderView *head = horizontalHeader();
    head->setSectionsMovable(true);
    head->setSortIndicatorShown(true);
    head->setSectionsClickable(true);
    head->setHighlightSections(false);
    head->setStretchLastSection(true);
    head->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    head->setContextMenuPolicy(Qt::CustomContextMenu);
    head->setAccessibleName(tr("Columns"));
    connect(head, &QWidget::customContextMenuRequested, this, &FleetTable::showColumnMenu);
    connect(head, &QHeaderView::sectionMoved, this, &FleetTable::columnsChanged);
    connect(head, &QHeaderView::sectionResized, this, &FleetTable::columnsChanged);
    connect(head, &QHeaderView::sortIndicatorChanged, this, &FleetTable::columnsChanged);
    connect(this, &QAbstractItemView::doubleClicked, this,
            [this](const QModelIndex &index) { Q_EMIT nodeActivated(model_->node(index.row())); });
    setItemDelegateForColumn(Model::SignColumn, new SignDelegate(this));
    dress();
}

void FleetTable::dress() {
    verticalHeader()->setDefaultSectionSize(Scale::of(this).whole(row_px));
    verticalHeader()->setMinimumSectionSize(Scale::of(this).whole(row_px));
}

void FleetTable::changeEvent(QEvent *event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        dress();
    }
}

void FleetTable::setNodes(FleetTableModel *model) {
    const QScopedValueRollback quiet(telling_, false);
    const QByteArray kept = model_ ? columns() : QByteArray();
    model_ = model;
    const QItemSelectionModel *old = selectionModel();
    setModel(model);
    delete old;
    if (!model) {
        return;
    }
    if (kept.isEmpty()) {
        setDefaultColumns();
    } else {
        setColumns(kept);
    }
    setSortingEnabled(true);
}

void FleetTable::setDefaultColumns() {
    const Scale scale = Scale::of(this);
    QHeaderView *head = horizontalHeader();
    for (int column = 0; column < Model::ColumnCount; ++column) {
        setColumnHidden(column, true);
    }
    int place = 0;
    for (const auto &[column, px] : shown_columns) {
        setColumnHidden(column, false);
        setColumnWidth(column, scale.whole(px));
        head->moveSection(head->visualIndex(column), place++);
    }
    head->setMinimumSectionSize(scale.whole(32));
    head->setSortIndicator(Model::SignColumn, Qt::DescendingOrder);
}

QByteArray FleetTable::columns() const {
    return horizontalHeader()->saveState();
}

void FleetTable::setColumns(const QByteArray &columns) {
    if (!columns.isEmpty() && horizontalHeader()->restoreState(columns)) {
        horizontalHeader()->setStretchLastSection(true);
    }
}

void FleetTable::showColumnMenu(QPoint at) {
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int column = 1; column < Model::ColumnCount; ++column) {
        QAction *action =
            menu->addAction(model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        action->setEnabled(column != Model::NodeColumn);
        connect(action, &QAction::toggled, this, [this, column](bool shown) {
            setColumnHidden(column, !shown);
            if (shown && columnWidth(column) < Scale::of(this).whole(48)) {
                setColumnWidth(column, Scale::of(this).whole(120));
            }
            Q_EMIT columnsChanged();
        });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("As at first")), &QAction::triggered, this, [this] {
        setDefaultColumns();
        Q_EMIT columnsChanged();
    });
    menu->popup(horizontalHeader()->mapToGlobal(at));
}

// ---- What is chosen

std::vector<NodeIndex> FleetTable::selectedNodes() const {
    std::vector<NodeIndex> nodes;
    if (!model_ || !selectionModel()) {
        return nodes;
    }
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            nodes.push_back(model_->node(row));
        }
    }
    return nodes;
}

void FleetTable::selectNodes(const std::vector<bool> &selected) {
    if (!model_) {
        return;
    }
    const QScopedValueRollback quiet(telling_, false);
    QItemSelection rows;
    const int last = model_->columnCount() - 1;
    const auto chosen = [this, &selected](int row) {
        const NodeIndex node = model_->node(row);
        return node < selected.size() && selected[node];
    };
    for (int row = 0; row < model_->rowCount() && rows.size() < ranges_max; ++row) {
        if (!chosen(row)) {
            continue;
        }
        const int first = row;
        while (row + 1 < model_->rowCount() && chosen(row + 1)) {
            ++row;
        }
        rows.append(QItemSelectionRange(model_->index(first, 0), model_->index(row, last)));
    }
    selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
}

void FleetTable::selectionChanged(const QItemSelection &selected, const QItemSelection &left) {
    QTableView::selectionChanged(selected, left);
    if (telling_ && !model_->arranging()) {
        Q_EMIT selectedByPerson();
    }
}

void FleetTable::currentChanged(const QModelIndex &current, const QModelIndex &previous) {
    QTableView::currentChanged(current, previous);
    if (current.isValid() && telling_ && !model_->arranging()) {
        Q_EMIT currentNodeChanged(model_->node(current.row()));
    }
}

void FleetTable::keyPressEvent(QKeyEvent *event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && currentIndex().isValid()) {
        Q_EMIT nodeActivated(model_->node(currentIndex().row()));
        return;
    }
    if (event->key() == Qt::Key_Escape && selectionModel() && selectionModel()->hasSelection()) {
        clearSelection();
        return;
    }
    QTableView::keyPressEvent(event);
}

// Rows that are not in sight cost nothing.
void FleetTable::dataChanged(const QModelIndex &top_left, const QModelIndex &bottom_right,
                             const QList<int> &roles) {
    const int first = rowAt(0);
    const int bottom = rowAt(viewport()->height() - 1);
    const int last = bottom < 0 ? model_->rowCount() - 1 : bottom;
    if (first >= 0 && top_left.row() <= last && bottom_right.row() >= first) {
        QTableView::dataChanged(top_left, bottom_right, roles);
    }
}

} // namespace aviary
