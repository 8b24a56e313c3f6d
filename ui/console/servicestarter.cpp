// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/servicestarter.h"

#include "core/api/servicestart.h"
#include "core/api/valuesjson.h"
#include "core/support/words.h"
#include "ui/clusters/serviceform.h"
#include "ui/console/console.h"
#include "ui/console/rehearsalpresenter.h"
#include "ui/shell/mainwindow.h"

#include <QProcess>

#include <algorithm>

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr qsizetype facts_max = 40;

std::vector<Fact> factsOfStart(const api::EffectRow &effect) {
    std::vector<Fact> facts;
    const qsizetype told = std::min(effect.sentences.size(), facts_max);
    for (const QString &sentence : effect.sentences.first(told)) {
        facts.push_back(
            {facts.empty() ? ServiceStarter::tr("effect") : QString(), boundedText(sentence)});
    }
    if (const qsizetype more = effect.sentences.size() - told; more > 0) {
        facts.push_back({QString(), ServiceStarter::tr("and %1 more").arg(more)});
    }
    facts.push_back(
        {ServiceStarter::tr("planned against"),
         effect.epoch == 0
             ? ServiceStarter::tr("nothing: it is new, and must be so still")
             : ServiceStarter::tr("index %1; refused if it was changed since").arg(effect.epoch)});
    if (!effect.way_back.isEmpty()) {
        facts.push_back({ServiceStarter::tr("way back"), boundedText(effect.way_back)});
    }
    return facts;
}

} // namespace

Result<QJsonObject> startParameters(const ServiceWish &wish) {
    api::ServiceStart start{wish.service,
                            wish.file,
                            wish.image,
                            wish.part,
                            wish.task,
                            {},
                            QProcess::splitCommand(wish.variables)};
    if (!wish.count.isEmpty()) {
        bool is_number = false;
        start.count = wish.count.toLongLong(&is_number);
        if (!is_number) {
            return fail(ErrorCode::Invalid, ServiceStarter::tr("the instances are no number"),
                        u"count"_qs);
        }
    }
    return api::parametersOf(start);
}

ServiceStarter::ServiceStarter(Console &console, RehearsalPresenter &rehearsal)
    : QObject(&console)
    , console_(console)
    , rehearsal_(rehearsal)
    , form_(new ServiceForm(console.window().centralWidget()))
    , fleet_(this) {
    connect(&console, &Console::actionWanted, this, [this](const QString &action) {
        if (action == u"service.start") {
            open();
        }
    });
    connect(form_, &ServiceForm::planWanted, this, &ServiceStarter::plan);
    connect(form_, &ServiceForm::rehearsalWanted, this, &ServiceStarter::rehearse);
    connect(&fleet_, &FleetOfDesk::fetched, this, &ServiceStarter::takeFleet);
    connect(&fleet_, &FleetOfDesk::failed, form_,
            [this](const Error &error) { form_->setTrouble(toText(error)); });
}

void ServiceStarter::open() {
    const Choice &choice = console_.choice();
    const api::ClusterRow *cluster = choice.clusterRow();
    if (!choice.desk() || !cluster) {
        return;
    }
    desk_ = choice.desk();
    cluster_ = cluster->id;
    const api::RolloutRow *rollout = choice.rolloutRow();
    form_->ask(cluster->name, rollout ? rollout->service : QString());
}

void ServiceStarter::ask(const ServiceWish &wish, const Planned &then) {
    const auto given = startParameters(wish);
    if (!given || !desk_) {
        return form_->setTrouble(given ? tr("the daemon was left meanwhile")
                                       : toText(given.error()));
    }
    QJsonObject parameters = *given;
    parameters.insert(u"cluster"_qs, cluster_);
    desk_->call(u"service.effect"_qs, parameters,
                [this, parameters, then, turn = ++plans_](const Result<QJsonObject> &answer) {
                    if (turn != plans_ || !form_->isVisible()) {
                        return;
                    }
                    answer ? then(parameters, *answer) : form_->setTrouble(toText(answer.error()));
                });
}

void ServiceStarter::plan(const ServiceWish &wish) {
    ask(wish, [this](const QJsonObject &asked, const QJsonObject &answer) {
        const auto effect = api::fromJson<api::EffectRow>(answer.value(u"effect"_qs).toObject());
        effect ? propose(asked, answer.value(u"service"_qs).toString(), *effect)
               : form_->setTrouble(toText(effect.error()));
    });
}

void ServiceStarter::rehearse(const ServiceWish &wish) {
    ask(wish, [this, part = wish.part](const QJsonObject &, const QJsonObject &answer) {
        planned_ = rehearsal::plannedVersionOf(answer);
        part_ = part;
        if (desk_) {
            fleet_.fetch(*desk_, cluster_);
        }
    });
}

void ServiceStarter::takeFleet() {
    if (!form_->isVisible()) {
        return;
    }
    const auto begun = rehearsal_.rehearseNext(planned_, cluster_, fleet_.fleet(), part_);
    begun ? form_->shut() : form_->setTrouble(toText(begun.error()));
}

void ServiceStarter::propose(const QJsonObject &parameters, const QString &service,
                             const api::EffectRow &effect) {
    form_->shut();
    if (!desk_) {
        return;
    }
    Proposal proposal;
    proposal.verb = u"service.request"_qs;
    proposal.parameters = parameters;
    proposal.parameters.insert(u"epoch"_qs, static_cast<qint64>(effect.epoch));
    proposal.parameters.insert(u"effect"_qs, effect.token);
    proposal.cluster = cluster_;
    proposal.service = service;
    proposal.title = tr("Start a version of %1?").arg(boundedText(service, 60));
    proposal.button = tr("Start");
    proposal.facts = factsOfStart(effect);
    proposal.raises_exposure = true;
    console_.requester().propose(*desk_, proposal);
}

} // namespace aviary
