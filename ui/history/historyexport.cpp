// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/historyexport.h"

#include "core/api/valuesjson.h"
#include "core/api/words.h"
#include "core/support/words.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonDocument>
#include <QTimeZone>

namespace aviary {

using namespace Qt::Literals;

namespace {

struct Export {
    Q_DECLARE_TR_FUNCTIONS(HistoryExport)
};

QString instantText(qint64 wall_ms) {
    return wall_ms == 0
               ? QString()
               : QDateTime::fromMSecsSinceEpoch(wall_ms, Qt::UTC).toString(Qt::ISODateWithMs);
}

// A cell that no spreadsheet takes for a formula.
QString cell(const QString &text) {
    QString safe = text;
    if (!safe.isEmpty() && u"=+-@\t\r\n"_qs.contains(safe[0])) {
        safe.prepend(u'\'');
    }
    safe.replace(u"\""_qs, u"\"\""_qs);
    return u'"' + safe + u'"';
}

QStringList fieldsOf(const HistoryLine &line) {
    const api::DeploymentRow &row = line.row;
    const std::string_view status = kernel::nameOf(row.status);
    return {row.id,
            row.key,
            row.cluster,
            QString::number(row.version),
            row.from,
            row.revision,
            row.strategy,
            QString::fromUtf8(status.data(), qsizetype(status.size())),
            line.state,
            row.outcome,
            row.who,
            row.reason,
            row.tags.join(u' '),
            row.stable ? u"yes"_qs : u"no"_qs,
            row.bad ? u"yes"_qs : u"no"_qs,
            instantText(row.started_wall_ms),
            instantText(row.ended_wall_ms)};
}

constexpr auto style = R"(body{font:14px/1.5 sans-serif;margin:2em;color:#1b2430;background:#fff}
table{border-collapse:collapse;margin:1em 0}th,td{text-align:left;padding:.25em .75em;
border-bottom:1px solid #d3d9e0;vertical-align:top}th{color:#566475;font-weight:400}
pre{background:#f3f5f7;padding:1em;overflow:auto}.bad{color:#c0392b}
@media (prefers-color-scheme:dark){body{color:#e6e9ee;background:#14171c}th,td{border-color:#2a303a}
th{color:#98a2b0}pre{background:#1b1f26}.bad{color:#ee6f57}})";

QString tableRow(const QStringList &texts, const QString &tag) {
    QString out = u"<tr>"_qs;
    for (const QString &text : texts) {
        out += u'<' + tag + u'>' + text.toHtmlEscaped() + u"</" + tag + u'>';
    }
    return out + u"</tr>\n";
}

QString durationText(qint64 took_ms) {
    return took_ms < 0 ? QString() : ageText(took_ms);
}

QString sectionOf(const DeploymentComparison &comparison) {
    QString out = u"<h2>"_qs +
                  Export::tr("%1 beside %2").arg(comparison.a, comparison.b).toHtmlEscaped() +
                  u"</h2>\n<table>" + tableRow({QString(), comparison.a, comparison.b}, u"th"_qs);
    for (const auto &row : comparison.rows) {
        out += tableRow({row.label, row.a, row.b}, u"td"_qs);
    }
    out += u"</table>\n<table>" +
           tableRow({Export::tr("step"), comparison.a, comparison.b, Export::tr("rehearsed")},
                    u"th"_qs);
    for (const StepTimes &step : comparison.steps) {
        out += tableRow({step.text, durationText(step.a_ms), durationText(step.b_ms),
                         durationText(step.rehearsed_ms)},
                        u"td"_qs);
    }
    return out + u"</table>\n<pre>" + comparison.difference.join(u'\n').toHtmlEscaped() +
           u"</pre>\n";
}

} // namespace

QByteArray csvOf(const std::vector<HistoryLine> &lines) {
    const QStringList head{
        u"id"_qs,       u"service"_qs, u"cluster"_qs, u"version"_qs, u"from"_qs, u"to"_qs,
        u"strategy"_qs, u"status"_qs,  u"state"_qs,   u"outcome"_qs, u"by"_qs,   u"reason"_qs,
        u"tags"_qs,     u"stable"_qs,  u"bad"_qs,     u"started"_qs, u"ended"_qs};
    QString out = head.join(u',') + u"\r\n";
    for (const HistoryLine &line : lines) {
        QStringList cells;
        for (const QString &field : fieldsOf(line)) {
            cells << cell(field);
        }
        out += cells.join(u',') + u"\r\n";
    }
    return out.toUtf8();
}

QByteArray jsonOf(const std::vector<HistoryLine> &lines, qint64 as_of_wall_ms) {
    QJsonArray rows;
    for (const HistoryLine &line : lines) {
        rows.append(api::toJson(line.row));
    }
    return QJsonDocument(QJsonObject{{u"format"_qs, u"aviary-history/1"_qs},
                                     {u"as_of_wall_ms"_qs, as_of_wall_ms},
                                     {u"deployments"_qs, rows}})
        .toJson();
}

QByteArray htmlOf(const std::vector<HistoryLine> &lines, qint64 as_of_wall_ms,
                  const std::vector<DeploymentComparison> &comparisons) {
    const QString title = Export::tr("Deployments as of %1").arg(instantText(as_of_wall_ms));
    QString out = u"<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>"_qs +
                  title.toHtmlEscaped() + u"</title>\n<style>" + QString::fromLatin1(style) +
                  u"</style></head><body>\n<h1>" + title.toHtmlEscaped() + u"</h1>\n<table>" +
                  tableRow({Export::tr("service"), Export::tr("revision"), Export::tr("strategy"),
                            Export::tr("state"), Export::tr("took"), Export::tr("by"),
                            Export::tr("reason"), Export::tr("cluster"), Export::tr("began")},
                           u"th"_qs);
    for (const HistoryLine &line : lines) {
        const api::DeploymentRow &row = line.row;
        out +=
            tableRow({row.key, row.revision, row.strategy, line.state, tookText(row, as_of_wall_ms),
                      row.who, row.reason, line.cluster_name, instantText(row.started_wall_ms)},
                     u"td"_qs);
    }
    out += u"</table>\n";
    for (const DeploymentComparison &comparison : comparisons) {
        out += sectionOf(comparison);
    }
    return (out + u"</body></html>\n").toUtf8();
}

} // namespace aviary
