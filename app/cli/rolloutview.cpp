// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/rolloutview.h"

#include "app/cli/commandline.h"
#include "core/api/words.h"
#include "core/support/words.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>
#include <map>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

constexpr int bar_width = 24;
constexpr std::size_t steps_shown = 7;
constexpr std::size_t sites_shown = 8;
constexpr std::size_t happenings_shown = 8;
constexpr int label_width = 10;

QString label(const QString &text) {
    return u"  "_qs + text.leftJustified(label_width);
}

// How full, and which part is tinted.
Line bar(double share, Tone tone, const Terminal &terminal) {
    const int full = int(std::lround(std::clamp(share, 0.0, 1.0) * bar_width));
    return {{terminal.sign(u"█", "#").repeated(full), tone},
            {terminal.sign(u"░", ".").repeated(bar_width - full), Tone::Dim}};
}

void append(Line &line, const Line &more) {
    line.insert(line.end(), more.begin(), more.end());
}

Line weightLine(const api::RolloutDetail &detail, const Terminal &terminal) {
    Line line{{label(u"traffic"_qs), Tone::Dim}};
    append(line, bar(double(detail.row.weight) / kernel::full_weight, Tone::Accent, terminal));
    line.push_back(
        {u"  "_qs + percentText(detail.row.weight) + u" on "_qs + detail.row.to, Tone::Strong});
    QStringList stages;
    for (const kernel::Weight stage : detail.stages) {
        stages.append(percentText(stage));
    }
    if (!stages.isEmpty()) {
        line.push_back({u"   stages "_qs + stages.join(u", "_qs), Tone::Dim});
    }
    if (detail.weight_max < kernel::full_weight && !kernel::isEnd(detail.row.status)) {
        line.push_back(
            {u"   at most "_qs + percentText(detail.weight_max) + u" now"_qs, Tone::Dim});
    }
    return line;
}

struct SiteCount {
    int all = 0, done = 0, failed = 0, behind = 0, under_way = 0;
};

SiteCount countOf(const std::vector<api::TargetRow> &targets, const QString *site) {
    SiteCount count;
    for (const api::TargetRow &target : targets) {
        if (site != nullptr && target.site != *site) {
            continue;
        }
        ++count.all;
        using kernel::Phase;
        count.done += target.phase == Phase::Healthy ? 1 : 0;
        count.failed += target.phase == Phase::Failed ? 1 : 0;
        count.behind += target.phase == Phase::Behind ? 1 : 0;
        count.under_way += target.phase == Phase::Updating || target.phase == Phase::Proving ||
                                   target.phase == Phase::Restoring
                               ? 1
                               : 0;
    }
    return count;
}

void addCounts(Line &line, const SiteCount &count) {
    line.push_back({u"  %1 of %2"_qs.arg(count.done).arg(count.all), Tone::Plain});
    if (count.under_way > 0) {
        line.push_back({u", %1 under way"_qs.arg(count.under_way), Tone::Accent});
    }
    if (count.failed > 0) {
        line.push_back({u", %1 failed"_qs.arg(count.failed), Tone::Bad});
    }
    if (count.behind > 0) {
        line.push_back({u", %1 behind"_qs.arg(count.behind), Tone::Attention});
    }
}

void addNodes(std::vector<Line> &lines, const api::RolloutDetail &detail,
              const Terminal &terminal) {
    SiteCount all = countOf(detail.targets, nullptr);
    const bool complete = detail.targets.size() == detail.targets_total;
    if (!complete) {
        all.all = int(detail.row.nodes);
        all.done = int(detail.row.nodes_done);
    }
    Line line{{label(u"nodes"_qs), Tone::Dim}};
    append(line, bar(all.all > 0 ? double(all.done) / all.all : 0, Tone::Good, terminal));
    addCounts(line, all);
    lines.push_back(line);
    QStringList sites;
    for (const api::TargetRow &target : detail.targets) {
        if (!sites.contains(target.site)) {
            sites.append(target.site);
        }
    }
    sites.sort();
    for (qsizetype i = 0; i < sites.size() && complete && sites.size() > 1; ++i) {
        if (i == qsizetype(sites_shown)) {
            lines.push_back(
                {{label({}) + u"and %1 more sites"_qs.arg(sites.size() - i), Tone::Dim}});
            break;
        }
        const SiteCount count = countOf(detail.targets, &sites[i]);
        Line site{{label({}) + visibleText(sites[i], 18).leftJustified(18), Tone::Plain}};
        addCounts(site, count);
        lines.push_back(site);
    }
}

