// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/nextversion.h"
#include "core/rehearsal/telling.h"
#include "ui/console/desks.h"
#include "ui/console/fleetofdesk.h"
#include "ui/console/rehearsalrunner.h"
#include "ui/console/rehearsedchances.h"
#include "ui/rehearsal/rehearsalvalue.h"

#include <QPointer>

namespace aviary {

class Console;
class RehearsalView;
struct ActionContext;

// Rehearses the plan of a rollout, from now or from its beginning, feeds the rehearsal view, and
// watches the live run over its fan.
class RehearsalPresenter : public QObject {
    Q_OBJECT
public:
    explicit RehearsalPresenter(Console &console);

    RehearsalView &view() { return *view_; }
    RehearsalRunner &runner() { return runner_; }
    // A compiled plan; `about` says of what: "checkout-api v42 on edge-eu". The fleet has the
    // labels of its targets, which a hypothesis may name.
    void rehearsePlan(std::shared_ptr<const kernel::Plan> plan, const QString &about,
                      const kernel::Fleet &fleet);
    // The next version of a service, as its cluster rolls it out itself; `fleet` has all nodes of
    // it, `part` says which of several. An Error says what cannot be read, and leaves all as it
    // was.
    Result<void> rehearseNext(const rehearsal::PlannedVersion &planned, const QString &cluster,
                              const kernel::Fleet &fleet, const QString &part);
    // What a .scenario.yaml says is assumed from now on; what is here is rehearsed with it. An
    // Error names what is wrong with the file, and leaves all as it was.
    Result<void> openScenario(const QString &path, const QByteArray &text);
    // By the end of the name: a report (.html), its figures (.json), or the scenario (.yaml).
    void exportTo(const QString &path);

Q_SIGNALS:
    // A rehearsal ended: what a decision may rest on.
    void rehearsed(const aviary::RehearsedChances &chances);
    // A change of `plan` is to be tried: it belongs into the document that the plan came from.
    void changeWanted(const std::shared_ptr<const aviary::kernel::Plan> &plan,
                      const aviary::rehearsal::Change &change);

private:
    struct Watched { // the live rollout that was rehearsed from now
        QPointer<Desk> desk;
        QString rollout;
        qint64 elapsed_ms = 0; // of the rollout's own time, since the fan begins
        qint64 looked_wall_ms = 0;
        std::array<FanLine, fan_kind_count> lines;
    };

    void wire();
    void carryOut(const QString &id, const ActionContext &context);
    void rehearseRollout(Desk &desk, const QString &rollout);
    void rehearseRun(Desk &desk, const api::RolloutRow &row, const record::Run &run);
    void take(std::shared_ptr<const kernel::Plan> plan, const kernel::Fleet &fleet);
    void begin(const QString &about);
    QStringList presumed() const;
    void assume(rehearsal::Scenario scenario);
    rehearsal::Findings findings() const;
    void chooseExport();
    void takeFleet();
    void learnTraffic(const api::RolloutDetail *detail);
    void run();
    void showFinished();
    void showLast();
    void unwatch();
    void handFan();
    void follow();
    void look(const api::RolloutDetail &detail);
    void showWorst();
    void setWeight(int hypothesis, double weight);
    void tryChange();
    void replay(quint32 future, const std::shared_ptr<travel::RecordedRun> &run);
    void show();

    Console &console_;
    RehearsalView *view_;
    RehearsalRunner runner_;
    FleetOfDesk fleet_; // of the rollout that is rehearsed
    bool labels_wanted_ = false;
    rehearsal::Setup setup_;
    rehearsal::Start assumed_start_; // of the scenario; a cluster may teach other ones
    std::vector<double> weights_;
    QString scenario_file_; // empty: the usual scenario
    rehearsal::Advice advice_;
    rehearsal::Comparison comparison_;
    std::vector<std::shared_ptr<const kernel::Plan>> plans_; // the plan, and those tried
    QStringList names_;
    QStringList presumed_; // of a model of what a cluster will do
    QString learned_;      // and of its starts, in place of those of the scenario
    Watched watched_;
    RehearsalValue value_;
};

// What the new revision may be when nobody said anything else.
rehearsal::Scenario usualScenario();

} // namespace aviary
