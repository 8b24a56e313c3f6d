// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/requestchange.h"
#include "core/travel/document.h"
#include "ui/console/fleetofdesk.h"
#include "ui/console/planexchange.h"
#include "ui/console/rehearsedchances.h"
#include "ui/plans/planvalue.h"

namespace aviary {

class Console;
class PlansView;
namespace rehearsal {
struct Change;
}

// One plan under the hand: read, checked and compiled against the nodes of the chosen cluster at
// every change, saved as a file, and handed to the daemon when the person says so.
class PlansPresenter : public QObject {
    Q_OBJECT
public:
    explicit PlansPresenter(Console &console);

    PlansView &view() { return *view_; }
    const QString &text() const { return text_; }
    void setText(const QString &text);
    void openFile(const QString &path, const QByteArray &text);
    PlanExchange &exchange() { return exchange_; }
    // Shown beside the plan that they are of, for as long as it stays that plan.
    void setChances(const RehearsedChances &chances);
    // Writes a change of `plan` into the document; a plan that is not the one here takes its place.
    void takeChange(const std::shared_ptr<const kernel::Plan> &plan,
                    const rehearsal::Change &change);

Q_SIGNALS:
    // Of a plan that compiles: "checkout-api v42 on edge-eu".
    void rehearsalWanted(std::shared_ptr<const aviary::kernel::Plan> plan, const QString &about,
                         const aviary::kernel::Fleet &fleet);

private:
    void wire();
    void carryOut(const QString &id);
    void editField(const PlanField &field, const QString &text);
    void chooseFleet();
    void check();
    void compile(const kernel::PlanRequest &request, Flaws &flaws);
    void newPlan(const QString &kind);
    void showCompiled();
    std::optional<plans::ChangedDocument> asRequest(const kernel::Plan &wanted) const;
    void takeImport(const QString &path, const plans::Import &import);
    void exportPlan();
    void compareWithLast();
    void showBeside(const std::optional<PlanBeside> &beside, QStringList changed = {});
    void save();
    void saveTo(const QString &path);
    void deploy(bool start);
    void say(const QString &text); // until the text changes, or what failed succeeds

    Console &console_;
    PlansView *view_;
    FleetOfDesk fleet_;
    QString text_, path_, saved_;
    QString said_; // what failed, when it is not the text that is wrong
    plans::YamlNode document_;
    std::optional<plans::PlanFile> file_;        // none: it has flaws
    std::optional<kernel::PlanRequest> request_; // as it is compiled for this cluster
    std::shared_ptr<const kernel::Plan> plan_;   // null: it does not compile
    PlanExchange exchange_;
    RehearsedChances chances_;
    std::optional<PlanBeside> beside_;
    QStringList changed_; // members that were written for the person
    PlanValue value_;
};

// The revision that goes on serving where a rollout does not reach, or that it has brought.
QString stableRevision(const api::RolloutRow &row);

} // namespace aviary
