// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/console.h"
#include "ui/console/rehearsedchances.h"
#include "ui/console/targetpages.h"
#include "ui/rollout/rolloutvalue.h"

#include <QPointer>

namespace aviary {

class RolloutView;

// Binds the rollout view: what the chosen desk tells becomes its value, what a
// person wants there becomes a question of the requester.
class RolloutPresenter : public QObject {
    Q_OBJECT
public:
    explicit RolloutPresenter(Console &console);
    // Builds what the first paint did not wait for.
    void complete();

    // Shown beside the rollout that they are of, as long as it runs.
    void setChances(const RehearsedChances &chances);

protected:
    // The view is read anew whenever it comes into sight.
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    void wire();
    void takeDetail();
    void refreshSoon();
    void refresh();
    RolloutValue valueNow() const;
    void showActions();
    void carryOut(const QString &id);
    void askEffect(int weight);
    void effectAnswered(int weight, const Result<QJsonObject> &answer);
    void propose(int weight);
    void chooseWayBack();
    void markBad();
    void copyReport();

    Console &console_;
    QPointer<RolloutView> view_; // the window owns it
    std::shared_ptr<const api::RolloutDetail> detail_;
    RehearsedChances chances_;
    TargetPages pages_;
    QTimer pace_;  // at most 30 values a second
    QTimer clock_; // ages and charts move on without a word
    // One question about an effect at a time; the newest weight is asked when it
    // is answered.
    std::optional<int> asked_, wanted_;
};

} // namespace aviary
