// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/clusterspresenter.h"

#include "core/api/linesession.h"
#include "core/api/words.h"
#include "core/support/words.h"
#include "ui/clusters/clusterform.h"
#include "ui/console/shellfeed.h"
#include "ui/models/signs.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/viewheader.h"

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr int refresh_ms = 250; // ages are read, not raced

DaemonLine lineOf(const Desk &desk) {
    DaemonLine line;
    line.id = desk.id();
    line.name = desk.name();
    line.removable = desk.id() != local_desk;
    line.answers = desk.link() == Desk::Link::Open;
    line.trouble = desk.trouble();
    const auto *session = qobject_cast<const api::LineSession *>(desk.session());
    const int next_ms = session ? session->nextTryMs() : -1;
    line.state =
        line.answers ? ClustersPresenter::tr("answers")
        : next_ms > 0
            ? ClustersPresenter::tr("does not answer; next try in %1").arg(ageText(next_ms))
            : ClustersPresenter::tr("does not answer; trying");
    return line;
}

} // namespace

ClustersPresenter::ClustersPresenter(Console &console)
    : QObject(&console)
    , console_(console)
    , view_(new ClustersView)
    , form_(new ClusterForm(console.window().centralWidget())) {
    MainWindow &window = console.window();
    window.addView(u"view.clusters"_qs, view_);
    for (const char *id : {"cluster.remove", "cluster.edit", "cluster.lock", "cluster.test"}) {
        view_->header()->addAction(window.actions().action(id));
    }
    view_->header()->addAction(window.actions().action("cluster.add"), ActionButton::Kind::Primary);
    refresh_timer_.setSingleShot(true);
    connect(&refresh_timer_, &QTimer::timeout, this, &ClustersPresenter::refresh);
    connect(&console.desks(), &Desks::added, this, &ClustersPresenter::follow);
    connect(&console.desks(), &Desks::changed, this, &ClustersPresenter::refreshSoon);
    connect(&console.choice(), &Choice::chosen, this, &ClustersPresenter::refreshSoon);
    for (Desk *desk : console.desks().all()) {
        follow(desk);
    }
    connect(&console, &Console::actionWanted, this, &ClustersPresenter::carryOut);
    connect(view_, &ClustersView::chosen, this,
            [this](const QString &key) { console_.open(u"cluster:"_qs + key); });
    connect(view_, &ClustersView::opened, this, [this](const QString &key) {
        console_.open(u"cluster:"_qs + key);
        console_.window().showView(u"view.fleet"_qs);
    });
    connect(view_, &ClustersView::reconnectWanted, this, &ClustersPresenter::reconnect);
    connect(view_, &ClustersView::removeDaemonWanted, &console, &Console::removeHost);
    connect(form_, &ClusterForm::addWanted, this, &ClustersPresenter::add);
    connect(form_, &ClusterForm::editWanted, this, &ClustersPresenter::edit);
    connect(form_, &ClusterForm::testWanted, this, &ClustersPresenter::tryOut);
    refresh();
}

void ClustersPresenter::follow(Desk *desk) {
    for (const auto signal : {&Desk::clustersChanged, &Desk::linkChanged, &Desk::sessionChanged}) {
        connect(desk, signal, this, &ClustersPresenter::refreshSoon);
    }
}

void ClustersPresenter::refreshSoon() {
    if (!refresh_timer_.isActive()) {
        refresh_timer_.start(refresh_ms);
    }
}

void ClustersPresenter::refresh() {
    std::vector<ClusterLine> lines;
    std::vector<DaemonLine> daemons;
    for (const Desk *desk : console_.desks().all()) {
        for (const api::ClusterRow &row : seenClusters(*desk)) {
            lines.push_back({toText(DeskKey{desk->id(), row.id}), row, desk->name(),
                             dataAgeText(ageOf(*desk, row.id))});
        }
        daemons.push_back(lineOf(*desk));
    }
    const Choice &choice = console_.choice();
    const QString chosen =
        choice.desk() ? toText(DeskKey{choice.desk()->id(), choice.cluster()}) : QString();
    view_->setLines(std::move(lines), chosen);
    view_->setDaemons(daemons);
    view_->setTest(test_);
    if (console_.window().shownView() == u"view.clusters") {
        refreshSoon(); // ages grow
    }
}

void ClustersPresenter::carryOut(const QString &id) {
    Desk *desk = console_.choice().desk();
    const api::ClusterRow *row = console_.choice().clusterRow();
    if (id == u"cluster.add") {
        form_->add();
    } else if (!desk || !row) {
        return;
    } else if (id == u"cluster.edit") {
        form_->edit(*row);
    } else if (id == u"cluster.test") {
        console_.window().showView(u"view.clusters"_qs);
        test(*desk, row->id);
    } else if (id == u"cluster.lock") {
        lock(*desk, *row);
    } else if (id == u"cluster.remove") {
        remove(*desk, *row);
    }
}

void ClustersPresenter::test(Desk &desk, const QString &cluster) {
    const api::ClusterRow *row = desk.cluster(cluster);
    test_ = {row ? row->name : cluster, true, {}, {}};
    view_->setTest(test_);
    desk.call(u"cluster.test"_qs, {{u"id"_qs, cluster}},
              [this, name = test_.cluster](const Result<QJsonObject> &answer) {
                  if (name != test_.cluster) {
                      return; // another one was asked meanwhile
                  }
                  test_.running = false;
                  const auto checks =
                      answer ? api::listFromJson<api::CheckRow>(answer->value(u"checks"_qs))
                             : tl::unexpected(answer.error());
                  checks ? test_.checks = *checks : std::vector<api::CheckRow>();
                  test_.trouble = checks ? QString() : toText(checks.error());
                  view_->setTest(test_);
              });
}

