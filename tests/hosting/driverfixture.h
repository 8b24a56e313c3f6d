// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/hosting/hostingdriver.h"

#include <QStringList>

#include <map>
#include <memory>

namespace aviary::tests {

// Until an answer is held to be lost. Real engines on a busy machine take tens of seconds.
inline constexpr int answer_ms_max = 60'000;

// A driver of hosted nodes at work, and all that it said. The service is "shop".
class DriverFixture {
public:
    using Make = std::function<std::unique_ptr<clusters::HostingDriver>()>;
    explicit DriverFixture(Make make) : make_(std::move(make)) {}

    // A driver as of a daemon that starts; the one before is gone without a word, as after kill -9.
    bool reopen(int wait_ms = answer_ms_max);
    void close() { driver_.reset(); }
    clusters::HostingDriver &driver() { return *driver_; }

    static clusters::RunOrder runOrder(const QString &node, const QString &revision, quint32 order,
                                       const QJsonObject &definition);
    static clusters::StopOrder stopOrder(const QString &node, const QString &revision,
                                         quint32 order);

    // Sends the order and waits for the answer that it wants; false, and said what came, when it
    // does not come.
    bool run(const clusters::RunOrder &order);
    bool stop(const clusters::StopOrder &order);
    bool split(const QString &fresh, const QString &stable, int weight, const QString &flag = {});
    clusters::Observation observe();
    bool awaitAnswer(quint32 order, clusters::NodeAnswer::Kind kind, int wait_ms = answer_ms_max);
    QStringList answers(quint32 order) const; // "ready", "not ready", "failed: text", "retired"
    // "n1 v1 ready", sorted; "n1 v1 down" when it is not ready
    QStringList instances();

private:
    Make make_;
    std::unique_ptr<clusters::HostingDriver> driver_;
    std::map<quint32, std::vector<clusters::NodeAnswer>> answers_;
};

} // namespace aviary::tests
