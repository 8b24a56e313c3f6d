// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QAbstractListModel>

#include <memory>

namespace aviary {

// What happened, newest first. While it is frozen nothing moves under the reader's eyes; what comes
// meanwhile is counted and shown when it is let go.
class HappeningsModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { TimeRole = Qt::UserRole, WhoRole, InstantRole };

    using QAbstractListModel::QAbstractListModel;

    // Newest first, numbered rising with time; another rollout's list replaces all.
    void setHappenings(const QString &rollout, const std::vector<api::Happening> &happenings);
    void setFrozen(bool frozen);
    bool frozen() const { return frozen_; }
    // How many came while it was frozen.
    int fresh() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

Q_SIGNALS:
    void freshChanged(int fresh);

private:
    void show(const std::vector<api::Happening> &happenings);

    QString rollout_;
    std::vector<api::Happening> shown_;
    std::vector<api::Happening> waiting_; // the whole list as it is, while frozen
    bool frozen_ = false;
};

} // namespace aviary
