// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/outcomes.h"

#include "core/support/words.h"

#include <QDateTime>

#include <algorithm>

namespace aviary {

using namespace Qt::Literals;
using api::Outcome;

namespace {

bool isOpen(Outcome outcome) {
    return outcome == Outcome::Asked || outcome == Outcome::Unknown;
}

} // namespace

std::vector<OutcomeLine> Outcomes::lines() const {
    std::vector<OutcomeLine> lines;
    for (auto kept = kept_.rbegin(); kept != kept_.rend(); ++kept) {
        lines.push_back(kept->line);
    }
    return lines;
}

Outcomes::Kept *Outcomes::find(const QString &id) {
    const auto found =
        std::ranges::find_if(kept_, [&](const Kept &kept) { return kept.line.id == id; });
    return found == kept_.end() ? nullptr : &*found;
}

void Outcomes::open(Desk &desk, const QString &id, const QString &what, const QString &where) {
    follow(desk);
    if (kept_.size() >= lines_max) {
        const auto oldest = std::ranges::find_if(
            kept_, [](const Kept &kept) { return !isOpen(kept.line.outcome); });
        kept_.erase(oldest == kept_.end() ? kept_.begin() : oldest);
    }
    OutcomeLine line{id,
                     what,
                     where,
                     Outcome::Asked,
                     tr("asked, no answer yet"),
                     QDateTime::currentMSecsSinceEpoch()};
    kept_.push_back({line, &desk, false, false});
    Q_EMIT changed();
}

void Outcomes::follow(Desk &desk) {
    disconnect(&desk, nullptr, this, nullptr); // it may be followed already
    connect(&desk, &Desk::requestsChanged, this, [this, &desk] { lookAt(desk); });
    connect(&desk, &Desk::linkChanged, this, [this, &desk] { lookAt(desk); });
}

void Outcomes::lookAt(Desk &desk) {
    if (desk.travelling()) {
        return; // the past knows nothing of what is asked now
    }
    for (Kept &kept : kept_) {
        if (kept.desk == &desk && isOpen(kept.line.outcome)) {
            look(kept);
        }
    }
    Q_EMIT changed();
}

void Outcomes::look(Kept &kept) {
    Desk &desk = *kept.desk;
    if (desk.link() != Desk::Link::Open) {
        kept.line.outcome = Outcome::Unknown;
        kept.line.text = kept.answered
                             ? tr("it was written to the journal; the daemon does not answer now")
                             : tr("sent, and the link broke before the answer");
    } else if (const api::RequestRow *row = desk.request(kept.line.id)) {
        settle(kept, *row);
    } else if (kept.line.outcome == Outcome::Unknown) {
        askAgain(kept);
    }
}

// The daemon keeps every request; one that it does not know never reached it.
void Outcomes::askAgain(Kept &kept) {
    if (std::exchange(kept.asking, true)) {
        return;
    }
    kept.line.text = tr("asking what became of it");
    kept.desk->call(u"request.get"_qs, {{u"id"_qs, kept.line.id}},
                    [this, id = kept.line.id](const Result<QJsonObject> &answer) {
                        Kept *asked = find(id);
                        if (!asked) {
                            return;
                        }
                        asked->asking = false;
                        if (answer || answer.error().code == ErrorCode::NotFound) {
                            answered(id, answer);
                        }
                    });
}

void Outcomes::settle(Kept &kept, const api::RequestRow &row) {
    kept.answered = true;
    kept.line.outcome = row.outcome;
    kept.line.text = boundedText(row.text, 400);
}

void Outcomes::answered(const QString &id, const Result<QJsonObject> &answer) {
    Kept *kept = find(id);
    if (!kept || !isOpen(kept->line.outcome)) {
        return;
    }
    if (!answer) {
        const Error &error = answer.error();
        const bool unknown = error.code == ErrorCode::TimedOut;
        kept->line.outcome = unknown ? Outcome::Unknown : Outcome::Refused;
        kept->line.text = boundedText(toText(error), 400);
        if (unknown && kept->desk && kept->desk->link() == Desk::Link::Open) {
            askAgain(*kept);
        }
    } else if (const auto row =
                   api::fromJson<api::RequestRow>(answer->value(u"request"_qs).toObject());
               row && !row->id.isEmpty()) {
        settle(*kept, *row);
    } else {
        kept->answered = true;
        kept->line.text = tr("written to the journal");
    }
    Q_EMIT changed();
}

void Outcomes::done(const QString &id, const QString &text) {
    if (Kept *kept = find(id)) {
        kept->line.outcome = Outcome::Applied;
        kept->line.text = text;
        Q_EMIT changed();
    }
}

void Outcomes::drop(const QString &id) {
    std::erase_if(kept_, [&](const Kept &kept) { return kept.line.id == id; });
    Q_EMIT changed();
}

void Outcomes::dismiss(const QString &id) {
    const auto gone = std::erase_if(
        kept_, [&](const Kept &kept) { return kept.line.id == id && !isOpen(kept.line.outcome); });
    if (gone > 0) {
        Q_EMIT changed();
    }
}

} // namespace aviary
