// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/replay/realagent.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTest>

#include <memory>

namespace aviary::tests {

using namespace Qt::Literals;

namespace {
constexpr int wait_ms = 60'000;
constexpr qint64 second_ns = 1'000'000'000;
} // namespace

QString RealAgent::makeId() {
    return u"aviary-test-%1"_qs.arg(QCoreApplication::applicationPid());
}

RealAgent::~RealAgent() {
    if (nodes_ > 0) {
        ask("DELETE", u"/v1/job/%1?purge=true"_qs.arg(job_));
    }
}

bool RealAgent::meet() {
    const QJsonArray nodes = ask("GET", u"/v1/nodes"_qs).array();
    nodes_ = static_cast<quint32>(nodes.size());
    node_ = nodes[0][u"Name"].toString();
    datacenter_ = nodes[0][u"Datacenter"].toString();
    return nodes_ > 0;
}

QJsonDocument RealAgent::ask(const QByteArray &verb, const QString &path, const QJsonObject &body) {
    QNetworkRequest request(QUrl(address_ + path));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_qs);
    request.setRawHeader("X-Nomad-Token", qgetenv("NOMAD_TOKEN"));
    const QByteArray content =
        body.isEmpty() ? QByteArray() : QJsonDocument(body).toJson(QJsonDocument::Compact);
    const std::unique_ptr<QNetworkReply> reply(http_.sendCustomRequest(request, verb, content));
    const bool came = QTest::qWaitFor([&reply] { return reply->isFinished(); }, wait_ms);
    if (!came || reply->error() != QNetworkReply::NoError) {
        qWarning("%s: %s", qPrintable(path), qPrintable(reply->errorString()));
        return {};
    }
    return QJsonDocument::fromJson(reply->readAll());
}

QJsonObject RealAgent::version(bool works, const QString &name, int count) const {
    const QJsonObject task{{u"Name"_qs, u"server"_qs},
                           {u"Driver"_qs, u"raw_exec"_qs},
                           {u"Config"_qs, works
                                              ? QJsonObject{{u"command"_qs, u"/bin/sleep"_qs},
                                                            {u"args"_qs, QJsonArray{u"100000"_qs}}}
                                              : QJsonObject{{u"command"_qs, u"/bin/false"_qs}}},
                           {u"Env"_qs, QJsonObject{{u"APP_VERSION"_qs, name}}},
                           {u"Resources"_qs, QJsonObject{{u"CPU"_qs, 20}, {u"MemoryMB"_qs, 16}}}};
    const QJsonObject update{{u"Canary"_qs, 2},
                             {u"MaxParallel"_qs, 1},
                             {u"HealthCheck"_qs, u"task_states"_qs},
                             {u"MinHealthyTime"_qs, second_ns},
                             {u"HealthyDeadline"_qs, 10 * second_ns},
                             {u"ProgressDeadline"_qs, 20 * second_ns},
                             {u"AutoRevert"_qs, true}};
    const QJsonObject never{{u"Attempts"_qs, 0}, {u"Mode"_qs, u"fail"_qs}};
    const QJsonObject group{
        {u"Name"_qs, u"web"_qs},
        {u"Count"_qs, count},
        {u"Update"_qs, update},
        {u"RestartPolicy"_qs, never},
        {u"ReschedulePolicy"_qs, QJsonObject{{u"Attempts"_qs, 0}, {u"Unlimited"_qs, false}}},
        {u"Tasks"_qs, QJsonArray{task}}};
    return {{u"ID"_qs, job_},
            {u"Name"_qs, job_},
            {u"Type"_qs, u"service"_qs},
            {u"Datacenters"_qs, QJsonArray{datacenter_}},
            {u"TaskGroups"_qs, QJsonArray{group}}};
}

QByteArray RealAgent::file(bool works, const QString &name) const {
    return QJsonDocument(QJsonObject{{u"Job"_qs, version(works, name)}}).toJson();
}

} // namespace aviary::tests
