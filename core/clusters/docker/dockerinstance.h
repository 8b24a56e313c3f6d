// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/docker/dockercluster.h"
#include "core/clusters/docker/engine.h"
#include "core/clusters/hosting/hostedinstance.h"

namespace aviary::clusters {

// What all instances of a node share.
struct DockerGround {
    Engine &engine;
    routing::Router &router;
    const DockerPlace &place;
    const DockerCluster &cluster;
    QString cluster_id;
};

// Labels of every container that we make: from them alone an instance can be taken over again.
namespace docker_label {
inline const QString cluster = QStringLiteral("org.aviary.cluster");
inline const QString node = QStringLiteral("org.aviary.node");
inline const QString service = QStringLiteral("org.aviary.service");
inline const QString revision = QStringLiteral("org.aviary.revision");
inline const QString rollout = QStringLiteral("org.aviary.rollout");
inline const QString order = QStringLiteral("org.aviary.order");
inline const QString target = QStringLiteral("org.aviary.target");
inline const QString port = QStringLiteral("org.aviary.port");
inline const QString definition = QStringLiteral("org.aviary.definition");
} // namespace docker_label

// The record that the labels of a container tell; none when it is not one of ours.
std::optional<InstanceRecord> recordOf(const QJsonObject &labels);

// An instance that is a container of an engine. Its name follows from what it is, so that it is
// made once, whatever was lost on the way.
class DockerInstance : public HostedInstance {
    Q_OBJECT
public:
    DockerInstance(InstanceRecord record, QString directory, const DockerGround &ground,
                   QObject *parent = nullptr);

    bool isRunning() const override { return running_; }
    std::int64_t memoryMib() const override { return memory_mib_; }
    // Looks at the container as it is; goes on from there.
    void resume() override;

    QString name() const;
    // As the engine numbers it; empty while there is none. The one before had the same name, and
    // what happened to that one may be heard late.
    const QString &containerId() const { return container_id_; }
    void noteEvent(const QString &action, const QJsonObject &attributes);
    void readMemory(); // asks the engine; memoryMib() follows

protected:
    void launch() override;
    void terminate() override;
    void erase(std::function<void()> done) override;
    bool restartsByItself() const override { return persistent_; }
    std::vector<health::Check> checks() const override;

private:
    using Then = void (DockerInstance::*)(const EngineAnswer &);

    // Asks; an engine that is lost answers nothing, and resume() goes on when it is back.
    void ask(const EngineRequest &request, Then then);
    void look();
    void noteFound(const EngineAnswer &answer);
    void lookForImage();
    void noteImage(const EngineAnswer &answer);
    void fetchImage();
    void noteLoaded(const EngineAnswer &answer);
    void notePulled(const EngineAnswer &answer);
    void create();
    void noteCreated(const EngineAnswer &answer);
    void start();
    void noteStart(const EngineAnswer &answer);
    void retryOnNextPort(const QString &why);
    void noteStopped(const EngineAnswer &answer);
    void noteRuns(const QJsonObject &state);
    void noteExit(int code);
    void noteRefusal(const EngineAnswer &answer, kernel::Cause cause);
    void lookAgainSoon(kernel::Cause cause, const QString &why);
    void noteReadiness();
    void refuse(const QString &why);
    QByteArray creation() const;
    QString loadFile() const;

    DockerGround ground_;
    QString container_id_;
    bool running_ = false;
    bool out_of_memory_ = false;
    bool signalled_ = false;  // by us, somebody else, or its engine
    bool ending_ = false;     // by us
    bool removing_ = false;   // by us
    bool told_ = false;       // the engine was, to start it again after a crash
    bool persistent_ = false; // and it does: Podman 4 cannot change a container's restart policy
    int port_tries_ = 0;
    int tries_ = 0; // since it was asked for, or since the engine is back
    QTimer look_again_;
    std::int64_t memory_mib_ = 0;
    quint64 asked_ = 0; // answers to older questions are void
};

} // namespace aviary::clusters
