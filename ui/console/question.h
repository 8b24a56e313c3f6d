// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QJsonObject>

#include <vector>

namespace aviary {

// One line of a confirmation's table: "nodes", "8 more: eu-west 3, eu-north 3, eu-south 2".
struct Fact {
    QString label, text;
    bool operator==(const Fact &) const = default;
};

// What a person is asked before a request leaves the window.
struct Question {
    QString title;        // "Promote checkout-api to 25 %?"
    QString button;       // "Promote to 25 %"
    QString cluster_name; // where
    std::vector<Fact> facts;
    QString word;        // to be typed, letter by letter; empty: one plain confirmation
    QString changed;     // the effect is another one than was shown, and how; empty: it is the same
    QString blocked;     // why it cannot be asked, and what would allow it; empty: it can
    bool lowers = false; // it takes exposure away: nothing blocks it
    bool complete = false; // the effect is known
    bool operator==(const Question &) const = default;

    // `typed` is what stands in the field.
    bool mayBeAsked(const QString &typed) const {
        const bool known = complete || lowers;
        return known && changed.isEmpty() && blocked.isEmpty() && typed == word;
    }
};

// A change that is not asked of a rollout under way: node flags, a deploy, an edited cluster.
struct Proposal {
    QString verb;           // of core/api/verbs.h: "node.flag", "deploy", "catch_up"
    QJsonObject parameters; // without request_id and confirm
    QString cluster;        // id; empty: of no cluster
    QString service;        // typed where a production cluster has its exposure raised
    QString title, button;  // as in a Question
    std::vector<Fact> facts;
    bool raises_exposure = false;
};

// The table of an effect: traffic, nodes, floors, way back. `to` is the new revision.
std::vector<Fact> factsOf(const api::EffectRow &effect, const QString &to);
// What of it changed, in one sentence: "nodes: 8 more, now 6 more".
QString differenceOf(const std::vector<Fact> &before, const std::vector<Fact> &now);

// "Promote checkout-api to 25 %", and on the button "Promote to 25 %".
QString requestText(const QString &verb, const QString &service, const QJsonObject &parameters);
QString requestButton(const QString &verb, const QJsonObject &parameters);
// Only takes exposure away or stops what goes on: never held up by age, lock or class.
bool lowersExposure(const QString &verb);

} // namespace aviary
