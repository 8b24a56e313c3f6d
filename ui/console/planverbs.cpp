// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of a plan: a change is taken, another tool's is read, it is compared, and asked for.
#include "core/api/presentation.h"
#include "core/rehearsal/comparison.h"
#include "core/support/words.h"
#include "ui/console/console.h"
#include "ui/console/planbeside.h"
#include "ui/console/planspresenter.h"
#include "ui/console/recordofdesk.h"
#include "ui/rehearsal/answersvalue.h"
#include "ui/shell/mainwindow.h"

#include <QFileInfo>

namespace aviary {

using namespace Qt::Literals;

// What runs where a rollout does not reach, or what it has brought.
QString stableRevision(const api::RolloutRow &row) {
    return row.status == kernel::Status::Completed && !row.to.isEmpty() ? row.to : row.from;
}

// The document here, so that it says what this plan does; none where no request says that.
std::optional<plans::ChangedDocument> PlansPresenter::asRequest(const kernel::Plan &wanted) const {
    if (!request_) {
        return std::nullopt;
    }
    const auto changed = plans::requestLike(*request_, wanted, fleet_.fleet())
                             .and_then([this](const kernel::PlanRequest &like) {
                                 return plans::withRequest(text_.toUtf8(), like);
                             });
    return changed ? std::optional(*changed) : std::nullopt;
}

void PlansPresenter::takeChange(const std::shared_ptr<const kernel::Plan> &plan,
                                const rehearsal::Change &change) {
    const QString words = api::text(change.words);
    const QString why = tr("Rehearsed on the same luck: %1.").arg(measuredText(change));
    const bool ours = plan_ && *plan == *plan_;
    if (const auto changed = ours ? asRequest(*change.plan) : std::nullopt) {
        QStringList members;
        for (const plans::MemberChange &one : changed->changes) {
            members << one.member;
        }
        setText(QString::fromUtf8(changed->text));
        showBeside(besideOf(changed->changes, tr("Changed: %1").arg(words), why), members);
        return;
    }
    // No request says it, or the plan came from elsewhere: the steps themselves.
    const plans::PlanFile steps{*change.plan, true,
                                ours ? file_->service_definition : QJsonObject()};
    const auto text = plans::writePlan(steps);
    if (!text) {
        say(toText(text.error()));
        return;
    }
    setText(QString::fromUtf8(*text));
    showBeside(PlanBeside{
        tr("Changed: %1").arg(words),
        {},
        tr("%1 The plan is written as its steps, because no request says them.").arg(why)});
}

void PlansPresenter::takeImport(const QString &path, const plans::Import &import) {
    plans::PlanFile plan = import.plan;
    auto &request = std::get<kernel::PlanRequest>(plan.content);
    const api::RolloutRow *row = console_.choice().rolloutRow();
    if (request.from.empty() && row && row->service == api::text(request.service)) {
        request.from = stableRevision(*row).toStdString(); // which no manifest names
    }
    const auto text = plans::writePlan(plan);
    if (!text) {
        say(toText(text.error()));
        return;
    }
    said_.clear();
    path_.clear();
    saved_.clear();
    setText(QString::fromUtf8(*text));
    showBeside(besideOf(import, QFileInfo(path).fileName()));
}

void PlansPresenter::exportPlan() {
    console_.window().showView(u"view.plans"_qs);
    if (file_) {
        exchange_.chooseExport(*file_, plan_ ? plan_->active : 0);
    } else {
        say(tr("the plan does not compile: mend what is marked first"));
    }
}

// Its record has the plan as it ran.
void PlansPresenter::compareWithLast() {
    console_.window().showView(u"view.plans"_qs);
    Desk *desk = console_.choice().desk();
    if (!desk || !plan_) {
        say(tr("the plan does not compile: mend what is marked first"));
        return;
    }
    const QString service = api::text(plan_->service);
    const api::DeploymentRow *last = nullptr;
    for (const api::DeploymentRow &row : desk->deployments()) {
        if (row.key == service && row.cluster == console_.choice().cluster() &&
            !row.rollout.isEmpty() && (!last || row.version > last->version)) {
            last = &row;
        }
    }
    if (!last) {
        say(tr("%1 was not deployed here before").arg(boundedText(service, 60)));
        return;
    }
    const QString name = last->key + u' ' + last->revision;
    fetchRecord(*desk, last->rollout, this, [this, name](const Result<record::Run> &run) {
        if (!run) {
            say(toText(run.error()));
        } else if (plan_) {
            showBeside(besideOf(run->header.plan, name, *plan_), changed_);
        }
    });
}

// Through the requester: it asks, confirms and tells what became of it.
void PlansPresenter::deploy(bool start) {
    Desk *desk = console_.choice().desk();
    if (!desk || !plan_) {
        say(tr("the plan does not compile: mend what is marked first"));
        return;
    }
    Proposal proposal;
    proposal.verb = u"deploy"_qs;
    proposal.cluster = console_.choice().cluster();
    proposal.service = api::text(plan_->service);
    const QString to = api::revisionText(*plan_, plan_->to);
    proposal.parameters = {
        {u"cluster"_qs, proposal.cluster}, {u"plan"_qs, text_}, {u"start"_qs, start}};
    proposal.title = start ? tr("Start %1 %2?").arg(proposal.service, to)
                           : tr("Ask for approval of %1 %2?").arg(proposal.service, to);
    proposal.button = start ? tr("Start") : tr("Ask for approval");
    proposal.facts = {{tr("nodes"), nodesText(plan_->pending)},
                      {tr("steps"), countText(std::ssize(plan_->steps))},
                      {tr("way back"), tr("to %1").arg(api::revisionText(*plan_, plan_->from))}};
    proposal.raises_exposure = start;
    console_.requester().propose(*desk, proposal);
}

} // namespace aviary
