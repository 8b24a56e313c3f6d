// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/codec.h"
#include "core/record/fieldsjson.h"

namespace aviary::record {
namespace {

template <class V>
Result<V> fromJson(const QJsonObject &object, const QString &where) {
    JsonReader in(object, where);
    V variant;
    get(in, variant);
    return in.end(std::move(variant));
}

} // namespace

QJsonObject toJson(const kernel::Event &event) {
    return toObject(event);
}
QJsonObject toJson(const kernel::Command &command) {
    return toObject(command);
}
QJsonObject toJson(const kernel::Request &request) {
    return toObject(request);
}

void read(JsonReader &in, kernel::Event &event) {
    get(in, event);
}
void read(JsonReader &in, kernel::Command &command) {
    get(in, command);
}

Result<kernel::Event> eventFromJson(const QJsonObject &json, const QString &where) {
    return fromJson<kernel::Event>(json, where);
}
Result<kernel::Command> commandFromJson(const QJsonObject &json, const QString &where) {
    return fromJson<kernel::Command>(json, where);
}
Result<kernel::Request> requestFromJson(const QJsonObject &json, const QString &where) {
    return fromJson<kernel::Request>(json, where);
}

} // namespace aviary::record
