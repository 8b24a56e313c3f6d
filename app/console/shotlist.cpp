// SPDX-License-Identifier: GPL-3.0-or-later
// Every picture that --shot can write. A view's owner adds a line here.
#include "app/console/shots.h"
#include "core/plans/exchange/import.h"
#include "ui/charts/trafficslider.h"
#include "ui/console/planspresenter.h"
#include "ui/console/rolloutpresenter.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/fleetview.h"
#include "ui/history/historyview.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/mainwindow.h"

#include <QAction>
#include <QComboBox>
#include <QDateTime>
#include <QDialog>
#include <QPushButton>

#include <algorithm>

namespace aviary {

using namespace Qt::Literals;

namespace {

const auto promote = [](Console &console) {
    if (Desk *desk = console.choice().desk()) {
        console.requester().ask(*desk, u"promote"_qs, console.choice().rollout(),
                                {{u"to"_qs, 2'500}});
    }
};

const auto pause = [](Console &console) {
    if (Desk *desk = console.choice().desk()) {
        console.requester().ask(*desk, u"pause"_qs, console.choice().rollout());
    }
};

// One line of each outcome.
const auto outcomes = [](Console &console) {
    Desk &desk = *console.choice().desk();
    Outcomes &told = console.requester().outcomes();
    const auto open = [&](const char *id, const QString &what, const QString &where) {
        told.open(desk, QString::fromLatin1(id), what, where);
    };
    const auto answer = [&](const char *id, api::Outcome outcome, const QString &text) {
        api::RequestRow row;
        row.id = QString::fromLatin1(id);
        row.outcome = outcome;
        row.text = text;
        told.answered(row.id, QJsonObject{{u"request"_qs, api::toJson(row)}});
    };
    open("1", u"Promote camera-agent"_qs, u"factory-7"_qs);
    open("2", u"Pause telemetry"_qs, u"factory-7"_qs);
    open("3", u"Roll back gateway to v8"_qs, u"factory-7"_qs);
    open("4", u"Lower checkout-api to 0 %"_qs, u"edge-eu"_qs);
    answer("1", api::Outcome::Refused,
           u"6 nodes went offline after you looked; look again, then promote"_qs);
    answer("2", api::Outcome::Applied, u"confirmed by Nomad at 10:01:12"_qs);
    answer("3", api::Outcome::Unknown,
           u"sent 10:02:40, connection lost before the answer; asking the cluster"_qs);
    answer("4", api::Outcome::Asked, u"asked, not confirmed yet"_qs);
};

// The first thing that the action does to the window.
auto trigger(const char *action) {
    return [action](Console &console) { console.window().actions().action(action)->trigger(); };
}

// The dialog of an action, which opens once what it needs is there.
auto dialogOf(const char *action) {
    return [action](Console &console) {
        const auto dialogs = console.window().findChildren<QDialog *>();
        const bool open = std::ranges::any_of(dialogs, &QWidget::isVisible);
        if (!open) {
            console.window().actions().action(action)->trigger();
        }
        return open;
    };
}

// The form of this kind of cluster.
auto connecting(const char *kind) {
    return [kind](Console &console) {
        console.window().actions().action("cluster.add")->trigger();
        for (QComboBox *box : console.window().findChildren<QComboBox *>()) {
            const int at = box->findText(QString::fromLatin1(kind));
            if (at >= 0 && box->isVisible()) {
                box->setCurrentIndex(at);
            }
        }
    };
}

// A ghost one stage further, as Right leaves it.
const auto ghost = [](Console &console) {
    auto *slider = console.window().findChild<TrafficSlider *>();
    slider->setFocus();
    slider->moveGhost(2'500);
};

const auto node = [](Console &console) {
    console.window().findChild<FleetView *>()->select({0});
    console.window().actions().action("node.open")->trigger();
};

const auto filter = [](Console &console) {
    console.window().findChild<FilterField *>()->setText(u"site:eu-* health:!healthy"_qs);
};

const auto chances = [](Console &console) {
    RehearsedChances rehearsed;
    rehearsed.desk = console.choice().desk();
    rehearsed.rollout = console.choice().rollout();
    rehearsed.wall_ms = QDateTime::currentMSecsSinceEpoch();
    rehearsed.chances = {
        {u"good"_qs, u"99\u00a0% complete"_qs, u"in 41 min, 95\u00a0% by 55 min"_qs},
        {u"errs 2\u00a0% more"_qs, u"caught in 94\u00a0%"_qs,
         u"in 3 min, about 160 failed requests"_qs},
        {u"twice as slow"_qs, u"caught in 68\u00a0%"_qs, u"in 9 min, about 0 failed requests"_qs},
        {u"leaks slowly"_qs, u"caught in 31\u00a0%"_qs,
         u"in 52 min, about 18,930 failed requests"_qs}};
    console.findChild<RolloutPresenter *>()->setChances(rehearsed);
};

// The ghost is moved once the chances have come.
const auto raised = [](Console &console) {
    auto *slider = console.window().findChild<TrafficSlider *>();
    slider->moveGhost(2'500);
    return slider->accessibleDescription().contains(u"nodes first");
};

const auto careless = [](Console &console) {
    console.findChild<PlansPresenter *>()->setText(
        u"format: aviary-plan/1\nservice: checkout-api\nfrom: v41\nto: v43\nstrategy:\n"
        "  kind: canary\n  stages: [10 %, 25 %, 50 %, 100 %]\n  bake: 1 min\n  hold: 10 min\n"
        "policy:\n  max_parallel: 4\n  on_failure: rollback\n"_qs);
};

QPushButton *tryIt(Console &console) {
    for (QPushButton *button : console.window().findChildren<QPushButton *>()) {
        if (button->text().startsWith(u"Try it") && !button->isHidden()) {
            return button;
        }
    }
    return nullptr;
}

// Rehearsed once it compiles; then there is advice.
const auto advised = [](Console &console) {
    if (tryIt(console)) {
        return true;
    }
    if (console.window().shownView() == u"view.plans") {
        console.window().actions().action("plan.rehearse")->trigger();
    }
    return false;
};

const auto changed = [](Console &console) {
    if (!advised(console)) {
        return false;
    }
    tryIt(console)->click();
    console.window().showView(u"view.plans"_qs);
    return true;
};

const auto imported = [](Console &console) {
    const plans::ImportReading reading = plans::importPlan(
        "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: checkout-api}\n"
        "spec:\n  replicas: 10\n"
        "  template: {spec: {containers: [{name: a, image: 'shop:v44'}]}}\n"
        "  strategy:\n    canary:\n      trafficRouting: {nginx: {stableIngress: shop}}\n"
        "      steps: [{setWeight: 20}, {pause: {duration: 10m}}, {experiment: {duration: 1h}}]\n");
    Q_EMIT console.findChild<PlansPresenter *>()->exchange().imported(u"checkout.rollout.yaml"_qs,
                                                                      *reading.import);
};

const auto chosen = [](Console &console) {
    auto *view = console.window().findChild<HistoryView *>();
    view->select({view->shown()[3].row.id});
};

} // namespace

const std::vector<Shot> &allShots() {
    static const std::vector<Shot> shots{
        {"waiting", "view.waiting", "usual"},
        {"waiting-empty", "view.waiting", "empty"},
        {"waiting-hostile", "view.waiting", "hostile"},
        {"rollout", "view.rollouts", "usual"},
        {"rollout-proposed", "view.rollouts", "usual", ghost},
        {"rollout-running", "view.rollouts", "running"},
        {"rollout-paused", "view.rollouts", "paused"},
        {"rollout-going-back", "view.rollouts", "going-back"},
        {"rollout-rolled-back", "view.rollouts", "rolled-back"},
        {"rollout-failed", "view.rollouts", "failed"},
        {"rollout-undecided", "view.rollouts", "undecided"},
        {"rollout-draft", "view.rollouts", "draft"},
        {"rollout-completed", "view.rollouts", "completed"},
        {"rollout-first", "view.rollouts", "first"},
        {"rollout-way-back", "view.rollouts", "completed", {}, dialogOf("rollout.rollback-to")},
        {"rollout-rehearsed", "view.rollouts", "usual", chances, raised},
        {"rollout-stale", "view.rollouts", "stale"},
        {"rollout-hostile", "view.rollouts", "hostile"},
        {"rollout-empty", "view.rollouts", "empty"},
        {"fleet", "view.fleet", "usual"},
        {"fleet-12", "view.fleet", "nodes-12"},
        {"fleet-1000", "view.fleet", "nodes-1000"},
        {"fleet-100000", "view.fleet", "nodes-100000"},
        {"fleet-filter", "view.fleet", "nodes-1000", filter},
        {"fleet-node", "view.fleet", "usual", node},
        {"fleet-stale", "view.fleet", "stale"},
        {"fleet-hostile", "view.fleet", "hostile"},
        {"fleet-empty", "view.fleet", "empty"},
        {"clusters", "view.clusters", "usual"},
        {"clusters-connect", "view.clusters", "usual", trigger("cluster.add")},
        {"clusters-connect-nomad", "view.clusters", "usual", connecting("Nomad")},
        {"clusters-connect-docker", "view.clusters", "usual", connecting("Docker")},
        {"clusters-empty", "view.clusters", "empty"},
        {"clusters-hostile", "view.clusters", "hostile"},
        {"first-run", "first.run", "empty"},
        {"confirmation", "view.waiting", "usual", promote},
        {"confirmation-lowers", "view.waiting", "usual", pause},
        {"confirmation-stale", "view.waiting", "stale", promote},
        {"confirmation-hostile", "view.waiting", "hostile", promote},
        {"outcomes", "view.waiting", "usual", outcomes},
        {"history", "view.history", "usual"},
        {"history-chosen", "view.history", "usual", chosen},
        {"history-empty", "view.history", "empty"},
        {"history-hostile", "view.history", "hostile"},
        {"rehearsal-empty", "view.rehearsal", "usual"},
        {"plans", "view.plans", "usual", trigger("rollout.new")},
        {"rehearsal", "view.plans", "usual", careless, advised},
        {"plans-changed", "view.plans", "usual", careless, changed},
        {"plans-imported", "view.plans", "usual", imported},
        {"plans-empty", "view.plans", "empty"},
        {"settings", "view.waiting", "usual", trigger("window.settings")},
        {"palette", "view.waiting", "usual", trigger("window.palette")},
        {"keys", "view.waiting", "usual", trigger("window.keys")},
    };
    return shots;
}

} // namespace aviary
