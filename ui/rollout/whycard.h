// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rollout/rolloutvalue.h"
#include "ui/theme/card.h"

namespace aviary {

class Prose;

// Why a rollout stopped or waits: one sentence, and the evidence under it. Hidden while it just
// runs.
class WhyCard : public Card {
    Q_OBJECT
public:
    explicit WhyCard(QWidget *parent = nullptr);
    void setValue(const RolloutValue &value);

private:
    Prose *why_;
    Prose *evidence_;
};

// The sentence that a rollout in this state leads with; empty while it just runs.
QString whySentence(const api::RolloutDetail &detail);

// That what is seen is old: since when, what is off and what still goes out. Hidden while it is
// fresh.
class StaleNote : public Card {
    Q_OBJECT
public:
    explicit StaleNote(QWidget *parent = nullptr);
    void setValue(const RolloutValue &value);

private:
    Prose *text_;
};

// "factory-7 has not answered for 48 s. What you see is from 10:02:11. ..."; empty while fresh.
QString staleText(const RolloutValue &value);

} // namespace aviary
