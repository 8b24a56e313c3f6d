// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/conformance/targetcase.h"

#include <QCborArray>

#include <algorithm>

namespace aviary::conformance {
namespace {

QSet<int> indexes(const QCborValue &list) {
    QSet<int> set;
    for (const auto &member : list.toArray()) {
        set.insert(static_cast<int>(member.toInteger()));
    }
    return set;
}

} // namespace

Script::Script(const QCborValue &description)
    : given_(description.isMap())
    , fails_(indexes(description[u"fail"_qs]))
    , raises_(indexes(description[u"raise"_qs])) {
    for (const auto &[target, count] : description[u"fail_first_k"_qs].toMap()) {
        first_fails_[target.toString().toInt()] = count.toInteger();
    }
}

char Script::call(int target) {
    const qint64 call = ++calls_[target];
    if (raises_.contains(target)) {
        return '!';
    }
    return fails_.contains(target) || call <= first_fails_.value(target) ? '-' : '+';
}

TargetCase::TargetCase(const QCborMap &input)
    : n(static_cast<int>(input.value(u"n"_qs).toInteger()))
    , version(input.value(u"version"_qs).toString())
    , rolls_back(input.value(u"op"_qs).toString() == u"rollback")
    , unhealthy(indexes(input.value(u"initial_unhealthy"_qs)))
    , deploy(input.value(u"deploy"_qs))
    , health(input.value(u"health"_qs))
    , params(input.value(u"params"_qs).toMap())
    , turn(input.value(u"switch"_qs).toString()) {
    const QCborValue start = input.value(u"initial"_qs);
    const QCborMap overrides = start[u"override"_qs].toMap();
    for (int i = 0; i < n; ++i) {
        const QString name = QString::number(i);
        initial.push_back(overrides.contains(name) ? overrides.value(name).toString()
                                                   : start[u"default"_qs].toString());
    }
    const QCborValue listed = input.value(u"order"_qs);
    for (int i = 0; !listed.isArray() && i < n; ++i) {
        order.push_back(i);
    }
    for (const auto &member : listed.toArray()) {
        order.push_back(static_cast<int>(member.toInteger()));
    }
}

bool TargetCase::carries(int target) const {
    return initial[static_cast<std::size_t>(target)] == version && !unhealthy.contains(target);
}

bool listsNobody(const QCborMap &input) {
    return TargetCase(input).order.empty();
}

bool listsTwice(const QCborMap &input) {
    std::vector<int> order = TargetCase(input).order;
    std::sort(order.begin(), order.end());
    return std::adjacent_find(order.begin(), order.end()) != order.end();
}

bool someCarryTheVersion(const QCborMap &input) {
    const TargetCase read(input);
    return std::any_of(read.order.begin(), read.order.end(),
                       [&read](int target) { return read.carries(target); });
}

} // namespace aviary::conformance
