// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/fleetmatch.h"
#include "ui/models/fleetwords.h"

#include <QAbstractTableModel>
#include <QTimer>

namespace aviary {

// The nodes that the filter matches, in an order: rows of a table of 100,000. What a row shows is
// read from the store when it is drawn. Changed rows show at once; they move to where they belong,
// and come or go as the filter says, twice a second.
class FleetTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        SignColumn,
        NodeColumn,
        SiteColumn,
        RevisionColumn,
        HealthColumn,
        RolloutColumn,
        HeardColumn,
        BehindColumn,
        FlagsColumn,
        ServicesColumn,
        AddressColumn,
        CpuColumn,
        MemoryColumn,
        DiskColumn,
        LabelsColumn,
        ColumnCount
    };
    enum Roles { SignRole = Qt::UserRole + 1 };
    // "site": a name that settings keep.
    static QString columnWord(int column);

    FleetTableModel(const FleetStore &store, FleetMatch &match, QObject *parent = nullptr);

    const FleetScene &scene() const { return scene_; }
    void setScene(const FleetScene &scene);
    // The match was given another filter.
    void refilter();
    // The store announced; the match was updated before.
    void update(const FleetChange &change);

    NodeIndex node(int row) const { return shown_[static_cast<std::size_t>(row)]; }
    int rowOf(NodeIndex node) const; // -1: not shown
    // Rows come and go just now: a selection that goes with them is nobody's wish.
    bool arranging() const { return arranging_; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

Q_SIGNALS:
    // Rows moved, came or went: what is kept by row is to be looked up anew.
    void arranged();

private:
    using Before = std::function<bool(NodeIndex, NodeIndex)>;
    Before order() const;
    std::vector<quint32> wordRanks() const;
    void sortAll();
    void arrange();
    void show(std::vector<NodeIndex> nodes);
    QString text(NodeIndex node, int column) const;
    QString toolTip(NodeIndex node, int column) const;

    const FleetStore &store_;
    FleetMatch &match_;
    FleetScene scene_;
    int column_ = SignColumn;
    Qt::SortOrder direction_ = Qt::DescendingOrder;
    std::vector<NodeIndex> sorted_; // all that are there
    std::vector<NodeIndex> shown_;  // those of them that match
    mutable std::vector<int> rows_; // of each node, -1: not shown; made when asked for
    std::vector<NodeIndex> moved_;  // changed since they were put in order
    std::vector<bool> is_moved_;
    bool resort_ = false;
    bool arranging_ = false;
    QTimer arrange_timer_;
};

} // namespace aviary
