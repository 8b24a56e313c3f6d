// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gitops/committree.h"

#include "core/gitops/gitprogram.h"
#include "core/support/words.h"

#include <QFile>
#include <QObject>
#include <QStringDecoder>

#include <git2.h>

#include <algorithm>

namespace aviary::gitops {

namespace {

// libgit2's objects, closed by whoever holds them.
template <class T, void (*close)(T *)>
struct Freeing {
    void operator()(T *object) const { close(object); }
};
template <class T, void (*close)(T *)>
using Held = std::unique_ptr<T, Freeing<T, close>>;
using HeldObject = Held<git_object, git_object_free>;
using HeldTree = Held<git_tree, git_tree_free>;
using HeldEntry = Held<git_tree_entry, git_tree_entry_free>;
using HeldOdb = Held<git_odb, git_odb_free>;
using HeldBlob = Held<git_blob, git_blob_free>;

void startLibrary() {
    static const int started = git_libgit2_init();
    Q_UNUSED(started)
}

Error lastError(const QString &where) {
    const git_error *said = git_error_last();
    return {ErrorCode::Storage,
            said && said->message ? boundedText(QString::fromUtf8(said->message))
                                  : QObject::tr("the repository cannot be read"),
            where,
            {}};
}

QString hexOf(const git_oid *id) {
    std::array<char, GIT_OID_HEXSZ + 1> text{};
    git_oid_tostr(text.data(), text.size(), id);
    return QString::fromLatin1(text.data());
}

// A name that could lead elsewhere, or look like another one on somebody's screen.
bool isHostile(const QString &name) {
    const bool special = name.isEmpty() || name == u"." || name == u".." ||
                         name.compare(u".git"_qs, Qt::CaseInsensitive) == 0 ||
                         name.contains(u'/') || name.contains(u'\\');
    return special || boundedText(name, 255) != name;
}

class Walk {
public:
    Walk(git_repository *repository, git_odb *odb, TreeLimits limits)
        : repository_(repository), odb_(odb), limits_(limits) {}

    Result<void> read(const git_tree *tree, const QString &above, int depth) {
        if (depth > limits_.depth_max) {
            return fail(ErrorCode::Refused,
                        QObject::tr("its folders are deeper than %1").arg(limits_.depth_max),
                        above);
        }
        for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
            if (auto taken = take(git_tree_entry_byindex(tree, i), above, depth); !taken) {
                return taken;
            }
        }
        return {};
    }
    std::vector<TreeFile> files() { return std::move(files_); }

private:
    Result<void> take(const git_tree_entry *entry, const QString &above, int depth) {
        QStringDecoder utf8(QStringDecoder::Utf8);
        const QString name = utf8(QByteArrayView(git_tree_entry_name(entry)));
        if (utf8.hasError() || isHostile(name)) {
            return fail(ErrorCode::Refused,
                        QObject::tr("it has a name that could mislead: %1").arg(boundedText(name)),
                        above, QObject::tr("rename it"));
        }
        if (++entries_ > limits_.files_max) {
            return fail(ErrorCode::Refused,
                        QObject::tr("it has more than %1 files").arg(limits_.files_max), above,
                        QObject::tr("give the folder of the plans with --path"));
        }
        const QString path = above.isEmpty() ? name : QString(above + u'/' + name);
        switch (git_tree_entry_filemode(entry)) {
        case GIT_FILEMODE_TREE:
            return name.startsWith(u'.') ? Result<void>() : enter(entry, path, depth);
        case GIT_FILEMODE_COMMIT:
            return {};
        default:
            return note(entry, path);
        }
    }
    Result<void> enter(const git_tree_entry *entry, const QString &path, int depth) {
        git_tree *tree = nullptr;
        if (git_tree_lookup(&tree, repository_, git_tree_entry_id(entry)) != 0) {
            return tl::unexpected(lastError(path));
        }
        const HeldTree held(tree);
        return read(tree, path, depth + 1);
    }
    Result<void> note(const git_tree_entry *entry, const QString &path) {
        TreeFile file;
        file.path = path;
        const git_filemode_t mode = git_tree_entry_filemode(entry);
        file.link = mode == GIT_FILEMODE_LINK;
        file.executable = mode == GIT_FILEMODE_BLOB_EXECUTABLE;
        const git_oid *id = git_tree_entry_id(entry);
        file.id = QByteArray(reinterpret_cast<const char *>(id->id), GIT_OID_RAWSZ);
        std::size_t bytes = 0;
        git_object_t type = GIT_OBJECT_INVALID;
        if (git_odb_read_header(&bytes, &type, odb_, id) != 0) {
            return tl::unexpected(lastError(path));
        }
        file.bytes = static_cast<qint64>(bytes);
        files_.push_back(std::move(file));
        return {};
    }

    git_repository *repository_;
    git_odb *odb_;
    TreeLimits limits_;
    int entries_ = 0;
    std::vector<TreeFile> files_;
};

bool isSigned(git_repository *repository, const git_oid *id) {
    git_buf signature{};
    git_buf content{};
    git_oid copy = *id;
    const bool found =
        git_commit_extract_signature(&signature, &content, repository, &copy, nullptr) == 0;
    git_buf_dispose(&signature);
    git_buf_dispose(&content);
    return found;
}

Commit read(git_repository *repository, const git_commit *commit) {
    Commit made;
    made.id = hexOf(git_commit_id(commit));
    made.subject = boundedText(QString::fromUtf8(git_commit_message(commit))
                                   .section(u'\n', 0, 0, QString::SectionSkipEmpty));
    const git_signature *author = git_commit_author(commit);
    made.author = boundedText(QString::fromUtf8(author->name) + u" <" +
                              QString::fromUtf8(author->email) + u'>');
    made.wall_ms = static_cast<qint64>(git_commit_time(commit)) * 1'000;
    made.signing =
        isSigned(repository, git_commit_id(commit)) ? Signing::Signed : Signing::Unsigned;
    return made;
}

} // namespace

