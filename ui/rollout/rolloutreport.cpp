// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rolloutreport.h"

#include "core/api/words.h"
#include "core/support/words.h"
#include "ui/models/signs.h"
#include "ui/rollout/decisionfacts.h"
#include "ui/rollout/whycard.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>

namespace aviary {
namespace {

constexpr std::size_t nodes_max = 50;
constexpr std::size_t happenings_max = 200;

struct Report {
    Q_DECLARE_TR_FUNCTIONS(Report)
};

QString instant(qint64 wall_ms) {
    return QDateTime::fromMSecsSinceEpoch(wall_ms)
        .toOffsetFromUtc(QDateTime::fromMSecsSinceEpoch(wall_ms).offsetFromUtc())
        .toString(Qt::ISODate);
}

// Writes both forms at once, so that they cannot say different things.
class Pen {
public:
    void title(const QString &words) {
        text_ += words + u'\n';
        html_ += QStringLiteral("<h2>") + words.toHtmlEscaped() + QStringLiteral("</h2>\n");
    }
    void heading(const QString &words) {
        text_ += u'\n' + words + u'\n';
        html_ += QStringLiteral("<h3>") + words.toHtmlEscaped() + QStringLiteral("</h3>\n");
    }
    void line(const QString &words) {
        text_ += words + u'\n';
        html_ += QStringLiteral("<p>") + words.toHtmlEscaped() + QStringLiteral("</p>\n");
    }
    void table(const std::vector<QStringList> &rows) {
        QList<qsizetype> widths;
        for (const QStringList &row : rows) {
            for (qsizetype i = 0; i < row.size(); ++i) {
                widths.resize(std::max(widths.size(), i + 1));
                widths[i] = std::max(widths[i], std::min<qsizetype>(row[i].size(), 30));
            }
        }
        html_ += QStringLiteral("<table>\n");
        for (const QStringList &row : rows) {
            QString line;
            html_ += QStringLiteral("<tr>");
            for (qsizetype i = 0; i < row.size(); ++i) {
                line += i + 1 < row.size() ? row[i].leftJustified(widths[i]) + QStringLiteral("  ")
                                           : row[i];
                html_ += QStringLiteral("<td>") + row[i].toHtmlEscaped() + QStringLiteral("</td>");
            }
            text_ += QStringLiteral("  ") + line + u'\n';
            html_ += QStringLiteral("</tr>\n");
        }
        html_ += QStringLiteral("</table>\n");
    }
    RolloutReport take() {
        return {std::move(text_),
                QStringLiteral("<html><body>\n") + html_ + QStringLiteral("</body></html>\n")};
    }

private:
    QString text_, html_;
};

void writeNumbers(Pen &pen, const api::RolloutDetail &detail, const QString &cluster) {
    const api::RolloutRow &row = detail.row;
    std::vector<QStringList> rows{
        {Report::tr("cluster"), boundedText(cluster.isEmpty() ? row.cluster : cluster, 60)},
        {Report::tr("strategy"), api::wordOf(row.strategy)},
        {Report::tr("traffic"),
         Report::tr("%1 on %2").arg(percentText(row.weight), boundedText(row.to, 40))},
        {Report::tr("nodes"),
         Report::tr("%1 of %2 on %3")
             .arg(countText(row.nodes_done), countText(row.nodes), boundedText(row.to, 40))},
        {Report::tr("started"),
         instant(row.started_wall_ms) + Report::tr(" by ") + boundedText(row.who, 60)}};
    if (row.ended_wall_ms > 0) {
        rows.push_back({Report::tr("ended"), instant(row.ended_wall_ms)});
    }
    if (!detail.verdict_text.isEmpty()) {
        rows.push_back({Report::tr("verdict"), boundedText(detail.verdict_text)});
    }
    if (const api::SiteRow *worst = worstSite(detail)) {
        rows.push_back(
            {Report::tr("worst site"), Report::tr("%1: %2 of %3 up, floor is %4")
                                           .arg(boundedText(worst->site, 60), countText(worst->up),
                                                countText(worst->nodes), countText(worst->floor))});
    }
    rows.push_back({Report::tr("rollout"), row.id});
    pen.table(rows);
}

void writeSteps(Pen &pen, const api::RolloutDetail &detail) {
    pen.heading(Report::tr("Steps"));
    std::vector<QStringList> rows;
    for (const api::StepRow &step : detail.steps) {
        const QString state = step.sign == api::StepSign::Done      ? Report::tr("done")
                              : step.sign == api::StepSign::Now     ? Report::tr("now")
                              : step.sign == api::StepSign::Failed  ? Report::tr("stopped here")
                              : step.sign == api::StepSign::Skipped ? Report::tr("skipped")
                                                                    : Report::tr("to come");
        rows.push_back({boundedText(step.text, 60), state,
                        step.took_ms >= 0 ? clockText(step.took_ms) : QString()});
    }
    pen.table(rows);
}

void writeTrouble(Pen &pen, const api::RolloutDetail &detail) {
    std::vector<QStringList> rows;
    std::size_t more = 0;
    for (const api::TargetRow &target : detail.targets) {
        const Sign sign = signOf(target);
        if (sign == Sign::NodeHealthy || sign == Sign::NodeUpdating) {
            continue;
        }
        if (rows.size() == nodes_max) {
            ++more;
            continue;
        }
        rows.push_back({boundedText(target.node, 60), boundedText(target.site, 40), nameOf(sign),
                        boundedText(target.text)});
    }
    if (rows.empty()) {
        return;
    }
    pen.heading(Report::tr("Nodes in trouble"));
    pen.table(rows);
    if (more > 0) {
        pen.line(Report::tr("and %1 more").arg(countText(static_cast<qint64>(more))));
    }
}

void writeHappenings(Pen &pen, const api::RolloutDetail &detail) {
    if (detail.happenings.empty()) {
        return;
    }
    pen.heading(Report::tr("What happened"));
    std::vector<QStringList> rows;
    const std::size_t count = std::min(detail.happenings.size(), happenings_max);
    for (std::size_t i = count; i-- > 0;) { // oldest first, as one reads it
        const api::Happening &one = detail.happenings[i];
        rows.push_back({instant(one.wall_ms), boundedText(one.who, 60), boundedText(one.text)});
    }
    pen.table(rows);
}

} // namespace

RolloutReport reportOf(const api::RolloutDetail &detail, const QString &cluster,
                       qint64 made_wall_ms) {
    const api::RolloutRow &row = detail.row;
    Pen pen;
    pen.title(Report::tr("%1 %2 \u2192 %3: %4")
                  .arg(boundedText(row.service, 120),
                       row.from.isEmpty() ? Report::tr("nothing") : boundedText(row.from, 60),
                       boundedText(row.to, 60), nameOf(signOf(row.status))));
    const QString why = whySentence(detail);
    if (!why.isEmpty()) {
        pen.line(why);
    }
    for (const QString &fact : detail.evidence) {
        pen.line(boundedText(fact, 400));
    }
    writeNumbers(pen, detail, cluster);
    writeSteps(pen, detail);
    writeTrouble(pen, detail);
    writeHappenings(pen, detail);
    pen.line({});
    pen.line(Report::tr("As seen at %1.").arg(instant(made_wall_ms)));
    return pen.take();
}

} // namespace aviary
