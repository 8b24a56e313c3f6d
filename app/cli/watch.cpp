// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/watch.h"

#include "app/cli/commandline.h"
#include "app/cli/rolloutview.h"
#include "core/api/valuesjson.h"
#include "core/api/words.h"
#include "core/support/words.h"

#include <QJsonDocument>

#include <algorithm>
#include <limits>

namespace aviary::cli {

using namespace Qt::Literals;

Watch::Watch(Conversation &conversation, QString rollout, qint64 limit_ms)
    : QObject(&conversation), conversation_(conversation), rollout_(std::move(rollout)) {
    if (limit_ms > 0) {
        limit_.setSingleShot(true);
        limit_.start(int(std::min<qint64>(limit_ms, std::numeric_limits<int>::max())));
        connect(&limit_, &QTimer::timeout, this, [this] {
            conversation_.failWith({ErrorCode::TimedOut,
                                    u"the rollout has not ended in the given time; it goes on"_qs,
                                    rollout_, u"aviary watch "_qs + rollout_});
        });
    }
}

void Watch::begin() {
    api::LineSession *link = conversation_.session();
    if (link == nullptr) {
        return;
    }
    conversation_.subscribe(u"rollout:"_qs + rollout_,
                            [this](const QJsonObject &change) { take(change); });
    connect(link, &api::Session::linkChanged, this, &Watch::linkChanged);
    // An unknown rollout has no topic: only the verb says so.
    conversation_.ask(u"rollout.get"_qs, {{u"rollout"_qs, rollout_}}, [this](const auto &answer) {
        const auto detail = api::fromJson<api::RolloutDetail>(answer);
        detail ? take(*detail) : conversation_.failWith(detail.error());
    });
}

void Watch::linkChanged(api::Session::Link link) {
    if (link == api::Session::Link::Connecting && !std::exchange(link_lost_, true)) {
        conversation_.terminal().complain(
            u"the link to the daemon broke; what is shown is old until it is back"_qs);
        drawn_ = 0;
    } else if (link == api::Session::Link::Open && std::exchange(link_lost_, false)) {
        conversation_.terminal().complain(u"the daemon answers again"_qs);
        drawn_ = 0;
        conversation_.ask(u"rollout.get"_qs, {{u"rollout"_qs, rollout_}}, [this](const auto &now) {
            if (const auto detail = api::fromJson<api::RolloutDetail>(now)) {
                take(*detail);
            }
        });
    }
}

void Watch::take(const QJsonObject &change) {
    const QJsonArray rows = change.value(u"rows"_qs).toArray();
    if (!rows.isEmpty()) {
        const auto detail = api::fromJson<api::RolloutDetail>(rows.last().toObject());
        detail ? take(*detail) : conversation_.failWith(detail.error());
    }
}

void Watch::take(const api::RolloutDetail &detail) {
    if (conversation_.terminal().isTerminal() && !conversation_.json()) {
        draw(detail);
    } else {
        tell(detail);
    }
    shown_ = detail.row;
    if (kernel::isEnd(detail.row.status)) {
        end(detail.row);
    }
}

void Watch::draw(const api::RolloutDetail &detail) {
    const Terminal &terminal = conversation_.terminal();
    const int columns = terminal.columns();
    QByteArray out;
    if (drawn_ > 0) {
        out += "\x1b[" + QByteArray::number(drawn_) + "A\r\x1b[J"; // up, and clear to the end
    }
    std::vector<Line> lines = linesOf(detail, terminal, terminal.rows() - 2);
    for (Line &line : lines) {
        int room = columns - 1; // a line that wraps would be counted as one
        for (Span &span : line) {
            span.text = room > 1 ? visibleText(span.text, room - 1) : QString();
            room -= int(span.text.toUcs4().size());
        }
        out += terminal.rendered(line) + '\n';
    }
    drawn_ = int(lines.size());
    terminal.printRaw(out);
}

void Watch::tell(const api::RolloutDetail &detail) {
    const Terminal &terminal = conversation_.terminal();
    std::vector<api::Happening> news;
    for (auto it = detail.happenings.rbegin(); it != detail.happenings.rend(); ++it) {
        if (it->sequence > told_) {
            news.push_back(*it);
        }
    }
    told_ = detail.happenings.empty() ? told_ : std::max(told_, detail.happenings[0].sequence);
    const bool moved = shown_.status != detail.row.status || shown_.weight != detail.row.weight ||
                       shown_.nodes_done != detail.row.nodes_done || shown_.step != detail.row.step;
    const bool first = shown_.id.isEmpty();
    if (conversation_.json()) {
        if (moved || first || !news.empty()) {
            const QJsonObject line{{u"rollout"_qs, api::toJson(detail.row)},
                                   {u"happenings"_qs, api::listToJson(news)}};
            terminal.printRaw(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
        }
        return;
    }
    if (first) {
        terminal.print(titleOf(detail.row, terminal));
    }
    for (const api::Happening &happening : news) {
        terminal.print(lineOf(happening));
    }
    if (moved && !first) {
        terminal.print(Line{
            {u"%1  %2 on %3  %4 of %5 nodes  step %6 of %7"_qs
                 .arg(api::wordOf(detail.row.status), percentText(detail.row.weight), detail.row.to)
                 .arg(detail.row.nodes_done)
                 .arg(detail.row.nodes)
                 .arg(std::min(detail.row.step + 1, detail.row.steps))
                 .arg(detail.row.steps),
             toneOf(detail.row.status)}});
    }
}

void Watch::end(const api::RolloutRow &row) {
    const bool good = row.status == kernel::Status::Completed;
    if (!conversation_.json()) {
        conversation_.terminal().print(
            Line{{row.service % u": "_qs % api::wordOf(row.status), toneOf(row.status)},
                 {u". "_qs + row.headline, Tone::Plain}});
    }
    conversation_.finish(good ? Exit::Done : Exit::Failed);
}

} // namespace aviary::cli
