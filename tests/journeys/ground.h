// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/engines/cables.h"
#include "tests/engines/engines.h"
#include "tests/support/operatorshaproxy.h"

#include <QJsonObject>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

// What journeys stand on: a real cluster of 12 nodes in 3 sites where the sample service can run.
// The journeys are the same for every kind of cluster; each kind says here how a revision is made,
// how a node breaks, and what really runs, seen past the daemon.
namespace aviary::tests {

inline const QString shop = QStringLiteral("shop");

class Ground {
public:
    static constexpr int nodes = 12, sites = 3;

    virtual ~Ground() = default;

    virtual QString whyNot() const { return {}; } // why it cannot be had here; empty when it can
    virtual QString kind() const = 0;             // of cluster.add
    virtual QJsonObject settings() const = 0;     // of cluster.add
    // A service definition: the sample service with these options.
    virtual QJsonObject definition(const QStringList &options) const = 0;
    virtual quint16 port() const = 0; // where clients of the service connect

    virtual bool killService(const QString &node, const QString &revision) = 0; // kill -9
    // Cut off: what runs there runs on, and nobody of us hears of it.
    virtual void setOffline(const QString &node, bool offline) = 0;
    // How long a node that was cut off may pass for one that answers.
    virtual int unnoticedMs() const { return 0; }
    // The machines of the site of a node go down, with all that runs there, or come up again.
    // False: this ground has no machines that could be switched off.
    virtual bool setPowered(const QString & /*node*/, bool /*powered*/) { return false; }

    virtual QStringList running() const = 0; // "n1 v1", sorted
    // How often the service was started there, ever.
    virtual int starts(const QString &node, const QString &revision) const = 0;
};

// The directories and processes of a local cluster. Ends all of them with itself.
class LocalGround : public Ground {
public:
    LocalGround();
    ~LocalGround() override;

    QString kind() const override { return QStringLiteral("local"); }
    QJsonObject settings() const override;
    QJsonObject definition(const QStringList &options) const override {
        return sampleDefinition(options);
    }
    // What every ground runs, as a process of this machine.
    static QJsonObject sampleDefinition(const QStringList &options);
    quint16 port() const override { return port_; }
    bool killService(const QString &node, const QString &revision) override;
    void setOffline(const QString &node, bool offline) override;
    QStringList running() const override;
    int starts(const QString &node, const QString &revision) const override;

private:
    QString instance(const QString &node, const QString &revision) const;

    QTemporaryDir directory_;
    quint16 port_;
};

// The same behind an HAProxy that is the operator's.
class OperatorsGround : public LocalGround {
public:
    QString whyNot() const override {
        return OperatorsHaproxy::isInstalled() ? QString() : QStringLiteral("no HAProxy");
    }
    QJsonObject settings() const override;
    quint16 port() const override { return haproxy_.port(); }
    OperatorsHaproxy &haproxy() { return haproxy_; }

private:
    OperatorsHaproxy haproxy_;
};

// Three real Docker Engines, one for each site, on the network of this machine. Each node has a
// cable of its own to the engine of its site: what is one node is the node's label and its cable,
// so that it can be cut off alone.
class DockerGround : public Ground {
public:
    DockerGround();
    ~DockerGround() override;

    QString whyNot() const override { return engines_.whyNot(); }
    QString kind() const override { return QStringLiteral("docker"); }
    QJsonObject settings() const override;
    QJsonObject definition(const QStringList &options) const override;
    quint16 port() const override { return port_; }
    bool killService(const QString &node, const QString &revision) override;
    void setOffline(const QString &node, bool offline) override;
    int unnoticedMs() const override { return offline_after_ms; }
    bool setPowered(const QString &node, bool powered) override;
    QStringList running() const override { return engines_.running(); }
    int starts(const QString &node, const QString &revision) const override;

private:
    static constexpr int offline_after_ms = 3'000;
    static constexpr int ports_each = 20;

    static int engineOf(const QString &node);
    // What is told of the container there; `format` as docker ps takes it.
    QString told(const QString &node, const QString &revision, const QString &format) const;

    QTemporaryDir directory_;
    Engines engines_{sites};
    Cables cables_{directory_.path()};
    QStringList hosts_; // of the nodes, at their end of the cable
    quint16 ports_first_;
    quint16 port_;
};

// The one that $AVIARY_TEST_GROUND names: local (also when it names none),
// operators or docker.
std::unique_ptr<Ground> someGround();

} // namespace aviary::tests
