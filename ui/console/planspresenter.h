// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/travel/document.h"
#include "ui/console/fleetofdesk.h"
#include "ui/plans/planvalue.h"

namespace aviary {

class Console;
class PlansView;

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

Q_SIGNALS:
    // Of a plan that compiles: "checkout-api v42 on edge-eu".
    void rehearsalWanted(std::shared_ptr<const aviary::kernel::Plan> plan, const QString &about);

private:
    void wire();
    void carryOut(const QString &id);
    void editField(const PlanField &field, const QString &text);
    void chooseFleet();
    void check();
    void compile(const kernel::PlanRequest &request, Flaws &flaws);
    void newPlan();
    void save();
    void saveTo(const QString &path);
    void deploy(bool start);
    void say(const QString &text); // until the next check

    Console &console_;
    PlansView *view_;
    FleetOfDesk fleet_;
    QString text_, path_, saved_;
    plans::YamlNode document_;
    std::shared_ptr<const kernel::Plan> plan_; // null: it does not compile
    PlanValue value_;
};

} // namespace aviary
