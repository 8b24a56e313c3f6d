// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plans/exchange/import.h"

// What Deployments and Rollouts have in common. Only this folder includes it.
namespace aviary::plans {

// One object of a file, being read into a plan.
struct Reading {
    const ImportChoice &choice;
    Findings &findings;
    kernel::PlanRequest request;
    bool router_given = false;
    std::uint32_t instances = 0; // that are wanted; 0: one on each node
};

void readDeployment(const YamlNode &document, Reading &reading);
// `others`: the other documents of the file, for the analysis templates that the rollout names.
void readRollout(const YamlNode &document, const std::vector<const YamlNode *> &others,
                 Reading &reading);
void readNomadJob(const YamlNode &document, Reading &reading);

// The pods of a workload, and how fast they may be replaced.
struct Pods {
    std::uint32_t replicas = 1;
    std::uint32_t surge = 0;       // pods beyond replicas
    std::uint32_t unavailable = 0; // pods fewer than replicas; one of the two is not 0
};

// metadata: the name becomes the service's.
void readMetadata(ForeignMap &document, Reading &reading);
// The revision: the choice, or the tag of the first image of `pod` (a pod's spec).
void nameRevision(const QString &image, const QString &path, Reading &reading);
// replicas, template, minReadySeconds, progressDeadlineSeconds and what else is alike.
Pods readPodSpec(ForeignMap &spec, Reading &reading);
// maxSurge and maxUnavailable of `map` into pods, policy and mode.
void readPace(ForeignMap &map, Pods &pods, Reading &reading);

// `duration`, and an entry in the list when it was cut.
kernel::Millis kept(const ForeignDuration &duration, ForeignMap &map, const QString &key);

} // namespace aviary::plans
