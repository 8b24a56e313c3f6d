// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/decisionfacts.h"

#include "core/support/words.h"
#include "ui/theme/prose.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace aviary {
namespace {

using kernel::Phase;
using kernel::Ruling;

constexpr qreal column_px = 205; // narrower ones break their numbers
constexpr qreal gap_px = 24;
constexpr qreal side_px = 14;
constexpr qreal row_gap_px = 12;

struct Facts {
    Q_DECLARE_TR_FUNCTIONS(Facts)
};

QString name(const QString &revision) {
    return boundedText(revision, 40);
}

bool looked(const kernel::Verdict &verdict) {
    return verdict.ruling != Ruling::Undecided || verdict.fresh.requests > 0 ||
           verdict.stable.requests > 0 || verdict.healthy + verdict.failed > 0;
}

FactValue verdictFact(const api::RolloutDetail &detail) {
    FactValue fact;
    const bool compares = detail.gate >= 0;
    fact.label = compares ? Facts::tr("Verdict on errors") : Facts::tr("Verdict on health");
    fact.text = detail.verdict_text;
    if (!looked(detail.verdict)) {
        fact.headline = Facts::tr("No check yet");
        fact.tone = Tone::Dim;
        if (fact.text.isEmpty()) {
            fact.text = detail.row.status < kernel::Status::Pending
                            ? Facts::tr("it has not started")
                            : Facts::tr("the first check says whether %1 is worse")
                                  .arg(name(detail.row.to));
        }
        return fact;
    }
    switch (detail.verdict.ruling) {
    case Ruling::Pass:
        fact.headline = compares ? Facts::tr("Not worse") : Facts::tr("Passed");
        fact.tone = Tone::Good;
        break;
    case Ruling::Fail:
        fact.headline = compares ? Facts::tr("Worse") : Facts::tr("Too few healthy");
        fact.tone = Tone::Bad;
        break;
    case Ruling::Undecided:
        fact.headline = Facts::tr("Cannot tell yet");
        break;
    case Ruling::NoTraffic:
        fact.headline = Facts::tr("No traffic");
        fact.tone = Tone::Attention;
        break;
    case Ruling::NoData:
        fact.headline = Facts::tr("No data");
        fact.tone = Tone::Attention;
        break;
    case Ruling::ZeroBaseline:
        fact.headline = Facts::tr("Nothing to compare with");
        fact.tone = Tone::Attention;
        break;
    }
    return fact;
}

// A cluster that runs its rollouts itself counts instances, and says no more of one that is over.
FactValue instancesFact(const api::RolloutDetail &detail) {
    FactValue fact;
    fact.label = Facts::tr("Instances of %1").arg(name(detail.row.to));
    fact.headline = Facts::tr("%1 of %2 healthy")
                        .arg(countText(detail.row.nodes_done), countText(detail.row.nodes));
    return fact;
}

FactValue nodesFact(const api::RolloutDetail &detail) {
    if (detail.targets_total == 0 && detail.row.nodes > 0) {
        return instancesFact(detail);
    }
    const quint32 healthy = countOf(detail, Phase::Healthy);
    const quint32 failed = countOf(detail, Phase::Failed);
    const quint32 under_way = countOf(detail, Phase::Updating) + countOf(detail, Phase::Proving);
    FactValue fact;
    fact.label = Facts::tr("Nodes on %1").arg(name(detail.row.to));
    const quint32 touched = healthy + failed + under_way;
    const quint32 undone = countOf(detail, Phase::Restored) + countOf(detail, Phase::Restoring);
    if (touched > 0) {
        fact.headline = Facts::tr("%1 of %2 healthy").arg(countText(healthy), countText(touched));
    } else {
        fact.headline = undone > 0 ? Facts::tr("none any more")
                                   : Facts::tr("none yet, of %1").arg(countText(detail.row.nodes));
    }
    fact.tone = failed > 0 ? Tone::Bad : touched == 0 ? Tone::Dim : Tone::Plain;
    QStringList parts;
    if (under_way > 0) {
        parts << Facts::tr("%1 under way").arg(countText(under_way));
    }
    if (failed > 0) {
        parts << Facts::tr("%1 failed").arg(countText(failed));
    }
    if (const quint32 back = countOf(detail, Phase::Restored); back > 0) {
        parts << Facts::tr("%1 back on what it had").arg(nodesText(back));
    }
    if (const api::SiteRow *worst = worstSite(detail)) {
        parts << Facts::tr("worst site %1: %2 of %3 up, floor is %4")
                     .arg(boundedText(worst->site, 40), countText(worst->up),
                          countText(worst->nodes), countText(worst->floor));
    }
    fact.text = parts.join(QStringLiteral("; "));
    return fact;
}

FactValue trafficFact(const api::RolloutDetail &detail) {
    FactValue fact;
    fact.label = Facts::tr("Traffic on %1").arg(name(detail.row.to));
    fact.headline = percentText(detail.row.weight);
    if (detail.traffic.empty()) {
        fact.text = Facts::tr("no requests were counted yet");
        return fact;
    }
    // The last ten looks, so that one quiet second is not taken for silence.
    double all = 0, fresh = 0;
    const std::size_t looks = std::min<std::size_t>(10, detail.traffic.size());
    for (std::size_t i = detail.traffic.size() - looks; i < detail.traffic.size(); ++i) {
        all += detail.traffic[i].requests;
        fresh += detail.traffic[i].requests * detail.traffic[i].share;
    }
    const double a_minute = 60.0 / static_cast<double>(looks);
    fact.text = Facts::tr("about %1 of %2 requests a minute")
                    .arg(countText(static_cast<std::int64_t>(fresh * a_minute)),
                         countText(static_cast<std::int64_t>(all * a_minute)));
    return fact;
}

QString soft(const QString &words) {
    return words.left(1).toLower() + words.mid(1);
}

// The steps that were ahead do not come on the way back.
FactValue nextFact(const api::RolloutDetail &detail) {
    FactValue fact;
    fact.label = Facts::tr("What is next");
    if (detail.row.status == kernel::Status::RollingBack) {
        fact.headline = detail.row.from.isEmpty()
                            ? Facts::tr("The way back")
                            : Facts::tr("Back on %1").arg(boundedText(detail.row.from, 60));
        const quint32 nodes = countOf(detail, Phase::Restoring);
        fact.text = nodes > 0 ? Facts::tr("%1 being brought back").arg(nodesText(nodes))
                              : Facts::tr("what was changed is taken back");
        return fact;
    }
    QStringList ahead;
    for (const api::StepRow &step : detail.steps) {
        if (step.sign == api::StepSign::ToCome && ahead.size() < 4) {
            ahead << boundedText(step.text, 60);
        }
    }
    if (ahead.isEmpty()) {
        fact.headline = Facts::tr("Nothing more");
        fact.text = Facts::tr("this is the last step");
        return fact;
    }
    fact.headline = ahead.takeFirst();
    const auto first = std::ranges::find(detail.steps, api::StepSign::ToCome, &api::StepRow::sign);
    if (first != detail.steps.end() && first->expected_ms > 0) {
        fact.headline += QStringLiteral(", ") + aboutText(first->expected_ms);
    }
    std::ranges::transform(ahead, ahead.begin(), soft);
    fact.text =
        ahead.isEmpty() ? QString() : Facts::tr("then %1").arg(ahead.join(QStringLiteral(", ")));
    return fact;
}

} // namespace

