// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/socketsession.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>

namespace aviary::api {

using namespace Qt::Literals;

namespace {

// The last line of a log, for people.
QString lastLine(const QString &path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    file.seek(std::max<qint64>(0, file.size() - 1'000));
    return QString::fromUtf8(file.readAll()).trimmed().section(u'\n', -1);
}

} // namespace

Result<void> startDaemon(const Places &places) {
    QString program = QCoreApplication::applicationDirPath() + u"/aviaryd"_qs;
    if (!QFileInfo(program).isExecutable()) {
        program = QStandardPaths::findExecutable(u"aviaryd"_qs);
    }
    if (program.isEmpty()) {
        return fail(ErrorCode::Unreachable, u"no daemon runs, and aviaryd is not installed"_qs, {},
                    u"install it beside this program or in $PATH"_qs);
    }
    for (const QString &directory : {places.state, QFileInfo(places.socket).path()}) {
        if (const Result<void> made = makePrivateDirectory(directory); !made) {
            return made;
        }
    }
    QProcess process; // startDetached() gives it a session of its own
    process.setProgram(program);
    process.setArguments({u"--foreground"_qs, u"--state-dir"_qs, places.state});
    process.setWorkingDirectory(u"/"_qs);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(places.log, QIODevice::Append);
    if (!process.startDetached()) {
        return fail(ErrorCode::Unreachable, u"aviaryd does not start"_qs, program,
                    process.errorString());
    }
    return {};
}

SocketSession::SocketSession(Places places, Introduction introduction, Starting starting,
                             QObject *parent)
    : LineSession(std::move(introduction), parent)
    , places_(std::move(places))
    , starting_(starting) {
    start_timer_.setSingleShot(true);
    connect(&start_timer_, &QTimer::timeout, this, &SocketSession::giveUp);
    connect(&watcher_, &QFileSystemWatcher::directoryChanged, this, [this] {
        if (start_timer_.isActive() && socket_ == nullptr) {
            tryConnect();
        }
    });
}

SocketSession::~SocketSession() {
    dropDevice();
}

void SocketSession::connectDevice() {
    tryConnect();
}

void SocketSession::dropDevice() {
    start_timer_.stop();
    if (QLocalSocket *socket = std::exchange(socket_, nullptr)) {
        socket->disconnect(this);
        socket->abort();
        socket->deleteLater();
    }
}

void SocketSession::tryConnect() {
    socket_ = new QLocalSocket(this);
    connect(socket_, &QLocalSocket::connected, this, [this] {
        start_timer_.stop();
        deviceOpened(socket_);
    });
    connect(socket_, &QLocalSocket::errorOccurred, this, &SocketSession::failed);
    connect(socket_, &QLocalSocket::disconnected, this, [this] {
        dropDevice();
        deviceLost({ErrorCode::Unreachable, u"the daemon went away"_qs, places_.socket, {}});
    });
    socket_->connectToServer(places_.socket);
}

void SocketSession::failed(QLocalSocket::LocalSocketError error) {
    if (socket_ == nullptr || socket_->state() == QLocalSocket::ConnectedState ||
        socket_->state() == QLocalSocket::ClosingState) {
        return; // disconnected() follows
    }
    const QString text = socket_->errorString();
    QLocalSocket *socket = std::exchange(socket_, nullptr);
    socket->disconnect(this);
    socket->deleteLater();
    const bool nobody =
        error == QLocalSocket::ServerNotFoundError || error == QLocalSocket::ConnectionRefusedError;
    if (start_timer_.isActive()) {
        // It is on its way: the socket is there and does not listen, or something else changed.
        QTimer::singleShot(20, this, [this] {
            if (start_timer_.isActive() && socket_ == nullptr && QFile::exists(places_.socket)) {
                tryConnect();
            }
        });
    } else if (nobody && starting_ == Starting::OnDemand) {
        start();
    } else {
        const QString what = nobody ? u"no daemon runs"_qs : text;
        deviceLost({ErrorCode::Unreachable, what, places_.socket,
                    nobody ? u"run: aviary daemon start"_qs : QString()});
    }
}

void SocketSession::start() {
    const Result<void> started = startDaemon(places_);
    if (!started) {
        return deviceLost(started.error());
    }
    start_timer_.start(start_ms_max);
    watcher_.addPath(QFileInfo(places_.socket).path());
    if (QFile::exists(places_.socket)) { // made before the watch began
        tryConnect();
    }
}

void SocketSession::giveUp() {
    dropDevice();
    const QString said = lastLine(places_.log);
    deviceLost(
        {ErrorCode::Unreachable,
         u"aviaryd was started and did not open its socket in %1 s"_qs.arg(start_ms_max / 1000),
         places_.socket, said.isEmpty() ? u"look at "_qs + places_.log : u"it says: "_qs + said});
}

} // namespace aviary::api
