// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/log.h"

#include "core/support/words.h"

#include <QDateTime>

#include <cstdio>

namespace aviary::daemon {

namespace {

constexpr int message_length_max = 4'000;

int priorityOf(QtMsgType type) {
    switch (type) {
    case QtDebugMsg:
        return 7;
    case QtInfoMsg:
        return 6;
    case QtWarningMsg:
        return 4;
    case QtCriticalMsg:
        return 3;
    case QtFatalMsg:
        return 2;
    }
    return 5;
}

const char *wordOf(QtMsgType type) {
    return priorityOf(type) >= 6 ? "" : priorityOf(type) == 4 ? "warning: " : "error: ";
}

void write(QtMsgType type, const QMessageLogContext &, const QString &text) {
    static const bool under_systemd = qEnvironmentVariableIsSet("JOURNAL_STREAM");
    const QByteArray message = boundedText(text, message_length_max).toUtf8();
    if (under_systemd) {
        std::fprintf(stderr, "<%d>%s\n", priorityOf(type), message.constData());
    } else {
        const QByteArray time =
            QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toLatin1();
        std::fprintf(stderr, "%s %s%s\n", time.constData(), wordOf(type), message.constData());
    }
    std::fflush(stderr);
}

} // namespace

void logToStandardError() {
    qInstallMessageHandler(write);
}

} // namespace aviary::daemon
