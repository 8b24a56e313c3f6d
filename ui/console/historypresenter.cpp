// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/historypresenter.h"

#include "core/api/valuesjson.h"
#include "core/support/words.h"
#include "ui/console/console.h"
#include "ui/console/historylanes.h"
#include "ui/history/historyview.h"
#include "ui/models/signs.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/viewheader.h"

#include <QDateTime>

#include <algorithm>

namespace aviary {

using namespace Qt::Literals;

namespace {

constexpr int refresh_ms = 33;
constexpr int clock_ms = 1'000;
constexpr int said_ms = 8'000;
constexpr std::size_t told_max = 500;

} // namespace

HistoryPresenter::HistoryPresenter(Console &console)
    : QObject(&console), console_(console), view_(new HistoryView), travel_(this) {
    console.window().addView(u"view.history"_qs, view_);
    ViewHeader *header = view_->header();
    for (const char *action : {"history.compare", "history.export", "file.open"}) {
        header->addAction(console.window().actions().action(action));
    }
    console.claim(u"time.live"_qs);
    refresh_timer_.setSingleShot(true);
    wire();
    clock_timer_.start(clock_ms);
    refresh();
}

void HistoryPresenter::wire() {
    connect(&refresh_timer_, &QTimer::timeout, this, &HistoryPresenter::refresh);
    said_timer_.setSingleShot(true);
    connect(&said_timer_, &QTimer::timeout, this, [this] {
        said_.clear();
        refreshSoon();
    });
    connect(&clock_timer_, &QTimer::timeout, this, &HistoryPresenter::refreshSoon);
    Desks &desks = console_.desks();
    const auto follow = [this](Desk *desk) {
        for (const auto signal : {&Desk::deploymentsChanged, &Desk::rolloutsChanged,
                                  &Desk::clustersChanged, &Desk::sessionChanged}) {
            connect(desk, signal, this, &HistoryPresenter::refreshSoon);
        }
    };
    for (Desk *desk : desks.all()) {
        follow(desk);
    }
    connect(&desks, &Desks::added, this, follow);
    connect(&desks, &Desks::leaving, this, [this](const Desk *desk) {
        if (travel_.desk() == desk) {
            travel_.leave();
        }
        refreshSoon();
    });
    connect(&console_.choice(), &Choice::chosen, this, &HistoryPresenter::refreshSoon);
    connect(&travel_, &TimeTravel::changed, this, &HistoryPresenter::refreshSoon);
    connect(&console_, &Console::actionWanted, this, [this](const QString &id) { carryOut(id); });
    connect(view_, &HistoryView::instantWanted, this, &HistoryPresenter::goTo);
    connect(view_, &HistoryView::liveWanted, &travel_, &TimeTravel::leave);
    connect(view_, &HistoryView::playWanted, this, &HistoryPresenter::play);
    connect(view_, &HistoryView::selectionChanged, this, &HistoryPresenter::refreshPane);
    connect(view_, &HistoryView::compareWanted, this, &HistoryPresenter::compare);
    connect(view_, &HistoryView::openWanted, this, &HistoryPresenter::openRollout);
    connect(view_, &HistoryView::rollBackWanted, this, &HistoryPresenter::rollBack);
    connect(view_, &HistoryView::badWanted, this, &HistoryPresenter::markBad);
    connect(view_, &HistoryView::tagWanted, this, &HistoryPresenter::setTag);
}

void HistoryPresenter::say(const QString &text) {
    said_ = text;
    said_timer_.start(said_ms);
    refresh();
}

void HistoryPresenter::carryOut(const QString &id) {
    if (id == u"time.live") {
        travel_.leave();
    } else if (id == u"history.compare") {
        console_.window().showView(u"view.history"_qs);
        compare(view_->selected());
    } else if (id == u"history.export") {
        exportShown();
    }
}

// ---- Values
// --------------------------------------------------------------------------------------

void HistoryPresenter::refreshSoon() {
    if (!refresh_timer_.isActive()) {
        refresh_timer_.start(refresh_ms);
    }
}

void HistoryPresenter::refresh() {
    view_->setValue(value());
    refreshPane();
}

HistoryValue HistoryPresenter::value() const {
    HistoryValue value;
    const qint64 now_ms = QDateTime::currentMSecsSinceEpoch();
    for (const Desk *desk : console_.desks().all()) {
        addLines(*desk, value.lines);
    }
    std::ranges::stable_sort(value.lines, std::ranges::greater{},
                             [](const HistoryLine &line) { return line.row.started_wall_ms; });
    const Desk *desk = travel_.desk() ? travel_.desk() : console_.choice().desk();
    if (desk) {
        qint64 end_ms = travel_.desk() ? travel_.endWallMs() : now_ms;
        if (desk->isFile() && !travel_.desk()) {
            end_ms = 0;
            for (const api::DeploymentRow &row : desk->deployments()) {
                end_ms = std::max({end_ms, row.ended_wall_ms, row.started_wall_ms});
            }
            for (const api::RolloutRow &row : desk->rollouts()) {
                end_ms = std::max(end_ms, row.changed_wall_ms);
            }
        }
        value.scrubber = scrubberOf(travel_.desk() ? travel_.deployments() : desk->deployments(),
                                    end_ms > 0 ? end_ms : now_ms); // a fleet alone knows no instant
        value.scrubber.playhead_ms = travel_.wantedWallMs();
        value.scrubber.playing = travel_.playing();
        value.scrubber.events_ms.assign(travel_.eventsMs().begin(), travel_.eventsMs().end());
        value.scrubber.turns_ms.assign(travel_.turnsMs().begin(), travel_.turnsMs().end());
    }
    if (!desk) {
        value.scrubber = scrubberOf({}, now_ms); // nothing ran, and that is today
    }
    value.span = spanText(value.scrubber, now_ms);
    value.instant_wall_ms =
        travel_.instantWallMs().value_or(desk && desk->isFile() ? value.scrubber.end_ms : now_ms);
    const QString counted =
        countedText(std::ssize(value.lines), tr("1 deployment"), tr("%1 deployments"));
    value.subtitle = tr("%1, all clusters").arg(counted);
    value.loading = travel_.loading();
    value.trouble = said_.isEmpty() ? travel_.trouble() : said_;
    return value;
}

void HistoryPresenter::addLines(const Desk &desk, std::vector<HistoryLine> &lines) const {
    for (const api::DeploymentRow &row : desk.deployments()) {
        lines.push_back(lineOf(desk, row));
    }
}

HistoryLine HistoryPresenter::lineOf(const Desk &desk, const api::DeploymentRow &row) const {
    HistoryLine line;
    line.row = row;
    line.row.id = toText(DeskKey{desk.id(), row.id});
    const api::ClusterRow *cluster = desk.cluster(row.cluster);
    line.cluster_name = cluster ? cluster->name : row.cluster;
    line.state = row.outcome.isEmpty() ? nameOf(signOf(row.status)) : row.outcome;
    if (const api::RolloutRow *rollout = desk.rollout(row.rollout)) {
        if (!kernel::isEnd(rollout->status)) {
            line.state = rollout->headline;
        }
        line.done = rollout->nodes_done;
        line.nodes = rollout->nodes;
    }
    return line;
}

Desk *HistoryPresenter::deskOf(const QString &key) const {
    return console_.desks().find(deskKeyFrom(key).desk);
}

const api::DeploymentRow *HistoryPresenter::rowOf(const QString &key) const {
    const Desk *desk = deskOf(key);
    if (!desk) {
        return nullptr;
    }
    const QString id = deskKeyFrom(key).id;
    const auto at = std::ranges::find(desk->deployments(), id, &api::DeploymentRow::id);
    return at == desk->deployments().end() ? nullptr : &*at;
}

const api::DeploymentRow *HistoryPresenter::before(const Desk &desk,
                                                   const api::DeploymentRow &row) const {
    const api::DeploymentRow *best = nullptr;
    for (const api::DeploymentRow &other : desk.deployments()) {
        if (other.key == row.key && other.cluster == row.cluster && other.version < row.version &&
            (!best || other.version > best->version)) {
            best = &other;
        }
    }
    return best;
}

// ---- The pane
// ------------------------------------------------------------------------------------

void HistoryPresenter::refreshPane() {
    const QStringList chosen = view_->selected();
    Desk *desk = chosen.isEmpty() ? nullptr : deskOf(chosen.first());
    const api::DeploymentRow *row = chosen.isEmpty() ? nullptr : rowOf(chosen.first());
    if (!desk || !row) {
        view_->setPane({});
        return;
    }
    askAbout(*desk, *row);
    view_->setPane(paneOf(*desk, *row));
}

DeploymentPane HistoryPresenter::paneOf(const Desk &desk, const api::DeploymentRow &row) {
    DeploymentPane pane;
    pane.id = toText(DeskKey{desk.id(), row.id});
    pane.sign = signOf(row.status);
    const QString subject = row.key + u' ' + row.revision;
    pane.title = desk.asOf().isEmpty() ? subject : tr("%1, as of %2").arg(subject, desk.asOf());
    const auto add = [&pane](const QString &label, const QString &text) {
        if (!text.isEmpty()) {
            pane.facts.push_back({label, text});
        }
    };
    const auto told = told_.find(pane.id);
    add(tr("reason"), row.reason);
    add(tr("plan"), row.strategy);
    add(tr("version"), QString::number(row.version));
    add(tr("from"), row.from);
    if (told != told_.end()) {
        add(tr("changed"), told->second.changed);
        for (const api::Happening &line : told->second.happenings) {
            if (line.wall_ms <= travel_.instantWallMs().value_or(line.wall_ms)) {
                pane.happenings.push_back(line);
            }
        }
    }
    add(tr("state"), lineOf(desk, row).state);
    add(tr("by"), row.who);
    add(tr("tags"), row.tags.join(u", "));
    add(tr("mark"), row.bad ? tr("bad: no plan chooses %1 unasked").arg(row.revision) : QString());
    addNow(desk, row, pane);
    if (const api::DeploymentRow *earlier = before(desk, row)) {
        pane.compare = tr("Compare with %1").arg(earlier->revision);
    }
    if (desk.rollout(row.rollout)) {
        pane.open = desk.asOf().isEmpty() ? tr("Open the rollout")
                                          : tr("Open the rollout at %1").arg(desk.asOf());
    }
    const bool served = row.status == kernel::Status::Completed;
    if (served && !row.stable && !row.bad) {
        pane.roll_back = tr("Roll back to %1\u2026").arg(row.revision);
    }
    pane.bad = row.bad ? tr("Take the bad mark of %1 away\u2026").arg(row.revision)
                       : tr("Mark %1 bad\u2026").arg(row.revision);
    pane.tags = row.tags;
    pane.off = desk.travelling() ? tr("go back to live first")
               : desk.isFile()   ? tr("a file cannot act")
                                 : QString();
    return pane;
}

void HistoryPresenter::addNow(const Desk &desk, const api::DeploymentRow &row,
                              DeploymentPane &pane) const {
    const api::RolloutDetail *detail = desk.detail(row.rollout);
    if (!detail || kernel::isEnd(detail->row.status)) {
        return;
    }
    if (!detail->why.isEmpty()) {
        pane.facts.push_back({tr("now"), detail->why});
    }
    const auto step = std::ranges::find(detail->steps, api::StepSign::Now, &api::StepRow::sign);
    if (step != detail->steps.end() && step + 1 != detail->steps.end()) {
        pane.facts.push_back({tr("next"), (step + 1)->text});
    }
}

// Once for each deployment and state: what it changed and what its record says.
void HistoryPresenter::askAbout(Desk &desk, const api::DeploymentRow &row) {
    const QString key = toText(DeskKey{desk.id(), row.id});
    if (desk.travelling() || desk.isFile() || told_.contains(key)) {
        return;
    }
    if (told_.size() >= told_max) {
        told_.clear();
    }
    told_[key] = {};
    desk.call(u"deployment.get"_qs, {{u"id"_qs, row.id}},
              [self = QPointer<HistoryPresenter>(this), key](const Result<QJsonObject> &answer) {
                  const auto lines =
                      answer ? api::listFromJson<api::Happening>((*answer)[u"happenings"])
                             : tl::unexpected(answer.error());
                  if (self && lines) {
                      self->told_[key].happenings.assign(lines->rbegin(), lines->rend());
                      self->refreshPane();
                  }
              });
    const api::DeploymentRow *earlier = before(desk, row);
    if (!earlier) {
        return;
    }
    desk.call(u"deployment.diff"_qs, {{u"a"_qs, earlier->id}, {u"b"_qs, row.id}},
              [self = QPointer<HistoryPresenter>(this), key](const Result<QJsonObject> &answer) {
                  if (!self || !answer) {
                      return;
                  }
                  constexpr int lines_max = 6;
                  QStringList changed;
                  for (const QJsonValue &line : (*answer)[u"lines"].toArray()) {
                      if (line.toString().startsWith(u"+ ") && changed.size() < lines_max) {
                          changed << boundedText(line.toString().mid(2).trimmed(), 80);
                      }
                  }
                  self->told_[key].changed =
                      changed.isEmpty() ? tr("nothing in its manifest") : changed.join(u' ');
                  self->refreshPane();
              });
}

} // namespace aviary
