// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engines/cables.h"

#include <QLocalSocket>

namespace aviary::tests {

// This end of one cable: a server, and a pair of sockets for each connection.
class Cables::End : public QObject {
public:
    End(QString path, QString to) : path_(std::move(path)), to_(std::move(to)) {
        server_ = new QLocalServer(this);
        connect(server_, &QLocalServer::newConnection, this, [this] {
            while (QLocalSocket *near = server_->nextPendingConnection()) {
                join(near);
            }
        });
    }
    void set(Cable state) {
        if (state == Cable::Cut) {
            server_->close();
            for (QLocalSocket *one : server_->findChildren<QLocalSocket *>()) {
                one->abort();
            }
        } else if (!server_->isListening()) {
            QLocalServer::removeServer(path_);
            if (!server_->listen(path_)) {
                qFatal("%s: %s", qPrintable(path_), qPrintable(server_->errorString()));
            }
        }
    }

private:
    void join(QLocalSocket *near) {
        auto *far = new QLocalSocket(near);
        pass(near, far);
        pass(far, near);
        connect(near, &QLocalSocket::disconnected, near, &QObject::deleteLater);
        connect(far, &QLocalSocket::disconnected, near, [near] { near->disconnectFromServer(); });
        connect(far, &QLocalSocket::errorOccurred, near, [near] { near->disconnectFromServer(); });
        far->connectToServer(to_);
    }
    static void pass(QLocalSocket *from, QLocalSocket *to) {
        connect(from, &QLocalSocket::readyRead, to, [from, to] { to->write(from->readAll()); });
    }

    QString path_, to_;
    QLocalServer *server_;
};

Cables::Cables(QString directory) : directory_(std::move(directory)) {
    thread_.start();
}

Cables::~Cables() {
    for (const auto &[name, end] : ends_) {
        end->deleteLater();
    }
    thread_.quit();
    thread_.wait();
}

QString Cables::lay(const QString &name, const QString &socket) {
    const QString path = directory_ + u"/cable-" + name;
    auto *end = new End(path, socket);
    end->moveToThread(&thread_);
    ends_[name] = end;
    set(name, Cable::Whole);
    return u"unix://" + path;
}

void Cables::set(const QString &name, Cable state) {
    End *end = ends_.at(name);
    QMetaObject::invokeMethod(
        end, [end, state] { end->set(state); }, Qt::BlockingQueuedConnection);
}

} // namespace aviary::tests
