// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/conformance/rolloutrun.h"

#include <QCborArray>
#include <QCborMap>
#include <QString>

namespace aviary::conformance {

// A service behind a router, moved from one revision to another as a whole.
class ServiceRun {
public:
    ServiceRun(QString service, QString stable);

    // Compiles and runs to the end, or to where a person is waited for. False when it is refused.
    bool execute(const kernel::Strategy &strategy, const QString &revision);
    // The ungated way back to what ran before. False when there is nothing to go back to.
    bool goBack();
    kernel::Refusal fail();

    bool started() const { return run_.has_value(); }
    kernel::Status status() const;
    bool wentBack() const { return went_back_; }
    // Of the traffic, the percentage on the revision that was deployed; with slots, of the slot
    // that is active.
    double traffic() const;
    QCborMap metadata() const; // flag_name, active_slot, where the strategy has them
    // What happened since the last call: percentages in order, waits in the recorded notation.
    QCborArray takeTraffic();
    QCborArray takeWaits();
    QCborArray refusals() const { return refusals_; }

private:
    bool run(const kernel::PlanRequest &request);
    bool hasSlots() const;
    void noteTraffic(double percent);

    QString service_;
    QString stable_;
    kernel::PlanRequest forward_;
    std::optional<RolloutRun> run_;
    bool went_back_ = false;
    QString flag_; // of what was deployed; it stays when that is gone back from
    QCborArray traffic_;
    QCborArray waits_;
    QCborArray refusals_;
};

} // namespace aviary::conformance
