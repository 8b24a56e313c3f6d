// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/local/localfixture.h"

#include <QDirIterator>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>

#include <signal.h>

#include <optional>

namespace aviary::tests {

using namespace clusters;

LocalFixture::LocalFixture(int nodes, int sites, QString haproxy) : haproxy_(std::move(haproxy)) {
    QFile file(path(QStringLiteral("cluster.json")));
    if (file.open(QIODevice::WriteOnly)) {
        file.write(QJsonDocument(toJson(someLocalNodes(nodes, sites))).toJson());
    }
}

LocalFixture::~LocalFixture() {
    driver_.reset();
    QDirIterator files(place_.path(), {QStringLiteral("pid")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const auto identity = readProcessRecord(files.next());
        if (identity && isAlive(*identity)) {
            ::kill(-identity->pid, SIGKILL);
        }
    }
}

bool LocalFixture::reopen() {
    driver_.reset();
    answers_.clear();
    driver_ = std::make_unique<LocalDriver>(place_.path(), haproxy_);
    QObject::connect(driver_.get(), &Driver::nodesAnswered, driver_.get(),
                     [this](const std::vector<NodeAnswer> &answers) {
                         for (const NodeAnswer &answer : answers) {
                             answers_[answer.ticket.order].push_back(answer);
                         }
                     });
    std::optional<bool> opened;
    QObject::connect(driver_.get(), &Driver::opened, driver_.get(),
                     [&opened](const Result<void> &result) { opened = result.has_value(); });
    driver_->open();
    return QTest::qWaitFor([&opened] { return opened.has_value(); }) && *opened;
}

QJsonObject LocalFixture::definition(const QStringList &options) {
    const QJsonObject ready{{QStringLiteral("kind"), QStringLiteral("http")},
                            {QStringLiteral("path"), QStringLiteral("/ready")},
                            {QStringLiteral("interval_ms"), 100}};
    return {{QStringLiteral("command"), program("aviary-sample")},
            {QStringLiteral("args"), QJsonArray::fromStringList(options)},
            {QStringLiteral("checks"), QJsonArray{ready}},
            {QStringLiteral("restart"),
             QJsonObject{{QStringLiteral("attempts"), 2}, {QStringLiteral("delay_ms"), 100}}}};
}

RunOrder LocalFixture::runOrder(const QString &node, const QString &revision, quint32 order,
                                const QStringList &options) {
    RunOrder run;
    run.ticket = {QStringLiteral("rollout"), order, 0};
    run.node = node;
    run.revision = {QStringLiteral("shop"), revision, definition(options)};
    return run;
}

StopOrder LocalFixture::stopOrder(const QString &node, const QString &revision, quint32 order) {
    return {{QStringLiteral("rollout"), order, 0}, node, QStringLiteral("shop"), revision};
}

bool LocalFixture::run(const RunOrder &order) {
    answers_[order.ticket.order].clear();
    driver_->run({order});
    return awaitAnswer(order.ticket.order, NodeAnswer::Kind::Ready);
}

bool LocalFixture::stop(const StopOrder &order) {
    driver_->stop({order});
    return awaitAnswer(order.ticket.order, NodeAnswer::Kind::Retired);
}

bool LocalFixture::split(const QString &fresh, const QString &stable, int weight,
                         const QString &flag) {
    QSignalSpy said(driver_.get(), &Driver::trafficAnswered);
    TrafficOrder order;
    order.service = QStringLiteral("shop");
    order.fresh = fresh;
    order.stable = stable;
    order.weight = weight;
    order.flag = flag;
    driver_->setTraffic(order);
    return said.wait() && said[0][0].value<TrafficAnswer>().applied;
}

Observation LocalFixture::observe() {
    std::optional<Observation> seen;
    const auto connection = QObject::connect(
        driver_.get(), &Driver::observed, driver_.get(),
        [&seen](const Result<Observation> &result) { seen = result.value_or(Observation{}); });
    driver_->observe();
    const bool came = QTest::qWaitFor([&seen] { return seen.has_value(); });
    QObject::disconnect(connection);
    return came ? *seen : Observation{};
}

bool LocalFixture::awaitAnswer(quint32 order, NodeAnswer::Kind kind, int wait_ms) {
    return QTest::qWaitFor(
        [&] { return !answers_[order].empty() && answers_[order].back().kind == kind; }, wait_ms);
}

QStringList LocalFixture::answers(quint32 order) const {
    const auto found = answers_.find(order);
    QStringList texts;
    if (found != answers_.end()) {
        for (const NodeAnswer &answer : found->second) {
            switch (answer.kind) {
            case NodeAnswer::Kind::Ready:
                texts += QStringLiteral("ready");
                break;
            case NodeAnswer::Kind::NotReady:
                texts += QStringLiteral("not ready");
                break;
            case NodeAnswer::Kind::Failed:
                texts += u"failed: " + answer.text;
                break;
            case NodeAnswer::Kind::Retired:
                texts += QStringLiteral("retired");
                break;
            }
        }
    }
    return texts;
}

pid_t LocalFixture::pidOf(const QString &node, const QString &revision) const {
    const auto identity =
        readProcessRecord(path(u"nodes/" + node + u"/instances/shop/" + revision + u"/pid"));
    return identity && isAlive(*identity) ? identity->pid : 0;
}

QStringList LocalFixture::instances() {
    QStringList texts;
    for (const Instance &instance : observe().instances) {
        texts += instance.node + u' ' + instance.revision +
                 (instance.ready ? QStringLiteral(" ready") : QStringLiteral(" down"));
    }
    texts.sort();
    return texts;
}

} // namespace aviary::tests
