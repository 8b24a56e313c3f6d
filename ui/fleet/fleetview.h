// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/fleet/fleetreading.h"
#include "ui/models/flageffect.h"
#include "ui/theme/viewheader.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include <memory>

class QSplitter;
class QStackedWidget;

namespace aviary {

class Card;
class FilterField;
class FleetLegend;
class FleetTable;
class Label;
class NodePage;
class SelectionBar;

// What a fleet is shown with, beside its nodes.
struct FleetValue {
    FleetScene scene;
    QString cluster_name;
    QString trouble;             // why the nodes are not known, or not any more; empty: they are
    QString old;                 // "the data is 48 s old"; empty while it is fresh
    QString off;                 // why nothing can be asked now, and what would allow it
    bool knows_exclusion = true; // nodes can be excluded from rollouts
    bool operator==(const FleetValue &) const = default;
};

// What a person made of the view, kept between runs.
struct FleetLook {
    FleetGrouping grouping;
    FleetColouring colouring = FleetColouring::Revision;
    QByteArray columns, split;
};

// The nodes of a cluster: heat map by site, filter, table, and what can be done with those chosen.
// A node's page is shown in its place. It reads a FleetStore and asks nobody.
class FleetView : public QWidget {
    Q_OBJECT
public:
    explicit FleetView(QWidget *parent = nullptr);
    ~FleetView() override;

    ViewHeader *header() const { return header_; }
    NodePage *page() const { return page_; }
    FilterField *filterField() const { return filter_; }
    FleetMap *map() const { return map_; }
    FleetTable *table() const { return table_; }
    SelectionBar *selectionBar() const { return bar_; }

    void setStore(const FleetStore *store); // outlives the view, or is taken away with null
    void setValue(const FleetValue &value);
    FleetLook look() const;
    void setLook(const FleetLook &look);
    void group(const FleetGrouping &grouping);
    void colour(FleetColouring colouring);

    std::vector<NodeIndex> selection() const; // rising
    void select(const std::vector<NodeIndex> &nodes);
    // Shows a node's page; the caller fills it. Back to the map and the table.
    void openNode(NodeIndex node);
    void closeNode();
    QString openedNode() const { return opened_; } // id; empty: none
    quint32 updates() const { return updates_; }   // how often the view followed the store

Q_SIGNALS:
    void nodeOpened(const QString &id);
    void nodeClosed();
    void flagWanted(const aviary::FlagEffect &effect);
    void logWanted(const QString &id);
    void rolloutWanted(const QStringList &ids);
    void selectionChanged();
    void filterTextChanged(const QString &text);
    void lookChanged();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void build();
    QWidget *buildOverview();
    void wire();
    void addChoices();
    void showGroupMenu();
    void showColourMenu();
    void nameChoices();
    void follow(const FleetChange &change);
    void filter(const api::Filter &filter);
    void redraw();
    void followSlowly();
    void showCounts();
    void showState();
    void showNote();
    void showSelection();
    void forget(const FleetChange &change);
    void setSelected(std::vector<bool> selected);
    void chooseFromMap();
    void chooseFromTable();
    void markMap();
    void open(NodeIndex node);
    void showCurrent(NodeIndex node);

    ViewHeader *header_;
    FilterField *filter_;
    FleetMap *map_;
    Card *map_card_;
    FleetLegend *legend_;
    FleetTable *table_;
    SelectionBar *bar_;
    Label *old_;
    Label *state_title_;
    Label *state_text_;
    NodePage *page_;
    QSplitter *split_;
    QStackedWidget *pages_;
    QStackedWidget *content_;
    QAction *group_;
    QAction *colour_;
    FleetValue value_;
    FleetGrouping grouping_;
    FleetColouring colouring_ = FleetColouring::Revision;
    std::unique_ptr<FleetReading> reading_;
    std::vector<bool> selected_; // by node
    QString opened_;
    QElapsedTimer drawn_; // since the whole map was drawn
    QTimer rest_timer_;   // what need not follow each change: counts, the whole map
    bool must_draw_ = false;
    bool syncing_ = false;
    quint32 updates_ = 0;
};

} // namespace aviary
