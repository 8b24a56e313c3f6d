// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/support/error.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>

#include <vector>

// A list of rows packed by column, so that 4,096 nodes travel in a tenth of the bytes: a column
// whose values are all equal is written once, one of few words as a dictionary. The shape is in
// core/api/valuesjson.h.
namespace aviary::api {

// Shorter lists stay an array of objects.
inline constexpr int packed_rows_min = 16;

// Packs a column, value after value.
class ColumnPacker {
public:
    explicit ColumnPacker(std::size_t rows) : rows_(rows) { at_.reserve(rows); }

    void add(const QJsonValue &value);
    void addSame() { at_.push_back(at_.back()); } // as the one before, which there must be
    QJsonValue packed() const;

private:
    bool isPlain() const { return words_.size() * 2 > rows_; }

    std::size_t rows_;
    std::vector<QJsonValue> words_; // in the order in which they came
    std::vector<int> at_;           // value i is words_[at_[i]]
    QHash<QJsonValue, int> places_; // of words, until they are too many
};

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
