// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/api/columns.h"

namespace aviary::api {

using namespace Qt::Literals;

void ColumnPacker::add(const QJsonValue &value) {
    int place = static_cast<int>(words_.size());
    if (!isPlain()) {
        const auto known = places_.constFind(value);
        if (known == places_.cend()) {
            places_.insert(value, place);
        } else {
            place = *known;
        }
    }
    if (place == static_cast<int>(words_.size())) {
        words_.push_back(value);
    }
    at_.push_back(place);
}

QJsonValue ColumnPacker::packed() const {
    if (words_.size() == 1) {
        return QJsonObject{{u"all"_qs, words_.front()}};
    }
    QJsonArray values, words;
    if (isPlain()) {
        for (const int place : at_) {
            values.append(words_[static_cast<std::size_t>(place)]);
        }
        return values;
    }
    for (const QJsonValue &word : words_) {
        words.append(word);
    }
    for (const int place : at_) {
        values.append(place);
    }
    return QJsonObject{{u"words"_qs, words}, {u"at"_qs, values}};
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
