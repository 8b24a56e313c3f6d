// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/planexchange.h"

#include "core/support/wholefile.h"
#include "ui/console/offthread.h"

#include <QFileDialog>

namespace aviary {

using namespace Qt::Literals;

namespace {

Result<plans::Import> readFrom(const QString &path) {
    return readWhole(path, plans::YamlLimits().bytes_max).and_then([&](const QByteArray &text) {
        plans::ImportReading reading = plans::importPlan(text);
        return reading.import ? Result<plans::Import>(std::move(*reading.import))
                              : tl::unexpected(toError(reading.flaws, path));
    });
}

plans::ExportFormat formatOf(const QString &path) {
    return path.endsWith(u".plan.yaml") ? plans::ExportFormat::Aviary
           : path.endsWith(u".hcl")     ? plans::ExportFormat::Nomad
                                        : plans::ExportFormat::Argo;
}

} // namespace

PlanExchange::PlanExchange(QWidget &window, QObject *parent) : QObject(parent), window_(window) {}

void PlanExchange::chooseImport() {
    auto *dialog = new QFileDialog(&window_, tr("Import a plan of another tool"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters(
        {tr("Argo Rollouts, Kubernetes, Nomad (*.yaml *.yml *.json)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &PlanExchange::import);
    dialog->open();
}

void PlanExchange::import(const QString &path) {
    const auto read = [path] { return readFrom(path); };
    offThread(this, read, [this, path](const Result<plans::Import> &import) {
        if (import) {
            Q_EMIT imported(path, *import);
        } else {
            Q_EMIT failed(toText(import.error()));
        }
    });
}

void PlanExchange::chooseExport(const plans::PlanFile &plan, quint32 nodes) {
    auto *dialog = new QFileDialog(&window_, tr("Export the plan"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Argo Rollouts (*.yaml)"), tr("Nomad update block (*.hcl)"),
                            tr("Plan of Aviary, canonical (*.plan.yaml)")});
    dialog->setDefaultSuffix(u"yaml"_qs);
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        dialog->setDefaultSuffix(filter.section(u"*."_qs, 1).chopped(1));
    });
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, plan, nodes](const QString &path) { exportTo(path, plan, nodes); });
    dialog->open();
}

void PlanExchange::exportTo(const QString &path, const plans::PlanFile &plan, quint32 nodes) {
    const auto made = plans::exportPlan(plan, formatOf(path), nodes);
    if (!made) {
        Q_EMIT failed(toText(made.error()));
        return;
    }
    if (const auto written = writeWhole(path, made->text); !written) {
        Q_EMIT failed(tr("the file could not be written: %1").arg(written.error().what));
        return;
    }
    Q_EMIT exported(path, *made);
}

} // namespace aviary
