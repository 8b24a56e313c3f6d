// SPDX-License-Identifier: GPL-3.0-or-later
// What the window has beside the view that is seen first: sheets, and every other view.
#include "ui/console/clusterspresenter.h"
#include "ui/console/documentopener.h"
#include "ui/console/firstrunpresenter.h"
#include "ui/console/fleetpresenter.h"
#include "ui/console/historypresenter.h"
#include "ui/console/planspresenter.h"
#include "ui/console/rehearsalpresenter.h"
#include "ui/console/rolloutpresenter.h"
#include "ui/console/servicestarter.h"
#include "ui/console/settingssheet.h"
#include "ui/console/waitingpresenter.h"
#include "ui/shell/mainwindow.h"

namespace aviary {

void Console::complete() {
    if (std::exchange(complete_, true)) {
        return;
    }
    first_->complete();
    wireRequests();
    settings_sheet_ = new SettingsSheet(window_->centralWidget());
    connect(settings_sheet_, &SettingsSheet::changed, this, &Console::keepSettings);
    new WaitingPresenter(*this);
    new FleetPresenter(*this);
    auto *clusters = new ClustersPresenter(*this);
    new FirstRunPresenter(*this, clusters->form());
    auto *history = new HistoryPresenter(*this);
    auto *rehearsal = new RehearsalPresenter(*this);
    new ServiceStarter(*this, *rehearsal);
    auto *plans = new PlansPresenter(*this);
    connect(plans, &PlansPresenter::rehearsalWanted, rehearsal, &RehearsalPresenter::rehearsePlan);
    connect(rehearsal, &RehearsalPresenter::rehearsed, first_, &RolloutPresenter::setChances);
    connect(rehearsal, &RehearsalPresenter::rehearsed, plans, &PlansPresenter::setChances);
    connect(rehearsal, &RehearsalPresenter::changeWanted, plans, &PlansPresenter::takeChange);
    auto *files = new DocumentOpener(*this, *plans, *rehearsal);
    connect(files, &DocumentOpener::failed, history, [this, history](const Error &error) {
        window_->showView(QStringLiteral("view.history"));
        history->say(toText(error));
    });
}

} // namespace aviary
