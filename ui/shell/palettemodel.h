// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/actioncontext.h"

#include <QAbstractListModel>

#include <vector>

namespace aviary {

// A place that the palette can open: a rollout, a node, a cluster, a file.
struct PalettePlace {
    QString title; // "eu-north-n0311"
    QString note;  // "node, offline 4 min"
    QString link;  // handed back when chosen
    QString icon;
    bool operator==(const PalettePlace &) const = default;
};

// One line of the palette: an action on something, or a place.
struct PaletteEntry {
    QString title;   // "Pause checkout-api"
    QString effect;  // "nothing new starts, traffic stays"; or why it is off
    QString command; // "aviary pause checkout-api"
    QString keys;    // "Ctrl ."
    QString icon;
    QString action; // id; empty for a place
    QString link;
    ActionContext context; // what the action is to act on
    bool enabled = true;
    bool operator==(const PaletteEntry &) const = default;
};

// How well `query` finds `title`; 0: not at all. Every word of the query must be in it, at the
// beginning of a word for more; or, where `letters` may do, as letters in their order from the
// beginning of a word. Case does not matter.
int paletteScore(const QString &query, const QString &title, bool letters = true);

// Everything that can be searched for, and what the query leaves of it, the best first.
class PaletteModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Roles { EffectRole = Qt::UserRole + 1, CommandRole, KeysRole, IconRole, EnabledRole };
    static constexpr int entries_max = 60;

    using QAbstractListModel::QAbstractListModel;

    // `present` decides for actions of the window and of what is chosen; each of `others` adds the
    // actions on one more rollout.
    void setSource(const ActionContext &present, const std::vector<ActionContext> &others,
                   const std::vector<PalettePlace> &places);
    void setQuery(const QString &query);
    const PaletteEntry &entry(int row) const { return *shown_[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    void add(const ActionLine &line, const ActionContext &context);
    void find();

    std::vector<PaletteEntry> all_;
    std::vector<const PaletteEntry *> shown_;
    QString query_;
};

} // namespace aviary
