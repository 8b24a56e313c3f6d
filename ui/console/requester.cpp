// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/requester.h"

#include "core/api/requestid.h"
#include "core/support/words.h"

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr int age_check_ms = 500;

const QString request_verb = u"request"_qs;

} // namespace

Requester::Requester(QObject *parent) : QObject(parent) {
    connect(&age_timer_, &QTimer::timeout, this, &Requester::refresh);
}

void Requester::ask(Desk &desk, const QString &verb, const QString &rollout,
                    const QJsonObject &parameters) {
    const api::RolloutRow *row = desk.rollout(rollout);
    if (!row) {
        return;
    }
    Asking asking;
    asking.desk = &desk;
    asking.verb = request_verb;
    asking.parameters = parameters;
    asking.parameters.insert(u"rollout"_qs, rollout);
    asking.parameters.insert(u"verb"_qs, verb);
    asking.cluster = row->cluster;
    asking.rollout = rollout;
    asking.service = row->service;
    asking.what = requestText(verb, row->service, parameters);
    asking.raises = !lowersExposure(verb) && verb != u"approve";
    Question question;
    question.title = asking.what + u'?';
    question.button = requestButton(verb, parameters);
    question.lowers = lowersExposure(verb);
    begin(std::move(asking), std::move(question));
    connect(&desk, &Desk::rolloutsChanged, this, &Requester::measure);
    connect(&desk, &Desk::detailChanged, this, &Requester::measure);
    measure();
}

void Requester::propose(Desk &desk, const Proposal &proposal, api::Answer answered) {
    Asking asking;
    asking.desk = &desk;
    asking.verb = proposal.verb;
    asking.parameters = proposal.parameters;
    asking.cluster = proposal.cluster;
    asking.service = proposal.service;
    asking.what = proposal.title.endsWith(u'?') ? proposal.title.chopped(1) : proposal.title;
    asking.raises = proposal.raises_exposure;
    asking.answered = std::move(answered);
    Question question;
    question.title = proposal.title;
    question.button = proposal.button;
    question.facts = proposal.facts;
    question.lowers = !proposal.raises_exposure;
    question.complete = true;
    begin(std::move(asking), std::move(question));
    refresh();
}

void Requester::begin(Asking asking, Question question) {
    withdraw();
    ++turn_;
    Desk &desk = *asking.desk;
    const api::ClusterRow *cluster = desk.cluster(asking.cluster);
    question.cluster_name = cluster ? boundedText(cluster->name, 60) : asking.cluster;
    asking_ = std::move(asking);
    question_ = std::move(question);
    connect(&desk, &Desk::clustersChanged, this, &Requester::refresh);
    connect(&desk, &Desk::linkChanged, this, &Requester::refresh);
    connect(&desk, &Desk::sessionChanged, this, &Requester::withdraw);
    age_timer_.start(age_check_ms);
    grade();
    question_->blocked = blockedText();
    Q_EMIT questionChanged();
}

// A production cluster has the service typed for what raises exposure.
void Requester::grade() {
    const api::ClusterRow *cluster = asking_->desk->cluster(asking_->cluster);
    const bool production = cluster && cluster->klass == api::ClusterClass::Production;
    question_->word = production && asking_->raises ? asking_->service : QString();
}

QString Requester::blockedText() const {
    const Desk &desk = *asking_->desk;
    if (desk.travelling() || desk.isFile()) {
        return tr("this is not live; go back to live first");
    }
    if (!asking_->raises || asking_->cluster.isEmpty()) {
        return {};
    }
    const QString name = question_->cluster_name;
    if (desk.link() != Desk::Link::Open) {
        return tr("the daemon does not answer; this is on again once it does");
    }
    if (desk.isStale(asking_->cluster)) {
        const auto age_ms = desk.ageMs(asking_->cluster);
        return age_ms ? tr("what is known of %1 is %2 old; this is on again once it answers")
                            .arg(name, ageText(*age_ms))
                      : tr("%1 was not heard yet; this is on again once it answers").arg(name);
    }
    const api::ClusterRow *cluster = desk.cluster(asking_->cluster);
    return cluster->unlocked ? QString() : tr("%1 is read-only; unlock it first").arg(name);
}

