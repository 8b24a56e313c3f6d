// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/docker/dockerinstance.h"
#include "core/clusters/hosting/hostednode.h"

namespace aviary::clusters {

// A node that runs Docker or Podman. It is offline when its engine was silent for longer than the
// cluster allows; when the engine is back, everything is looked at anew before a word is said.
// It keeps, beside what every hosted node keeps:
//   DIRECTORY/images.json     the images that each service had, newest first
class DockerNode : public HostedNode {
    Q_OBJECT
public:
    DockerNode(const DockerPlace &place, const DockerCluster &cluster, const QString &cluster_id,
               const QString &directory, routing::Router &router, QObject *parent = nullptr);

    // The first look at the engine is over, or it is known to be away.
    bool isSettled() const { return settled_; }
    bool isOpening() const { return engine_.isOpening(); }
    bool isUp() const { return engine_.isUp(); }
    void connectEngine();                 // from now on it may be found to be away
    std::optional<Error> trouble() const; // why it is not up, or what is odd about it
    kernel::Node view(const std::map<QString, Traffic> &traffic) const override;
    // Both ask the engine; view() follows. The disk takes it a while: not for every occasion.
    void readMemory();
    void readDisk();

    // The last `lines` of the newest instance of the service, as the engine keeps them.
    void readLog(const QString &service, int lines,
                 std::function<void(const Result<std::vector<LogLine>> &)> reply);

Q_SIGNALS:
    void settled();

protected:
    std::unique_ptr<HostedInstance> make(InstanceRecord record, QString directory) override;
    QString objectionTo(const ServiceDefinition &definition) const override;
    quint16 choosePort(const ServiceDefinition &definition) const override;
    qint64 silentForMs() const override { return engine_.silentForMs(); }

private:
    void lookAnew();
    void takeAll(const QJsonArray &containers);
    void noteEvent(const QJsonObject &event);
    void settle();
    void noteImage(const QString &service, const QString &image);
    void pruneImages(const QString &service);
    QJsonObject images() const;
    QString imagesPath() const { return directory() + u"/images.json"; }

    DockerPlace place_;
    const DockerCluster &cluster_;
    Engine engine_;
    DockerGround ground_;
    QTimer patience_; // until a silent engine makes the node offline
    std::int64_t disk_mib_ = 0;
    bool settled_ = false;
};

// The lines in what an engine answers for a container's log with timestamps. The streams of a
// container without a terminal come in frames of 8 bytes of head (moby, api/types/container).
std::vector<LogLine> logLines(const QByteArray &answer);

} // namespace aviary::clusters
