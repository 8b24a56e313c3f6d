// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/console.h"
#include "ui/console/offers.h"
#include "ui/console/samplestory.h"

namespace aviary {

class ClusterForm;
class FirstRunView;

// The three doors, shown where no cluster is known: the sample, what can be connected, a file.
class FirstRunPresenter : public QObject {
    Q_OBJECT
public:
    // `form` is where a cluster is described.
    FirstRunPresenter(Console &console, ClusterForm &form);

    static const QString view_id;

private:
    void refresh();
    void showOffers();
    void startSample();
    void connectOffer(const QString &offer);
    void chooseFile();

    Console &console_;
    ClusterForm &form_;
    FirstRunView *view_;
    std::vector<FoundCluster> found_;
    std::unique_ptr<SampleStory> story_;
    bool shown_once_ = false; // it comes by itself only once
};

} // namespace aviary
