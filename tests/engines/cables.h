// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QString>
#include <QThread>

#include <map>
#include <memory>

namespace aviary::tests {

// Whole: bytes pass. Cut: what is connected breaks, and whoever connects is refused.
enum class Cable { Whole, Cut };

// What lies between a driver and the engines of its nodes, so that a node can be cut off while its
// containers run on. They work in a thread of their own: tests wait for programs without an event
// loop.
class Cables {
public:
    explicit Cables(QString directory);
    ~Cables();

    // A cable to a socket; gives the host at this end.
    QString lay(const QString &name, const QString &socket);
    void set(const QString &name, Cable state);

private:
    class End;

    QString directory_;
    QThread thread_;
    std::map<QString, End *> ends_; // they live in the thread, and end with it
};

} // namespace aviary::tests
