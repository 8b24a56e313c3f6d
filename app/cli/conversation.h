// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/terminal.h"
#include "core/api/linesession.h"
#include "core/api/places.h"

#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace aviary::cli {

// How a run ends. Documented in aviary(1).
enum class Exit : int { Done = 0, Failed = 1, Usage = 2, TimedOut = 3 };
Exit exitOf(const Error &error);

struct Globals {
    std::string state_dir, host, as;
    bool json = false;
};

// One run of the command line: asks the daemon, shows what it says, and ends with an exit code.
// Every path ends in finish() or failWith(), once.
class Conversation : public QObject {
    Q_OBJECT
public:
    using Then = std::function<void(const QJsonObject &answer)>;
    using WithRollout = std::function<void(const api::RolloutRow &row)>;
    using WithCluster = std::function<void(const api::ClusterRow &row)>;

    explicit Conversation(Globals globals, QObject *parent = nullptr);

    const Globals &globals() const { return globals_; }
    bool json() const { return globals_.json; }
    const Terminal &terminal() const { return terminal_; }
    Result<api::Places> places() const;

    // The link to the daemon, opened by the first use; starts the daemon when none runs.
    api::LineSession *session();
    // Does not start one.
    api::LineSession *sessionWithoutStarting();

    // An error ends the run.
    void ask(const QString &verb, const QJsonObject &parameters, Then then);
    // For verbs that change something: adds a new request id, and finds out what became of it
    // when the link broke before the answer.
    void askOnce(const QString &verb, QJsonObject parameters, Then then);
    // Rows of the topic, until the run ends.
    void subscribe(const QString &topic, std::function<void(const QJsonObject &change)> then);

    // `name`: an id, a service (its active rollout, else its newest) or the unique beginning of
    // one of them.
    void withRollout(const QString &name, WithRollout then);
    // An empty name is the only cluster.
    void withCluster(const QString &name, WithCluster then);

    // Asks the person to type `word`; ends the run when something else is typed or nobody can.
    void confirm(const QString &question, const QString &word, std::function<void()> then);

    void show(const QJsonObject &answer) const; // as JSON, one document
    void finish(Exit code = Exit::Done);
    bool finished() const { return finished_; }
    void failWith(const Error &error);

private:
    api::LineSession *makeSession(bool start);
    void settleUnknown(const QString &verb, const QString &request_id, const Error &error,
                       const Then &then);

    Globals globals_;
    Terminal terminal_;
    api::LineSession *session_ = nullptr;
    std::unique_ptr<QSocketNotifier> typed_;
    bool finished_ = false;
};

} // namespace aviary::cli
