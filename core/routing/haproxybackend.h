// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/backendview.h"
#include "core/routing/haproxyroute.h"

#include <QTimer>

namespace aviary::routing {

// The route of one service through a backend of an HAProxy that an operator runs. Our servers stand
// there beside his, with names that begin with `prefix`; his are never touched, nor is the process.
// What it loses when it is started again is put back.
class HaproxyBackend : public HaproxyRoute {
    Q_OBJECT
public:
    struct Place {
        QString socket; // its path, or HOST:PORT
        QByteArray backend, prefix;
        quint16 port = 0; // where clients connect; 0: not known
    };
    HaproxyBackend(Place place, const QString &directory, QString service,
                   QObject *parent = nullptr);

    Result<void> open() override;
    static QString remedyWhenAway();

Q_SIGNALS:
    // At each look: its version as far as known, and why it cannot be used now; empty: it can.
    void heard(const QString &version, const QString &trouble);
    // As it stands since then: "HAProxy was started again at 12:00:01: 3 servers were put back".
    void said(const QString &text);

protected:
    QByteArrayList questions() const override { return backendQuestions(place_.backend); }
    Result<HaproxyView> read(const QByteArray &said) override;
    Result<void> keep() override;
    void wish(const Server &server, Wish wish) override;
    void intend(const HaproxyView &view) override;
    void giveUpIntent() override;
    QByteArrayList commandsToMend(const HaproxyView &view) const override;

private:
    struct Wanted {
        Server server;
        Wish wish = Wish::Serves;
        bool seen = false; // HAProxy had it
    };
    // What was last counted of a server, by its name.
    struct Counted {
        qint64 answers = 0, errors = 0;
    };
    void remember();
    void recall();
    void recallServer(const QByteArrayList &words);
    void watch();
    HaproxyView asKnown() const;
    void place(const std::vector<BackendServer> &servers, HaproxyView &view);
    void count(const BackendServer &server, Slot &slot);
    void compare(const HaproxyView &view); // with what is wanted
    bool isThere(const HaproxyView &view, const Server &server) const;

    Place place_;
    QString version_;
    QTimer watch_;
    std::map<QByteArray, Wanted> wanted_; // by the name of the server in the backend
    std::map<QByteArray, Counted> counted_;
    std::optional<SlotSplit> before_; // an intent
    qint64 pid_ = 0, known_pid_ = 0;  // of HAProxy: now, and when all was well
    int lost_ = 0;                    // servers that it had
    bool watching_ = false;
};

} // namespace aviary::routing
