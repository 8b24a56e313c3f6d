// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QString>
#include <QStringList>
#include <QThread>

#include <functional>
#include <memory>
#include <vector>

namespace aviary::tests {

// What becomes of one container that is told to start.
enum class Mishap {
    None,
    CutAtStart,    // it starts, and the connection breaks before the answer
    RefusedAtStart // 500, once, and nothing starts
};

// How one engine answers. Times are in milliseconds.
struct EngineWeather {
    int answer_ms = 5;            // each answer
    int start_ms = 50;            // of a container, on top of it
    int stop_ms = 20;             // of a container, on top of it
    int piece_bytes = 0;          // an answer comes in pieces of so many, 1 ms apart; 0: whole
    int clock_ahead_ms = 0;       // of its clock, seen from ours
    bool has_image = true;        // else it must be pulled
    QString pull_error = {};      // what the pull ends with, under status 200 as Docker does it
    Mishap mishap = Mishap::None; // the first time a container starts
    bool operator==(const EngineWeather &) const = default;
};

// Docker Engines that run nothing: each has a socket and answers what a driver asks of one (API
// 1.40), in one thread of their own for all. So there can be hundreds of them, in any weather.
class SimulatedEngines {
public:
    // `weather`: of each engine, as often as it is asked.
    SimulatedEngines(QString directory, int count, std::function<EngineWeather(int)> weather);
    ~SimulatedEngines();

    QString host(int engine) const; // unix://...
    int count() const { return static_cast<int>(engines_.size()); }
    // A silent engine takes connections and requests, and answers nothing.
    void setSilent(int engine, bool silent);

    // "n1 v2", of all engines, sorted; the node and the revision are those of the labels.
    QStringList running() const;
    int made(int engine) const; // containers, ever

    // The requests that changed something or led to a change, of one engine.
    struct Work {
        qint64 first_ms = -1; // when it came, since the engines began
        qint64 dealt_ms = 0;  // what its answers were made to take, added up
    };
    Work work(int engine) const;
    void beginAnew(); // no work, and each may have its mishap once more

private:
    class One;

    void onThread(const std::function<void()> &what) const;

    std::function<EngineWeather(int)> weather_;
    QThread thread_;
    QElapsedTimer clock_;
    std::vector<One *> engines_; // they live in the thread, and end with it
};

} // namespace aviary::tests
