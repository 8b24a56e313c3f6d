// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/haproxyroute.h"
#include "core/support/process/backoff.h"
#include "core/support/process/logfile.h"
#include "core/support/process/process.h"

#include <QElapsedTimer>

namespace aviary::routing {

// The HAProxy of one service: a process of its own, which outlives us, is adopted again, and is
// started again with the same servers and split when it crashes.
class HaproxyService : public HaproxyRoute {
    Q_OBJECT
public:
    HaproxyService(QString program, const QString &directory, QString service, quint16 wanted_port,
                   QObject *parent = nullptr);

    // Adopts or starts it.
    Result<void> open() override;

protected:
    QByteArrayList questions() const override { return viewQuestions(); }
    Result<HaproxyView> read(const QByteArray &said) override { return readView(said); }
    Result<void> keep() override; // the maps, which a process that is started again reads

private:
    Result<void> start();
    Result<void> writeFiles();
    void greet(); // asks until HAProxy listens, then restores what it should know
    void restart();

    QString program_;
    Process process_;
    LogKeeper logs_;
    Backoff backoff_;
    QElapsedTimer since_; // of the present process
};

} // namespace aviary::routing
