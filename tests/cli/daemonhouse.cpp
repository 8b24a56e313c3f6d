// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/daemonhouse.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QTest>

namespace aviary::tests {

using namespace Qt::Literals;

QJsonObject DaemonHouse::Ran::json() const {
    return QJsonDocument::fromJson(out.toUtf8()).object();
}

void DaemonHouse::open() {
    server_ = std::make_unique<api::Server>(provider);
    const auto listening = server_->listen(path(u"aviaryd.socket"_qs));
    QVERIFY2(listening, listening ? "" : qPrintable(aviary::toText(listening.error())));
}

QString DaemonHouse::program() {
    return QCoreApplication::applicationDirPath() + u"/aviary"_qs; // all programs are built there
}

QProcessEnvironment DaemonHouse::environment() const {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"AVIARY_STATE_DIR"_qs, directory_.path());
    environment.insert(u"LC_ALL"_qs, u"C.UTF-8"_qs);
    return environment;
}

std::unique_ptr<QProcess> DaemonHouse::start(const QStringList &arguments) {
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(environment());
    process->setStandardInputFile(QProcess::nullDevice());
    process->start(program(), arguments);
    return process;
}

DaemonHouse::Ran DaemonHouse::finish(QProcess &process) {
    if (!QTest::qWaitFor([&process] { return process.state() == QProcess::NotRunning; }, 20'000)) {
        process.kill();
        process.waitForFinished();
        return {-1, QString::fromUtf8(process.readAllStandardOutput()), u"it did not end"_qs};
    }
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

DaemonHouse::Ran DaemonHouse::run(const QStringList &arguments,
                                  const std::function<void()> &meanwhile) {
    const auto process = start(arguments);
    if (meanwhile) {
        meanwhile();
    }
    return finish(*process);
}

} // namespace aviary::tests
