// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/commandprobe.h"

#include <QProcessEnvironment>

#include <signal.h>
#include <unistd.h>

namespace aviary::health {
namespace {

constexpr qsizetype output_bytes_max = 64 * 1024;

QProcessEnvironment environmentOf(const Endpoint &endpoint) {
    QProcessEnvironment environment;
    const QProcessEnvironment own = QProcessEnvironment::systemEnvironment();
    for (const QString &name : {QStringLiteral("PATH"), QStringLiteral("HOME"),
                                QStringLiteral("LANG"), QStringLiteral("TZ")}) {
        if (own.contains(name)) {
            environment.insert(name, own.value(name));
        }
    }
    environment.insert(QStringLiteral("PORT"), QString::number(endpoint.port));
    environment.insert(QStringLiteral("NODE"), endpoint.node);
    environment.insert(QStringLiteral("REVISION"), endpoint.revision);
    return environment;
}

} // namespace

CommandProbe::CommandProbe(const Check &check, CommandCheck question, const Endpoint &endpoint)
    : Probe(check), question_(std::move(question)), process_(new QProcess) {
    process_->setProcessEnvironment(environmentOf(endpoint));
    process_->setWorkingDirectory(endpoint.directory.isEmpty() ? QStringLiteral("/")
                                                               : endpoint.directory);
    process_->setStandardInputFile(QProcess::nullDevice());
    process_->setStandardErrorFile(QProcess::nullDevice());
    process_->setChildProcessModifier([] { ::setsid(); }); // so that its children die with it
    connect(process_, &QProcess::readyReadStandardOutput, this, [this] {
        const QByteArray more = process_->readAllStandardOutput();
        output_ += more.left(output_bytes_max - output_.size());
    });
    connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            answer(Health::Unknown, process_->errorString());
        }
    });
    connect(process_, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        ended(code, status == QProcess::CrashExit);
    });
}

CommandProbe::~CommandProbe() {
    disconnect(process_, nullptr, this, nullptr);
    if (process_->state() == QProcess::NotRunning) {
        delete process_;
        return;
    }
    abandon();
    connect(process_, &QProcess::finished, process_, &QObject::deleteLater);
}

void CommandProbe::ask() {
    if (question_.command.isEmpty()) {
        answer(Health::Unknown, QStringLiteral("no command to run"));
        return;
    }
    process_->start(question_.command.first(), question_.command.mid(1));
}

void CommandProbe::abandon() {
    const auto pid = static_cast<pid_t>(process_->processId());
    if (pid > 0 && process_->state() != QProcess::NotRunning) {
        ::kill(-pid, SIGKILL);
        process_->kill(); // also when it had no time yet to lead its own session
    }
}

void CommandProbe::ended(int exit_code, bool crashed) {
    if (crashed) {
        answer(Health::Unhealthy, QStringLiteral("%1 was killed").arg(question_.command.first()));
    } else if (exit_code != question_.exit_code) {
        answer(
            Health::Unhealthy,
            QStringLiteral("exit code %1 instead of %2").arg(exit_code).arg(question_.exit_code));
    } else if (!output_.contains(question_.output_contains.toUtf8())) {
        answer(Health::Unhealthy, QStringLiteral("the output does not contain \"%1\"")
                                      .arg(question_.output_contains.left(64)));
    } else {
        answer(Health::Healthy, QStringLiteral("exit code %1").arg(exit_code));
    }
}

} // namespace aviary::health
