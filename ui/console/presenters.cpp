// SPDX-License-Identifier: GPL-3.0-or-later
// Every view of the window, one line each. The first one is shown until another is chosen.
#include "ui/console/clusterspresenter.h"
#include "ui/console/firstrunpresenter.h"
#include "ui/console/waitingpresenter.h"

namespace aviary {

void Console::addPresenters() {
    new WaitingPresenter(*this);
    auto *clusters = new ClustersPresenter(*this);
    new FirstRunPresenter(*this, clusters->form());
}

} // namespace aviary
