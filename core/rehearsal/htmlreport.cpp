// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/rehearsal/htmlreport.h"

#include "core/rehearsal/svgchart.h"
#include "core/support/words.h"

namespace aviary::rehearsal {

namespace {

constexpr int text_length_max = 300;

// The tokens of the console, dark and light.
const char *styleSheet() {
    return R"(:root{--window:#f3f5f7;--card:#fff;--line:#d3d9e0;--text:#1b2430;--dim:#566475;
--accent:#0072b2;--good:#137a58;--attention:#a15f00;--bad:#c0392b;--old:#9fabb8}
@media (prefers-color-scheme:dark){:root{--window:#14171c;--card:#1b1f26;--line:#2a303a;
--text:#e6e9ee;--dim:#98a2b0;--accent:#56b4e9;--good:#2fbf9b;--attention:#f0b64b;--bad:#ee6f57;
--old:#4a5564}}
body{background:var(--window);color:var(--text);font:13px/1.5 Inter,system-ui,sans-serif;
margin:24px auto;max-width:980px;padding:0 16px;font-variant-numeric:tabular-nums}
h1{font-size:18px;margin:0 0 4px}h2{font-size:15px;margin:0 0 8px}h3{font-size:13px;margin:12px 0 4px}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px;
margin:16px 0}.dim{color:var(--dim)}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:6px 12px 6px 0;border-top:1px solid var(--line);vertical-align:top}
th{color:var(--dim);font-weight:normal}.n{text-align:right}svg{width:100%;height:auto;display:block}
svg.bar{width:220px;height:16px}.grid{stroke:var(--line)}.axis{fill:var(--dim);font-size:11px}
.band{fill:var(--accent);opacity:.28}.median{fill:none;stroke:var(--accent);stroke-width:2}
.good{fill:var(--good)}.back{fill:var(--attention)}.failed{fill:var(--bad)}.waiting{fill:var(--old)}
.stuck{fill:var(--dim)}.hatch{stroke:var(--card);stroke-width:1.2;fill:none}
ul{margin:0;padding-left:18px}
)";
}

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString safe(const QString &given) {
    return boundedText(given, text_length_max).toHtmlEscaped();
}

QString tag(const char *name, const QString &inner) {
    const QString word = QString::fromLatin1(name);
    return u'<' + word + u'>' + inner + u"</"_qs + word.section(u' ', 0, 0) + u">\n"_qs;
}

QString list(const QStringList &lines) {
    QString items;
    for (const QString &line : lines) {
        items += tag("li", safe(line));
    }
    return tag("ul", items);
}

QString row(const char *cell, const QStringList &cells) {
    QString inner;
    for (const QString &one : cells) {
        inner += tag(cell, one);
    }
    return tag("tr", inner);
}

class ReportWriter {
public:
    explicit ReportWriter(const Findings &findings) : findings_(findings) {}

