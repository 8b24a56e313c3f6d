// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hosting/driverfixture.h"

#include <QSignalSpy>
#include <QTest>

#include <optional>

namespace aviary::tests {

using namespace clusters;

bool DriverFixture::reopen(int wait_ms) {
    driver_.reset();
    answers_.clear();
    driver_ = make_();
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
    return QTest::qWaitFor([&opened] { return opened.has_value(); }, wait_ms) && *opened;
}

RunOrder DriverFixture::runOrder(const QString &node, const QString &revision, quint32 order,
                                 const QJsonObject &definition) {
    RunOrder run;
    run.ticket = {QStringLiteral("rollout"), order, 0};
    run.node = node;
    run.revision = {QStringLiteral("shop"), revision, definition};
    return run;
}

StopOrder DriverFixture::stopOrder(const QString &node, const QString &revision, quint32 order) {
    return {{QStringLiteral("rollout"), order, 0}, node, QStringLiteral("shop"), revision};
}

bool DriverFixture::run(const RunOrder &order) {
    answers_[order.ticket.order].clear();
    driver_->run({order});
    const bool ready = awaitAnswer(order.ticket.order, NodeAnswer::Kind::Ready);
    if (!ready) {
        qWarning("order %u: %s", order.ticket.order,
                 qPrintable(answers(order.ticket.order).join(u", ")));
    }
    return ready;
}

bool DriverFixture::stop(const StopOrder &order) {
    driver_->stop({order});
    return awaitAnswer(order.ticket.order, NodeAnswer::Kind::Retired);
}

bool DriverFixture::split(const QString &fresh, const QString &stable, int weight,
                          const QString &flag) {
    QSignalSpy said(driver_.get(), &Driver::trafficAnswered);
    TrafficOrder order;
    order.service = QStringLiteral("shop");
    order.fresh = fresh;
    order.stable = stable;
    order.weight = weight;
    order.flag = flag;
    driver_->setTraffic(order);
    return said.wait(answer_ms_max) && said[0][0].value<TrafficAnswer>().applied;
}

Observation DriverFixture::observe() {
    std::optional<Observation> seen;
    const auto connection = QObject::connect(
        driver_.get(), &Driver::observed, driver_.get(),
        [&seen](const Result<Observation> &result) { seen = result.value_or(Observation{}); });
    driver_->observe();
    const bool came = QTest::qWaitFor([&seen] { return seen.has_value(); }, answer_ms_max);
    QObject::disconnect(connection);
    return came ? *seen : Observation{};
}

bool DriverFixture::awaitAnswer(quint32 order, NodeAnswer::Kind kind, int wait_ms) {
    return QTest::qWaitFor(
        [&] { return !answers_[order].empty() && answers_[order].back().kind == kind; }, wait_ms);
}

QStringList DriverFixture::answers(quint32 order) const {
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

QStringList DriverFixture::instances() {
    QStringList texts;
    for (const Instance &instance : observe().instances) {
        texts += instance.node + u' ' + instance.revision +
                 (instance.ready ? QStringLiteral(" ready") : QStringLiteral(" down"));
    }
    texts.sort();
    return texts;
}

} // namespace aviary::tests
