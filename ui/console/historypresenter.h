// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/desks.h"
#include "ui/console/rehearsedrun.h"
#include "ui/console/timetravel.h"
#include "ui/history/historyvalue.h"

#include <QTimer>

#include <functional>
#include <map>

namespace aviary {

class Console;
class HistoryView;
struct ActionContext;

// Feeds the history view with the deployments of every desk, takes the chosen desk back in time,
// and carries out what is wanted of a deployment. Ids in the view are DeskKeys.
class HistoryPresenter : public QObject {
    Q_OBJECT
public:
    explicit HistoryPresenter(Console &console);

    TimeTravel &travel() { return travel_; }
    HistoryView &view() { return *view_; }
    void say(const QString &text); // for a few seconds, in the view

private:
    struct Told { // what deployment.get and deployment.diff answered of one deployment
        QString reason, changed;
        std::vector<api::Happening> happenings;
    };

    void wire();
    void refreshSoon();
    void refresh();
    HistoryValue value() const;
    void addLines(const Desk &desk, std::vector<HistoryLine> &lines) const;
    HistoryLine lineOf(const Desk &desk, const api::DeploymentRow &row) const;
    void refreshPane();
    DeploymentPane paneOf(const Desk &desk, const api::DeploymentRow &row);
    void addNow(const Desk &desk, const api::DeploymentRow &row, DeploymentPane &pane) const;
    void askAbout(Desk &desk, const api::DeploymentRow &row);
    // The deployment of the same service and cluster that came before; null: none.
    const api::DeploymentRow *before(const Desk &desk, const api::DeploymentRow &row) const;

    void carryOut(const QString &id);
    void goTo(qint64 wall_ms);
    void play(bool on);
    void compare(const QStringList &ids);
    void compareRows(Desk &desk, const api::DeploymentRow &a, const api::DeploymentRow &b);
    void openRollout(const QString &id);
    void rollBack(const QString &id);
    void markBad(const QString &id);
    void setTag(const QString &id, const QString &tag);
    void rehearseAgain(Desk &desk, const api::DeploymentRow &a, const api::DeploymentRow &b,
                       const std::function<void(const Result<RehearsedRun> &)> &then);
    void exportShown();
    void writeTo(const QString &path);

    Desk *deskOf(const QString &key) const;
    const api::DeploymentRow *rowOf(const QString &key) const;

    Console &console_;
    HistoryView *view_;
    TimeTravel travel_;
    QTimer refresh_timer_, clock_timer_, said_timer_;
    QString said_;
    std::map<QString, Told> told_; // by DeskKey and version of what was told
    std::vector<DeploymentComparison> compared_;
    quint64 comparing_ = 0;
};

} // namespace aviary
