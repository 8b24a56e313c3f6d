// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/planspresenter.h"

#include "core/api/presentation.h"
#include "core/plans/documentedit.h"
#include "core/support/wholefile.h"
#include "core/support/words.h"
#include "ui/console/console.h"
#include "ui/console/planbeside.h"
#include "ui/plans/plansview.h"
#include "ui/shell/actiontable.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/viewheader.h"

#include <QFileDialog>
#include <QFileInfo>

namespace aviary {

using namespace Qt::Literals;

namespace {

// As a member of a YAML document: quoted where it would be read as something else.
QString yamlOf(const PlanField &field, const QString &text) {
    const auto one = [](const QString &word) { return plans::toLine(plans::scalar(word)); };
    if (text.isEmpty()) {
        return {};
    }
    if (!field.list) {
        const bool named = field.path.size() == 1; // names are texts; the rest has units
        return named ? one(text) : text;
    }
    QStringList items;
    for (const QString &item : text.split(u',', Qt::SkipEmptyParts)) {
        items << (field.path.size() == 1 ? one(item.trimmed()) : item.trimmed());
    }
    return u'[' + items.join(u", "_qs) + u']';
}

// What the service answers now, as it was counted last; none where nothing was.
struct Traffic {
    double requests_per_s = 0, error_rate = 0;
};
std::optional<Traffic> trafficOf(const api::RolloutDetail *detail) {
    if (!detail || detail->traffic.empty()) {
        return std::nullopt;
    }
    const api::TrafficPoint &last = detail->traffic.back();
    return Traffic{last.requests, last.stable_error};
}

} // namespace

PlansPresenter::PlansPresenter(Console &console)
    : QObject(&console)
    , console_(console)
    , view_(new PlansView)
    , fleet_(this)
    , exchange_(console.window(), this) {
    console.window().addView(u"view.plans"_qs, view_);
    ViewHeader *header = view_->header();
    const ActionTable &actions = console.window().actions();
    for (const char *action : {"rollout.new", "plan.import", "plan.export", "plan.save",
                               "plan.compare", "plan.rehearse", "plan.approval"}) {
        header->addAction(actions.action(action));
    }
    header->addAction(actions.action("plan.start"), ActionButton::Kind::Primary);
    wire();
    check();
}

void PlansPresenter::wire() {
    connect(&console_, &Console::actionWanted, this, [this](const QString &id) { carryOut(id); });
    connect(&console_.choice(), &Choice::chosen, this, &PlansPresenter::chooseFleet);
    connect(&console_.choice(), &Choice::sessionChanged, this, &PlansPresenter::chooseFleet);
    connect(&fleet_, &FleetOfDesk::fetched, this, &PlansPresenter::check);
    connect(view_, &PlansView::textEdited, this, &PlansPresenter::setText);
    connect(view_, &PlansView::fieldEdited, this, &PlansPresenter::editField);
    connect(view_, &PlansView::templateWanted, this, &PlansPresenter::newPlan);
    connect(view_, &PlansView::besideClosed, this, [this] { showBeside(std::nullopt); });
    connect(&exchange_, &PlanExchange::imported, this, &PlansPresenter::takeImport);
    connect(&exchange_, &PlanExchange::failed, this, &PlansPresenter::say);
    connect(&exchange_, &PlanExchange::exported, this,
            [this](const QString &path, const plans::Export &exported) {
                said_.clear();
                showBeside(besideOf(exported, QFileInfo(path).fileName()), changed_);
            });
}

void PlansPresenter::carryOut(const QString &id) {
    if (id == u"rollout.new") {
        newPlan(u"canary"_qs);
    } else if (id == u"plan.import") {
        console_.window().showView(u"view.plans"_qs);
        exchange_.chooseImport();
    } else if (id == u"plan.export") {
        exportPlan();
    } else if (id == u"plan.compare") {
        compareWithLast();
    } else if (id == u"plan.save") {
        save();
    } else if (id == u"plan.approval") {
        deploy(false);
    } else if (id == u"plan.start") {
        deploy(true);
    } else if (id == u"plan.rehearse") {
        if (plan_) {
            Q_EMIT rehearsalWanted(plan_, tr("%1 on %2").arg(value_.title, fleet_.cluster()),
                                   fleet_.fleet());
        } else {
            console_.window().showView(u"view.plans"_qs);
            say(tr("the plan does not compile: mend what is marked first"));
        }
    }
}

void PlansPresenter::chooseFleet() {
    Desk *desk = console_.choice().desk();
    const QString cluster = console_.choice().cluster();
    if (desk && !cluster.isEmpty() && !text_.isEmpty()) {
        fleet_.fetch(*desk, cluster);
    }
}

void PlansPresenter::setText(const QString &text) {
    if (text == text_) {
        return;
    }
    const bool first = text_.isEmpty();
    text_ = text;
    said_.clear();
    if (first) {
        chooseFleet();
    }
    check();
}

void PlansPresenter::openFile(const QString &path, const QByteArray &text) {
    path_ = path;
    saved_ = QString::fromUtf8(text);
    said_.clear();
    beside_.reset();
    changed_.clear();
    console_.window().showView(u"view.plans"_qs);
    setText(saved_);
    check();
}

void PlansPresenter::editField(const PlanField &field, const QString &text) {
    const auto edited = plans::withMember(text_.toUtf8(), field.path, yamlOf(field, text));
    if (edited) {
        setText(QString::fromUtf8(*edited));
    } else {
        view_->setValue({}); // so that the form shows the document again
        say(toText(edited.error()));
    }
}

// Read, then compiled where there are nodes to compile it for; what is wrong is shown at its place.
void PlansPresenter::check() {
    const plans::PlanReading reading = plans::readPlan(text_.toUtf8());
    document_ = reading.document;
    file_ = reading.file;
    request_.reset();
    plan_.reset();
    value_ = {};
    value_.beside = beside_;
    for (const QString &member : changed_) {
        value_.changed_lines.push_back(plans::nodeAt(document_, member).line);
    }
    value_.text = text_;
    value_.file = QFileInfo(path_).fileName();
    value_.changed = text_ != saved_;
    Flaws flaws = text_.isEmpty() ? Flaws{} : reading.flaws;
    if (reading.file) {
        if (const auto *request = std::get_if<kernel::PlanRequest>(&reading.file->content)) {
            value_.title = tr("%1 to %2").arg(api::text(request->service), api::text(request->to));
            kernel::PlanRequest with_router = *request;
            const api::ClusterRow *cluster = console_.choice().clusterRow();
            if (!reading.file->router_given && cluster && cluster->splits_traffic) {
                with_router.router = kernel::RouterKind::Weights;
            }
            request_ = with_router;
            compile(with_router, flaws);
        } else {
            plan_ = std::make_shared<kernel::Plan>(std::get<kernel::Plan>(reading.file->content));
        }
    }
    if (text_.isEmpty()) {
        value_.compiled = tr("Ctrl N begins a plan; Ctrl O opens one.");
    } else if (plan_) {
        showCompiled();
    }
    value_.fields = text_.isEmpty() ? std::vector<PlanField>{} : fieldsOf(document_, flaws);
    value_.faults = faultsOf(flaws);
    if (!said_.isEmpty()) {
        value_.faults.insert(value_.faults.begin(), {0, 0, said_});
    }
    view_->setValue(value_);
}

void PlansPresenter::showCompiled() {
    const auto traffic = trafficOf(console_.choice().detail());
    const QString steps = countText(std::ssize(plan_->steps));
    const QString nodes = nodesText(plan_->pending);
    value_.compiled =
        traffic ? tr("Compiles to %1 steps for %2; under each check, the smallest rise in errors "
                     "that it can see at today's traffic")
                      .arg(steps, nodes)
                : tr("Compiles to %1 steps for %2; no traffic is known to say what its checks can "
                     "see")
                      .arg(steps, nodes);
    value_.track =
        trackOf(*plan_, traffic ? sightsOf(*plan_, traffic->requests_per_s, traffic->error_rate)
                                : std::map<std::size_t, QString>{});
    for (const kernel::Remark &remark : plan_->remarks) {
        value_.remarks << api::remarkText(api::text(remark.subject), api::text(remark.text));
    }
    if (chances_.plan && *chances_.plan == *plan_) {
        for (const ChanceValue &chance : chances_.chances) {
            value_.rehearsed.push_back({tr("If it is: %1").arg(chance.hypothesis),
                                        chance.headline + u", "_qs + chance.text});
        }
    }
}

void PlansPresenter::setChances(const RehearsedChances &chances) {
    chances_ = chances;
    check();
}

void PlansPresenter::showBeside(const std::optional<PlanBeside> &beside, QStringList changed) {
    beside_ = beside;
    changed_ = std::move(changed);
    check();
}

void PlansPresenter::compile(const kernel::PlanRequest &request, Flaws &flaws) {
    if (!fleet_.complete()) {
        value_.compiled = tr("Choose a cluster to compile it for.");
        return;
    }
    const kernel::Compiled compiled = kernel::compile(request, fleet_.fleet());
    if (const auto *plan = std::get_if<kernel::Plan>(&compiled)) {
        plan_ = std::make_shared<kernel::Plan>(*plan);
        return;
    }
    const Flaws found = plans::flawsOf(std::get<std::vector<kernel::Problem>>(compiled), document_);
    flaws.insert(flaws.end(), found.begin(), found.end());
    value_.compiled = tr("Does not compile for %1.").arg(fleet_.cluster());
}

// A template for the service that is looked at, from what runs there.
void PlansPresenter::newPlan(const QString &kind) {
    QByteArray text = planTemplate(kind).toUtf8();
    if (const api::RolloutRow *row = console_.choice().rolloutRow()) {
        for (const auto &[key, value] : {std::pair{u"service"_qs, row->service},
                                         std::pair{u"from"_qs, stableRevision(*row)}}) {
            const PlanField field{{key}, {}, {}, {}, {}, false, {}};
            if (const auto edited = plans::withMember(text, {key}, yamlOf(field, value))) {
                text = *edited;
            }
        }
    }
    path_.clear();
    saved_.clear();
    text_.clear();
    beside_.reset();
    changed_.clear();
    console_.window().showView(u"view.plans"_qs);
    setText(QString::fromUtf8(text));
}

void PlansPresenter::save() {
    if (!path_.isEmpty()) {
        saveTo(path_);
        return;
    }
    auto *dialog = new QFileDialog(&console_.window(), tr("Save the plan"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Plans (*.plan.yaml)"));
    dialog->setDefaultSuffix(u"plan.yaml"_qs);
    connect(dialog, &QFileDialog::fileSelected, this, &PlansPresenter::saveTo);
    dialog->open();
}

void PlansPresenter::saveTo(const QString &path) {
    if (const auto saved = writeWhole(path, text_.toUtf8()); !saved) {
        say(tr("the plan could not be saved: %1").arg(saved.error().what));
        return;
    }
    path_ = path;
    saved_ = text_;
    said_.clear();
    check();
}

void PlansPresenter::say(const QString &text) {
    said_ = text;
    check();
}

} // namespace aviary
