// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/flageffect.h"
#include "ui/theme/viewheader.h"

#include <array>

namespace aviary {

// What is chosen, in a line, and what can be done with it. Nothing happens
// here: what a button would do is stated on it, and asked by whoever hears it.
class SelectionBar : public QWidget {
    Q_OBJECT
public:
    explicit SelectionBar(QWidget *parent = nullptr);

    // `off` says why nothing can be asked now (time travel, a locked cluster);
    // empty: it can. What the cluster knows nothing of is not shown.
    void setSelection(const FleetStore &store, const std::vector<NodeIndex> &nodes,
                      const FleetScene &scene, const QString &off, bool knows_exclusion);
    void clear();
    QString text() const { return text_; }
    QAction *action(FlagChange change) const { return flags_[static_cast<std::size_t>(change)]; }
    QAction *openAction() const { return open_; }
    QAction *logAction() const { return log_; }
    QAction *rolloutAction() const { return rollout_; }

Q_SIGNALS:
    void flagWanted(aviary::FlagChange change);
    void openWanted();
    void logWanted();
    void rolloutWanted();

private:
    QAction *add(const QString &text, const QString &icon);
    void say(const QString &text);

    ViewHeader *row_;
    std::array<QAction *, all_flag_changes.size()> flags_{};
    QAction *open_;
    QAction *log_;
    QAction *rollout_;
    QString text_;
};

} // namespace aviary
