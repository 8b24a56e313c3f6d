// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/deployments/manifest.h"
#include "core/kernel/rollout/command.h"

#include <QJsonObject>

#include <tuple>
#include <variant>

// What happens to the history of deployments. The ledger is the fold of these: whoever keeps them
// in order (the journal) can build it again. Times named _wall_ms are milliseconds since 1970, for
// display; the ledger never reads a clock.
namespace aviary {

// Why a record was written.
enum class Purpose : quint8 {
    Deploy,  // brings new content
    WayBack, // brings back a revision that there was before
    Rerun,   // batch and sysbatch: runs beside, nothing is replaced
};

// A new record, with the next version number of its key.
struct DeploymentOpened {
    QString id, key, cluster, rollout;
    quint32 version = 0;
    QString revision; // what it brings: by default v<version>; a way back names an older one
    QString source;   // the revision that ran before; empty on a first deployment
    Purpose purpose = Purpose::Deploy;
    JobType job_type = JobType::Service;
    QString strategy; // as kernel::nameOf
    QJsonObject policy;
    QByteArray manifest; // as it was given; empty when there is none
    QString fingerprint; // of content and payload; empty when there is no manifest
    qint64 bundle_bytes = 0;
    QStringList targets; // nodes that were listed; empty: all
    QString way_back;    // revision to which this one would go back
    QStringList tags;
    QString who, why;
    qint64 wall_ms = 0;
    QString repository, commit; // of git, which asked for it; empty: a person did
    static constexpr std::string_view name = "deployment_opened";
    static constexpr auto fields();
    bool operator==(const DeploymentOpened &) const = default;
};
// The rollout moved. An ended record moves no more.
struct DeploymentMoved {
    QString id;
    kernel::Status status = kernel::Status::Draft;
    QString text; // one sentence; of an end it is the outcome
    QString who;
    qint64 wall_ms = 0;
    static constexpr std::string_view name = "deployment_moved";
    static constexpr auto fields();
    bool operator==(const DeploymentMoved &) const = default;
};
// Something worth a line in its history: promoted, lowered, no change, verified.
struct DeploymentNoted {
    QString id;
    QString what; // one word: "promoted"
    QString text;
    QString who;
    qint64 wall_ms = 0;
    static constexpr std::string_view name = "deployment_noted";
    static constexpr auto fields();
    bool operator==(const DeploymentNoted &) const = default;
};
struct DeploymentHealthSeen {
    QString id;
    quint32 healthy = 0, failed = 0, nodes = 0;
    QString text;
    qint64 wall_ms = 0;
    static constexpr std::string_view name = "deployment_health_seen";
    static constexpr auto fields();
    bool operator==(const DeploymentHealthSeen &) const = default;
};
// A tag names one version of a key: setting it takes it from the one that had it.
struct VersionTagged {
    QString key;
    quint32 version = 0;
    QString tag;
    bool set = true;
    QString who;
    qint64 wall_ms = 0;
    static constexpr std::string_view name = "version_tagged";
    static constexpr auto fields();
    bool operator==(const VersionTagged &) const = default;
};
// No plan chooses a bad revision unasked.
struct RevisionMarked {
    QString key, revision;
    bool bad = true;
    QString who, why;
    qint64 wall_ms = 0;
    static constexpr std::string_view name = "revision_marked";
    static constexpr auto fields();
    bool operator==(const RevisionMarked &) const = default;
};
// Ended records of `key` up to `version` let go of their lines and, unless a way back may need
// them, of their manifests: the newest `manifests` stable ones keep theirs. Who, why, outcome,
// times, tags and fingerprint stay for ever.
struct RecordsCompacted {
    QString key;
    quint32 version = 0;
    quint32 manifests = 0;
    qint64 wall_ms = 0;
    static constexpr std::string_view name = "records_compacted";
    static constexpr auto fields();
    bool operator==(const RecordsCompacted &) const = default;
};

using DeploymentEvent =
    std::variant<DeploymentOpened, DeploymentMoved, DeploymentNoted, DeploymentHealthSeen,
                 VersionTagged, RevisionMarked, RecordsCompacted>;

// {"event": "deployment_moved", "id": ...}: all members, always. Reading refuses an unknown event,
// a wrong type and a word that is none; repository and commit may be absent, as older versions
// wrote.
QJsonObject toJson(const DeploymentEvent &event);
Result<DeploymentEvent> deploymentEventFrom(const QJsonObject &object);

QString nameOf(Purpose purpose); // "deploy", "way_back", "rerun"
// Also the words of the reference systems: executing, successful, awaiting_promotion, running,
// version_recorded.
std::optional<kernel::Status> statusFrom(QStringView word);

constexpr auto DeploymentOpened::fields() {
    using T = DeploymentOpened;
    using kernel::field;
    return std::tuple{field("id", &T::id),
                      field("key", &T::key),
                      field("cluster", &T::cluster),
                      field("rollout", &T::rollout),
                      field("version", &T::version),
                      field("revision", &T::revision),
                      field("source", &T::source),
                      field("purpose", &T::purpose),
                      field("job_type", &T::job_type),
                      field("strategy", &T::strategy),
                      field("policy", &T::policy),
                      field("manifest", &T::manifest),
                      field("fingerprint", &T::fingerprint),
                      field("bundle_bytes", &T::bundle_bytes),
                      field("targets", &T::targets),
                      field("way_back", &T::way_back),
                      field("tags", &T::tags),
                      field("who", &T::who),
                      field("why", &T::why),
                      field("wall_ms", &T::wall_ms),
                      field("repository", &T::repository),
                      field("commit", &T::commit)};
}
constexpr auto DeploymentMoved::fields() {
    using T = DeploymentMoved;
    using kernel::field;
    return std::tuple{field("id", &T::id), field("status", &T::status), field("text", &T::text),
                      field("who", &T::who), field("wall_ms", &T::wall_ms)};
}
constexpr auto DeploymentNoted::fields() {
    using T = DeploymentNoted;
    using kernel::field;
    return std::tuple{field("id", &T::id), field("what", &T::what), field("text", &T::text),
                      field("who", &T::who), field("wall_ms", &T::wall_ms)};
}
constexpr auto DeploymentHealthSeen::fields() {
    using T = DeploymentHealthSeen;
    using kernel::field;
    return std::tuple{field("id", &T::id),         field("healthy", &T::healthy),
                      field("failed", &T::failed), field("nodes", &T::nodes),
                      field("text", &T::text),     field("wall_ms", &T::wall_ms)};
}
constexpr auto VersionTagged::fields() {
    using T = VersionTagged;
    using kernel::field;
    return std::tuple{field("key", &T::key), field("version", &T::version),
                      field("tag", &T::tag), field("set", &T::set),
                      field("who", &T::who), field("wall_ms", &T::wall_ms)};
}
constexpr auto RevisionMarked::fields() {
    using T = RevisionMarked;
    using kernel::field;
    return std::tuple{field("key", &T::key), field("revision", &T::revision),
                      field("bad", &T::bad), field("who", &T::who),
                      field("why", &T::why), field("wall_ms", &T::wall_ms)};
}
constexpr auto RecordsCompacted::fields() {
    using T = RecordsCompacted;
    using kernel::field;
    return std::tuple{field("key", &T::key), field("version", &T::version),
                      field("manifests", &T::manifests), field("wall_ms", &T::wall_ms)};
}

} // namespace aviary
