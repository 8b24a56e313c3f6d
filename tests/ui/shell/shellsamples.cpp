// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/shell/shellsamples.h"

#include "tests/ui/samples.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/card.h"
#include "ui/theme/viewheader.h"

#include <QAction>
#include <QGridLayout>
#include <QVBoxLayout>

namespace aviary::samples {
namespace {

api::ClusterRow cluster(const QString &id, api::ClusterKind kind, api::Contact contact,
                        quint32 nodes) {
    api::ClusterRow row;
    row.id = id;
    row.name = id;
    row.kind = kind;
    row.contact = contact;
    row.nodes = nodes;
    row.unlocked = true;
    return row;
}

api::RolloutRow rollout(const QString &service, kernel::Status status, quint32 step,
                        quint32 steps) {
    api::RolloutRow row;
    row.id = service;
    row.service = service;
    row.status = status;
    row.step = step;
    row.steps = steps;
    row.weight = 1'000;
    return row;
}

QWidget *header(MainWindow &window) {
    auto *header = new ViewHeader;
    header->setTitle(u"checkout-api"_qs);
    header->setSubtitle(u"v41 \u2192 v42"_qs);
    header->setChips({{u"canary"_qs, Role::Dim, Sign::None, false},
                      {u"waiting for you"_qs, Role::Attention, Sign::None, false}});
    using Kind = ActionButton::Kind;
    ActionTable &actions = window.actions();
    header->addAction(actions.action("rollout.rehearse"));
    header->addAction(actions.action("rollout.pause"));
    header->addAction(actions.action("rollout.rollback"), Kind::Danger);
    header->addAction(actions.action("rollout.promote"), Kind::Primary);
    return header;
}

template <class Widget, class Value>
Card *carded(const QString &title, const QString &note, const Value &value) {
    auto *card = new Card(title, note);
    auto *widget = new Widget;
    widget->setValue(value);
    card->body()->addWidget(widget, 1);
    return card;
}

QWidget *rolloutView(MainWindow &window) {
    auto *view = new QWidget;
    view->setFocusPolicy(Qt::StrongFocus);
    view->setAccessibleName(u"checkout-api"_qs);
    auto *grid = new QGridLayout(view);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->addWidget(header(window), 0, 0, 1, 2);
    grid->addWidget(carded<StepTrack>({}, {}, stepTrack()), 1, 0, 1, 2);
    auto *card =
        new Card(u"Traffic on v42"_qs, u"drag or arrow keys, Enter proposes, Esc withdraws"_qs);
    auto *traffic = new TrafficSlider;
    traffic->setValue(slider());
    traffic->moveGhost(2'500);
    traffic->setEffect(sliderEffect());
    card->body()->addWidget(traffic);
    grid->addWidget(card, 2, 0, 1, 2);
    grid->addWidget(
        carded<TrafficShareChart>(u"Traffic share"_qs, u"counted by HAProxy"_qs, share()), 3, 0);
    grid->addWidget(carded<ErrorBandChart>(u"Errors, band valid at every look"_qs,
                                           u"latency, requests"_qs, errors()),
                    3, 1);
    grid->addWidget(carded<FleetMap>(u"Nodes by site"_qs, {}, smallFleet()), 4, 0, 1, 2);
    grid->setRowStretch(3, 3);
    grid->setRowStretch(4, 4);
    return view;
}

} // namespace

ShellState shellState() {
    using Kind = api::ClusterKind;
    using Contact = api::Contact;
    ShellState state;
    state.clusters = {cluster(u"This machine"_qs, Kind::Local, Contact::Live, 12),
                      cluster(u"edge-eu"_qs, Kind::Docker, Contact::Live, 48),
                      cluster(u"factory-7"_qs, Kind::Nomad, Contact::Stale, 1'204),
                      cluster(u"prod"_qs, Kind::Kubernetes, Contact::Live, 96),
                      cluster(u"depot-3"_qs, Kind::File, Contact::Live, 0)};
    api::ClusterRow &edge = state.clusters[1];
    edge.klass = api::ClusterClass::Production;
    edge.healthy = 45;
    edge.degraded = 2;
    edge.offline = 1;
    edge.behind = 1;
    state.cluster = edge;
    state.rollouts = {rollout(u"checkout-api"_qs, kernel::Status::Waiting, 2, 19),
                      rollout(u"camera-agent"_qs, kernel::Status::InProgress, 3, 8),
                      rollout(u"gateway"_qs, kernel::Status::Paused, 10, 16),
                      rollout(u"telemetry"_qs, kernel::Status::RollingBack, 8, 10)};
    state.rollouts[1].wave = 3;
    state.rollouts[1].waves = 8;
    state.waiting = 2;
    state.who = u"ops on this computer"_qs;
    state.age.age_ms = 240;
    state.nodes = nodesSentence(edge);
    state.journal = u"journal 1,482, chain whole"_qs;
    return state;
}

ActionContext waitingRollout() {
    ActionContext context;
    context.cluster = context.cluster_name = u"edge-eu"_qs;
    context.rollout = context.service = u"checkout-api"_qs;
    context.from = u"v41"_qs;
    context.to = u"v42"_qs;
    context.next_weight = 2'500;
    context.permissions = {{u"promote"_qs, true, {}},
                           {u"resume"_qs, false, u"it is not paused"_qs},
                           {u"lower"_qs, true, {}},
                           {u"pause"_qs, true, {}},
                           {u"rollback"_qs, true, {}}};
    return context;
}

std::vector<ActionContext> otherRollouts() {
    ActionContext done = waitingRollout();
    done.rollout = done.service = u"checkout-worker"_qs;
    for (api::Permission &permission : done.permissions) {
        permission.allowed = false;
        permission.reason = u"it is completed"_qs;
    }
    return {done};
}

std::vector<PalettePlace> places() {
    return {
        {u"eu-north-n0311"_qs, u"node of edge-eu, offline 4 min"_qs, u"node:eu-north-n0311"_qs,
         u"node"_qs},
        {u"checkout-api"_qs, u"rollout on edge-eu"_qs, u"rollout:checkout-api"_qs, u"rollouts"_qs}};
}

void furnish(MainWindow &window) {
    window.addView(u"view.rollouts"_qs, rolloutView(window));
    auto *fleet =
        carded<FleetMap>(u"One square is one node"_qs,
                         u"scroll zooms, drag selects, Enter opens"_qs, largeFleet(10'000, true));
    window.addView(u"view.fleet"_qs, fleet);
    window.setState(shellState());
    window.setContext(waitingRollout());
    window.setFindable(otherRollouts(), places());
    window.setCommandAction(u"rollout.promote"_qs);
}

} // namespace aviary::samples
