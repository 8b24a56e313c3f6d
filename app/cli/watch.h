// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/conversation.h"
#include "core/api/values.h"

#include <QTimer>

namespace aviary::cli {

// Shows a live rollout until it ends: redrawn in place on a terminal, else a line for each thing
// that happened. Ends the run with Done when it completed, Failed for any other end, TimedOut after
// `limit_ms` (0: never).
class Watch : public QObject {
    Q_OBJECT
public:
    Watch(Conversation &conversation, QString rollout, qint64 limit_ms);

    void begin();

private:
    void take(const QJsonObject &change);
    void take(const api::RolloutDetail &detail);
    void draw(const api::RolloutDetail &detail);
    void tell(const api::RolloutDetail &detail);
    void end(const api::RolloutRow &row);
    void linkChanged(api::Session::Link link);

    Conversation &conversation_;
    QString rollout_;
    QTimer limit_;
    int drawn_ = 0;         // lines on the terminal
    quint64 told_ = 0;      // sequence of the newest happening that was told
    api::RolloutRow shown_; // what was told last
    bool link_lost_ = false;
};

} // namespace aviary::cli
