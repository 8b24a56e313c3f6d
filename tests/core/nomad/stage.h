// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/nomaddriver.h"
#include "tests/replay/replayserver.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

namespace aviary::tests {

using namespace aviary::clusters;

inline const QString canary_id = QStringLiteral("e3e46729-a191-8226-2431-f069f44957ba");
inline const QByteArray canary_path = "/v1/deployment/" + canary_id.toLatin1();
inline const QString secret = QStringLiteral("11111111-2222-3333-4444-555555555555");

// A Nomad that runs what a recording says, and the driver of it.
struct Stage {
    ReplayServer server;
    QTemporaryDir place;
    std::unique_ptr<NomadDriver> driver;
    int observations = 0;
    QStringList refusals;
    std::vector<kernel::Node> changed;

    explicit Stage(const QList<int> &deployments, const QByteArray &allocations = recorded(26)) {
        server.put(196);
        server.put("/v1/jobs", recorded(19), 17);
        show(deployments, 24);
        server.put("/v1/allocations", allocations, 24);
        nomad::Settings settings;
        settings.address = QUrl(server.address());
        driver = std::move(*NomadDriver::make(settings, place.path(), environment()));
        QObject::connect(driver.get(), &Driver::observed, driver.get(),
                         [this](const auto &) { ++observations; });
        QObject::connect(driver.get(), &Driver::refused, driver.get(),
                         [this](const Error &why) { refusals << toText(why); });
        QObject::connect(driver.get(), &Driver::nodeChanged, driver.get(),
                         [this](const kernel::Node &node) { changed.push_back(node); });
    }
    QProcessEnvironment environment() const {
        QProcessEnvironment made;
        made.insert(QStringLiteral("NOMAD_ADDR"), server.address());
        made.insert(QStringLiteral("NOMAD_TOKEN"), secret);
        return made;
    }
    void show(const QList<int> &deployments, quint64 index) {
        QList<QByteArray> rows;
        for (const int number : deployments) {
            rows << recorded(number);
        }
        server.put("/v1/deployments", "[" + rows.join(',') + "]", index);
    }
    bool open() {
        driver->open();
        return QTest::qWaitFor([this] { return observations > 0; }, 10'000);
    }
    OwnRollout rollout(const QString &id = canary_id) const {
        for (const OwnRollout &one : driver->rollouts()) {
            if (one.id.startsWith(id)) {
                return one;
            }
        }
        return {};
    }
    OwnAnswer ask(const OwnRequest &request) {
        return answered([&](const auto &answer) { driver->ask(request, answer); });
    }
    OwnAnswer start(const OwnPlan &plan) {
        return answered([&](const auto &answer) { driver->start(plan, answer); });
    }
    OwnAnswer answered(const std::function<void(const SelfRunning::Answered &)> &asks) {
        std::optional<OwnAnswer> answer;
        asks([&answer](const OwnAnswer &given) { answer = given; });
        if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, 30'000)) {
            QTest::qFail("no answer", __FILE__, __LINE__);
        }
        return answer.value_or(OwnAnswer{});
    }
    Result<OwnPlan> plan(const OwnStart &wanted) {
        std::optional<Result<OwnPlan>> plan;
        driver->planStart(wanted, [&plan](const Result<OwnPlan> &given) { plan = given; });
        if (!QTest::qWaitFor([&plan] { return plan.has_value(); }, 30'000)) {
            QTest::qFail("no plan", __FILE__, __LINE__);
            return OwnPlan{};
        }
        return *plan;
    }
    // The last that was posted there.
    Asked posted(const QByteArray &path) const {
        const auto &all = server.asked();
        const auto found = std::find_if(all.rbegin(), all.rend(), [&](const Asked &one) {
            return one.method == "POST" && one.path() == path;
        });
        return found == all.rend() ? Asked{} : *found;
    }
    QJsonObject sent(const QByteArray &path) const {
        return QJsonDocument::fromJson(posted(path).body).object();
    }
    int acts() const {
        return static_cast<int>(
            std::ranges::count(server.asked(), QByteArray("POST"), &Asked::method));
    }
};

} // namespace aviary::tests