// Lock, class and age may change while the question stands.
void Requester::refresh() {
    if (!question_ || !asking_->desk) {
        return withdraw();
    }
    const Question before = *question_;
    grade();
    question_->blocked = blockedText();
    if (*question_ != before) {
        Q_EMIT questionChanged();
    }
}

void Requester::measure() {
    if (!asking_ || asking_->verb != request_verb || !asking_->desk) {
        return;
    }
    if (std::exchange(asking_->measuring, true)) {
        asking_->measure_again = true; // once this answer is in
        return;
    }
    asking_->desk->call(u"effect"_qs, asking_->parameters,
                        [this, turn = turn_](const Result<QJsonObject> &answer) {
                            if (asking_ && turn == turn_) {
                                measured(answer);
                            }
                        });
}

void Requester::measured(const Result<QJsonObject> &answer) {
    asking_->measuring = false;
    if (!answer) {
        // Without its effect nothing is raised; what lowers exposure goes out all the same.
        question_->complete = false;
        question_->facts = {{tr("effect"), boundedText(toText(answer.error()))}};
        Q_EMIT questionChanged();
    } else if (const auto effect = api::fromJson<api::EffectRow>(*answer)) {
        stated(*effect);
    }
    if (asking_ && std::exchange(asking_->measure_again, false)) {
        measure();
    }
}

void Requester::stated(const api::EffectRow &effect) {
    const api::RolloutRow *row = asking_->desk->rollout(asking_->rollout);
    const std::vector<Fact> facts = factsOf(effect, row ? row->to : QString());
    const Question before = *question_;
    // What lowers exposure is not held up by what it takes away being another amount.
    if (asking_->raises && asking_->effect && asking_->effect->token != effect.token) {
        const QString difference = differenceOf(asking_->seen, facts);
        question_->changed = tr("What it would do changed while you looked. %1")
                                 .arg(difference.isEmpty() ? tr("Look again.") : difference);
    }
    if (question_->changed.isEmpty()) {
        asking_->seen = facts;
    }
    asking_->effect = effect;
    question_->facts = facts;
    // What is refused now waits until it is not; what lowers exposure goes out, and is answered.
    question_->complete = !asking_->raises || effect.refusal.isEmpty();
    if (*question_ != before) {
        Q_EMIT questionChanged();
    }
}

void Requester::lookAgain() {
    if (question_ && !question_->changed.isEmpty()) {
        question_->changed.clear();
        asking_->seen = question_->facts;
        Q_EMIT questionChanged();
    }
}

void Requester::withdraw() {
    if (!question_) {
        return;
    }
    if (asking_->desk) {
        disconnect(asking_->desk, nullptr, this, nullptr);
    }
    age_timer_.stop();
    question_.reset();
    asking_.reset();
    Q_EMIT questionChanged();
}

void Requester::confirm(const QString &typed, const QString &reason) {
    refresh();
    if (question_ && question_->mayBeAsked(typed)) {
        send(reason);
    }
}

void Requester::send(const QString &reason) {
    const Asking asking = *asking_;
    const QString where = question_->cluster_name;
    const QString word = question_->word;
    withdraw();
    QJsonObject parameters = asking.parameters;
    const QString id = api::newRequestId();
    parameters.insert(u"request_id"_qs, id);
    if (!reason.isEmpty()) {
        parameters.insert(u"reason"_qs, reason);
    }
    if (!word.isEmpty()) {
        parameters.insert(u"confirm"_qs, word);
    }
    if (asking.effect && asking.raises) {
        parameters.insert(u"epoch"_qs, qint64(asking.effect->epoch));
        parameters.insert(u"effect"_qs, asking.effect->token);
    }
    outcomes_.open(*asking.desk, id, asking.what, where);
    asking.desk->call(asking.verb, parameters,
                      [this, id, verb = asking.verb,
                       answered = asking.answered](const Result<QJsonObject> &answer) {
                          if (answer && verb.startsWith(u"cluster.")) {
                              outcomes_.done(id, tr("done, the daemon says"));
                          } else if (answer && !answer->contains(u"request"_qs)) {
                              outcomes_.drop(id); // a rollout came of it, and tells the rest
                          } else {
                              outcomes_.answered(id, answer);
                          }
                          if (answered) {
                              answered(answer);
                          }
                      });
}

} // namespace aviary
