// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/journal/database.h"

#include <QSqlError>
#include <QVariant>

#include <atomic>

namespace aviary::journal {
namespace {

constexpr const char *file_name = "journal.sqlite";

// Primary result codes of SQLite, the low byte of what it answers (sqlite.org/rescode.html).
enum Code {
    Busy = 5,
    ReadOnly = 8,
    IoError = 10,
    Corrupt = 11,
    Full = 13,
    Constraint = 19,
    NotADatabase = 26
};

QString nextConnection() {
    static std::atomic<quint64> count{0};
    return QStringLiteral("aviary-journal-%1").arg(++count);
}

} // namespace

Database::Database(const QString &path, const QString &connection)
    : path_(path)
    , connection_(connection)
    , database_(QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection)) {
    database_.setDatabaseName(path);
}

Database::~Database() {
    prepared_.clear();
    database_.close();
    database_ = {};
    QSqlDatabase::removeDatabase(connection_);
}

Result<std::unique_ptr<Database>> Database::open(const StateDirectory &directory) {
    const QString name = QString::fromLatin1(file_name);
    const bool own = directory.access() == Access::Own;
    for (const QString &suffix :
         {QString(), QStringLiteral("-wal"), QStringLiteral("-shm"), QStringLiteral("-journal")}) {
        const auto good = directory.prepareFile(name + suffix, own && suffix.isEmpty());
        if (!good) {
            return tl::unexpected(good.error());
        }
    }
    std::unique_ptr<Database> database(new Database(directory.filePath(name), nextConnection()));
    auto good = database->setUp(directory.access());
    if (good) {
        good = directory.stillThere();
    }
    if (!good) {
        return tl::unexpected(good.error());
    }
    return database;
}

Result<void> Database::setUp(Access access) {
    QString options = QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000");
    if (access == Access::Read) {
        options += QStringLiteral(";QSQLITE_OPEN_READONLY");
    }
    database_.setConnectOptions(options);
    if (!database_.open()) {
        return tl::unexpected(errorOf(database_.lastError()));
    }
    Result<void> good = execute(QStringLiteral("PRAGMA trusted_schema=OFF"));
    if (good && access == Access::Own) {
        const auto mode = run("PRAGMA journal_mode=WAL");
        if (!mode) {
            return tl::unexpected(mode.error());
        }
        if (!(*mode)->next() || (*mode)->value(0).toString() != u"wal") {
            return fail(ErrorCode::Storage,
                        QStringLiteral("this file system cannot keep a write-ahead log"), path_,
                        QStringLiteral("use a local file system"));
        }
        (*mode)->finish();
        good = execute(QStringLiteral("PRAGMA synchronous=FULL"));
    }
    return good;
}

Error Database::errorOf(const QSqlError &error) const {
    const auto made = [this](ErrorCode code, const QString &what, const QString &remedy = {}) {
        return Error{code, what, path_, remedy};
    };
    switch (error.nativeErrorCode().toInt() & 0xff) {
    case Full:
        return made(ErrorCode::Storage, QStringLiteral("the disk is full"),
                    QStringLiteral("free some space; reading goes on meanwhile"));
    case IoError:
        return made(ErrorCode::Storage, QStringLiteral("the disk does not read or write"),
                    QStringLiteral("look into the system's log for errors of the disk"));
    case ReadOnly:
        return made(ErrorCode::Storage, QStringLiteral("the journal may only be read here"));
    case Corrupt:
    case NotADatabase:
        return made(ErrorCode::Storage,
                    QStringLiteral("the journal is damaged: %1").arg(error.databaseText()),
                    QStringLiteral("restore it from a backup; runs that were exported still open"));
    case Busy:
        return made(ErrorCode::Conflict, QStringLiteral("another process holds the journal"));
    case Constraint:
        return made(ErrorCode::Conflict,
                    QStringLiteral("it is there already: %1").arg(error.databaseText()));
    default:
        return made(ErrorCode::Storage,
                    error.databaseText().isEmpty() ? error.driverText() : error.databaseText());
    }
}

Result<QSqlQuery *> Database::run(const char *sql, const QVariantList &values) {
    auto found = prepared_.find(sql);
    if (found == prepared_.end()) {
        QSqlQuery query(database_);
        query.setForwardOnly(true);
        if (!query.prepare(QString::fromLatin1(sql))) {
            return tl::unexpected(errorOf(query.lastError()));
        }
        found = prepared_.emplace(sql, std::move(query)).first;
    }
    QSqlQuery &query = found->second;
    for (qsizetype i = 0; i < values.size(); ++i) {
        query.bindValue(static_cast<int>(i), values[i]);
    }
    if (!query.exec()) {
        const Error error = errorOf(query.lastError());
        prepared_.erase(found);
        return tl::unexpected(error);
    }
    return &query;
}

Result<void> Database::execute(const QString &sql) {
    QSqlQuery query(database_);
    if (!query.exec(sql)) {
        return tl::unexpected(errorOf(query.lastError()));
    }
    return {};
}

Result<void> Database::finish(QSqlQuery &rows) const {
    const QSqlError error = rows.lastError();
    rows.finish();
    return error.isValid() ? Result<void>(tl::unexpected(errorOf(error))) : Result<void>{};
}

Result<void> Database::begin() {
    return execute(QStringLiteral("BEGIN IMMEDIATE"));
}

Result<void> Database::commit() {
    return execute(QStringLiteral("COMMIT"));
}

void Database::rollBack() {
    QSqlQuery(database_).exec(QStringLiteral("ROLLBACK"));
}

Result<qint64> Database::number(const char *sql, const QVariantList &values) {
    const auto query = run(sql, values);
    if (!query) {
        return tl::unexpected(query.error());
    }
    const qint64 value = (*query)->next() ? (*query)->value(0).toLongLong() : 0;
    (*query)->finish();
    return value;
}

} // namespace aviary::journal