quint32 countOf(const api::RolloutDetail &detail, Phase phase) {
    const auto index = static_cast<std::size_t>(phase);
    return index < detail.phases.size() ? detail.phases[index] : 0;
}

const api::SiteRow *worstSite(const api::RolloutDetail &detail) {
    const api::SiteRow *worst = nullptr;
    qint64 least = std::numeric_limits<qint64>::max();
    for (const api::SiteRow &site : detail.sites) {
        const qint64 room = qint64(site.up) - qint64(site.floor);
        if (site.nodes > 0 && room < least) {
            least = room;
            worst = &site;
        }
    }
    return worst;
}

std::optional<kernel::Weight> nextStage(const api::RolloutDetail &detail) {
    for (const kernel::Weight stage : detail.stages) {
        if (stage > detail.row.weight) {
            return stage;
        }
    }
    return std::nullopt;
}

std::optional<kernel::Weight> stageBelow(const api::RolloutDetail &detail) {
    if (detail.row.weight <= 0) {
        return std::nullopt;
    }
    kernel::Weight below = 0;
    for (const kernel::Weight stage : detail.stages) {
        below = stage < detail.row.weight ? stage : below;
    }
    return below;
}

std::vector<FactValue> factsOf(const RolloutValue &value) {
    if (!value.detail) {
        return {};
    }
    const api::RolloutDetail &detail = *value.detail;
    std::vector<FactValue> facts{verdictFact(detail), nodesFact(detail)};
    if (!detail.left_fan.isEmpty()) {
        facts.push_back({Facts::tr("Rehearsed"), Facts::tr("It left its fan"),
                         boundedText(detail.left_fan), Tone::Bad});
    }
    for (const ChanceValue &chance : value.chances) {
        if (facts.size() < 4) {
            facts.push_back({Facts::tr("Rehearsed %1: %2").arg(value.rehearsed, chance.hypothesis),
                             chance.headline, chance.text, Tone::Plain});
        }
    }
    if (value.chances.empty() && !detail.stages.empty()) {
        facts.push_back(trafficFact(detail));
    }
    if (!kernel::isEnd(detail.row.status)) {
        facts.push_back(nextFact(detail));
    }
    return facts;
}

