// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/waitingpresenter.h"

#include "core/api/requestid.h"
#include "core/support/words.h"
#include "ui/console/shellfeed.h"
#include "ui/models/signs.h"
#include "ui/shell/mainwindow.h"
#include "ui/waiting/waitingview.h"

#include <QDateTime>

#include <algorithm>

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr int refresh_ms = 100;
constexpr qint64 short_absence_ms = 5 * 60'000;
constexpr std::size_t missed_max = 50;
constexpr qint64 snooze_ms = 60 * 60'000;

QString idOf(const Desk &desk, const api::WaitingRow &row) {
    return desk.id() + u'\n' + row.cluster + u'\n' + row.subject + u'\n' + row.rollout + u'\n' +
           row.verb;
}

const ActionLine *lineOf(const QString &verb) {
    const QByteArray id = "rollout." + verb.toLatin1();
    return actionLine(id.constData());
}

ActionContext contextOf(const Desk &desk, const api::WaitingRow &row) {
    const api::RolloutRow *rollout = desk.rollout(row.rollout);
    api::RolloutRow about;
    about.cluster = row.cluster;
    about.service = row.subject;
    return contextOf(desk, rollout ? *rollout : about,
                     rollout ? desk.detail(row.rollout) : nullptr);
}

} // namespace

WaitingPresenter::WaitingPresenter(Console &console)
    : QObject(&console)
    , console_(console)
    , view_(new WaitingView)
    , left_wall_ms_(console.settings().lastSeen()) {
    console.window().addView(u"view.waiting"_qs, view_);
    refresh_timer_.setSingleShot(true);
    connect(&refresh_timer_, &QTimer::timeout, this, &WaitingPresenter::refresh);
    connect(&console.desks(), &Desks::added, this, &WaitingPresenter::follow);
    connect(&console.desks(), &Desks::changed, this, &WaitingPresenter::refreshSoon);
    for (Desk *desk : console.desks().all()) {
        follow(desk);
    }
    connect(view_, &WaitingView::actionWanted, this, &WaitingPresenter::act);
    connect(view_, &WaitingView::opened, this, &WaitingPresenter::open);
    connect(view_, &WaitingView::linkOpened, &console, &Console::open);
    connect(view_, &WaitingView::acknowledged, this,
            [this](const QString &key) { answerAlert(u"alert.ack"_qs, key, {}); });
    connect(view_, &WaitingView::snoozed, this, [this](const QString &key) {
        answerAlert(u"alert.snooze"_qs, key, {{u"for_ms"_qs, snooze_ms}});
    });
    refresh();
}

void WaitingPresenter::follow(Desk *desk) {
    for (const auto signal : {&Desk::waitingChanged, &Desk::rolloutsChanged, &Desk::clustersChanged,
                              &Desk::linkChanged, &Desk::sessionChanged, &Desk::alertsChanged}) {
        connect(desk, signal, this, &WaitingPresenter::refreshSoon);
    }
    connect(desk, &Desk::detailChanged, this, &WaitingPresenter::refreshSoon);
}

void WaitingPresenter::refreshSoon() {
    if (!refresh_timer_.isActive()) {
        refresh_timer_.start(refresh_ms);
    }
}

std::vector<WaitingPresenter::Waits> WaitingPresenter::waits() const {
    std::vector<Waits> all;
    for (Desk *desk : console_.desks().all()) {
        for (const api::WaitingRow &row : desk->waiting()) {
            all.push_back({desk, row});
        }
    }
    std::ranges::stable_sort(all, {}, [](const Waits &each) { return each.row.since_wall_ms; });
    return all;
}

void WaitingPresenter::watchDetails(const std::vector<Waits> &all) {
    std::map<std::pair<QString, QString>, QPointer<Desk>> wanted;
    for (const Waits &each : all) {
        if (!each.row.rollout.isEmpty() && wanted.size() < WaitingView::rows_max) {
            wanted[{each.desk->id(), each.row.rollout}] = each.desk;
        }
    }
    for (const auto &[key, desk] : wanted) {
        const auto known = watched_.find(key);
        if (known == watched_.end() || known->second != desk) {
            desk->watchRollout(key.second);
        }
    }
    for (const auto &[key, desk] : watched_) {
        if (desk && wanted.count(key) == 0) {
            desk->unwatchRollout(key.second);
        }
    }
    watched_ = std::move(wanted);
}

void WaitingPresenter::refresh() {
    WaitingValue value;
    const qint64 now_wall_ms = QDateTime::currentMSecsSinceEpoch();
    for (const Desk *desk : console_.desks().all()) {
        value.told = value.told || !desk->daemon().version.isEmpty();
    }
    const std::vector<Waits> all = waits();
    watchDetails(all);
    for (const Waits &each : all) {
        const ActionContext context = contextOf(*each.desk, each.row);
        const ActionLine *line = lineOf(each.row.verb);
        WaitingItem item;
        item.id = idOf(*each.desk, each.row);
        item.what = each.row.text;
        item.where = context.cluster_name;
        item.since = ageText(std::max<qint64>(0, now_wall_ms - each.row.since_wall_ms));
        item.action = line ? briefActionText(*line, context) : tr("Bring them up to date\u2026");
        item.refusal = line ? actionRefusal(*line, context) : QString();
        value.items.push_back(std::move(item));
    }
    refreshMissed(value);
    refreshAlerts(value);
    view_->setValue(value);
}