Line stepLine(const api::StepRow &step, const Terminal &terminal) {
    using api::StepSign;
    QString sign = terminal.sign(u"○", "o");
    Tone tone = Tone::Dim;
    if (step.sign == StepSign::Done) {
        sign = terminal.sign(u"✓", "+");
        tone = Tone::Plain;
    } else if (step.sign == StepSign::Now) {
        sign = terminal.sign(u"●", ">");
        tone = Tone::Accent;
    } else if (step.sign == StepSign::Failed) {
        sign = terminal.sign(u"✗", "x");
        tone = Tone::Bad;
    } else if (step.sign == StepSign::Skipped) {
        sign = u"-"_qs;
    }
    Line line{{label({}) + sign % u' ' % step.text, tone}};
    if (step.took_ms >= 0) {
        line.push_back({u"  "_qs + clockText(step.took_ms), Tone::Dim});
    } else if (step.expected_ms >= 0) {
        line.push_back({u"  "_qs + aboutText(step.expected_ms), Tone::Dim});
    }
    return line;
}

// Few around the present one.
void addSteps(std::vector<Line> &lines, const api::RolloutDetail &detail,
              const Terminal &terminal) {
    const std::size_t count = detail.steps.size();
    std::size_t now = 0;
    while (now + 1 < count && (detail.steps[now].sign == api::StepSign::Done ||
                               detail.steps[now].sign == api::StepSign::Skipped)) {
        ++now;
    }
    std::size_t first = now > steps_shown / 2 ? now - steps_shown / 2 : 0;
    first = std::min(first, count > steps_shown ? count - steps_shown : 0);
    if (count > 0) {
        lines.push_back(
            {{label(u"steps"_qs) + u"%1 of %2"_qs.arg(std::min(now + 1, count)).arg(count),
              Tone::Dim}});
    }
    for (std::size_t i = first; i < std::min(count, first + steps_shown); ++i) {
        lines.push_back(stepLine(detail.steps[i], terminal));
    }
}

Tone toneOf(kernel::Ruling ruling) {
    return ruling == kernel::Ruling::Pass   ? Tone::Good
           : ruling == kernel::Ruling::Fail ? Tone::Bad
                                            : Tone::Attention;
}

} // namespace

Line titleOf(const api::RolloutRow &row, const Terminal &terminal) {
    const QString from = row.from.isEmpty() ? u"nothing"_qs : row.from;
    return {{row.service, Tone::Strong},
            {u"  "_qs + from % u' ' % terminal.arrow() % u' ' % row.to, Tone::Plain},
            {u"  "_qs + api::wordOf(row.strategy), Tone::Dim},
            {u"  "_qs + api::wordOf(row.status), toneOf(row.status)},
            {u"  on "_qs + row.cluster % u"  "_qs % row.id, Tone::Dim}};
}

Line lineOf(const api::Happening &happening) {
    const QString time = QDateTime::fromMSecsSinceEpoch(happening.wall_ms).toString(u"HH:mm:ss"_qs);
    return {{time + u"  "_qs, Tone::Dim},
            {visibleText(happening.who, 24).leftJustified(10) + u' ', Tone::Dim},
            {happening.text, Tone::Plain}};
}

std::vector<Line> linesOf(const api::RolloutDetail &detail, const Terminal &terminal, int rows) {
    std::vector<Line> lines{titleOf(detail.row, terminal)};
    lines.push_back({{u"  "_qs + detail.row.headline, Tone::Plain}});
    if (!detail.why.isEmpty()) {
        lines.push_back({{label(u"why"_qs), Tone::Dim}, {detail.why, toneOf(detail.row.status)}});
        for (const QString &fact : detail.evidence) {
            lines.push_back({{label({}) + fact, Tone::Plain}});
        }
    }
    lines.push_back(weightLine(detail, terminal));
    addNodes(lines, detail, terminal);
    addSteps(lines, detail, terminal);
    if (!detail.verdict_text.isEmpty()) {
        lines.push_back({{label(u"verdict"_qs), Tone::Dim},
                         {detail.verdict_text, toneOf(detail.verdict.ruling)}});
    }
    QStringList verbs;
    for (const api::Permission &permission : detail.permissions) {
        // supersede is what deploy --supersede does
        if (permission.allowed && permission.verb != u"supersede"_qs) {
            verbs.append(permission.verb);
        }
    }
    if (!verbs.isEmpty()) {
        lines.push_back({{label(u"you may"_qs) + verbs.join(u", "_qs), Tone::Dim}});
    }
    const int room = std::max(0, rows - int(lines.size()));
    const std::size_t told =
        std::min({detail.happenings.size(), happenings_shown, std::size_t(room)});
    for (std::size_t i = told; i-- > 0;) { // oldest of the newest first
        Line line{{u"  "_qs, Tone::Plain}};
        append(line, lineOf(detail.happenings[i]));
        lines.push_back(line);
    }
    lines.resize(std::min(lines.size(), std::size_t(std::max(1, rows))));
    return lines;
}

} // namespace aviary::cli
