// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>

namespace aviary::tests {

// A real Nomad, any from 1.0 on, that is named by NOMAD_ADDR (and NOMAD_TOKEN where it asks for
// one), as somebody else at work there sees it; and one job of its own by raw_exec, for tests of
// the whole story.
class RealAgent {
public:
    static constexpr int instances = 3;

    static bool isNamed() { return qEnvironmentVariableIsSet("NOMAD_ADDR"); }
    // Removes the job.
    ~RealAgent();

    // Its nodes are asked for; false: it does not answer, or has none.
    bool meet();
    const QString &address() const { return address_; }
    const QString &node() const { return node_; } // the first one
    quint32 nodes() const { return nodes_; }
    const QString &job() const { return job_; } // its id

    // As Nomad's own command line asks. null: it failed, and a warning says why.
    QJsonDocument ask(const QByteArray &verb, const QString &path, const QJsonObject &body = {});
    // A version of the job with two canaries and auto_revert that runs, or one that ends at once.
    QJsonObject version(bool works, const QString &name, int count = instances) const;
    // As a file holds it for the command line.
    QByteArray file(bool works, const QString &name) const;

private:
    const QString address_ = qEnvironmentVariable("NOMAD_ADDR");
    const QString job_ = makeId();
    static QString makeId();
    QNetworkAccessManager http_;
    QString node_, datacenter_;
    quint32 nodes_ = 0;
};

} // namespace aviary::tests
