// SPDX-License-Identifier: GPL-3.0-or-later
// A rolling update over 200 simulated Docker Engines, 20 at once, by the real aviaryd: starts take
// 1.5 s (median; lognormal, p95 4 s), every answer 20 ms, and 2 % of the engines break the
// connection in the middle of a start. Ends with 1 where a figure is missed: the update takes at
// most 10 % more than the latencies allow, and the daemon needs less than half a core.
//
// What the latencies allow: the waves follow each other, and each takes as long as the longest of
// its nodes, of which every answer is made to take a known time; then the 2 s that a service
// without a check must run, and min_healthy (200 ms).
#include "tests/engines/simulatedengines.h"
#include "tests/journeys/operatordesk.h"
#include "tests/support/processes.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

using namespace aviary;
using namespace aviary::tests;

namespace {

constexpr int many = 200, at_once = 20;
constexpr int min_healthy_ms = 200;
constexpr int survival_ms = 2'000; // what has no check is ready when it has run for so long

std::vector<int> lognormalStarts() {
    std::mt19937_64 random(42);
    const double median = 1'500, p95 = 4'000;
    std::lognormal_distribution<double> draw(std::log(median), std::log(p95 / median) / 1.645);
    std::vector<int> all;
    for (int i = 0; i < many; ++i) {
        all.push_back(static_cast<int>(draw(random)));
    }
    return all;
}

class SimulatedGround : public Ground {
public:
    QString kind() const override { return QStringLiteral("docker"); }
    QJsonObject settings() const override {
        QJsonArray list;
        for (int i = 0; i < many; ++i) {
            list += QJsonObject{{QStringLiteral("id"), QStringLiteral("n%1").arg(i + 1)},
                                {QStringLiteral("host"), engines_.host(i)}};
        }
        return {{QStringLiteral("cluster"), QJsonObject{{QStringLiteral("nodes"), list}}},
                {QStringLiteral("directory"), directory_.path()}};
    }
    QJsonObject definition(const QStringList &options) const override {
        return {{QStringLiteral("image"), QStringLiteral("registry.example/shop:1")},
                {QStringLiteral("args"), QJsonArray::fromStringList(options)}};
    }
    quint16 port() const override { return 0; }
    bool killService(const QString &, const QString &) override { return false; }
    void setOffline(const QString &node, bool offline) override {
        engines_.setSilent(node.mid(1).toInt() - 1, offline);
    }
    QStringList running() const override { return engines_.running(); }
    int starts(const QString &node, const QString &) const override {
        return engines_.made(node.mid(1).toInt() - 1);
    }
    ~SimulatedGround() override { endProcessesIn(directory_.path()); }

    // Seconds that the latencies of the last rollout allow.
    double allowed() const {
        std::vector<SimulatedEngines::Work> all;
        for (int i = 0; i < many; ++i) {
            all.push_back(engines_.work(i));
        }
        std::ranges::sort(all, {}, &SimulatedEngines::Work::first_ms);
        qint64 sum_ms = 0;
        for (auto wave = all.begin(); wave != all.end(); wave += at_once) {
            sum_ms += std::ranges::max_element(wave, wave + at_once, {},
                                               &SimulatedEngines::Work::dealt_ms)
                          ->dealt_ms +
                      min_healthy_ms + survival_ms;
        }
        return static_cast<double>(sum_ms) / 1'000;
    }
    void beginAnew() { engines_.beginAnew(); }

private:
    QTemporaryDir directory_;
    std::vector<int> starts_ = lognormalStarts();
    SimulatedEngines engines_{
        directory_.path(), many, [this](int engine) {
            return EngineWeather{.answer_ms = 20,
                                 .start_ms = starts_[static_cast<std::size_t>(engine)],
                                 .mishap = engine % 50 == 7 ? Mishap::CutAtStart : Mishap::None};
        }};
};

// Of the process until now.
double cpuSeconds(qint64 pid) {
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    const QByteArray text = file.readAll();
    const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    return (fields.value(11).toDouble() + fields.value(12).toDouble()) /
           static_cast<double>(::sysconf(_SC_CLK_TCK));
}

bool tell(const char *what, double figure, const char *unit, double limit) {
    std::printf("%-48s %8.2f %-5s  limit %5.2f  %s\n", what, figure, unit, limit,
                figure <= limit ? "kept" : "MISSED");
    return figure <= limit;
}

} // namespace

int main(int argc, char **argv) {
    const QCoreApplication application(argc, argv);
    SimulatedGround ground;
    OperatorDesk desk(ground);
    constexpr int patience_ms = 600'000;
    const auto roll = [&](const QString &option) {
        return desk.deploy({.strategy = QStringLiteral("{kind: rolling, delay: 0 s}"),
                            .policy = QStringLiteral("max_parallel: %1").arg(at_once),
                            .more = QStringLiteral("mode: in_place"),
                            .options = {option}});
    };
    if (!desk.open() ||
        !desk.awaitStatus(roll(QStringLiteral("one")), kernel::Status::Completed, patience_ms)) {
        std::printf("the first rollout did not end well: %s\n", qPrintable(desk.lastError()));
        return 2;
    }
    ground.beginAnew();
    const double cpu_before = cpuSeconds(desk.daemonPid());
    QElapsedTimer timer;
    timer.start();
    const QString rollout = roll(QStringLiteral("two"));
    if (!desk.awaitStatus(rollout, kernel::Status::Completed, patience_ms)) {
        return 2;
    }
    const double took = static_cast<double>(timer.elapsed()) / 1'000;
    const double cpu = cpuSeconds(desk.daemonPid()) - cpu_before;
    const double allowed = ground.allowed();
    std::printf("%d simulated engines, %d at once: %.1f s, the latencies allow %.1f s\n", many,
                at_once, took, allowed);
    const bool in_time = tell("time, of what the latencies allow", took / allowed, "times", 1.1);
    const bool calm = tell("the daemon", cpu / took, "cores", 0.5);
    const bool all = ground.running().size() == many;
    std::printf("%lld containers run\n", static_cast<long long>(ground.running().size()));
    return in_time && calm && all ? 0 : 1;
}
