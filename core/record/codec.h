// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/kernel/rollout/command.h"
#include "core/record/bytes.h"
#include "core/record/jsonvalue.h"
#include "core/support/error.h"

#include <QJsonObject>

// Events and commands as bytes, for the journal and the chain, and as JSON, for run files and the
// API. Both are driven by fields() and by the table in words.h, and each is the other's mirror: one
// value, one form, and no form without a value.
namespace aviary::record {

void encode(const kernel::Event &event, Writer &out);
void encode(const kernel::Command &command, Writer &out);

// Reads the next event or command of a stream. None: the reader refused, and says why.
enum class Kind : std::uint8_t { None, Event, Command };
Kind decode(Reader &in, kernel::Event &event, kernel::Command &command);

// {"event": "node_ready", "target": 3, "order": 17}; {"command": "update_node", ...};
// {"event": "requested", "request": {"request": "promote", "to": 2500}}.
// A whole number over 2^63-1 is its digits as a text; so are "nan", "inf", "-inf" and "-0" of a
// real one. "target" is left out when it is every target, or none.
QJsonObject toJson(const kernel::Event &event);
QJsonObject toJson(const kernel::Command &command);
QJsonObject toJson(const kernel::Request &request);

// Unknown, missing and surplus members are errors. `where` names the place in errors.
Result<kernel::Event> eventFromJson(const QJsonObject &json, const QString &where);
Result<kernel::Command> commandFromJson(const QJsonObject &json, const QString &where);
Result<kernel::Request> requestFromJson(const QJsonObject &json, const QString &where);
void read(JsonReader &in, kernel::Event &event);
void read(JsonReader &in, kernel::Command &command);

} // namespace aviary::record
