// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/session.h"
#include "ui/console/outcomes.h"
#include "ui/console/question.h"

#include <QTimer>

#include <optional>

namespace aviary {

// The only way that a request leaves the window: the daemon is asked what it would do, a person is
// shown that and confirms it, it is sent with what was shown, and what became of it is told. What
// raises exposure is blocked while the data is old; what lowers it never is.
class Requester : public QObject {
    Q_OBJECT
public:
    explicit Requester(QObject *parent = nullptr);

    // `verb`, `rollout` (id) and `parameters` (to, node, version, tag) as `request` of
    // core/api/verbs.h takes them. One question at a time: a new one takes the place of the old.
    void ask(Desk &desk, const QString &verb, const QString &rollout,
             const QJsonObject &parameters = {});
    // `answered` hears the daemon's answer, once, if the person confirms.
    void propose(Desk &desk, const Proposal &proposal, api::Answer answered = {});

    // What a person is asked now.
    const std::optional<Question> &question() const { return question_; }
    // The person's answer: `typed` is what stands in the field, `reason` goes into the record.
    void confirm(const QString &typed, const QString &reason);
    void withdraw();
    // The person has seen that the effect is another one.
    void lookAgain();

    Outcomes &outcomes() { return outcomes_; }

Q_SIGNALS:
    void questionChanged();

private:
    struct Asking {
        QPointer<Desk> desk;
        QString verb; // of the session: "request", "node.flag"
        QJsonObject parameters;
        QString cluster, rollout, service;
        QString what;                         // the outcome's line
        std::optional<api::EffectRow> effect; // that was shown
        std::vector<Fact> seen;               // its facts as the person first saw them
        api::Answer answered;
        bool raises = false;
        bool measuring = false, measure_again = false; // its effect
    };

    void begin(Asking asking, Question question);
    void measure();
    void measured(const Result<QJsonObject> &answer);
    void stated(const api::EffectRow &effect);
    void grade();
    void refresh();
    void send(const QString &reason);
    QString blockedText() const;

    Outcomes outcomes_;
    std::optional<Question> question_;
    std::optional<Asking> asking_;
    quint64 turn_ = 0; // answers to an older question are passed over
    QTimer age_timer_;
};

} // namespace aviary
