// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"

#include <QJsonArray>
#include <QJsonObject>

// The one JSON shape of every value of values.h: an object with the members' names; enumerators are
// words (core/api/words.h), weights 1/100 %, flags and labels objects. Values that are rows of a
// topic have an "id", also where it is derived (RolloutDetail, WaitingRow, DaemonState).
//
// Reading is total. Unknown members are passed over, a missing or null one keeps its default, so
// that two versions understand each other; a wrong type, an unknown word, a number out of range or
// a list over `list_max` is an Error (Invalid) that names the place: "targets[3].phase".
namespace aviary::api {

inline constexpr int list_max = 65'536;

// How long lists of rows are written: one object a row, or, from 16 rows on, packed in columns:
//   {"columns": N, "id": ["a", ...], "site": {"words": [...], "at": [0, 0, 1, ...]},
//    "status": {"all": "online"}}
// Both are read.
enum class Form { Rows, Columns };

template <class T>
QJsonObject toJson(const T &value, Form form = Form::Columns);
template <class T>
Result<T> fromJson(const QJsonObject &json);

template <class T>
QJsonArray listToJson(const std::vector<T> &rows);
template <class T>
Result<std::vector<T>> listFromJson(const QJsonValue &json);

// {code, what, where, remedy}, as JSON-RPC errors carry it.
QJsonObject toJson(const Error &error);
Error errorFromJson(const QJsonObject &json);

} // namespace aviary::api
