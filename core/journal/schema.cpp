// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/schema.h"

#include <QFile>

namespace aviary::journal {
namespace {

// "AVRY": tells a journal from any other SQLite file.
constexpr qint64 application_id = 0x41565259;

constexpr const char *version_1[] = {
    // The chain. kind: 1 a rollout was opened (body: the run's header line), 2 an entry of a
    // rollout
    // (body: its canonical bytes, link: its hash in the run's chain), 3 a fact (body: JSON).
    "CREATE TABLE records ("
    " position INTEGER PRIMARY KEY,"
    " kind INTEGER NOT NULL,"
    " rollout INTEGER,"
    " sequence INTEGER,"
    " topic TEXT,"
    " name TEXT,"
    " wall_ms INTEGER NOT NULL,"
    " body BLOB NOT NULL,"
    " link BLOB,"
    " hash BLOB NOT NULL)",
    "CREATE UNIQUE INDEX entries ON records (rollout, sequence) WHERE kind = 2",
    "CREATE INDEX facts ON records (topic, name, position) WHERE kind = 3",
    // What the chain says of each rollout, ready to be listed.
    "CREATE TABLE rollouts ("
    " id INTEGER PRIMARY KEY,"
    " ulid TEXT NOT NULL UNIQUE,"
    " cluster TEXT NOT NULL,"
    " service TEXT NOT NULL,"
    " status INTEGER NOT NULL,"
    " sequence INTEGER NOT NULL,"
    " head BLOB NOT NULL,"
    " begun_wall_ms INTEGER NOT NULL,"
    " ended_wall_ms INTEGER,"
    " position INTEGER NOT NULL)",
    // States to start from; never needed, so none is of worth to the chain.
    "CREATE TABLE snapshots ("
    " rollout INTEGER PRIMARY KEY,"
    " sequence INTEGER NOT NULL,"
    " state BLOB NOT NULL,"
    " extra BLOB NOT NULL)",
    // Its only row. The head stands here too, so that records lost from the end are missed.
    "CREATE TABLE journal ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " records INTEGER NOT NULL,"
    " head BLOB NOT NULL,"
    " probes INTEGER NOT NULL)",
    "INSERT INTO journal VALUES (1, 0, zeroblob(32), 0)",
};

constexpr Migration all[] = {{1, version_1}};

Result<void> takeStep(Database &database, const Migration &step) {
    Result<void> good = database.begin();
    for (const char *statement : step.statements) {
        if (good) {
            good = database.execute(QString::fromLatin1(statement));
        }
    }
    if (good) {
        good = database.execute(QStringLiteral("PRAGMA application_id=%1").arg(application_id));
    }
    if (good) {
        good = database.execute(QStringLiteral("PRAGMA user_version=%1").arg(step.version));
    }
    if (good) {
        good = database.commit();
    }
    if (!good) {
        database.rollBack();
    }
    return good;
}

Result<void> backUp(Database &database, qint64 version) {
    const QString copy = QStringLiteral("%1.v%2.backup").arg(database.path()).arg(version);
    QFile::remove(copy);
    QString quoted = copy;
    quoted.replace(u'\'', QStringLiteral("''"));
    auto made = database.execute(QStringLiteral("VACUUM INTO '%1'").arg(quoted));
    if (made) {
        QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner);
    }
    return made;
}

} // namespace

std::span<const Migration> migrations() {
    return all;
}

Result<void> migrate(Database &database, Access access, std::span<const Migration> steps) {
    const auto application = database.number("PRAGMA application_id");
    const auto version = database.number("PRAGMA user_version");
    if (!application || !version) {
        return tl::unexpected(application ? version.error() : application.error());
    }
    const int newest = steps.back().version;
    const bool fresh = *application == 0 && *version == 0;
    if ((!fresh && *application != application_id) || (fresh && access == Access::Read)) {
        return fail(ErrorCode::Storage, QStringLiteral("this is no journal of Aviary"),
                    database.path());
    }
    if (*version > newest) {
        return fail(ErrorCode::Storage,
                    QStringLiteral("the journal has version %1; this program knows up to %2")
                        .arg(*version)
                        .arg(newest),
                    database.path(), QStringLiteral("use a newer Aviary; nothing was changed"));
    }
    if (*version == newest) {
        return {};
    }
    if (access == Access::Read) {
        return fail(ErrorCode::Storage,
                    QStringLiteral("the journal has the old version %1").arg(*version),
                    database.path(), QStringLiteral("start the daemon once: it brings it up"));
    }
    Result<void> good = fresh ? Result<void>{} : backUp(database, *version);
    for (const Migration &step : steps) {
        if (good && step.version > *version) {
            good = takeStep(database, step);
        }
    }
    return good;
}

} // namespace aviary::journal
