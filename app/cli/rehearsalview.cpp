// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/rehearsalview.h"

#include "app/cli/table.h"
#include "core/support/words.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace aviary::cli {

using namespace Qt::Literals;
using namespace rehearsal;

namespace {

constexpr int bar_cells = 20;
constexpr int fan_columns = 72;

QString text(const std::string &utf8) {
    return QString::fromStdString(utf8);
}

Tone toneOf(Ending ending) {
    switch (ending) {
    case Ending::Completed:
        return Tone::Good;
    case Ending::RolledBack:
        return Tone::Attention;
    case Ending::Failed:
    case Ending::Stuck:
        return Tone::Bad;
    case Ending::Waiting:
        break;
    }
    return Tone::Dim;
}

// One sign for each ending, so that colour is not needed to tell them apart.
QString barOf(const HypothesisAnswer &hypothesis, const Terminal &terminal) {
    const bool drawn = terminal.isTerminal();
    const QStringList signs = {terminal.sign(drawn ? u"█" : u"#", "#"),
                               terminal.sign(drawn ? u"▒" : u"<", "<"), u"x"_qs,
                               terminal.sign(drawn ? u"·" : u".", "."), u"?"_qs};
    QString bar;
    double reached = 0.0;
    for (std::size_t i = 0; i < hypothesis.endings.size() && i < ending_count; ++i) {
        reached += hypothesis.endings[i].portion.share;
        const auto cells = qsizetype(std::lround(reached * bar_cells));
        bar += signs[qsizetype(i)].repeated(std::max<qsizetype>(cells - bar.size(), 0));
    }
    return bar.leftJustified(bar_cells).left(bar_cells);
}

void heading(const Terminal &terminal, const QString &title) {
    terminal.print(QString());
    terminal.print(title, Tone::Strong);
}

void printLines(const Terminal &terminal, const QString &title, const QStringList &lines) {
    if (lines.isEmpty()) {
        return;
    }
    heading(terminal, title);
    for (const QString &line : lines) {
        terminal.print(u"  "_qs % line);
    }
}

void printHypotheses(const Terminal &terminal, const Findings::OfPlan &one) {
    Table table({u"IF IT IS"_qs, u">ASSUMED"_qs, u"ENDS"_qs, u"SHARE OF FUTURES (95 % INTERVAL)"_qs,
                 u"TO COMPLETE"_qs, u">FAILED REQUESTS"_qs});
    for (const HypothesisAnswer &hypothesis : one.answers.hypotheses) {
        const bool ends = !hypothesis.endings.empty();
        table.add({{text(hypothesis.name), Tone::Strong},
                   {rateText(hypothesis.weight, 1)},
                   {barOf(hypothesis, terminal),
                    ends ? toneOf(std::ranges::max_element(
                                      hypothesis.endings, {},
                                      [](const EndingShare &share) { return share.portion.hits; })
                                      ->ending)
                         : Tone::Plain},
                   {endingsText(hypothesis)},
                   {ends ? timeText(hypothesis.endings.front().time_ms) : QString()},
                   {requestsText(hypothesis.failed_requests)}});
    }
    table.print(terminal);
    terminal.print(totalText(one.answers, Ending::Completed), Tone::Dim);
}

void printCaught(const Terminal &terminal, const Findings::OfPlan &one) {
    QStringList lines;
    for (const HypothesisAnswer &hypothesis : one.answers.hypotheses) {
        lines.append(text(hypothesis.name) % u": "_qs % caughtText(hypothesis, *one.plan));
    }
    printLines(terminal, u"Caught"_qs, lines);
}

// Where the fan stops to change, and a little more.
std::size_t pointsOf(const Fan &fan) {
    std::size_t last = fan.bands.size();
    while (last > 2 && fan.bands[last - 2] == fan.bands.back()) {
        --last;
    }
    return std::min(fan.bands.size(), last + last / 20 + 1);
}

// One row of eighths: the height of the value at each column.
QString sparkline(const Fan &fan, double Band::*member) {
    const QString eighths = QStringLiteral(" ▁▂▃▄▅▆▇█");
    const std::size_t points = pointsOf(fan);
    QString row;
    for (int column = 0; column < fan_columns; ++column) {
        const std::size_t at = std::size_t(column) * (points - 1) / std::size_t(fan_columns - 1);
        const double value = std::clamp(fan.bands[at].*member, 0.0, 1.0);
        row += eighths[qsizetype(std::lround(value * 8.0))];
    }
    return row;
}

void printFan(const Terminal &terminal, const Fan &fan, const QString &title) {
    if (fan.bands.empty()) {
        return;
    }
    heading(terminal, title);
    const std::size_t points = pointsOf(fan);
    if (terminal.isTerminal() && terminal.sign(u"█", "").size() == 1) {
        const std::vector<std::pair<QString, double Band::*>> rows = {
            {u"95 %  "_qs, &Band::high}, {u"half  "_qs, &Band::median}, {u" 5 %  "_qs, &Band::low}};
        for (const auto &[label, member] : rows) {
            terminal.print(Line{{label, Tone::Dim}, {sparkline(fan, member), Tone::Accent}});
        }
        const QString end = ageText(fan.step_ms * kernel::Millis(points - 1));
        terminal.print(u"      0"_qs % end.rightJustified(fan_columns - 1), Tone::Dim);
        return;
    }
    constexpr std::size_t told = 6;
    for (std::size_t i = 0; i < told; ++i) {
        const std::size_t at = i * (points - 1) / (told - 1);
        const Band &band = fan.bands[at];
        terminal.print(u"  after "_qs % ageText(fan.step_ms * kernel::Millis(at)) % u": "_qs %
                       rateText(band.median, 1) % u" (5 to 95 %: "_qs % rateText(band.low, 1) %
                       u" to "_qs % rateText(band.high, 1) % u')');
    }
}

void printWorst(const Terminal &terminal, const Answers &answers) {
    if (answers.worst.empty()) {
        return;
    }
    heading(terminal, u"Futures worth a look, worst first (--open writes one as a run)"_qs);
    Table table({u"FUTURE"_qs, u"IF IT IS"_qs, u"ENDS"_qs, u">FAILED"_qs, u"BECAUSE"_qs});
    for (const WorstFuture &one : answers.worst) {
        table.add({{u'#' % QString::number(one.future)},
                   {text(answers.hypotheses[one.hypothesis].name)},
                   {wordOf(one.ending) % u" after "_qs % ageText(one.end_ms) % u", at most "_qs %
                        percentText(one.weight_highest),
                    toneOf(one.ending)},
                   {countText(one.failed_requests)},
                   {text(one.because)}});
    }
    table.print(terminal);
}

void printCompared(const Terminal &terminal, const Findings &findings) {
    for (std::size_t i = 0; i < findings.differences.size(); ++i) {
        QStringList lines;
        for (const Difference &one : findings.differences[i]) {
            lines.append(differenceText(one));
        }
        printLines(terminal,
                   findings.plans[i + 1].name % u" against "_qs % findings.plans.front().name %
                       u", on the same luck (means, 95 %)"_qs,
                   lines);
    }
}

void printAdvice(const Terminal &terminal, const std::optional<Advice> &advice) {
    if (!advice || advice->tried.empty()) {
        return;
    }
    if (advice->helps) {
        printLines(terminal, u"Helps most"_qs, {changeText(advice->tried.front())});
    } else {
        printLines(terminal, u"No single change helps; the best that was tried"_qs,
                   {changeText(advice->tried.front())});
    }
}

QStringList assumedIn(const Findings &findings) {
    QStringList lines = findings.presumed;
    for (const std::string &line : findings.plans.front().answers.assumptions) {
        lines.append(text(line));
    }
    return lines;
}

} // namespace