    QByteArray write() const {
        QString body = head() + svgPatterns() + hypotheses(findings_.plans.front());
        for (std::size_t i = 0; i < findings_.plans.size(); ++i) {
            body += pictures(findings_.plans[i]);
        }
        body += compared() + checks() + sites() + worst() + advised() + assumed();
        const QString policy = u"default-src 'none'; style-src 'unsafe-inline'"_qs;
        return (u"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\""_qs +
                policy + u"\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"_qs +
                tag("title", title()) + tag("style", QString::fromLatin1(styleSheet())) +
                u"</head><body>\n"_qs + body + u"</body></html>\n"_qs)
            .toUtf8();
    }

private:
    const kernel::Plan &plan() const { return *findings_.plans.front().plan; }
    const Answers &answers() const { return findings_.plans.front().answers; }
    QString title() const {
        return safe(u"Rehearsal of "_qs + text(plan().service) + u' ' +
                    text(plan().revisions[plan().to]));
    }
    QString head() const {
        const Answers &given = answers();
        const QString line = text(plan().revisions[plan().from]) + u" to "_qs +
                             text(plan().revisions[plan().to]) + u" on "_qs + findings_.fleet +
                             u"; "_qs + countText(given.futures) + u" futures, seed "_qs +
                             QString::number(given.seed) + u", scenario "_qs +
                             text(findings_.scenario.name) + u"; "_qs + text(given.model);
        return tag("h1", title()) + tag("p class=\"dim\"", safe(line));
    }
    QString hypotheses(const Findings::OfPlan &one) const {
        QString rows = row("th", {u"what it may be"_qs, u"assumed"_qs, u"ends"_qs, QString(),
                                  u"time to complete"_qs, u"failed requests, mean"_qs});
        for (const HypothesisAnswer &hypothesis : one.answers.hypotheses) {
            const QString name = text(hypothesis.name);
            const Spans completes =
                hypothesis.endings.empty() ? Spans{} : hypothesis.endings.front().time_ms;
            rows += row("td", {safe(name), rateText(hypothesis.weight, 1),
                               svgEndings(hypothesis, boundedText(name)),
                               safe(endingsText(hypothesis)) + u"<br><span class=\"dim\">"_qs +
                                   safe(caughtText(hypothesis, *one.plan)) + u"</span>"_qs,
                               timeText(completes), requestsText(hypothesis.failed_requests)});
        }
        return tag("section",
                   tag("h2", u"What the new revision may be, and what happens then"_qs) +
                       tag("table", rows) +
                       tag("p", safe(totalText(one.answers, Ending::Completed))) +
                       tag("p class=\"dim\"",
                           u"The shares are an assumption of the scenario. Intervals hold the "
                           "long-run value in 95 of 100 rehearsals."_qs));
    }
    QString pictures(const Findings::OfPlan &one) const {
        const std::size_t shown = shownHypothesis(findings_.scenario);
        if (shown >= one.answers.hypotheses.size()) {
            return {};
        }
        const HypothesisAnswer &hypothesis = one.answers.hypotheses[shown];
        const QString name = safe(one.name) + u", if it is "_qs + safe(text(hypothesis.name));
        return tag("section",
                   tag("h2", name) +
                       tag("h3", u"Nodes on the new revision: median, 5 to 95 % of futures"_qs) +
                       svgFan(hypothesis.fans.nodes, u"Nodes on the new revision"_qs) +
                       tag("h3", u"Traffic of the new revision"_qs) +
                       svgFan(hypothesis.fans.traffic, u"Traffic of the new revision"_qs) +
                       tag("h3", u"Nodes that serve"_qs) +
                       svgFan(hypothesis.fans.health, u"Nodes that serve"_qs));
    }
    QString compared() const {
        QString inner;
        for (std::size_t i = 0; i < findings_.differences.size(); ++i) {
            QStringList lines;
            for (const Difference &one : findings_.differences[i]) {
                lines.append(differenceText(one));
            }
            inner += tag("h3", safe(findings_.plans[i + 1].name + u" against "_qs +
                                    findings_.plans.front().name)) +
                     list(lines);
        }
        return inner.isEmpty()
                   ? QString()
                   : tag("section", tag("h2", u"Plans on the same luck"_qs) + inner +
                                        tag("p class=\"dim\"",
                                            u"Means with 95 % intervals, future by future."_qs));
    }
    QString checks() const {
        QStringList lines;
        for (const Sight &sight : answers().sights) {
            lines.append(sightText(sight, plan()));
        }
        return lines.isEmpty()
                   ? QString()
                   : tag("section", tag("h2", u"What each check can see"_qs) + list(lines));
    }
    QString sites() const {
        QStringList lines;
        const std::size_t shown = shownHypothesis(findings_.scenario);
        if (shown < answers().hypotheses.size()) {
            for (const SiteLow &site : answers().hypotheses[shown].sites) {
                lines.append(siteText(site, plan()));
            }
        }
        return lines.isEmpty()
                   ? QString()
                   : tag("section", tag("h2", u"Worst healthy capacity by site"_qs) + list(lines));
    }
    QString worst() const {
        QString rows = row(
            "th", {u"future"_qs, u"if it is"_qs, u"ends"_qs, u"because"_qs, u"failed requests"_qs});
        for (const WorstFuture &one : answers().worst) {
            const QString ends = wordOf(one.ending) + u" after "_qs + ageText(one.end_ms) +
                                 u", at most "_qs + percentText(one.weight_highest);
            rows += row("td", {u'#' + QString::number(one.future),
                               safe(text(answers().hypotheses[one.hypothesis].name)), safe(ends),
                               safe(text(one.because)), countText(one.failed_requests)});
        }
        return answers().worst.empty()
                   ? QString()
                   : tag("section", tag("h2", u"Futures worth a look, worst first"_qs) +
                                        tag("table", rows) +
                                        tag("p class=\"dim\"",
                                            u"aviary rehearse with --open and its number writes "
                                            "one as a run."_qs));
    }
    QString advised() const {
        if (!findings_.advice || findings_.advice->tried.empty()) {
            return {};
        }
        QStringList lines;
        for (const Change &change : findings_.advice->tried) {
            lines.append(changeText(change));
        }
        return tag("section",
                   tag("h2", findings_.advice->helps
                                 ? u"The change that helps most, and what else was tried"_qs
                                 : u"Changes that were tried; none helps"_qs) +
                       list(lines));
    }
    QString assumed() const {
        QStringList lines = findings_.presumed;
        for (const std::string &line : answers().assumptions) {
            lines.append(text(line));
        }
        return tag("section", tag("h2", u"Assumed"_qs) + list(lines));
    }

    const Findings &findings_;
};

} // namespace

QByteArray htmlOf(const Findings &findings) {
    return findings.plans.empty() ? QByteArray() : ReportWriter(findings).write();
}

} // namespace aviary::rehearsal
