// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/rehearsalpresenter.h"

#include "core/api/presentation.h"
#include "core/support/words.h"
#include "ui/console/console.h"
#include "ui/console/documents.h"
#include "ui/console/recordofdesk.h"
#include "ui/rehearsal/answersvalue.h"
#include "ui/rehearsal/rehearsalview.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/viewheader.h"

#include <QDateTime>
#include <QJsonDocument>

#include <numeric>
#include <utility>

namespace aviary {

using namespace Qt::Literals;

rehearsal::Scenario usualScenario() {
    rehearsal::Scenario scenario;
    rehearsal::Hypothesis good;
    good.weight = 800'000;
    rehearsal::Hypothesis errs;
    errs.name = "errs 2 % more";
    errs.weight = 100'000;
    errs.errors_more = 20'000;
    rehearsal::Hypothesis slow;
    slow.name = "twice as slow";
    slow.weight = 50'000;
    slow.latency_percent = 200;
    rehearsal::Hypothesis leaks;
    leaks.name = "leaks slowly";
    leaks.weight = 50'000;
    leaks.leak_per_hour = 20'000;
    leaks.leak_after_ms = 20 * 60'000;
    scenario.hypotheses = {good, errs, slow, leaks};
    return scenario;
}

namespace {

// Who runs the rollouts of a cluster, where it is not our own engine.
std::string engineOf(const api::ClusterRow *cluster) {
    return !cluster                                        ? ""
           : cluster->kind == api::ClusterKind::Nomad      ? "nomad"
           : cluster->kind == api::ClusterKind::Kubernetes ? "kubernetes"
                                                           : "";
}

} // namespace

RehearsalPresenter::RehearsalPresenter(Console &console)
    : QObject(&console), console_(console), view_(new RehearsalView), runner_(this), fleet_(this) {
    console.window().addView(u"view.rehearsal"_qs, view_);
    ViewHeader *header = view_->header();
    header->addAction(console.window().actions().action("rehearsal.export"));
    header->addAction(console.window().actions().action("rollout.rehearse"));
    header->addAction(console.window().actions().action("rehearsal.run"),
                      ActionButton::Kind::Primary);
    assume(usualScenario());
    wire();
    show();
}

void RehearsalPresenter::wire() {
    connect(&console_, &Console::actionWanted, this, &RehearsalPresenter::carryOut);
    connect(&fleet_, &FleetOfDesk::fetched, this, &RehearsalPresenter::takeFleet);
    connect(&fleet_, &FleetOfDesk::failed, this, &RehearsalPresenter::takeFleet); // without labels
    connect(view_, &RehearsalView::weightWanted, this, &RehearsalPresenter::setWeight);
    connect(view_, &RehearsalView::tryWanted, this, &RehearsalPresenter::tryChange);
    connect(view_, &RehearsalView::cancelWanted, this, [this] {
        runner_.cancel();
        value_.progress.reset();
        value_.trouble = tr("Cancelled; nothing of it was kept.");
        show();
    });
    connect(view_, &RehearsalView::replayWanted, &runner_, &RehearsalRunner::openFuture);
    connect(&runner_, &RehearsalRunner::futureOpened, this, &RehearsalPresenter::replay);
    connect(&runner_, &RehearsalRunner::finished, this, &RehearsalPresenter::showFinished);
    connect(&runner_, &RehearsalRunner::progressed, this,
            [this](const rehearsal::Progress &progress) {
                showProgress(progress, setup_.scenario, weights_, value_);
                show();
            });
    connect(&runner_, &RehearsalRunner::failed, this, [this](const Error &error) {
        value_.progress.reset();
        value_.trouble = toText(error);
        show();
    });
    connect(&runner_, &RehearsalRunner::advised, this, [this](const rehearsal::Advice &advice) {
        advice_ = advice;
        showAdvice(advice, tr("plan %1").arg(QChar(u'A' + int(plans_.size()))), value_);
        show();
    });
    connect(&runner_, &RehearsalRunner::compared, this,
            [this](const rehearsal::Comparison &comparison) {
                comparison_ = comparison;
                showPlans(comparison.answers, names_, value_);
                show();
            });
}

void RehearsalPresenter::carryOut(const QString &id, const ActionContext &context) {
    if (id == u"rollout.rehearse" && console_.choice().desk()) {
        console_.window().showView(u"view.rehearsal"_qs);
        rehearseRollout(*console_.choice().desk(), context.rollout);
    } else if (id == u"rehearsal.export") {
        chooseExport();
    } else if (id == u"rehearsal.run") {
        console_.window().showView(u"view.rehearsal"_qs);
        if (setup_.plan) {
            ++setup_.seed;
            run();
        } else if (console_.choice().desk() && console_.choice().rolloutRow()) {
            rehearseRollout(*console_.choice().desk(), console_.choice().rollout());
        }
    }
}

// Its record says where it stands.
void RehearsalPresenter::rehearseRollout(Desk &desk, const QString &rollout) {
    const api::RolloutRow *row = desk.rollout(rollout);
    if (!row) {
        return;
    }
    runner_.cancel();
    value_ = {};
    value_.trouble = tr("Reading the record of %1\u2026").arg(row->service);
    show();
    fetchRecord(desk, rollout, this,
                [this, desk = QPointer<Desk>(&desk), row = *row](const Result<record::Run> &run) {
                    if (run && desk) {
                        rehearseRun(*desk, row, *run);
                    } else if (!run) {
                        value_.trouble = toText(run.error());
                        show();
                    }
                });
}

void RehearsalPresenter::rehearseRun(Desk &desk, const api::RolloutRow &row,
                                     const record::Run &recorded) {
    take(std::make_shared<const kernel::Plan>(recorded.header.plan), {});
    learnTraffic(desk.detail(row.id));
    kernel::State state = kernel::begin(*setup_.plan);
    bool sound = true;
    for (const record::SealedEntry &sealed : recorded.entries) {
        sound = sound && record::apply(*setup_.plan, state, sealed.bytes).has_value();
    }
    const bool live =
        sound && state.status >= kernel::Status::Pending && !kernel::isEnd(state.status);
    if (live) {
        // The fan begins with the last entry; the rollout's clock has run on since, unless it is
        // paused.
        const qint64 now_ms = QDateTime::currentMSecsSinceEpoch();
        const bool ran = state.status != kernel::Status::Paused && !recorded.entries.empty();
        const qint64 last_ms =
            ran ? record::EntryReader(recorded.entries.back().bytes).head().wall_ms : now_ms;
        watched_ = {&desk, row.id, std::max<qint64>(0, now_ms - last_ms), now_ms, {}};
        desk.watchRollout(row.id);
        connect(&desk, &Desk::detailChanged, this, &RehearsalPresenter::follow,
                Qt::UniqueConnection);
        setup_.now =
            rehearsal::Now{std::move(state), recorded, engineOf(desk.cluster(row.cluster))};
    }
    const QString subject = row.service + u' ' + row.to;
    value_.subtitle = live ? tr("%1 on %2, from now").arg(subject, row.cluster)
                           : tr("%1 on %2, from its beginning").arg(subject, row.cluster);
    value_.trouble = tr("Reading the nodes of %1\u2026").arg(row.cluster);
    show();
    labels_wanted_ = true;
    fleet_.fetch(desk, row.cluster); // a record has no labels, which a hypothesis may name
}

void RehearsalPresenter::takeFleet() {
    if (std::exchange(labels_wanted_, false)) {
        setup_.fleet = fleet_.fleet();
        run();
    }
}

void RehearsalPresenter::unwatch() {
    if (watched_.desk) {
        watched_.desk->unwatchRollout(watched_.rollout);
    }
    watched_ = {};
}

void RehearsalPresenter::rehearsePlan(std::shared_ptr<const kernel::Plan> plan,
                                      const QString &about, const kernel::Fleet &fleet) {
    take(std::move(plan), fleet);
    begin(about);
}

// In place of what was rehearsed before.
void RehearsalPresenter::take(std::shared_ptr<const kernel::Plan> plan,
                              const kernel::Fleet &fleet) {
    labels_wanted_ = false;
    presumed_.clear();
    learned_.clear();
    setup_.scenario.start = assumed_start_;
    setup_.plan = std::move(plan);
    setup_.fleet = fleet;
    setup_.now.reset();
    plans_ = {setup_.plan};
    unwatch();
    value_ = {};
}

void RehearsalPresenter::begin(const QString &about) {
    value_.subtitle = about;
    console_.window().showView(u"view.rehearsal"_qs);
    run();
}

// Starts that the cluster remembers take the place of the usual ones; a file's are what is wanted.
Result<void> RehearsalPresenter::rehearseNext(const rehearsal::PlannedVersion &planned,
                                              const QString &cluster, const kernel::Fleet &fleet,
                                              const QString &part) {
    rehearsal::Scenario assumed = setup_.scenario;
    assumed.start = assumed_start_;
    auto next = rehearsal::nextVersionOf(planned, fleet, std::move(assumed), part,
                                         scenario_file_.isEmpty());
    if (!next) {
        return tl::unexpected(next.error());
    }
    take(next->plan, next->fleet);
    setup_.scenario = std::move(next->scenario);
    presumed_ = next->presumed;
    learned_ = next->starts;
    begin(tr("%1 on %2, as it rolls it out").arg(next->name, cluster));
    return {};
}

QStringList RehearsalPresenter::presumed() const {
    return learned_.isEmpty() ? presumed_ : presumed_ + QStringList{learned_};
}

// The old revision's traffic and errors as they were counted last.
void RehearsalPresenter::learnTraffic(const api::RolloutDetail *detail) {
    if (!detail || detail->traffic.empty() || !scenario_file_.isEmpty()) {
        return;
    }
    double requests = 0;
    double errors = 0;
    for (const api::TrafficPoint &point : detail->traffic) {
        requests += point.requests;
        errors += point.stable_error;
    }
    const auto count = static_cast<double>(detail->traffic.size());
    setup_.scenario.traffic.requests_per_s =
        std::clamp(requests / count, 0.0, rehearsal::requests_per_s_max);
    setup_.scenario.traffic.errors =
        static_cast<kernel::Ppm>(std::clamp(errors / count, 0.0, 1.0) * kernel::ppm_one);
}

void RehearsalPresenter::run() {
    value_.trouble.clear();
    value_.progress = 0;
    value_.alarm.clear();
    advice_ = {};
    comparison_ = {};
    names_ = QStringList{tr("A, the plan")};
    plans_.resize(1);
    setup_.begun_wall_ms = setup_.now && setup_.now->record
                               ? setup_.now->record->header.begun_wall_ms
                               : QDateTime::currentMSecsSinceEpoch();
    show();
    runner_.run(setup_);
}

void RehearsalPresenter::showFinished() {
    const Rehearsed &last = *runner_.last();
    value_.progress.reset();
    value_.trouble.clear();
    value_.counted = tr("%1 futures, seed %2, %3")
                         .arg(countText(last.answers.futures), QString::number(last.answers.seed),
                              ageText(last.took_ms));
    if (!scenario_file_.isEmpty()) {
        value_.counted = tr("%1, %2").arg(value_.counted, boundedText(scenario_file_, 40));
    }
    showLast();
    show();
    Q_EMIT rehearsed({setup_.plan, watched_.desk, watched_.rollout,
                      QDateTime::currentMSecsSinceEpoch(),
                      chancesOf(last.answers, setup_.scenario)});
    if (setup_.now) {
        handFan(); // and a plan that runs is not changed any more
    } else {
        runner_.advise();
    }
}

// The newest answers, with the shares of now.
void RehearsalPresenter::showLast() {
    showAnswers(runner_.last()->answers, *setup_.plan, weights_, value_);
    value_.assumptions = presumed() + value_.assumptions;
    showWorst();
    follow();
}

// The daemon watches the live run by it, tells when it leaves it, and raises the alarm.
void RehearsalPresenter::handFan() {
    if (!watched_.desk || watched_.desk->travelling() || watched_.desk->isFile()) {
        return;
    }
    const std::size_t shown = rehearsal::shownHypothesis(setup_.scenario);
    const QByteArray fan = rehearsal::toJson(runner_.last()->answers.hypotheses[shown].fans);
    watched_.desk->call(
        u"fan.watch"_qs,
        {{u"rollout"_qs, watched_.rollout},
         {u"fan"_qs, QJsonDocument::fromJson(fan).object()},
         {u"since_ms"_qs, qint64(setup_.now->state.now)}},
        [self = QPointer<RehearsalPresenter>(this)](const auto &answer) {
            if (self && !answer) {
                self->value_.trouble =
                    tr("Nobody watches it against its fan: %1").arg(toText(answer.error()));
                self->show();
            }
        });
}

// Thin lines of the futures that end badly, each in the fan of its hypothesis.
void RehearsalPresenter::showWorst() {
    const Rehearsed &last = *runner_.last();
    for (std::size_t i = 0; i < last.worst.size(); ++i) {
        const rehearsal::WorstFuture &future = last.answers.worst[i];
        if (future.ending == rehearsal::Ending::Completed ||
            future.hypothesis >= value_.fans.size()) {
            continue;
        }
        for (std::size_t kind = 0; kind < fan_kind_count; ++kind) {
            FanChartValue &fan = value_.fans[future.hypothesis][kind];
            fan.bad.push_back(last.worst[i][kind]);
            fan.bad_label = tr("ends badly");
        }
    }
}

void RehearsalPresenter::follow() {
    if (!watched_.desk || !runner_.last() || value_.fans.empty()) {
        return;
    }
    if (const api::RolloutDetail *detail = watched_.desk->detail(watched_.rollout)) {
        look(*detail);
        show();
    }
}

// The live run over the fan of every hypothesis. Whether it left it is for the daemon to say.
void RehearsalPresenter::look(const api::RolloutDetail &detail) {
    const qint64 now_ms = QDateTime::currentMSecsSinceEpoch();
    if (detail.row.status != kernel::Status::Paused) { // else its clock stands
        watched_.elapsed_ms += std::max<qint64>(0, now_ms - watched_.looked_wall_ms);
    }
    watched_.looked_wall_ms = now_ms;
    const double minutes = static_cast<double>(watched_.elapsed_ms) / 60'000.0;
    const std::array shares{detail.fresh_share,
                            static_cast<double>(detail.traffic_now) / kernel::full_weight,
                            detail.up_share};
    const bool left = !detail.left_fan.isEmpty();
    value_.alarm =
        left ? tr("The live run left its fan: %1").arg(boundedText(detail.left_fan)) : QString();
    for (std::size_t kind = 0; kind < fan_kind_count; ++kind) {
        watched_.lines[kind].push_back({minutes, shares[kind]});
        for (auto &fans : value_.fans) {
            fans[kind].live = watched_.lines[kind];
            if (left && !fans[kind].left_at_minutes) {
                fans[kind].left_at_minutes = minutes;
            }
        }
    }
}

// The shares add up to one: the others give way in proportion.
void RehearsalPresenter::setWeight(int hypothesis, double weight) {
    const auto chosen = static_cast<std::size_t>(hypothesis);
    if (chosen >= weights_.size()) {
        return;
    }
    const double others = std::accumulate(weights_.begin(), weights_.end(), 0.0) - weights_[chosen];
    for (std::size_t i = 0; i < weights_.size(); ++i) {
        const double even = (1 - weight) / static_cast<double>(weights_.size() - 1);
        weights_[i] = i == chosen  ? weight
                      : others > 0 ? weights_[i] * (1 - weight) / others
                                   : even;
        setup_.scenario.hypotheses[i].weight =
            static_cast<kernel::Ppm>(weights_[i] * kernel::ppm_one);
    }
    if (runner_.last() && !runner_.running()) {
        showLast();
    }
    show();
}

void RehearsalPresenter::tryChange() {
    if (advice_.tried.empty()) {
        return;
    }
    constexpr std::size_t plans_max = 4;
    if (plans_.size() == plans_max) {
        plans_.pop_back();
        names_.pop_back();
    }
    names_ << tr("%1, %2")
                  .arg(QChar(u'A' + int(plans_.size())))
                  .arg(api::text(advice_.tried.front().words));
    plans_.push_back(advice_.tried.front().plan);
    value_.try_it.clear();
    show();
    Q_EMIT changeWanted(setup_.plan, advice_.tried.front());
    runner_.compare(plans_);
}

void RehearsalPresenter::replay(quint32 future, const std::shared_ptr<travel::RecordedRun> &run) {
    travel::Document document{tr("future #%1").arg(future), run, run->warnings()};
    const QString id = u"future:%1"_qs.arg(future);
    Desk &desk = addDocumentDesk(console_.desks(), id, document);
    console_.choice().chooseRollout(&desk, run->header().rollout);
    console_.window().showView(u"view.history"_qs);
}

void RehearsalPresenter::show() {
    if (!setup_.plan && value_.trouble.isEmpty()) {
        value_.trouble = tr("Choose a rollout and rehearse it from now: what may come, how it is "
                            "caught, and at what cost. Nothing outside this window changes.");
    }
    view_->setValue(value_);
}

} // namespace aviary
