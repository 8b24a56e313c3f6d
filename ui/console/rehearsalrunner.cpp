// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/rehearsalrunner.h"

#include "ui/console/offthread.h"
#include "ui/rehearsal/answersvalue.h"

#include <QElapsedTimer>
#include <QPointer>

namespace aviary {

namespace {

constexpr std::size_t lines_max = 8; // futures that end badly, in a fan

using rehearsal::Rehearsal;

Result<std::shared_ptr<const Rehearsed>> rehearse(const rehearsal::Setup &setup,
                                                  const rehearsal::Running &running) {
    QElapsedTimer timer;
    timer.start();
    return Rehearsal::prepare(setup).and_then([&](const Rehearsal &prepared) {
        return prepared.run(running).map([&](const rehearsal::Answers &answers) {
            auto rehearsed =
                std::make_shared<Rehearsed>(Rehearsed{prepared, answers, {}, timer.elapsed()});
            const kernel::Millis from = setup.now ? setup.now->state.now : 0;
            const bool openable = !setup.now || setup.now->record;
            for (const rehearsal::WorstFuture &worst : answers.worst) {
                if (!openable || rehearsed->worst.size() == lines_max) {
                    break;
                }
                if (const auto run = prepared.openFuture(worst.future)) {
                    rehearsed->worst.push_back(fanLinesOf(*run, from));
                }
            }
            return std::shared_ptr<const Rehearsed>(rehearsed);
        });
    });
}

} // namespace

RehearsalRunner::RehearsalRunner(QObject *parent) : QObject(parent) {}

// Threads that still run end by the token, and tell nobody.
RehearsalRunner::~RehearsalRunner() {
    stop_.request_stop();
}

template <class Work, class Then>
void RehearsalRunner::start(Work work, Then then) {
    using Got = std::invoke_result_t<Work>;
    offThread(this, std::move(work), [this, turn = turn_, then](const Got &result) {
        if (turn != turn_) {
            return;
        }
        if (result) {
            then(*result);
        } else {
            Q_EMIT failed(result.error());
        }
    });
}

void RehearsalRunner::run(rehearsal::Setup setup) {
    cancel();
    running_ = true;
    rehearsal::Running running;
    running.cancel = stop_.get_token();
    running.progress = [self = QPointer<RehearsalRunner>(this),
                        turn = turn_](const rehearsal::Progress &progress) {
        QMetaObject::invokeMethod(
            qApp,
            [self, turn, progress] {
                if (self && self->turn_ == turn) {
                    Q_EMIT self->progressed(progress);
                }
            },
            Qt::QueuedConnection);
    };
    start([setup = std::move(setup), running] { return rehearse(setup, running); },
          [this](const std::shared_ptr<const Rehearsed> &rehearsed) {
              running_ = false;
              last_ = rehearsed;
              Q_EMIT finished();
          });
}

void RehearsalRunner::advise() {
    if (!last_) {
        return;
    }
    rehearsal::Running running;
    running.cancel = stop_.get_token();
    start([last = last_, running] { return adviseOn(last->rehearsal.setup(), running); },
          [this](const rehearsal::Advice &advice) { Q_EMIT advised(advice); });
}

void RehearsalRunner::compare(std::vector<std::shared_ptr<const kernel::Plan>> plans) {
    if (!last_) {
        return;
    }
    rehearsal::Running running;
    running.cancel = stop_.get_token();
    start([last = last_, plans = std::move(plans),
           running] { return rehearsal::compare(plans, last->rehearsal.setup(), running); },
          [this](const rehearsal::Comparison &comparison) { Q_EMIT compared(comparison); });
}

void RehearsalRunner::openFuture(quint32 future) {
    if (!last_) {
        return;
    }
    start(
        [last = last_, future] {
            return last->rehearsal.openFuture(future).and_then(
                [](record::Run run) { return travel::RecordedRun::of(std::move(run)); });
        },
        [this, future](const std::shared_ptr<travel::RecordedRun> &run) {
            Q_EMIT futureOpened(future, run);
        });
}

void RehearsalRunner::cancel() {
    stop_.request_stop();
    stop_ = std::stop_source();
    ++turn_;
    running_ = false;
}

} // namespace aviary
