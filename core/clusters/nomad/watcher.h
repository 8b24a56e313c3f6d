// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/eventstream.h"
#include "core/clusters/nomad/lister.h"

#include <QElapsedTimer>
#include <QTimer>

namespace aviary::clusters::nomad {

// Carries out what Watching decides: the network and the clock of it.
class Watcher : public QObject {
    Q_OBJECT
public:
    explicit Watcher(Connection &connection);

    // Begins, or begins anew: nothing that was known counts then.
    void begin();
    // Asks whether what is known is still true. Ends with looked() or failed().
    void look();
    void note(const Change &change); // a row as it was changed from here
    void setVersion(const QString &version);

    const Picture &picture() const { return watching_.picture(); }
    bool isComplete() const { return watching_.isComplete(); }
    bool streams() const { return watching_.streams(); }
    const std::optional<Failure> &trouble() const { return watching_.trouble(); }
    Index indexOf(Table table) const { return watching_.indexOf(table); }
    std::optional<qint64> ageMs() const; // of the oldest part; none: it is not complete

Q_SIGNALS:
    void completed(); // all was read; again after begin(), and when the history began anew
    void changed();
    void looked(); // all of the picture is true as of now
    void failed(const aviary::clusters::nomad::Failure &why);
    void noticed(const QString &text); // what an operator should know

private:
    using Decide = std::function<Commands(qint64 now_ms)>;
    void step(const Decide &decide);
    void carryOut(const Commands &commands);
    void lookAt(Table table);
    void tell();

    EventStream stream_;
    Lister lister_;
    Watching watching_;
    QString version_; // of the servers; empty: not known
    QElapsedTimer clock_;
    qint64 now_ms_ = 0; // later than whatever came before a look
    QTimer timer_;
    bool was_complete_ = false;
    std::optional<qint64> look_ms_; // a look is under way since
};

} // namespace aviary::clusters::nomad
