// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/valueshapes.h"

// What clients see of git repositories that say what should run (verbs gitops.*).
namespace aviary::api {

enum class GitStart : quint8 { Draft, Auto }; // what a change becomes
enum class GitState : quint8 {
    Unknown, // never fetched
    Syncing,
    InSync,
    Drifted,     // something else runs than the commit says
    Rewritten,   // history was rewritten: nothing follows until a person accepts it
    Broken,      // something in the commit cannot be used; the services say what
    Unreachable, // the last fetch failed: what is shown is as old as fetched_wall_ms says
    Refused,     // too large, or its folder is not ours
};
enum class Signature : quint8 { Unsigned, Signed, Verified, Bad }; // Signed: nobody could verify it
enum class Drift : quint8 {
    Unknown,
    InSync,
    Drifted,
    Draft,    // a draft waits for a person
    UnderWay, // a rollout to it is active
    Blocked,  // may not be drafted or started: the text says why
    Conflict, // two files want it, or a person's rollout is active
    Broken,   // its file cannot be used
    Gone,     // no longer in the repository; it goes on running
};
struct GitServiceRow {
    QString id; // repository/key, or repository/file where the key is not known
    QString key, file;
    Drift state = Drift::Unknown;
    QString running;        // revision; empty: none
    QString running_commit; // that brought it; empty: a person did
    QString rollout;        // draft or active; empty: none
    QString text;
    bool operator==(const GitServiceRow &) const = default;
};
// A repository, and how far what runs is what it says.
struct GitRepositoryRow {
    QString id; // its name
    QString url, branch, path, cluster;
    GitStart start = GitStart::Draft;
    bool production = false; // may start by itself on a production cluster too
    bool require_signed = false;
    qint64 interval_ms = 60'000;
    GitState state = GitState::Unknown;
    QString commit, subject, author;
    qint64 committed_wall_ms = 0;
    Signature signature = Signature::Unsigned;
    QString signer;
    qint64 fetched_wall_ms = 0; // how old what is shown is; 0: never
    qint64 next_wall_ms = 0;    // of the next look
    quint32 failures = 0;       // in a row
    QString text;               // one sentence
    std::vector<GitServiceRow> services;
    bool operator==(const GitRepositoryRow &) const = default;
};

template <>
struct Shape<GitServiceRow> {
    using R = GitServiceRow;
    static constexpr auto fields() {
        return std::tuple{
            field("id", &R::id),           field("key", &R::key),
            field("file", &R::file),       field("state", &R::state),
            field("running", &R::running), field("running_commit", &R::running_commit),
            field("rollout", &R::rollout), field("text", &R::text)};
    }
};

template <>
struct Shape<GitRepositoryRow> {
    using R = GitRepositoryRow;
    static constexpr auto fields() {
        return std::tuple{
            field("id", &R::id),
            field("url", &R::url),
            field("branch", &R::branch),
            field("path", &R::path),
            field("cluster", &R::cluster),
            field("start", &R::start),
            field("production", &R::production),
            field("require_signed", &R::require_signed),
            field("interval_ms", &R::interval_ms),
            field("state", &R::state),
            field("commit", &R::commit),
            field("subject", &R::subject),
            field("author", &R::author),
            field("committed_wall_ms", &R::committed_wall_ms),
            field("signature", &R::signature),
            field("signer", &R::signer),
            field("fetched_wall_ms", &R::fetched_wall_ms),
            field("next_wall_ms", &R::next_wall_ms),
            field("failures", &R::failures),
            field("text", &R::text),
            field("services", &R::services),
        };
    }
};

} // namespace aviary::api
