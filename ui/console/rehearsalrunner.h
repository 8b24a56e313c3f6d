// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/rehearsal/comparison.h"
#include "core/travel/recordedrun.h"
#include "ui/rehearsal/rehearsalvalue.h"

#include <QObject>

#include <memory>
#include <stop_token>

namespace aviary {

// What one rehearsal answered, with the lines of the worst futures for its fans.
struct Rehearsed {
    rehearsal::Rehearsal rehearsal;
    rehearsal::Answers answers;
    std::vector<std::array<FanLine, fan_kind_count>> worst; // as answers.worst, the first few
    qint64 took_ms = 0;
};

// Runs rehearsals on threads of their own; everything is told on this one. A new one ends the one
// before; what that still says is passed over.
class RehearsalRunner : public QObject {
    Q_OBJECT
public:
    explicit RehearsalRunner(QObject *parent = nullptr);
    ~RehearsalRunner() override;

    void run(rehearsal::Setup setup);
    // After run(): which change would help most. Takes several rehearsals.
    void advise();
    // The plan of the last run() beside others, on the same luck.
    void compare(std::vector<std::shared_ptr<const kernel::Plan>> plans);
    void openFuture(quint32 future);
    void cancel();
    bool running() const { return running_; }
    const Rehearsed *last() const { return last_.get(); }

Q_SIGNALS:
    void progressed(const aviary::rehearsal::Progress &progress);
    void finished();                         // last() is new
    void failed(const aviary::Error &error); // also when it was cancelled
    void advised(const aviary::rehearsal::Advice &advice);
    void compared(const aviary::rehearsal::Comparison &comparison);
    void futureOpened(quint32 future, std::shared_ptr<aviary::travel::RecordedRun> run);

private:
    // Work runs off this thread, and `then` on this one with its result, unless a newer run began.
    template <class Work, class Then>
    void start(Work work, Then then);

    std::shared_ptr<const Rehearsed> last_;
    std::stop_source stop_;
    quint64 turn_ = 0;
    bool running_ = false;
};

} // namespace aviary
