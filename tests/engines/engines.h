// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>
#include <vector>

namespace aviary::tests {

// Real engines of this machine, each with a data root, an exec root and a socket of its own,
// without a bridge: containers use the network of the machine. Each has the image of the sample
// service (busybox, aviary-sample and what it links). They end with the object, by their pid. They
// are Docker's, or Podman's where $AVIARY_TEST_ENGINE=podman.
class Engines {
public:
    explicit Engines(int count);
    ~Engines();

    static bool arePodman();
    // Why there are none here (no root, no program, no cgroups); empty when they run.
    QString whyNot() const { return why_not_; }
    int count() const { return static_cast<int>(engines_.size()); }
    QString socket(int engine) const;
    QString host(int engine) const { return u"unix://" + socket(engine); }
    static QString image(const QString &tag) { return u"aviary-sample:" + tag; }
    // The first of `count` ports in a row on which nobody listens, for containers, which use the
    // network of this machine; 0: there are none. The next call gives others.
    static quint16 freePorts(int count);

    bool start(int engine);
    void stop(int engine); // politely: its containers end too
    // What the Docker CLI prints, asked of one engine.
    QString docker(int engine, const QStringList &arguments, int *code = nullptr) const;
    // "n1 v1" of the running containers of all engines, sorted.
    QStringList running() const;

private:
    QString path(int engine, const QString &name) const;
    bool makeImage();
    void takeImage(int engine, const QString &tar);
    QStringList arguments(int engine) const;
    QProcessEnvironment environment(int engine) const;

    QTemporaryDir place_;
    std::vector<std::unique_ptr<QProcess>> engines_;
    QString why_not_;
};

} // namespace aviary::tests