void ClustersPresenter::lock(Desk &desk, const api::ClusterRow &row) {
    const bool unlock = !row.unlocked;
    const QString name = boundedText(row.name, 60);
    Proposal proposal;
    proposal.verb = u"cluster.lock"_qs;
    proposal.cluster = row.id;
    proposal.parameters = {{u"id"_qs, row.id}, {u"unlocked"_qs, unlock}};
    proposal.title = unlock ? tr("Unlock %1?").arg(name) : tr("Lock %1?").arg(name);
    proposal.button = unlock ? tr("Unlock") : tr("Lock");
    proposal.facts = {{tr("class"), nameOf(row.klass)},
                      {tr("then"), unlock ? tr("promote, start and resume can be asked")
                                          : tr("only what lowers exposure can be asked")}};
    console_.requester().propose(desk, proposal);
}

void ClustersPresenter::remove(Desk &desk, const api::ClusterRow &row) {
    Proposal proposal;
    proposal.verb = u"cluster.remove"_qs;
    proposal.cluster = row.id;
    proposal.parameters = {{u"id"_qs, row.id}};
    proposal.title = tr("Remove %1?").arg(boundedText(row.name, 60));
    proposal.button = tr("Remove");
    proposal.facts = {{tr("nodes"), nodesText(row.nodes)},
                      {tr("then"), tr("it leaves this list; what runs there runs on")}};
    console_.requester().propose(desk, proposal);
}

void ClustersPresenter::add(const ClusterWish &wish) {
    if (!wish.host.isEmpty()) {
        const Result<void> added = console_.addHost(wish.host);
        added ? form_->shut() : form_->setTrouble(toText(added.error()));
        return;
    }
    Desk *desk = console_.desks().find(local_desk);
    if (!desk) {
        form_->setTrouble(tr("no daemon is connected"));
        return;
    }
    QJsonObject parameters{{u"id"_qs, wish.id},
                           {u"kind"_qs, api::wordOf(wish.kind)},
                           {u"class"_qs, api::wordOf(wish.klass)},
                           {u"needs_approval"_qs, wish.needs_approval},
                           {u"settings"_qs, wish.settings}};
    if (!wish.name.isEmpty()) {
        parameters.insert(u"name"_qs, wish.name);
    }
    desk->call(
        u"cluster.add"_qs, parameters, [this, desk, wish](const Result<QJsonObject> &answer) {
            if (!answer) {
                return form_->setTrouble(toText(answer.error()));
            }
            keepToken(*desk, wish, [this, id = wish.id] { console_.open(u"cluster:"_qs + id); });
        });
}

void ClustersPresenter::keepToken(Desk &desk, const ClusterWish &wish,
                                  const std::function<void()> &then) {
    if (wish.token.isEmpty()) {
        form_->shut();
        return then();
    }
    desk.call(u"cluster.token"_qs, {{u"id"_qs, wish.id}, {u"token"_qs, wish.token}},
              [this, name = wish.id, then](const Result<QJsonObject> &answer) {
                  if (!answer) {
                      return form_->setTrouble(tr("%1 is connected, and the token is not kept: %2")
                                                   .arg(name, toText(answer.error())));
                  }
                  form_->shut();
                  then();
              });
}

void ClustersPresenter::tryOut(const ClusterWish &wish) {
    Desk *desk = console_.desks().find(local_desk);
    if (!desk) {
        form_->setChecks({});
        form_->setTrouble(tr("no daemon is connected"));
        return;
    }
    desk->call(u"cluster.try"_qs,
               {{u"kind"_qs, api::wordOf(wish.kind)},
                {u"settings"_qs, wish.settings},
                {u"token"_qs, wish.token}},
               [this, turn = ++tries_](const Result<QJsonObject> &answer) {
                   if (turn != tries_) {
                       return;
                   }
                   const auto checks = answer.and_then([](const QJsonObject &given) {
                       return api::listFromJson<api::CheckRow>(given[u"checks"]);
                   });
                   form_->setChecks(checks ? *checks : std::vector<api::CheckRow>());
                   form_->setTrouble(checks ? QString() : toText(checks.error()));
               });
}

void ClustersPresenter::edit(const ClusterWish &wish) {
    Desk *desk = console_.choice().desk();
    if (!desk) {
        return;
    }
    desk->call(u"cluster.edit"_qs,
               {{u"id"_qs, wish.id},
                {u"name"_qs, wish.name},
                {u"class"_qs, api::wordOf(wish.klass)},
                {u"needs_approval"_qs, wish.needs_approval}},
               [this, desk, wish](const Result<QJsonObject> &answer) {
                   answer ? keepToken(*desk, wish, [] {})
                          : form_->setTrouble(toText(answer.error()));
               });
}

void ClustersPresenter::reconnect(const QString &id) {
    const Desk *desk = console_.desks().find(id);
    if (auto *session = desk ? qobject_cast<api::LineSession *>(desk->session()) : nullptr) {
        session->tryNow();
    }
}

} // namespace aviary
