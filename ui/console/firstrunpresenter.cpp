// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/firstrunpresenter.h"

#include "ui/clusters/firstrunview.h"
#include "ui/shell/mainwindow.h"

#include <QDir>
#include <QFileDialog>
#include <QUrl>

namespace aviary {

using namespace Qt::Literals;

const QString FirstRunPresenter::view_id = u"first.run"_qs;

FirstRunPresenter::FirstRunPresenter(Console &console, ClusterForm &form)
    : QObject(&console)
    , console_(console)
    , form_(form)
    , view_(new FirstRunView)
    , found_(foundClusters(QProcessEnvironment::systemEnvironment(), QDir::homePath())) {
    console.window().addView(view_id, view_);
    for (const auto signal : {&Choice::clustersChanged, &Choice::daemonChanged,
                              &Choice::linkChanged, &Choice::chosen}) {
        connect(&console.choice(), signal, this, &FirstRunPresenter::refresh);
    }
    connect(view_, &FirstRunView::sampleWanted, this, &FirstRunPresenter::startSample);
    connect(view_, &FirstRunView::sampleStopWanted, this, [this] { story_->stop(); });
    connect(view_, &FirstRunView::connectWanted, this, &FirstRunPresenter::connectOffer);
    connect(view_, &FirstRunView::fileWanted, this, &FirstRunPresenter::chooseFile);
    connect(&console, &Console::actionWanted, this, [this](const QString &id) {
        if (id == u"sample.start") {
            console_.window().showView(view_id);
            startSample();
        } else if (id == u"file.open") {
            chooseFile();
        }
    });
    showOffers();
    refresh();
}

void FirstRunPresenter::refresh() {
    Desk *desk = console_.choice().desk();
    view_->setTrouble(desk ? desk->trouble() : QString());
    const bool told = desk && !desk->daemon().version.isEmpty();
    if (told && desk->clusters().empty() && !std::exchange(shown_once_, true)) {
        console_.window().showView(view_id);
    }
}

void FirstRunPresenter::showOffers() {
    std::vector<Offer> offers;
    for (const FoundCluster &found : found_) {
        Offer offer;
        offer.id = QString::number(offers.size());
        offer.text = tr("%1 (%2)").arg(found.wish.name, found.seen_in);
        offer.refusal = refusalOf(found);
        offers.push_back(std::move(offer));
    }
    view_->setOffers(offers);
}

void FirstRunPresenter::startSample() {
    Desk *desk = console_.desks().find(local_desk);
    if (!desk) {
        return;
    }
    if (!story_) {
        story_ = std::make_unique<SampleStory>(*desk, console_.surroundings().local_clusters);
        connect(story_.get(), &SampleStory::changed, this,
                [this] { view_->setProgress(story_->progress()); });
        connect(story_.get(), &SampleStory::ready, &console_,
                [this](const QString &rollout) { console_.open(u"rollout:"_qs + rollout); });
    }
    story_->start();
}

void FirstRunPresenter::connectOffer(const QString &offer) {
    const auto at = static_cast<std::size_t>(offer.isEmpty() ? -1 : offer.toInt());
    form_.add(at < found_.size() ? found_[at].wish : ClusterWish());
}

void FirstRunPresenter::chooseFile() {
    auto *dialog = new QFileDialog(&console_.window(), tr("Open a file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Fleets, plans, scenarios and runs (*.fleet.json *.plan.yaml "
                               "*.scenario.yaml *.run.jsonl)"),
                            tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, &console_,
            [this](const QString &path) { console_.open(QUrl::fromLocalFile(path).toString()); });
    dialog->open(); // no event loop of its own
}

} // namespace aviary
