// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gitops/look.h"

namespace aviary::gitops {

namespace {

Look without(const Error &error, const std::atomic<bool> &stopped) {
    Look look;
    look.end = stopped                            ? Look::End::Stopped
               : error.code == ErrorCode::Refused ? Look::End::Refused
                                                  : Look::End::Unreachable;
    look.text = error.remedy.isEmpty() ? error.what : QString(error.what + u"; " + error.remedy);
    return look;
}

Result<Look> readIt(const LookWish &wish, const QString &git_folder,
                    const std::atomic<bool> &stopped) {
    const auto tree = CommitTree::open(git_folder, QString::fromLatin1(Clone::fetched_ref));
    if (!tree) {
        return tl::unexpected(tree.error());
    }
    Look look;
    look.end = Look::End::Read;
    look.commit = tree->commit();
    look.rewritten = !wish.followed.isEmpty() && !tree->follows(wish.followed);
    verifySignature(git_folder, *look.commit, stopped); // whom the user trusts may have changed
    if (wish.last && wish.last->commit && wish.last->commit->id == look.commit->id) {
        look.desired = wish.last->desired;
        return look;
    }
    return tree->files(wish.repository.path).map([&](const std::vector<TreeFile> &files) {
        look.desired = desiredOf(*tree, files);
        return look;
    });
}

} // namespace

Look lookAt(const LookWish &wish, const std::atomic<bool> &stopped) {
    if (stopped) {
        return without({}, stopped);
    }
    const Clone clone(wish.folder, wish.repository);
    const auto read =
        clone.prepare(stopped).and_then([&] { return clone.fetch(stopped); }).and_then([&] {
            return readIt(wish, clone.gitFolder(), stopped);
        });
    return read ? *read : without(read.error(), stopped);
}

} // namespace aviary::gitops