void WaitingPresenter::refreshMissed(WaitingValue &value) const {
    const qint64 now_wall_ms = QDateTime::currentMSecsSinceEpoch();
    if (left_wall_ms_ == 0 || now_wall_ms - left_wall_ms_ < short_absence_ms) {
        return;
    }
    value.away = tr("since you left, %1 ago").arg(ageText(now_wall_ms - left_wall_ms_));
    struct Change {
        const Desk *desk;
        const api::RolloutRow *row;
    };
    std::vector<Change> changes;
    for (const Desk *desk : console_.desks().all()) {
        for (const api::RolloutRow &row : desk->rollouts()) {
            if (row.changed_wall_ms > left_wall_ms_) {
                changes.push_back({desk, &row});
            }
        }
    }
    std::ranges::sort(changes, std::greater{},
                      [](const Change &each) { return each.row->changed_wall_ms; });
    for (const Change &each : changes) {
        if (value.missed.size() >= missed_max) {
            break;
        }
        const api::RolloutRow &row = *each.row;
        value.missed.push_back(
            {QLocale().toString(QDateTime::fromMSecsSinceEpoch(row.changed_wall_ms).time(),
                                QLocale::ShortFormat),
             tr("%1 %2 on %3: %4, %5")
                 .arg(row.service, row.to, row.cluster, nameOf(signOf(row.status)), row.headline),
             u"rollout:"_qs + toText(DeskKey{each.desk->id(), row.id})});
    }
}

void WaitingPresenter::refreshAlerts(WaitingValue &value) const {
    const qint64 now_wall_ms = QDateTime::currentMSecsSinceEpoch();
    struct Open {
        const Desk *desk;
        const api::AlertRow *row;
    };
    std::vector<Open> open;
    for (const Desk *desk : console_.desks().all()) {
        for (const api::AlertRow &row : desk->alerts()) {
            if (row.acknowledged_by.isEmpty() && row.snoozed_until_wall_ms <= now_wall_ms) {
                open.push_back({desk, &row});
            }
        }
    }
    std::ranges::sort(open, std::greater{},
                      [](const Open &each) { return each.row->raised_wall_ms; });
    for (const auto &[desk, row] : open) {
        const QString about = row->rollout.isEmpty()
                                  ? QString()
                                  : u"rollout:"_qs + toText(DeskKey{desk->id(), row->rollout});
        value.alerts.push_back({toText(DeskKey{desk->id(), row->id}), row->text,
                                ageText(std::max<qint64>(0, now_wall_ms - row->raised_wall_ms)),
                                about});
    }
}

// Taking an alert up changes nothing on a cluster: it is not confirmed.
void WaitingPresenter::answerAlert(const QString &verb, const QString &text,
                                   QJsonObject parameters) {
    const DeskKey key = deskKeyFrom(text);
    if (Desk *desk = console_.desks().find(key.desk)) {
        parameters.insert(u"id"_qs, key.id);
        parameters.insert(u"request_id"_qs, api::newRequestId());
        desk->call(verb, parameters, [this](const Result<QJsonObject> &answer) {
            if (!answer) {
                console_.window().say(toText(answer.error()));
            }
        });
    }
}

void WaitingPresenter::act(const QString &id) {
    for (const Waits &each : waits()) {
        if (idOf(*each.desk, each.row) != id) {
            continue;
        }
        if (!each.row.rollout.isEmpty()) {
            const ActionContext context = contextOf(*each.desk, each.row);
            QJsonObject parameters;
            if (each.row.verb == u"promote" && context.next_weight) {
                parameters.insert(u"to"_qs, *context.next_weight);
            }
            return console_.requester().ask(*each.desk, each.row.verb, each.row.rollout,
                                            parameters);
        }
        Proposal proposal;
        proposal.verb = each.row.verb;
        proposal.cluster = each.row.cluster;
        proposal.service = each.row.subject;
        proposal.parameters = {{u"cluster"_qs, each.row.cluster}, {u"key"_qs, each.row.subject}};
        proposal.title = tr("Bring the nodes of %1 up to date?").arg(each.row.subject);
        proposal.button = tr("Bring them up to date");
        proposal.facts = {{tr("nodes"), each.row.text},
                          {tr("checks"), tr("the same as for the rollout that they missed")}};
        proposal.raises_exposure = true;
        return console_.requester().propose(*each.desk, proposal);
    }
}

void WaitingPresenter::open(const QString &id) {
    for (const Waits &each : waits()) {
        if (idOf(*each.desk, each.row) == id) {
            const QString what = each.row.rollout.isEmpty() ? u"cluster:"_qs : u"rollout:"_qs;
            const QString key = each.row.rollout.isEmpty() ? each.row.cluster : each.row.rollout;
            console_.open(what + toText(DeskKey{each.desk->id(), key}));
        }
    }
}

} // namespace aviary
