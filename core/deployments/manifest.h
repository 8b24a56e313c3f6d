// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/deployments/updatepolicy.h"

#include <QByteArray>
#include <QJsonObject>

namespace aviary {

// Job types as the format names them. Only services and systems roll; the others are run again.
enum class JobType : quint8 { Service, System, Batch, Sysbatch };
bool rolls(JobType type);
QString nameOf(JobType type);

// A manifest.json, kept as it was given. Members that Aviary does not read are kept too.
struct Manifest {
    QByteArray text;
    QCborMap content;

    bool operator==(const Manifest &) const = default;
};

inline constexpr qsizetype manifest_bytes_max = 1024 * 1024;

// Reads the text and nothing more: what is wrong with the content, flawsOf tells.
Result<Manifest> readManifest(const QByteArray &text, const QString &where = {});

// A manifest that holds a service's definition ("aviary") and nothing else.
QByteArray manifestText(const QString &key, const QJsonObject &definition);

// All that is wrong with it, in the format's order, with the lines in its text.
Flaws flawsOf(const Manifest &manifest);

// The first that is a text and not blank, untrimmed: `given` by a person, metadata.deployment_key,
// metadata.mn_deployment_key, metadata.mn_cli.deployment_key, deployment.key,
// policies.deployment_key, job_name, graph_id (which may be a number). Empty when there is none.
QString deploymentKey(const Manifest &manifest, const QString &given = {});

// policies.scheduler.job_type, else type. Absent: service; unknown, which flawsOf names: batch.
JobType jobTypeOf(const Manifest &manifest);

// policies.update; undefined when there is none.
QCborValue updateOf(const Manifest &manifest);

} // namespace aviary
