// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/columns.h"

#include <QHash>
#include <QJsonDocument>

namespace aviary::api {

using namespace Qt::Literals;

namespace {

constexpr int packed_rows_min = 16;

// A text that is equal for equal values and differs for others.
QByteArray digestOf(const QJsonValue &value) {
    return value.isString() ? value.toString().toUtf8().prepend('s')
                            : QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
}

QJsonValue packColumn(const QJsonArray &rows, const QString &name) {
    QJsonArray values, words, at;
    QHash<QByteArray, int> seen;
    for (const QJsonValue &row : rows) {
        const QJsonValue value = row.toObject().value(name);
        const QByteArray digest = digestOf(value);
        if (!seen.contains(digest)) {
            seen.insert(digest, int(words.size()));
            words.append(value);
        }
        at.append(seen.value(digest));
        values.append(value);
    }
    if (words.size() == 1) {
        return QJsonObject{{u"all"_qs, words.first()}};
    }
    if (words.size() * 2 > rows.size()) {
        return values;
    }
    return QJsonObject{{u"words"_qs, words}, {u"at"_qs, at}};
}

} // namespace

QJsonValue packRows(const QJsonArray &rows) {
    if (rows.size() < packed_rows_min) {
        return rows;
    }
    const QStringList names = rows.first().toObject().keys();
    for (const QJsonValue &row : rows) {
        if (!row.isObject() || row.toObject().keys() != names) {
            return rows;
        }
    }
    QJsonObject packed{{u"columns"_qs, rows.size()}};
    for (const QString &name : names) {
        packed.insert(name, packColumn(rows, name));
    }
    return packed;
}

Result<Column> readColumn(const QJsonValue &packed, int rows) {
    if (packed.isArray()) {
        const QJsonArray values = packed.toArray();
        if (values.size() != rows) {
            return fail(ErrorCode::Invalid,
                        u"the column has %1 values for %2 rows"_qs.arg(values.size()).arg(rows));
        }
        return Column{values, {}, false};
    }
    const QJsonObject object = packed.toObject();
    if (object.contains(u"all"_qs)) {
        return Column{{object.value(u"all"_qs)}, {}, true};
    }
    Column column{object.value(u"words"_qs).toArray(), object.value(u"at"_qs).toArray(), false};
    if (column.indices.size() != rows || rows == 0) {
        return fail(ErrorCode::Invalid, u"a packed column needs \"all\", or \"words\" and \"at\" "
                                        "with an index for each row"_qs);
    }
    for (const QJsonValue &index : std::as_const(column.indices)) {
        const double value = index.toDouble(-1);
        if (!index.isDouble() || value != double(index.toInt(-1)) || value < 0 ||
            value >= double(column.words.size())) {
            return fail(ErrorCode::Invalid, u"a packed column has an index outside its words"_qs);
        }
    }
    return column;
}

} // namespace aviary::api
