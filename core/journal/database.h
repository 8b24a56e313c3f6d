// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/journal/statedirectory.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <memory>
#include <unordered_map>

namespace aviary::journal {

// One connection to the SQLite file, and its prepared statements.
class Database {
public:
    // WAL, synchronous=FULL: what COMMIT acknowledged is on the disk. The file is made when the
    // directory is owned.
    static Result<std::unique_ptr<Database>> open(const StateDirectory &directory);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    const QString &path() const { return path_; }

    // A statement, prepared once; `sql` must be a literal, as its address names it. Values are
    // bound in order. The query is valid until the same statement is asked for again.
    Result<QSqlQuery *> run(const char *sql, const QVariantList &values = {});
    // The same for a text made at run time, prepared each time.
    Result<void> execute(const QString &sql);

    Result<void> begin();
    Result<void> commit();
    // Also after a failed commit; never fails, because there is nothing more to do about it.
    void rollBack();

    // Every row that is left, until `take` answers false; the statement is then free again.
    template <class Take>
    Result<void> forEach(QSqlQuery &rows, const Take &take) {
        while (rows.next() && take(rows)) {
        }
        return finish(rows);
    }
    // Of a single number.
    Result<qint64> number(const char *sql, const QVariantList &values = {});

private:
    Database(const QString &path, const QString &connection);
    Error errorOf(const QSqlError &error) const;
    Result<void> finish(QSqlQuery &rows) const;
    Result<void> setUp(Access access);

    QString path_, connection_;
    QSqlDatabase database_;
    std::unordered_map<const char *, QSqlQuery> prepared_;
};

} // namespace aviary::journal
