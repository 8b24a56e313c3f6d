// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/desks.h"
#include "ui/console/rehearsalrunner.h"
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
    // What was rehearsed last, and of which live rollout (empty: of none): the chances that a
    // decision may rest on.
    const RehearsalValue &value() const { return value_; }
    const QString &rollout() const { return watched_.rollout; }
    // A compiled plan; `about` says of what: "checkout-api v42 on edge-eu".
    void rehearsePlan(std::shared_ptr<const kernel::Plan> plan, const QString &about);

Q_SIGNALS:
    void changed(); // value() is another one

private:
    struct Watched { // the live rollout that was rehearsed from now
        QPointer<Desk> desk;
        QString rollout;
        qint64 from_wall_ms = 0;
        std::array<FanLine, fan_kind_count> lines;
    };

    void wire();
    void carryOut(const QString &id, const ActionContext &context);
    void rehearseRollout(Desk &desk, const QString &rollout);
    void rehearseRun(Desk &desk, const api::RolloutRow &row, const record::Run &run);
    void learnTraffic(const api::RolloutDetail *detail);
    void run();
    void showFinished();
    void unwatch();
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
    rehearsal::Setup setup_;
    std::vector<double> weights_;
    rehearsal::Advice advice_;
    std::vector<std::shared_ptr<const kernel::Plan>> plans_; // the plan, and those tried
    QStringList names_;
    Watched watched_;
    RehearsalValue value_;
};

// What the new revision may be when nobody said anything else.
rehearsal::Scenario usualScenario();

} // namespace aviary
