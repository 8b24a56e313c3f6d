// SPDX-License-Identifier: GPL-3.0-or-later
// Files of a rehearsal: the scenario that it assumes, and what it found out.
#include "core/rehearsal/htmlreport.h"
#include "core/rehearsal/scenariofile.h"
#include "core/support/wholefile.h"
#include "core/support/words.h"
#include "ui/console/console.h"
#include "ui/console/rehearsalpresenter.h"
#include "ui/shell/mainwindow.h"

#include <QFileDialog>
#include <QFileInfo>

#include <numeric>

namespace aviary {

using namespace Qt::Literals;

Result<void> RehearsalPresenter::openScenario(const QString &path, const QByteArray &text) {
    rehearsal::ScenarioReading reading = rehearsal::readScenario(text);
    if (!reading.scenario) {
        return tl::unexpected(toError(reading.flaws, path));
    }
    runner_.cancel();
    value_.progress.reset();
    assume(std::move(*reading.scenario));
    scenario_file_ = QFileInfo(path).fileName();
    console_.window().showView(u"view.rehearsal"_qs);
    if (setup_.plan) {
        run();
    } else {
        value_.trouble =
            tr("%1 is assumed: %2. Choose a rollout or a plan to rehearse.")
                .arg(boundedText(scenario_file_, 80),
                     countedText(std::ssize(weights_), tr("1 hypothesis"), tr("%1 hypotheses")));
        show();
    }
    return {};
}

void RehearsalPresenter::assume(rehearsal::Scenario scenario) {
    setup_.scenario = std::move(scenario);
    assumed_start_ = setup_.scenario.start;
    learned_.clear();
    weights_.clear();
    for (const rehearsal::Hypothesis &hypothesis : setup_.scenario.hypotheses) {
        weights_.push_back(static_cast<double>(hypothesis.weight));
    }
    const double all = std::max(1.0, std::accumulate(weights_.begin(), weights_.end(), 0.0));
    for (double &weight : weights_) {
        weight /= all;
    }
}

rehearsal::Findings RehearsalPresenter::findings() const {
    rehearsal::Findings findings;
    findings.fleet = value_.subtitle;
    findings.scenario = setup_.scenario;
    findings.presumed = presumed();
    findings.plans.push_back({names_.value(0), setup_.plan, runner_.last()->answers});
    for (std::size_t i = 1; i < comparison_.answers.size() && i < plans_.size(); ++i) {
        findings.plans.push_back(
            {names_.value(static_cast<qsizetype>(i)), plans_[i], comparison_.answers[i]});
    }
    findings.differences = comparison_.differences;
    if (!advice_.tried.empty()) {
        findings.advice = advice_;
    }
    return findings;
}

// A dialog of the desktop, answered from the event loop.
void RehearsalPresenter::chooseExport() {
    console_.window().showView(u"view.rehearsal"_qs);
    if (!runner_.last() || runner_.running()) {
        value_.trouble = tr("There is nothing to export before a rehearsal has ended.");
        show();
        return;
    }
    auto *dialog = new QFileDialog(&console_.window(), tr("Export the rehearsal"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(
        {tr("Report (*.html)"), tr("JSON (*.json)"), tr("Scenario (*.scenario.yaml)")});
    dialog->setDefaultSuffix(u"html"_qs);
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        dialog->setDefaultSuffix(filter.section(u"*."_qs, 1).chopped(1));
    });
    connect(dialog, &QFileDialog::fileSelected, this, &RehearsalPresenter::exportTo);
    dialog->open();
}

void RehearsalPresenter::exportTo(const QString &path) {
    const QByteArray text = path.endsWith(u".json")   ? rehearsal::toJson(findings())
                            : path.endsWith(u".yaml") ? rehearsal::writeScenario(setup_.scenario)
                                                      : rehearsal::htmlOf(findings());
    const auto written = writeWhole(path, text);
    console_.window().say(written
                              ? tr("%1 was written.").arg(QFileInfo(path).fileName())
                              : tr("The file could not be written: %1").arg(written.error().what));
}

} // namespace aviary
