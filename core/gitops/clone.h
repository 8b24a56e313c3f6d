// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gitops/gitprogram.h"
#include "core/gitops/repository.h"

namespace aviary::gitops {

// Our copy of a repository: FOLDER/repository.git, bare, so that nothing of it ever becomes a file
// of its own name. FOLDER/aviary-clone.json says that we made the folder; one without it is never
// written to and never deleted.
class Clone {
public:
    Clone(QString folder, Repository repository)
        : folder_(std::move(folder)), repository_(std::move(repository)) {}

    QString gitFolder() const { return folder_ + u"/repository.git"; }

    // Makes it, or makes it anew where it is damaged or of another address. Refused: the folder is
    // not ours.
    Result<void> prepare(const std::atomic<bool> &stopped) const;
    // Brings the branch to fetched_ref. Unreachable: it could not be had, and why; NotFound: there
    // is no such branch; Refused: it is larger than the limit.
    Result<void> fetch(const std::atomic<bool> &stopped) const;
    // Deletes what prepare() made, and nothing else. Refused: the folder is not ours.
    Result<void> remove() const;

    static constexpr const char *fetched_ref = "refs/aviary/fetched";

private:
    bool exists() const;
    Result<void> checkOwn() const;
    Result<void> writeMark() const;
    QString markedUrl() const; // empty: there is no mark
    void dropLeftovers() const;

    QString folder_;
    Repository repository_;
};

} // namespace aviary::gitops
