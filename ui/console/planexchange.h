// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/exchange/export.h"
#include "core/plans/exchange/import.h"

#include <QObject>

class QWidget;

namespace aviary {

// Plans of other tools, from a file and to one, by dialogs of the desktop that are answered from
// the event loop. Reading one acts on nothing and asks no cluster.
class PlanExchange : public QObject {
    Q_OBJECT
public:
    PlanExchange(QWidget &window, QObject *parent);

    void chooseImport();
    void import(const QString &path);
    // `nodes`: how many the shares of the plan are of; 0: not known.
    void chooseExport(const plans::PlanFile &plan, quint32 nodes);
    // By the end of the name: .plan.yaml is ours, .hcl Nomad's, .yaml that of Argo Rollouts.
    void exportTo(const QString &path, const plans::PlanFile &plan, quint32 nodes);

Q_SIGNALS:
    void imported(const QString &path, const aviary::plans::Import &import);
    void exported(const QString &path, const aviary::plans::Export &exported);
    void failed(const QString &why);

private:
    QWidget &window_;
};

} // namespace aviary
