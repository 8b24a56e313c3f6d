// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/understudies/daemonunderstudy.h"

#include "core/api/valuesjson.h"

#include <QtTest>

namespace aviary::tests {

DaemonUnderstudy::DaemonUnderstudy(int nodes, const QString &directory,
                                   std::function<void()> opened)
    : directory_(directory), nodes_(nodes), opened_(std::move(opened)) {
    start();
    if (!driver_) {
        must(QStringLiteral("cluster.add"), {{QStringLiteral("id"), QStringLiteral("sim")},
                                             {QStringLiteral("kind"), QStringLiteral("local")}});
    }
    must(QStringLiteral("cluster.lock"),
         {{QStringLiteral("id"), QStringLiteral("sim")}, {QStringLiteral("unlocked"), true}});
    const bool live = QTest::qWaitFor([this] {
        const auto clusters = must(QStringLiteral("cluster.list"))[u"clusters"];
        const auto rows = api::listFromJson<api::ClusterRow>(clusters);
        return rows && rows->size() == 1 && rows->front().contact == api::Contact::Live;
    });
    Q_ASSERT(live);
}

QString DaemonUnderstudy::path(const QString &name) const {
    return (directory_.isEmpty() ? temporary_.path() : directory_) + u'/' + name;
}

void DaemonUnderstudy::start() {
    auto journal = journal::Journal::open(path(QStringLiteral("state")), journal::Access::Own);
    if (!journal) {
        qFatal("%s", qPrintable(toText(journal.error())));
    }
    journal_ = std::move(*journal);
    if (opened_) {
        opened_();
    }
    const auto factory = [this](api::ClusterKind, const QString &,
                                const QJsonObject &) -> Result<std::unique_ptr<clusters::Driver>> {
        auto driver = std::make_unique<SimulatedDriver>(SimulatedDriver::someNodes(nodes_),
                                                        path(QStringLiteral("world")));
        driver_ = driver.get();
        return driver;
    };
    provider_ = std::make_unique<orchestrator::LiveProvider>(*journal_, factory, clock_);
    if (auto restored = provider_->restore(); !restored) {
        qFatal("%s", qPrintable(toText(restored.error())));
    }
}

void DaemonUnderstudy::stop() {
    provider_.reset();
    journal_.reset();
    driver_ = nullptr;
}

Result<QJsonObject> DaemonUnderstudy::call(const QString &verb, QJsonObject parameters) {
    Result<QJsonObject> answer = fail(ErrorCode::Internal, QStringLiteral("no answer"));
    provider_->handle(caller_, verb, parameters,
                      [&answer](const Result<QJsonObject> &said) { answer = said; });
    return answer;
}

QJsonObject DaemonUnderstudy::must(const QString &verb, QJsonObject parameters) {
    const auto answer = call(verb, std::move(parameters));
    if (!answer) {
        qCritical("%s: %s", qPrintable(verb), qPrintable(toText(answer.error())));
        QTest::qFail("refused", __FILE__, __LINE__);
        return {};
    }
    return *answer;
}

QString DaemonUnderstudy::deploy(const QString &key, const QString &image, QJsonObject update) {
    if (!update.contains(u"min_healthy_ms")) {
        update[u"min_healthy_ms"] = 0;
    }
    const QJsonObject manifest{
        {QStringLiteral("graph_id"), key},
        {QStringLiteral("policies"), QJsonObject{{QStringLiteral("update"), update}}},
        {QStringLiteral("aviary"),
         QJsonObject{{QStringLiteral("command"), QStringLiteral("/bin/true")},
                     {QStringLiteral("image"), image}}}};
    const QJsonObject answer =
        must(QStringLiteral("deploy"), {{QStringLiteral("cluster"), QStringLiteral("sim")},
                                        {QStringLiteral("manifest"), manifest}});
    return answer[u"rollout"][u"id"].toString();
}

QJsonObject DaemonUnderstudy::rollout(const QString &id) {
    return must(QStringLiteral("rollout.get"), {{QStringLiteral("rollout"), id}});
}

QString DaemonUnderstudy::status(const QString &id) {
    return rollout(id)[u"row"][u"status"].toString();
}

bool DaemonUnderstudy::waitFor(const QString &id, const QString &wanted, int timeout_ms) {
    return QTest::qWaitFor([&] { return status(id) == wanted; }, timeout_ms);
}

} // namespace aviary::tests
