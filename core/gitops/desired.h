// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gitops/committree.h"
#include "core/kernel/strategy/compile.h"

#include <optional>

namespace aviary::gitops {

// What a commit wants of one service. A repository (or the folder of it that is watched) has, in
// any folders:
//   NAME.plan.yaml     a request: how, and with service_definition what; its service is the key
//   FOLDER/manifest.json, FOLDER/payloads/**    a bundle; its key is the manifest's
// Each key stands in one file. Everything else is left alone; hidden folders are not looked into.
struct Desired {
    enum class Fit : quint8 {
        Good,
        Broken,   // it cannot be used: trouble says where and why
        Conflict, // another file wants the same key, or a merge was not finished
    };
    QString key;  // empty where the file does not say
    QString file; // below the folder that is watched
    Fit fit = Fit::Good;
    QString trouble;
    QByteArray manifest;
    QString fingerprint; // of content and payload, as core/deployments makes it
    qint64 bundle_bytes = 0;
    std::optional<kernel::PlanRequest> request; // of a plan
};

// Sorted by file. What is wrong with one file says so there and leaves the others alone.
std::vector<Desired> desiredOf(const CommitTree &tree, const std::vector<TreeFile> &files);

} // namespace aviary::gitops