// ---- The widget
// ----------------------------------------------------------------------------------

DecisionFacts::DecisionFacts(QWidget *parent) : QFrame(parent) {
    setProperty("card", QStringLiteral("true"));
    setAccessibleName(tr("What a decision rests on"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void DecisionFacts::setValue(const std::vector<FactValue> &facts) {
    if (facts == facts_) {
        return;
    }
    facts_ = facts;
    while (columns_.size() < facts_.size()) {
        Column column{new Prose({}, TextSize::Axis, Tone::Dim, this),
                      new Prose({}, TextSize::Body, Tone::Plain, this),
                      new Prose({}, TextSize::Caption, Tone::Dim, this)};
        column.label->setLinesMax(1);
        column.headline->setStrong(true);
        column.headline->setLinesMax(2);
        column.text->setLinesMax(4);
        columns_.push_back(column);
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const bool used = i < facts_.size();
        for (Prose *prose : {columns_[i].label, columns_[i].headline, columns_[i].text}) {
            prose->setVisible(used);
        }
        if (used) {
            columns_[i].label->setText(facts_[i].label);
            columns_[i].headline->setText(facts_[i].headline);
            columns_[i].headline->setTone(facts_[i].tone);
            columns_[i].text->setText(facts_[i].text);
        }
    }
    updateGeometry();
    place();
}

int DecisionFacts::columnsIn(int width) const {
    const Scale scale = Scale::of(this);
    const int room = width - 2 * scale.whole(side_px) + scale.whole(gap_px);
    const int fitting = std::max(1, room / scale.whole(column_px));
    const int count = std::max(1, static_cast<int>(facts_.size()));
    // Rows of equal length rather than a full one and a lonely rest.
    const int rows = (count + fitting - 1) / fitting;
    return (count + rows - 1) / rows;
}

int DecisionFacts::columnWidth(int width) const {
    const Scale scale = Scale::of(this);
    const int columns = columnsIn(width);
    return (width - 2 * scale.whole(side_px) - (columns - 1) * scale.whole(gap_px)) / columns;
}

int DecisionFacts::heightOf(const Column &column, int width) const {
    return column.label->heightForWidth(width) + column.headline->heightForWidth(width) +
           (column.text->text().isEmpty() ? 0 : column.text->heightForWidth(width)) +
           2 * Scale::of(this).whole(2);
}

int DecisionFacts::heightForWidth(int width) const {
    const Scale scale = Scale::of(this);
    const auto columns = static_cast<std::size_t>(columnsIn(width));
    int height = 2 * scale.whole(space::medium);
    for (std::size_t first = 0; first < facts_.size(); first += columns) {
        int row = 0;
        for (std::size_t i = first; i < std::min(facts_.size(), first + columns); ++i) {
            row = std::max(row, heightOf(columns_[i], columnWidth(width)));
        }
        height += row + (first > 0 ? scale.whole(row_gap_px) : 0);
    }
    return height;
}

QSize DecisionFacts::sizeHint() const {
    const int width = Scale::of(this).whole(column_px) * 4;
    return {width, heightForWidth(width)};
}

QSize DecisionFacts::minimumSizeHint() const {
    return {Scale::of(this).whole(column_px), Scale::of(this).whole(40)};
}

void DecisionFacts::resizeEvent(QResizeEvent *event) {
    QFrame::resizeEvent(event);
    place();
}

void DecisionFacts::place() {
    const Scale scale = Scale::of(this);
    const auto columns = static_cast<std::size_t>(columnsIn(width()));
    const int each = columnWidth(width());
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    int top = scale.whole(space::medium);
    for (std::size_t first = 0; first < facts_.size(); first += columns) {
        int row = 0;
        for (std::size_t i = first; i < std::min(facts_.size(), first + columns); ++i) {
            int left =
                scale.whole(side_px) + static_cast<int>(i - first) * (each + scale.whole(gap_px));
            left = mirrored ? width() - left - each : left;
            int y = top;
            for (Prose *prose : {columns_[i].label, columns_[i].headline, columns_[i].text}) {
                const int height = prose->heightForWidth(each);
                prose->setGeometry(left, y, each, height);
                y += height + scale.whole(2);
            }
            row = std::max(row, heightOf(columns_[i], each));
        }
        top += row + scale.whole(row_gap_px);
    }
}

} // namespace aviary
