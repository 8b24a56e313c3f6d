// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/server.h"
#include "tests/cli/shopprovider.h"

#include <QProcess>
#include <QTemporaryDir>

namespace aviary::tests {

// A state directory whose daemon is this test, and the real `aviary` run in it.
class DaemonHouse {
public:
    struct Ran {
        int code = -1;
        QString out, err;
        QJsonObject json() const;
    };

    void open();
    void close() { server_.reset(); }

    // Runs the program and serves it meanwhile.
    Ran run(const QStringList &arguments, const std::function<void()> &meanwhile = {});
    std::unique_ptr<QProcess> start(const QStringList &arguments);
    static Ran finish(QProcess &process);

    QString path(const QString &name) const { return directory_.filePath(name); }
    QProcessEnvironment environment() const;
    static QString program();

    ShopProvider provider;

private:
    QTemporaryDir directory_;
    std::unique_ptr<api::Server> server_;
};

} // namespace aviary::tests
