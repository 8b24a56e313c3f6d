// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QJsonArray>
#include <QJsonObject>

// A list of rows packed by column, so that 4,096 nodes travel in a tenth of the bytes: a column
// whose values are all equal is written once, one of few words as a dictionary. The shape is in
// core/api/valuesjson.h.
namespace aviary::api {

// All rows must be objects with the same members; the list stays an array where that is not so, or
// where it has fewer than 16 rows.
QJsonValue packRows(const QJsonArray &rows);

// One column, unpacked: value i of the column is words[at(i)].
struct Column {
    QJsonArray words;
    QJsonArray indices; // empty with one word: all are equal; empty else: word i is value i
    bool equal = false;

    int at(int row) const { return equal ? 0 : indices.isEmpty() ? row : indices[row].toInt(); }
};
// Total: every index that at() answers for a row below `rows` is inside `words`.
Result<Column> readColumn(const QJsonValue &packed, int rows);

} // namespace aviary::api
