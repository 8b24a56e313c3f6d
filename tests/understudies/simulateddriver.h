// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/driver.h"

#include <QFile>

#include <functional>
#include <map>

namespace aviary::tests {

// A cluster in memory that keeps its word: it does each order once, answers a repeated one with how
// it stands, and writes what it did to a file, so that it outlives the process that drives it.
class SimulatedDriver : public clusters::Driver {
    Q_OBJECT
public:
    // How an instance of a revision turns out on a node.
    struct Fate {
        kernel::Cause fails = kernel::Cause::None; // None: it becomes ready
        bool silent = false;                       // it is never heard of again
    };
    using Fates = std::function<Fate(const QString &node, const QString &revision)>;

    // `log` is read first and then appended to; empty: nothing is kept.
    SimulatedDriver(std::vector<kernel::Node> nodes, const QString &log, QObject *parent = nullptr);

    // n0, n1, ... spread over `sites` sites (site-0, ...), all online.
    static std::vector<kernel::Node> someNodes(int count, int sites = 3);

    void setFates(Fates fates) { fates_ = std::move(fates); }
    void setStatus(const QString &node, kernel::NodeStatus status);
    void setAnswering(bool answering); // false: the cluster is lost
    void refuseTraffic(bool refuse) { refuses_traffic_ = refuse; }
    void count(const QString &service, const QString &revision, const kernel::Sample &sample);

    kernel::Weight weight(const QString &service) const;
    QString revisionOn(const QString &node,
                       const QString &service) const; // the newest that is ready
    int runs() const { return runs_; } // orders that really started something, since the log began
    // Every (node, revision) that was started more than once by the same rollout.
    QStringList startedTwice() const;

    clusters::Capabilities capabilities() const override;
    void open() override;
    void observe() override;
    void run(const std::vector<clusters::RunOrder> &orders) override;
    void stop(const std::vector<clusters::StopOrder> &orders) override;
    void setTraffic(const clusters::TrafficOrder &order) override;
    void measure(const QStringList &services) override;
    void setFlags(const QString &node, kernel::NodeFlags flags) override;
    void readLog(quint64 token, const QString &node, const QString &service, int lines) override;

private:
    struct Running {
        clusters::Ticket ticket;
        bool ready = true;
    };
    using Place = std::pair<QString, QString>; // node, service

    void load();
    void write(const QStringList &words);
    void apply(const QStringList &words);
    void answer(std::vector<clusters::NodeAnswer> answers);
    void report(const QString &node);
    kernel::Node &node(const QString &id);

    std::vector<kernel::Node> nodes_;
    std::map<QString, std::size_t> places_;
    std::map<Place, std::map<QString, Running>> running_; // by revision
    std::map<QString, clusters::Traffic> traffic_;        // by service
    std::map<QString, int> starts_;                       // "rollout node revision"
    QStringList measured_;
    QFile log_;
    Fates fates_;
    bool answering_ = true;
    bool refuses_traffic_ = false;
    int runs_ = 0;
};

} // namespace aviary::tests
