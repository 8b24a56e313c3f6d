// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/processsession.h"

#include "core/support/words.h"

#include <QRegularExpression>

namespace aviary::api {

using namespace Qt::Literals;

namespace {

constexpr int said_bytes_max = 2'000;

} // namespace

Result<QStringList> sshCommand(const QString &ssh, const QString &host) {
    static const QRegularExpression good(u"^[A-Za-z0-9_][A-Za-z0-9_.@:%\\[\\]-]{0,250}$"_qs);
    if (!good.match(host).hasMatch()) {
        return fail(ErrorCode::Invalid, u"this is not the name of a host"_qs, boundedText(host, 60),
                    u"give it as ssh takes it: host, or user@host"_qs);
    }
    QStringList command = QProcess::splitCommand(ssh);
    if (command.isEmpty()) {
        command = QStringList{u"ssh"_qs};
    }
    // Without a terminal and its escapes; a dead network is noticed in half a minute.
    command += {u"-T"_qs,
                u"-e"_qs,
                u"none"_qs,
                u"-o"_qs,
                u"ServerAliveInterval=10"_qs,
                u"-o"_qs,
                u"ServerAliveCountMax=3"_qs,
                u"--"_qs,
                host,
                u"aviary"_qs,
                u"stdio"_qs};
    return command;
}

ProcessSession::ProcessSession(QStringList command, Introduction introduction, QObject *parent)
    : LineSession(std::move(introduction), parent), command_(std::move(command)) {}

ProcessSession::~ProcessSession() {
    dropDevice();
}

void ProcessSession::connectDevice() {
    said_.clear();
    process_ = new QProcess(this);
    process_->setProgram(command_.value(0));
    process_->setArguments(command_.mid(1));
    connect(process_, &QProcess::started, this, [this] { deviceOpened(process_); });
    connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            ended(u"%1 cannot be started"_qs.arg(command_.value(0)));
        }
    });
    connect(process_, &QProcess::finished, this,
            [this](int code) { ended(u"%1 ended with %2"_qs.arg(command_.value(0)).arg(code)); });
    connect(process_, &QProcess::readyReadStandardError, this, [this] {
        said_ += process_->readAllStandardError();
        said_ = said_.right(said_bytes_max);
    });
    process_->start();
}

void ProcessSession::dropDevice() {
    if (QProcess *process = std::exchange(process_, nullptr)) {
        process->disconnect(this);
        process->closeWriteChannel();
        process->kill(); // our own end of the link: the daemon lives on
        if (process->state() == QProcess::NotRunning) {
            process->deleteLater();
        } else {
            process->setParent(nullptr);
            connect(process, &QProcess::finished, process, &QObject::deleteLater);
        }
    }
}

void ProcessSession::ended(const QString &what) {
    const QString said = QString::fromUtf8(said_).trimmed().section(u'\n', -1);
    dropDevice();
    deviceLost({ErrorCode::Unreachable, what, {}, boundedText(said)});
}

} // namespace aviary::api