void print(const Terminal &terminal, const Findings &findings) {
    const Findings::OfPlan &first = findings.plans.front();
    const kernel::Plan &plan = *first.plan;
    const Answers &answers = first.answers;
    terminal.print(Line{{text(plan.service), Tone::Strong},
                        {u' ' % text(plan.revisions[plan.from]) % u' ' % terminal.arrow() % u' ' %
                         text(plan.revisions[plan.to]) % u" on "_qs % findings.fleet},
                        {u"; "_qs % countText(answers.futures) % u" futures, seed "_qs %
                             QString::number(answers.seed) % u", "_qs %
                             text(findings.scenario.name) % u"; "_qs % text(answers.model),
                         Tone::Dim}});
    printHypotheses(terminal, first);
    printCaught(terminal, first);
    const std::size_t shown = shownHypothesis(findings.scenario);
    if (shown < answers.hypotheses.size()) {
        const HypothesisAnswer &hypothesis = answers.hypotheses[shown];
        const QString name = u", if it is "_qs % text(hypothesis.name);
        printFan(terminal, hypothesis.fans.nodes, u"Nodes on the new revision"_qs % name);
        printFan(terminal, hypothesis.fans.traffic, u"Traffic of the new revision"_qs % name);
        QStringList sites;
        for (const SiteLow &site : hypothesis.sites) {
            sites.append(siteText(site, plan));
        }
        printLines(terminal, u"Worst healthy capacity"_qs % name, sites.mid(0, 8));
    }
    QStringList sights;
    for (const Sight &sight : answers.sights) {
        sights.append(sightText(sight, plan));
    }
    printLines(terminal, u"What each check can see"_qs, sights);
    printCompared(terminal, findings);
    printAdvice(terminal, findings.advice);
    printWorst(terminal, answers);
    printLines(terminal, u"Assumed"_qs, assumedIn(findings));
}

ProgressLine::ProgressLine(const Scenario &scenario)
    : shown_(shownHypothesis(scenario)), visible_(isatty(STDERR_FILENO) == 1) {
    name_ =
        shown_ < scenario.hypotheses.size() ? text(scenario.hypotheses[shown_].name) : QString();
}

void ProgressLine::show(const Progress &progress) {
    if (!visible_) {
        return;
    }
    QString line = countText(progress.done) % u" of "_qs % countText(progress.of) % u" futures"_qs;
    if (shown_ < progress.endings.size() && !progress.endings[shown_].empty()) {
        line += u"; if it is "_qs % name_ % u", "_qs %
                portionText(progress.endings[shown_].front()) % u" complete"_qs;
    }
    const QByteArray bytes = visibleText(line, 200).toUtf8();
    std::fprintf(stderr, "\r\x1b[K%s", bytes.constData());
    std::fflush(stderr);
    written_ = true;
}

void ProgressLine::clear() {
    if (std::exchange(written_, false)) {
        std::fputs("\r\x1b[K", stderr);
    }
}

} // namespace aviary::cli
