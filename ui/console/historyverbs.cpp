// SPDX-License-Identifier: GPL-3.0-or-later
// What a person wants of the history: instants, comparisons, ways back, files.
#include "core/api/valuesjson.h"
#include "core/support/wholefile.h"
#include "core/support/words.h"
#include "ui/console/badmark.h"
#include "ui/console/console.h"
#include "ui/console/historypresenter.h"
#include "ui/console/offthread.h"
#include "ui/console/recordofdesk.h"
#include "ui/history/historyexport.h"
#include "ui/history/historyview.h"
#include "ui/models/signs.h"
#include "ui/shell/mainwindow.h"

#include <QDateTime>
#include <QFileDialog>

namespace aviary {

using namespace Qt::Literals;

namespace {

QString instantOf(qint64 wall_ms) {
    return wall_ms == 0
               ? QString()
               : QLocale().toString(QDateTime::fromMSecsSinceEpoch(wall_ms), QLocale::ShortFormat);
}

// Two rollouts step by step; where their plans differ, by the words of the steps.
std::vector<StepTimes> timesOf(const api::RolloutDetail &a, const api::RolloutDetail &b) {
    std::vector<StepTimes> times;
    const std::size_t count = std::max(a.steps.size(), b.steps.size());
    for (std::size_t i = 0; i < count; ++i) {
        StepTimes step;
        if (i < a.steps.size()) {
            step.text = a.steps[i].text;
            step.a_ms = a.steps[i].took_ms;
        }
        if (i < b.steps.size()) {
            step.text = step.text.isEmpty() || step.text == b.steps[i].text
                            ? b.steps[i].text
                            : step.text + u" / " + b.steps[i].text;
            step.b_ms = b.steps[i].took_ms;
        }
        times.push_back(step);
    }
    return times;
}

void addRehearsed(const RehearsedRun &rehearsed, DeploymentComparison &comparison) {
    comparison.rows.push_back({HistoryPresenter::tr("rehearsed"), {}, rehearsed.ending});
    comparison.rows.push_back({HistoryPresenter::tr("rehearsed with"), {}, rehearsed.basis});
    for (std::size_t i = 0; i < comparison.steps.size() && i < rehearsed.steps_ms.size(); ++i) {
        comparison.steps[i].rehearsed_ms = rehearsed.steps_ms[i];
    }
}

} // namespace

void HistoryPresenter::goTo(qint64 wall_ms) {
    Desk *desk = travel_.desk() ? travel_.desk() : console_.choice().desk();
    if (desk) {
        travel_.goTo(*desk, wall_ms);
    }
}

// From live, playing begins where what is seen begins.
void HistoryPresenter::play(bool on) {
    if (on && !travel_.desk()) {
        goTo(value().scrubber.begin_ms);
    }
    travel_.play(on);
}

void HistoryPresenter::compare(const QStringList &ids) {
    Desk *desk = ids.isEmpty() ? nullptr : deskOf(ids.first());
    const api::DeploymentRow *a = ids.isEmpty() ? nullptr : rowOf(ids.first());
    if (!desk || !a) {
        say(tr("select one or two deployments to compare"));
        return;
    }
    const api::DeploymentRow *b = ids.size() > 1 ? rowOf(ids[1]) : before(*desk, *a);
    if (!b || (ids.size() > 1 && deskOf(ids[1]) != desk)) {
        say(b ? tr("these two are of different daemons")
              : tr("there is nothing before %1").arg(a->revision));
        return;
    }
    const bool in_order = a->started_wall_ms <= b->started_wall_ms;
    compareRows(*desk, in_order ? *a : *b, in_order ? *b : *a);
}

void HistoryPresenter::compareRows(Desk &desk, const api::DeploymentRow &a,
                                   const api::DeploymentRow &b) {
    auto comparison = std::make_shared<DeploymentComparison>();
    const auto title = [](const api::DeploymentRow &row) -> QString {
        return row.key + u' ' + row.revision;
    };
    comparison->a = title(a);
    comparison->b = title(b);
    const auto add = [&](const QString &label, const QString &first, const QString &second) {
        comparison->rows.push_back({label, first, second});
    };
    const qint64 instant = travel_.instantWallMs().value_or(QDateTime::currentMSecsSinceEpoch());
    add(tr("state"), lineOf(desk, a).state, lineOf(desk, b).state);
    add(tr("strategy"), a.strategy, b.strategy);
    add(tr("cluster"), a.cluster, b.cluster);
    add(tr("began"), instantOf(a.started_wall_ms), instantOf(b.started_wall_ms));
    add(tr("took"), tookText(a, instant), tookText(b, instant));
    add(tr("by"), a.who, b.who);
    add(tr("reason"), a.reason, b.reason);
    const quint64 turn = ++comparing_;
    const auto show = [self = QPointer<HistoryPresenter>(this), comparison, turn] {
        if (self && self->comparing_ == turn) {
            self->compared_ = {*comparison};
            self->view_->showComparison(*comparison);
        }
    };
    show();
    desk.call(u"deployment.diff"_qs, {{u"a"_qs, a.id}, {u"b"_qs, b.id}},
              [comparison, show](const Result<QJsonObject> &answer) {
                  if (answer) {
                      for (const QJsonValue &line : (*answer)[u"lines"].toArray()) {
                          comparison->difference << line.toString();
                      }
                  } else {
                      comparison->trouble = toText(answer.error());
                  }
                  show();
              });
    auto first = std::make_shared<std::optional<api::RolloutDetail>>();
    const auto detail = [](const Result<QJsonObject> &answer) {
        return answer.and_then(
            [](const QJsonObject &json) { return api::fromJson<api::RolloutDetail>(json); });
    };
    desk.call(u"rollout.get"_qs, {{u"rollout"_qs, a.rollout}},
              [first, detail](const Result<QJsonObject> &answer) {
                  if (const auto got = detail(answer)) {
                      *first = *got;
                  }
              });
    desk.call(u"rollout.get"_qs, {{u"rollout"_qs, b.rollout}},
              [first, detail, comparison, show](const Result<QJsonObject> &answer) {
                  const auto second = detail(answer);
                  if (second && *first) {
                      comparison->steps = timesOf(**first, *second);
                      show();
                  }
              });
    rehearseAgain(desk, a, b, [comparison, show](const Result<RehearsedRun> &rehearsed) {
        if (rehearsed) {
            addRehearsed(*rehearsed, *comparison);
            show();
        }
    });
}

// What the later one was to be expected to do, by what the earlier one had taught. Answers come in
// the order of the questions, so that the details are there by then.
void HistoryPresenter::rehearseAgain(
    Desk &desk, const api::DeploymentRow &a, const api::DeploymentRow &b,
    const std::function<void(const Result<RehearsedRun> &)> &then) {
    fetchRecord(
        desk, a.rollout, this,
        [this, desk = QPointer<Desk>(&desk), rollout = b.rollout,
         then](const Result<record::Run> &earlier) {
            if (!desk) {
                return;
            }
            const auto taught = earlier ? std::optional(*earlier) : std::nullopt;
            fetchRecord(*desk, rollout, this, [this, taught, then](const Result<record::Run> &run) {
                if (!run) {
                    return then(tl::unexpected(run.error()));
                }
                offThread(
                    this, [run = *run, taught] { return rehearsedRunOf(run, taught); }, then);
            });
        });
}

void HistoryPresenter::openRollout(const QString &id) {
    const Desk *desk = deskOf(id);
    const api::DeploymentRow *row = rowOf(id);
    if (desk && row && desk->rollout(row->rollout)) {
        console_.open(u"rollout:"_qs + toText(DeskKey{desk->id(), row->rollout}));
    }
}

void HistoryPresenter::rollBack(const QString &id) {
    Desk *desk = deskOf(id);
    const api::DeploymentRow *row = rowOf(id);
    if (desk && row && !desk->travelling()) {
        console_.requester().ask(*desk, u"rollback"_qs, row->rollout,
                                 {{u"version"_qs, QString::number(row->version)}});
    }
}

// Whoever looks sees the mark, and no plan takes the revision by itself.
void HistoryPresenter::markBad(const QString &id) {
    Desk *desk = deskOf(id);
    const api::DeploymentRow *row = rowOf(id);
    if (!desk || !row) {
        return;
    }
    console_.requester().propose(*desk, badMark(row->cluster, row->key, row->revision, !row->bad));
}

void HistoryPresenter::setTag(const QString &id, const QString &tag) {
    Desk *desk = deskOf(id);
    const api::DeploymentRow *row = rowOf(id);
    if (!desk || !row) {
        return;
    }
    const bool has = row->tags.contains(tag);
    const QString version = tr("%1 version %2").arg(boundedText(row->key, 60)).arg(row->version);
    Proposal proposal;
    proposal.verb = u"deployment.tag"_qs;
    proposal.parameters = {{u"key"_qs, row->key},
                           {u"version"_qs, int(row->version)},
                           {u"tag"_qs, tag},
                           {u"remove"_qs, has}};
    proposal.cluster = row->cluster;
    proposal.service = row->key;
    proposal.title = has ? tr("Take the tag %1 from %2?").arg(boundedText(tag, 64), version)
                         : tr("Tag %2 as %1?").arg(boundedText(tag, 64), version);
    proposal.button = has ? tr("Take it away") : tr("Tag it");
    proposal.facts = {{tr("effect"), tr("a roll back can name it; nothing that runs changes")},
                      {tr("way back"), tr("the same field, here")}};
    console_.requester().propose(*desk, proposal);
}

// A dialog of the desktop, answered from the event loop.
void HistoryPresenter::exportShown() {
    auto *dialog = new QFileDialog(&console_.window(), tr("Export the deployments that are shown"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Table (*.csv)"), tr("JSON (*.json)"), tr("Report (*.html)")});
    dialog->setDefaultSuffix(u"csv"_qs);
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        dialog->setDefaultSuffix(filter.section(u"*."_qs, 1).chopped(1));
    });
    connect(dialog, &QFileDialog::fileSelected, this, &HistoryPresenter::writeTo);
    dialog->open();
}

void HistoryPresenter::writeTo(const QString &path) {
    const qint64 instant = travel_.instantWallMs().value_or(QDateTime::currentMSecsSinceEpoch());
    const std::vector<HistoryLine> lines = view_->shown();
    const QString suffix = path.section(u'.', -1).toLower();
    const QByteArray text = suffix == u"json"   ? jsonOf(lines, instant)
                            : suffix == u"html" ? htmlOf(lines, instant, compared_)
                                                : csvOf(lines);
    const auto written = writeWhole(path, text);
    say(written ? tr("%1 written")
                      .arg(countedText(std::ssize(lines), tr("1 deployment"), tr("%1 deployments")))
                : tr("the file could not be written: %1").arg(written.error().what));
}

} // namespace aviary
