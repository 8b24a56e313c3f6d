// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QStringList>

#include <functional>
#include <memory>
#include <vector>

struct git_repository;

namespace aviary::gitops {

enum class Signing : quint8 {
    Unsigned,
    Signed,   // and nobody here could verify it: an unknown key, or no gpg
    Verified, // by a key that the daemon's user trusts
    Bad,
};

struct Commit {
    QString id; // hexadecimal
    QString subject;
    QString author; // "Ann Author <ann@example.org>"
    qint64 wall_ms = 0;
    Signing signing = Signing::Unsigned;
    QString signer;
    bool operator==(const Commit &) const = default;

    QString shortId() const { return id.left(8); }
};

// One file of a tree. Only plain files have content; a link is named, and never followed.
struct TreeFile {
    QString path; // below the folder that was read
    qint64 bytes = 0;
    bool executable = false;
    bool link = false;
    QByteArray id; // of the blob
};
struct TreeLimits {
    int files_max = 50'000;
    int depth_max = 16;
};

// A commit of a bare repository, read with libgit2: nothing is checked out. For one thread.
class CommitTree {
public:
    // NotFound: there is no such commit. Storage: the repository is damaged.
    static Result<CommitTree> open(const QString &git_folder, const QString &revision);

    const Commit &commit() const { return commit_; } // signed or not; never Verified or Bad
    // True when it is `other` or comes after it; false when `other` is not known here any more.
    bool follows(const QString &other) const;
    // All files below a folder (empty: the top), sorted. Hidden folders and submodules are left
    // out. NotFound: there is no such folder; Refused: beyond the limits, or a name that is
    // hostile.
    Result<std::vector<TreeFile>> files(const QString &folder, const TreeLimits &limits = {}) const;
    Result<QByteArray> content(const TreeFile &file, qint64 bytes_max) const;

private:
    struct Closing {
        void operator()(git_repository *repository) const;
    };
    CommitTree() = default;

    std::unique_ptr<git_repository, Closing> repository_;
    Commit commit_;
};

// Whether it is a repository that libgit2 can open.
bool canRead(const QString &git_folder);

// What gpg or ssh-keygen say of a signed commit, asked through git; blocks.
void verifySignature(const QString &git_folder, Commit &commit, const std::atomic<bool> &stopped);

} // namespace aviary::gitops
