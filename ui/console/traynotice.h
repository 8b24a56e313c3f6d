// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/console.h"

#include <map>

class QMenu;
class QSystemTrayIcon;

namespace aviary {

// Alerts as notices of the desktop, where it has a place for them: each once, the newest opens with
// a click. Those that were raised before this window came are in Waiting for me alone.
class TrayNotice : public QObject {
    Q_OBJECT
public:
    explicit TrayNotice(Console &console);
    ~TrayNotice() override;

private:
    void follow(Desk *desk);
    void look(const Desk &desk);
    void tell(const Desk &desk, const api::AlertRow &alert);
    void openLast();

    Console &console_;
    qint64 began_wall_ms_;
    QSystemTrayIcon *icon_ = nullptr; // null: the desktop has no place for it
    std::unique_ptr<QMenu> menu_;
    std::map<QString, qint64> told_; // alert, and the end of the snooze that it was told after
    QString last_link_;
};

} // namespace aviary
