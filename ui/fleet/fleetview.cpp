// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetview.h"

#include "core/support/words.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/fleetlegend.h"
#include "ui/fleet/fleettable.h"
#include "ui/fleet/nodepage.h"
#include "ui/fleet/selectionbar.h"
#include "ui/theme/card.h"
#include "ui/theme/label.h"

#include <QLineEdit>
#include <QScopedValueRollback>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

namespace aviary {
namespace {

constexpr qint64 notes_age_ms = 2'000; // of the shares beside the sites' names
constexpr std::size_t chips_max = 4;
constexpr int name_max = 40;

std::size_t countOf(const std::vector<bool> &set) {
    return static_cast<std::size_t>(std::count(set.begin(), set.end(), true));
}

} // namespace

// ---- What is looked at

void FleetView::setStore(const FleetStore *store) {
    if (reading_) {
        disconnect(&reading_->store, nullptr, this, nullptr);
    }
    table_->setNodes(nullptr);
    filter_->setStore(store);
    selected_.clear();
    closeNode();
    reading_ = store ? std::make_unique<FleetReading>(*store) : nullptr;
    if (reading_) {
        connect(store, &FleetStore::changed, this, &FleetView::follow);
        connect(&reading_->model, &FleetTableModel::arranged, this, [this] {
            if (countOf(selected_) > 0) {
                table_->selectNodes(selected_);
            }
        });
        reading_->model.setScene(value_.scene);
        table_->setNodes(&reading_->model);
        if (const auto kept = api::Filter::parse(filter_->text())) {
            reading_->match.setFilter(*kept);
            reading_->model.refilter();
        }
    }
    redraw();
    showSelection();
}

void FleetView::setValue(const FleetValue &value) {
    if (value == value_) {
        return;
    }
    const bool other_focus = value.scene.focus != value_.scene.focus;
    value_ = value;
    if (reading_) {
        reading_->model.setScene(value.scene);
    }
    if (other_focus) {
        redraw();
    }
    showState();
    showCounts();
    showSelection();
}

// The store announced a change: what is in sight follows at once, the rest a little later.
void FleetView::follow(const FleetChange &change) {
    ++updates_;
    reading_->match.update(change);
    reading_->model.update(change);
    forget(change);
    const auto cells = reading_->grid.changes(change);
    if (cells) {
        map_->setCells(*cells);
    } else {
        must_draw_ = true;
    }
    if (!rest_timer_.isActive()) {
        rest_timer_.start();
    }
}

void FleetView::followSlowly() {
    if (!reading_) {
        return;
    }
    if (must_draw_ || drawn_.elapsed() > notes_age_ms) {
        redraw();
    } else {
        showCounts();
    }
    showSelection();
}

// Nodes that went are not chosen any more, nor is who has their place now.
void FleetView::forget(const FleetChange &change) {
    if (!change.structure) {
        return;
    }
    selected_.resize(reading_->store.end());
    for (const NodeIndex node : change.given) {
        selected_[node] = false;
    }
    for (NodeIndex node = 0; node < selected_.size(); ++node) {
        selected_[node] = selected_[node] && reading_->store.has(node);
    }
}

void FleetView::redraw() {
    must_draw_ = false;
    drawn_.start();
    if (!reading_) {
        map_->setValue({});
        showState();
        showCounts();
        return;
    }
    reading_->grid.look(grouping_, colouring_, value_.scene.focus);
    map_->setValue(reading_->grid.whole());
    markMap();
    showState();
    showCounts();
}

void FleetView::filter(const api::Filter &filter) {
    if (reading_) {
        reading_->match.setFilter(filter);
        reading_->model.refilter();
        FleetChange all;
        for (NodeIndex node = 0; node < reading_->store.end(); ++node) {
            if (reading_->store.has(node)) {
                all.nodes.push_back(node);
            }
        }
        if (const auto cells = reading_->grid.changes(all)) {
            map_->setCells(*cells);
        }
    }
    showNote();
    Q_EMIT filterTextChanged(filter_->text());
}

// ---- What is told of it

void FleetView::showState() {
    const FleetStore *store = reading_ ? &reading_->store : nullptr;
    const bool any = store && store->count() > 0;
    content_->setCurrentIndex(any ? 0 : 1);
    if (!value_.trouble.isEmpty()) {
        state_title_->setText(tr("The nodes are not known"));
        state_text_->setText(boundedText(value_.trouble));
    } else if (!store) {
        state_title_->setText(tr("No cluster is chosen"));
        state_text_->setText(tr("Choose one at the side, or try the local sample"));
    } else if (!store->told()) {
        state_title_->setText(tr("Reading the nodes\u2026"));
        state_text_->setText(tr("They appear here as the cluster tells them"));
    } else {
        state_title_->setText(tr("This cluster has no nodes"));
        state_text_->setText(tr("Nodes that join it appear here by themselves"));
    }
    const QString old = !value_.trouble.isEmpty() ? boundedText(value_.trouble) : value_.old;
    old_->setText(old.isEmpty() ? old : tr("%1; what is shown may not be so any more").arg(old));
    old_->setVisible(any && !old.isEmpty());
}

void FleetView::showCounts() {
    if (!reading_) {
        header_->setSubtitle(boundedText(value_.cluster_name, name_max));
        header_->setChips({});
        legend_->setValue({}, {});
        showNote();
        return;
    }
    const FleetStore &store = reading_->store;
    const FleetFocus &focus = value_.scene.focus;
    QString text = nodesText(store.count());
    if (store.expected() > store.count()) {
        text = tr("%1 of %2").arg(countText(store.count()), nodesText(store.expected()));
    }
    text +=
        countedText(static_cast<qint64>(store.sites().size()), tr(", 1 site"), tr(", %1 sites"));
    if (!focus.service.isEmpty()) {
        text += QStringLiteral("; ") + boundedText(focus.service, name_max);
    }
    header_->setSubtitle(text);
    std::vector<std::pair<quint32, QString>> shares;
    if (const auto found = store.services().find(focus.service); found != store.services().end()) {
        for (const auto &[revision, nodes] : found->second) {
            shares.emplace_back(nodes, revision);
        }
    }
    std::ranges::sort(shares, [&focus](const auto &a, const auto &b) {
        const bool a_fresh = a.second == focus.fresh, b_fresh = b.second == focus.fresh;
        return a_fresh != b_fresh ? a_fresh : a.first > b.first;
    });
    shares.resize(std::min(shares.size(), chips_max));
    std::vector<ChipValue> chips;
    for (const auto &[nodes, revision] : shares) {
        const double share = static_cast<double>(nodes) / std::max(1U, store.count());
        chips.push_back({boundedText(revision, name_max) + u' ' + rateText(share, 1),
                         revision == focus.fresh ? Role::Accent : Role::Dim, Sign::None, false});
    }
    header_->setChips(chips);
    legend_->setValue(reading_->grid.legend(), store.totals());
    showNote();
}

void FleetView::showNote() {
    if (!reading_ || reading_->match.filter().isEmpty()) {
        filter_->setNote({});
        return;
    }
    filter_->setNote(
        tr("%1 of %2 match, the rest is dimmed; Esc clears")
            .arg(countText(reading_->match.count()), countText(reading_->store.count())));
}

// ---- What is chosen

std::vector<NodeIndex> FleetView::selection() const {
    std::vector<NodeIndex> nodes;
    for (NodeIndex node = 0; node < selected_.size(); ++node) {
        if (selected_[node]) {
            nodes.push_back(node);
        }
    }
    return nodes;
}

void FleetView::select(const std::vector<NodeIndex> &nodes) {
    std::vector<bool> selected(reading_ ? reading_->store.end() : 0);
    for (const NodeIndex node : nodes) {
        if (reading_ && reading_->store.has(node)) {
            selected[node] = true;
        }
    }
    setSelected(std::move(selected));
    markMap();
    table_->selectNodes(selected_);
}

void FleetView::setSelected(std::vector<bool> selected) {
    selected_ = std::move(selected);
    showSelection();
    Q_EMIT selectionChanged();
}

// A band takes what the filter matches; one dimmed node that is clicked is meant.
void FleetView::chooseFromMap() {
    if (syncing_ || !reading_) {
        return;
    }
    const std::vector<std::size_t> cells = map_->selection();
    std::vector<bool> selected(reading_->store.end());
    for (const std::size_t cell : cells) {
        const NodeIndex node = reading_->grid.nodeAt(cell);
        selected[node] =
            reading_->store.has(node) && (cells.size() == 1 || reading_->match.at(node));
    }
    const bool narrowed = countOf(selected) != cells.size();
    setSelected(std::move(selected));
    if (narrowed) {
        markMap();
    }
    table_->selectNodes(selected_);
}

void FleetView::chooseFromTable() {
    std::vector<bool> selected(reading_->store.end());
    for (const NodeIndex node : table_->selectedNodes()) {
        selected[node] = reading_->store.has(node);
    }
    setSelected(std::move(selected));
    markMap();
}

void FleetView::markMap() {
    const QScopedValueRollback quiet(syncing_, true);
    std::vector<std::size_t> cells;
    for (NodeIndex node = 0; node < selected_.size(); ++node) {
        if (selected_[node] && reading_->grid.hasCell(node)) {
            cells.push_back(reading_->grid.cellOf(node));
        }
    }
    if (!cells.empty() || !map_->selection().empty()) {
        map_->select(cells);
    }
}

void FleetView::showSelection() {
    if (reading_) {
        bar_->setSelection(reading_->store, selection(), value_.scene, value_.off,
                           value_.knows_exclusion);
    } else {
        bar_->clear();
    }
}

void FleetView::showCurrent(NodeIndex node) {
    if (syncing_ || !reading_) {
        return;
    }
    const QScopedValueRollback quiet(syncing_, true);
    if (reading_->grid.hasCell(node)) {
        map_->setCurrent(reading_->grid.cellOf(node));
    }
    if (const int row = reading_->model.rowOf(node); row >= 0) {
        const QModelIndex index = reading_->model.index(row, FleetTableModel::NodeColumn);
        table_->selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
        table_->scrollTo(index);
    }
}

// ---- A node's page

void FleetView::open(NodeIndex node) {
    if (reading_ && reading_->store.has(node)) {
        openNode(node);
        Q_EMIT nodeOpened(opened_);
    }
}

void FleetView::openNode(NodeIndex node) {
    opened_ = reading_->store.id(node);
    pages_->setCurrentWidget(page_);
    page_->setFocus();
}

void FleetView::closeNode() {
    if (opened_.isEmpty()) {
        return;
    }
    opened_.clear();
    pages_->setCurrentIndex(0);
    map_->setFocus();
    Q_EMIT nodeClosed();
}

} // namespace aviary
