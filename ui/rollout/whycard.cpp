// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/whycard.h"

#include "core/support/words.h"
#include "ui/theme/prose.h"

#include <QDateTime>
#include <QVBoxLayout>

namespace aviary {
namespace {

using kernel::Status;

bool isBad(Status status) {
    return status == Status::Failed || status == Status::RolledBack ||
           status == Status::RollingBack;
}

QString clock(qint64 wall_ms) {
    return QDateTime::fromMSecsSinceEpoch(wall_ms).toString(QStringLiteral("HH:mm:ss"));
}

} // namespace

QString whySentence(const api::RolloutDetail &detail) {
    if (!detail.why.isEmpty()) {
        return boundedText(detail.why, 400);
    }
    const QString headline = boundedText(detail.row.headline, 400);
    switch (detail.row.status) {
    case Status::Failed:
    case Status::RolledBack:
    case Status::RollingBack:
    case Status::Superseded:
    case Status::Paused:
        return headline.left(1).toUpper() + headline.mid(1) + u'.';
    default:
        return {};
    }
}

WhyCard::WhyCard(QWidget *parent)
    : Card({}, {}, parent)
    , why_(new Prose({}, TextSize::Subtitle))
    , evidence_(new Prose({}, TextSize::Body, Tone::Dim)) {
    setAccessibleName(tr("Why"));
    why_->setStrong(true);
    why_->setLinesMax(4);
    evidence_->setLinesMax(8);
    body()->setSpacing(Scale::of(this).whole(space::tiny));
    body()->addWidget(why_);
    body()->addWidget(evidence_);
    hide();
}

void WhyCard::setValue(const RolloutValue &value) {
    const QString sentence = value.detail ? whySentence(*value.detail) : QString();
    setVisible(!sentence.isEmpty());
    if (sentence.isEmpty()) {
        return;
    }
    setBad(isBad(value.detail->row.status));
    why_->setText(sentence);
    QStringList facts;
    for (const QString &fact : value.detail->evidence) {
        facts << boundedText(fact, 300);
    }
    evidence_->setText(facts.join(u' '));
    evidence_->setVisible(!facts.isEmpty());
}

QString staleText(const RolloutValue &value) {
    if (!value.age.stale() || value.cluster_name.isEmpty()) {
        return {};
    }
    const QString cluster = boundedText(value.cluster_name, 60);
    const QString seen =
        value.age.age_ms && value.heard_wall_ms > 0
            ? StaleNote::tr("%1 has not answered for %2. What you see is from %3.")
                  .arg(cluster, ageText(*value.age.age_ms), clock(value.heard_wall_ms))
            : StaleNote::tr("%1 has not answered yet. What you see is what was recorded.")
                  .arg(cluster);
    return seen + u' ' +
           StaleNote::tr("What raises exposure is off until it answers; pause, lower and roll back "
                         "still go out, and show as unknown until confirmed.");
}

StaleNote::StaleNote(QWidget *parent) : Card({}, {}, parent), text_(new Prose) {
    setAccessibleName(tr("The data is old"));
    setProperty("card", QStringLiteral("attention"));
    body()->addWidget(text_);
    hide();
}

void StaleNote::setValue(const RolloutValue &value) {
    const QString text = staleText(value);
    text_->setText(text);
    setVisible(!text.isEmpty());
}

} // namespace aviary
