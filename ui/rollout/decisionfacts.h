// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/rollout/rolloutvalue.h"
#include "ui/theme/label.h"

#include <QFrame>

namespace aviary {

// One fact that a decision rests on: "Verdict on errors", "Not worse", and the numbers under it.
struct FactValue {
    QString label, headline, text;
    Tone tone = Tone::Plain; // of the headline
    bool operator==(const FactValue &) const = default;
};

// What is known now: the verdict, the nodes and the worst site, the rehearsed chances (else the
// traffic), and what is next. Empty without a detail.
std::vector<FactValue> factsOf(const RolloutValue &value);

// How many targets are in a phase.
quint32 countOf(const api::RolloutDetail &detail, kernel::Phase phase);
// The site with the least room above its floor; null when there is none.
const api::SiteRow *worstSite(const api::RolloutDetail &detail);
// Where promote leads: the next stage above the present weight; none where no stage is left.
std::optional<kernel::Weight> nextStage(const api::RolloutDetail &detail);
// The stage below the present weight, 0 where there is none; none at 0 %.
std::optional<kernel::Weight> stageBelow(const api::RolloutDetail &detail);

class Prose;

// The facts beside each other, in as many columns as there is room for.
class DecisionFacts : public QFrame {
    Q_OBJECT
public:
    explicit DecisionFacts(QWidget *parent = nullptr);
    void setValue(const std::vector<FactValue> &facts);

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Column {
        Prose *label, *headline, *text;
    };
    int columnsIn(int width) const;
    int columnWidth(int width) const;
    int heightOf(const Column &column, int width) const;
    void place();

    std::vector<FactValue> facts_;
    std::vector<Column> columns_; // as many as facts, or more
};

} // namespace aviary
