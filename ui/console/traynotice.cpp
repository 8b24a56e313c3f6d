// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/traynotice.h"

#include "core/support/words.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/sign.h"

#include <QDateTime>
#include <QMenu>
#include <QSystemTrayIcon>

namespace aviary {

using namespace Qt::Literals;

TrayNotice::TrayNotice(Console &console)
    : QObject(&console), console_(console), began_wall_ms_(QDateTime::currentMSecsSinceEpoch()) {
    if (!QSystemTrayIcon::isSystemTrayAvailable()) {
        return;
    }
    icon_ = new QSystemTrayIcon(signIcon(Sign::Waiting), this);
    icon_->setToolTip(tr("Aviary"));
    menu_ = std::make_unique<QMenu>();
    connect(menu_->addAction(tr("Open the window")), &QAction::triggered, this,
            &TrayNotice::openLast);
    icon_->setContextMenu(menu_.get());
    connect(icon_, &QSystemTrayIcon::activated, this, &TrayNotice::openLast);
    connect(icon_, &QSystemTrayIcon::messageClicked, this, &TrayNotice::openLast);
    connect(&console.desks(), &Desks::added, this, &TrayNotice::follow);
    for (Desk *desk : console.desks().all()) {
        follow(desk);
    }
    icon_->show();
}

TrayNotice::~TrayNotice() = default;

void TrayNotice::follow(Desk *desk) {
    connect(desk, &Desk::alertsChanged, this, [this, desk] { look(*desk); });
}

void TrayNotice::look(const Desk &desk) {
    if (desk.travelling()) {
        return; // that was then
    }
    const qint64 now_wall_ms = QDateTime::currentMSecsSinceEpoch();
    for (const api::AlertRow &alert : desk.alerts()) {
        const bool open = alert.acknowledged_by.isEmpty() && alert.over_wall_ms == 0 &&
                          alert.snoozed_until_wall_ms <= now_wall_ms;
        const QString key = toText(DeskKey{desk.id(), alert.id});
        const auto known = told_.find(key);
        const bool said = known != told_.end() && known->second == alert.snoozed_until_wall_ms;
        if (open && !said && alert.raised_wall_ms >= began_wall_ms_) {
            told_[key] = alert.snoozed_until_wall_ms;
            tell(desk, alert);
        }
    }
}

void TrayNotice::tell(const Desk &desk, const api::AlertRow &alert) {
    last_link_ = alert.rollout.isEmpty()
                     ? u"cluster:"_qs + toText(DeskKey{desk.id(), alert.cluster})
                     : u"rollout:"_qs + toText(DeskKey{desk.id(), alert.rollout});
    icon_->showMessage(boundedText(alert.subject, 80), boundedText(alert.text, 300),
                       signIcon(alert.kind == api::AlertKind::Hold ? Sign::Waiting : Sign::Failed));
}

void TrayNotice::openLast() {
    console_.window().show();
    console_.window().raise();
    console_.window().activateWindow();
    if (!last_link_.isEmpty()) {
        console_.open(last_link_);
    }
}

} // namespace aviary
