// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/linesession.h"

#include <QProcess>

namespace aviary::api {

// The words that reach the daemon of another host by the operator's own OpenSSH: no port, password
// or key of ours. `ssh` is a command line ("ssh", "ssh -F file"); a host that ssh could take for an
// option is refused.
Result<QStringList> sshCommand(const QString &ssh, const QString &host);

// A Session over the standard input and output of a process, such as `ssh HOST aviary stdio`.
class ProcessSession : public LineSession {
    Q_OBJECT
public:
    ProcessSession(QStringList command, Introduction introduction, QObject *parent = nullptr);
    ~ProcessSession() override;

protected:
    void connectDevice() override;
    void dropDevice() override;

private:
    void ended(const QString &what);

    QStringList command_;
    QProcess *process_ = nullptr;
    QByteArray said_; // the end of what it wrote to standard error
};

} // namespace aviary::api
