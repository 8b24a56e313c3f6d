// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/orchestrator/alertcourier.h"

#include "core/api/valuesjson.h"
#include "core/support/words.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QNetworkReply>
#include <QTimer>

namespace aviary::orchestrator {

namespace {

constexpr int command_limit_ms = 30'000;
constexpr int webhook_limit_ms = 10'000;

QByteArray bytesOf(const api::AlertRow &alert) {
    return QJsonDocument(api::toJson(alert)).toJson(QJsonDocument::Compact);
}

QString endOf(const QProcess &process) {
    if (process.exitStatus() != QProcess::NormalExit) {
        return QObject::tr("command: did not end by itself");
    }
    return process.exitCode() == 0 ? QObject::tr("command: done")
                                   : QObject::tr("command: ended with %1").arg(process.exitCode());
}

} // namespace

Result<void> AlertCourier::check(const api::AlertDelivery &delivery) {
    if (!delivery.command.isEmpty()) {
        const QFileInfo program(delivery.command.first());
        if (!program.isAbsolute() || !program.isFile() || !program.isExecutable()) {
            return fail(ErrorCode::Invalid,
                        tr("%1 cannot be run").arg(boundedText(delivery.command.first())),
                        QStringLiteral("command"),
                        tr("give the absolute path of a program on the daemon's host"));
        }
    }
    const QUrl url(delivery.webhook, QUrl::StrictMode);
    const bool web = url.scheme() == u"http" || url.scheme() == u"https";
    if (!delivery.webhook.isEmpty() && (!url.isValid() || !web || url.host().isEmpty())) {
        return fail(ErrorCode::Invalid,
                    tr("%1 is no address for a webhook").arg(boundedText(delivery.webhook)),
                    QStringLiteral("webhook"), tr("give an http or https address"));
    }
    return {};
}

void AlertCourier::deliver(const api::AlertRow &alert) {
    if (!delivery_.command.isEmpty()) {
        run(alert);
    }
    if (!delivery_.webhook.isEmpty()) {
        post(alert);
    }
}

void AlertCourier::run(const api::AlertRow &alert) {
    auto *process = new QProcess(this);
    process->setProcessChannelMode(QProcess::ForwardedChannels);
    connect(process, &QProcess::finished, this, [this, process, id = alert.id] {
        Q_EMIT told(id, endOf(*process));
        process->deleteLater();
    });
    connect(process, &QProcess::errorOccurred, this,
            [this, process, id = alert.id](QProcess::ProcessError error) {
                if (error == QProcess::FailedToStart) { // finished() does not follow then
                    Q_EMIT told(id, tr("command: %1").arg(process->errorString()));
                    process->deleteLater();
                }
            });
    auto *limit = new QTimer(process);
    limit->setSingleShot(true);
    connect(limit, &QTimer::timeout, process, &QProcess::kill);
    limit->start(command_limit_ms);
    process->start(delivery_.command.first(), delivery_.command.mid(1));
    process->write(bytesOf(alert));
    process->closeWriteChannel();
}

void AlertCourier::post(const api::AlertRow &alert) {
    QNetworkRequest request{QUrl(delivery_.webhook, QUrl::StrictMode)};
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    request.setTransferTimeout(webhook_limit_ms);
    QNetworkReply *reply = network_.post(request, bytesOf(alert));
    connect(reply, &QNetworkReply::finished, this, [this, reply, id = alert.id] {
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        const QString end = status >= 200 && status < 300 ? tr("done")
                            : status > 0                  ? tr("answered %1").arg(status)
                                                          : reply->errorString();
        Q_EMIT told(id, tr("webhook: %1").arg(boundedText(end)));
        reply->deleteLater();
    });
}

} // namespace aviary::orchestrator
