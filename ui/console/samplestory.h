// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/clusters/firstrunview.h"
#include "ui/models/desk.h"

#include <QProcess>
#include <QTimer>

namespace aviary {

// The first door: 12 nodes on this computer, the sample service v1 on all of them, a load on it,
// and v2 as a canary that waits for a promotion. Every step is a request to the daemon, and the
// next begins once the daemon told that it is done.
class SampleStory : public QObject {
    Q_OBJECT
public:
    static constexpr int step_ms_max = 120'000;

    // `clusters` is where the daemon of this computer keeps its local clusters.
    SampleStory(Desk &desk, QString clusters, QObject *parent = nullptr);
    ~SampleStory() override;

    const SampleProgress &progress() const { return progress_; }
    // Nothing where it runs already. Once it failed it begins with the step that failed.
    void start();
    // Asks nothing more; what was started runs on.
    void stop();

Q_SIGNALS:
    void changed();
    // The canary is under way: a rollout's id.
    void ready(const QString &rollout);

private:
    enum class Step { Connect, Add, Unlock, First, AwaitFirst, Load, Canary, AwaitCanary, End };

    void run();
    void ask(const QString &verb, QJsonObject parameters,
             std::function<void(const QJsonObject &)> then);
    void deploy(const QString &revision, const QString &strategy, const QString &arguments);
    void look();
    void startLoad();
    void next(const QString &done = {});
    void failWith(const QString &why);

    Desk &desk_;
    QString clusters_;
    SampleProgress progress_;
    Step step_ = Step::Connect;
    QString rollout_; // that is awaited
    QProcess load_;
    QTimer patience_;
    quint64 turn_ = 0; // answers that come after stop() are passed over
};

} // namespace aviary