void CommitTree::Closing::operator()(git_repository *repository) const {
    git_repository_free(repository);
}

bool canRead(const QString &git_folder) {
    startLibrary();
    git_repository *repository = nullptr;
    const bool good =
        git_repository_open_bare(&repository, QFile::encodeName(git_folder).constData()) == 0;
    git_repository_free(repository);
    return good;
}

Result<CommitTree> CommitTree::open(const QString &git_folder, const QString &revision) {
    startLibrary();
    git_repository *repository = nullptr;
    if (git_repository_open_bare(&repository, QFile::encodeName(git_folder).constData()) != 0) {
        return tl::unexpected(lastError(git_folder));
    }
    CommitTree tree;
    tree.repository_.reset(repository);
    git_object *object = nullptr;
    const QByteArray spec = revision.toUtf8() + "^{commit}";
    if (git_revparse_single(&object, repository, spec.constData()) != 0) {
        return fail(ErrorCode::NotFound, QObject::tr("there is no commit %1").arg(revision),
                    git_folder);
    }
    const HeldObject held(object);
    tree.commit_ = read(repository, reinterpret_cast<const git_commit *>(object));
    return tree;
}

bool CommitTree::follows(const QString &other) const {
    git_oid ancestor;
    git_oid own;
    const bool read = git_oid_fromstr(&ancestor, other.toLatin1().constData()) == 0 &&
                      git_oid_fromstr(&own, commit_.id.toLatin1().constData()) == 0;
    return other == commit_.id ||
           (read && git_graph_descendant_of(repository_.get(), &own, &ancestor) == 1);
}

Result<std::vector<TreeFile>> CommitTree::files(const QString &folder,
                                                const TreeLimits &limits) const {
    git_object *top = nullptr;
    const QByteArray spec = commit_.id.toLatin1() + "^{tree}";
    if (git_revparse_single(&top, repository_.get(), spec.constData()) != 0) {
        return tl::unexpected(lastError(commit_.id));
    }
    HeldObject held(top);
    if (!folder.isEmpty()) {
        git_tree_entry *entry = nullptr;
        const int found = git_tree_entry_bypath(&entry, reinterpret_cast<git_tree *>(top),
                                                folder.toUtf8().constData());
        const HeldEntry held_entry(entry);
        if (found != 0 || git_tree_entry_type(entry) != GIT_OBJECT_TREE) {
            return fail(ErrorCode::NotFound, QObject::tr("it has no folder %1").arg(folder),
                        u"path"_qs, QObject::tr("push it, or give another --path"));
        }
        if (git_tree_entry_to_object(&top, repository_.get(), entry) != 0) {
            return tl::unexpected(lastError(folder));
        }
        held.reset(top);
    }
    git_odb *odb = nullptr;
    if (git_repository_odb(&odb, repository_.get()) != 0) {
        return tl::unexpected(lastError(folder));
    }
    const HeldOdb held_odb(odb);
    Walk walk(repository_.get(), odb, limits);
    return walk.read(reinterpret_cast<const git_tree *>(top), {}, 1).map([&walk] {
        std::vector<TreeFile> files = walk.files();
        std::ranges::sort(files, {}, &TreeFile::path);
        return files;
    });
}

Result<QByteArray> CommitTree::content(const TreeFile &file, qint64 bytes_max) const {
    if (file.link) {
        return fail(ErrorCode::Invalid, QObject::tr("is a symbolic link"), file.path,
                    QObject::tr("put the file itself there"));
    }
    if (file.bytes > bytes_max) {
        return fail(ErrorCode::Invalid, QObject::tr("is larger than %1 KiB").arg(bytes_max / 1024),
                    file.path);
    }
    git_oid id;
    git_oid_fromraw(&id, reinterpret_cast<const unsigned char *>(file.id.constData()));
    git_blob *blob = nullptr;
    if (git_blob_lookup(&blob, repository_.get(), &id) != 0) {
        return tl::unexpected(lastError(file.path));
    }
    const HeldBlob held(blob);
    return QByteArray(static_cast<const char *>(git_blob_rawcontent(blob)),
                      static_cast<qsizetype>(git_blob_rawsize(blob)));
}

void verifySignature(const QString &git_folder, Commit &commit, const std::atomic<bool> &stopped) {
    if (commit.signing == Signing::Unsigned) {
        return;
    }
    const auto answer = runGit(
        {{u"--git-dir="_qs + git_folder, u"log"_qs, u"-1"_qs, u"--format=%G?%n%GS"_qs, commit.id}},
        stopped);
    const QStringList lines =
        answer ? QString::fromUtf8(answer->out).split(u'\n') : QStringList{QString()};
    // G: good. U: good, by a key that nobody vouches for. X, Y, R: expired or revoked. E, N: it
    // could not be checked.
    const QString word = lines.value(0);
    commit.signing = word == u"G"                   ? Signing::Verified
                     : word == u"B" || word == u"R" ? Signing::Bad
                                                    : Signing::Signed;
    commit.signer = boundedText(lines.value(1));
}

} // namespace aviary::gitops
