// SPDX-License-Identifier: GPL-3.0-or-later
// 1,000 nodes and 5,000 allocations in a real aviaryd: what is told of them, and what it costs.
#include "core/api/socketsession.h"
#include "tests/nomad/played.h"

#include <QElapsedTimer>

#include <unistd.h>

#include <set>

using namespace aviary;
using namespace aviary::tests;
using namespace Qt::Literals;

namespace {

constexpr int node_count = 1'000;
constexpr int allocation_count = 5'000;
constexpr int looks = 4;

QString idOf(int node) {
    return u"node-%1"_qs.arg(node, 4, 10, QChar(u'0'));
}

QJsonObject nodeAs(int node, const QString &status, int index) {
    return {{u"ID"_qs, idOf(node)},
            {u"Name"_qs, idOf(node)},
            {u"Datacenter"_qs, u"dc%1"_qs.arg(node % 20)},
            {u"Status"_qs, status},
            {u"SchedulingEligibility"_qs, u"eligible"_qs},
            {u"ModifyIndex"_qs, index}};
}

QByteArray textOf(const QJsonArray &rows) {
    return QJsonDocument(rows).toJson(QJsonDocument::Compact);
}

} // namespace

class TestLoad : public QObject, Played {
    Q_OBJECT

    std::unique_ptr<api::SocketSession> session_;
    std::set<QString> seen_, offline_; // nodes
    int told_ = 0;                     // rows of nodes

    void take(const QString &topic, const QJsonObject &change) {
        const QJsonArray rows = change[u"rows"].toArray();
        if (topic != u"fleet:edge") {
            return;
        }
        told_ += static_cast<int>(rows.size());
        for (const QJsonValue &row : rows) {
            seen_.insert(row[u"id"].toString());
            if (row[u"status"].toString() == u"offline") {
                offline_.insert(row[u"id"].toString());
            }
        }
    }
    // Of the daemon alone, in ms.
    qint64 processorMs() const {
        QFile file(u"/proc/%1/stat"_qs.arg(daemon_->processId()));
        if (!file.open(QIODevice::ReadOnly)) {
            return 0;
        }
        const QByteArray line = file.readAll();
        const auto fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
        return (fields.value(11).toLongLong() + fields.value(12).toLongLong()) * 1'000 /
               sysconf(_SC_CLK_TCK);
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(begin());
        QJsonArray all;
        for (int i = 0; i < node_count; ++i) {
            all.append(nodeAs(i, u"ready"_qs, 5));
        }
        nomad_.put("/v1/nodes", textOf(all), 9);
        nomad_.put("/v1/jobs", recorded(19), 17);
        nomad_.put("/v1/deployments", "[]", 5);
        all = {};
        for (int i = 0; i < allocation_count; ++i) {
            all.append(QJsonObject{{u"ID"_qs, u"alloc-%1"_qs.arg(i)},
                                   {u"Namespace"_qs, u"default"_qs},
                                   {u"JobID"_qs, u"job-%1"_qs.arg(i / node_count)},
                                   {u"TaskGroup"_qs, u"api"_qs},
                                   {u"NodeID"_qs, idOf(i % node_count)},
                                   {u"JobVersion"_qs, 1},
                                   {u"DesiredStatus"_qs, u"run"_qs},
                                   {u"ClientStatus"_qs, u"running"_qs},
                                   {u"DeploymentStatus"_qs, QJsonObject{{u"Healthy"_qs, true}}},
                                   {u"Padding"_qs, QString(2'000, u'x')}, // as long as they are
                                   {u"ModifyIndex"_qs, 24}});
        }
        nomad_.put("/v1/allocations", textOf(all), 24);
        session_ = std::make_unique<api::SocketSession>(places_,
                                                        api::Introduction{u"test"_qs, u"1"_qs, {}},
                                                        api::SocketSession::Starting::Never);
        connect(session_.get(), &api::Session::changed, this, &TestLoad::take);
        session_->open();
        QTRY_COMPARE(session_->link(), api::Session::Link::Open);
    }
    void cleanupTestCase() {
        session_.reset();
        stopDaemon();
    }

    void theFirstPictureIsWhole() {
        QElapsedTimer clock;
        clock.start();
        session_->call(
            u"cluster.add"_qs,
            {{u"id"_qs, u"edge"_qs},
             {u"kind"_qs, u"nomad"_qs},
             {u"settings"_qs, QJsonObject{{u"address"_qs, nomad_.address()}}}},
            [this](const Result<QJsonObject> &) { session_->subscribe(u"fleet:edge"_qs); });
        QTRY_COMPARE_WITH_TIMEOUT(seen_.size(), std::size_t(node_count), wait_ms);
        qInfo("the first full picture after %lld ms, %lld ms of the daemon's processor",
              clock.elapsed(), processorMs());
    }
    // As long as nothing moves nothing is told, but now and then when the nodes were heard.
    void whatDoesNotMoveIsNotTold() {
        const auto looked = [this] { return nomad_.count("GET", "/v1/nodes"); };
        const int settled = looked() + 1;
        QTRY_VERIFY_WITH_TIMEOUT(looked() >= settled, wait_ms);
        const int from = looked();
        told_ = 0;
        QElapsedTimer clock;
        clock.start();
        const qint64 before_ms = processorMs();
        QTRY_VERIFY_WITH_TIMEOUT(looked() >= from + looks, wait_ms);
        qInfo("idle: %lld ms of the processor in %lld ms, %d rows", processorMs() - before_ms,
              clock.elapsed(), told_);
        QVERIFY2(told_ <= node_count, qPrintable(QString::number(told_)));
    }
    void everyEventArrives() {
        const qint64 before_ms = processorMs();
        QElapsedTimer clock;
        clock.start();
        for (int i = 0; i < node_count; ++i) {
            const QJsonObject event{
                {u"Topic"_qs, u"Node"_qs},
                {u"Type"_qs, u"NodeEvent"_qs},
                {u"Key"_qs, idOf(i)},
                {u"Payload"_qs, QJsonObject{{u"Node"_qs, nodeAs(i, u"down"_qs, 100 + i)}}}};
            const QJsonObject line{{u"Index"_qs, 100 + i}, {u"Events"_qs, QJsonArray{event}}};
            nomad_.tell(QJsonDocument(line).toJson(QJsonDocument::Compact));
        }
        QTRY_COMPARE_WITH_TIMEOUT(offline_.size(), std::size_t(node_count), wait_ms);
        qInfo("1,000 events: %lld ms of the daemon's processor, all told after %lld ms",
              processorMs() - before_ms, clock.elapsed());
    }
};

QTEST_GUILESS_MAIN(TestLoad)
#include "test_load.moc"
