// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/models/desk.h"

#include <QTimer>

namespace aviary {

// The targets of a rollout beyond those that its detail carries. They are
// fetched a page at a time, again and again while they are wanted, so that a
// rollout of 100,000 nodes is up to date within seconds and never holds up the
// window.
class TargetPages : public QObject {
    Q_OBJECT
public:
    explicit TargetPages(QObject *parent = nullptr);

    // `first`: how many the detail carries; `total` at most `first`: none are
    // wanted.
    void want(Desk *desk, const QString &rollout, quint32 first, quint32 total);
    void stop();
    // All of them, or as many as have come, in the order of the plan.
    const std::vector<api::TargetRow> &rows() const { return rows_; }

Q_SIGNALS:
    void changed();

private:
    void fetch();
    void take(const api::TargetPage &page);

    QPointer<Desk> desk_;
    QString rollout_;
    quint32 first_ = 0, total_ = 0, next_ = 0;
    bool fetching_ = false;
    quint64 turn_ = 0; // answers about another rollout are passed over
    std::vector<api::TargetRow> rows_;
    QTimer pace_;
};

} // namespace aviary
