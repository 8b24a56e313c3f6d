// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/api/fakeprovider.h"

#include "core/api/valuesjson.h"

namespace aviary::tests {

using namespace Qt::Literals;

void FakeProvider::handle(const api::Caller &caller, const QString &verb,
                          const QJsonObject &parameters, api::Answer answer) {
    ++seen;
    if (verb == u"hello"_qs) {
        api::DaemonState daemon;
        daemon.version = u"0.1.0"_qs;
        daemon.who = caller.user;
        answer(api::toJson(daemon));
    } else if (verb == u"echo"_qs) {
        answer(parameters);
    } else if (verb == u"whoami"_qs) {
        answer(QJsonObject{{u"user"_qs, caller.user}, {u"as"_qs, caller.as}});
    } else if (verb == u"keep"_qs) {
        kept.push_back(std::move(answer));
    } else if (verb == u"vanish"_qs) {
        return;
    } else if (verb == u"twice"_qs) {
        answer(QJsonObject{{u"n"_qs, 1}});
        answer(QJsonObject{{u"n"_qs, 2}});
    } else if (verb == u"request"_qs) {
        const QString id = parameters.value(u"request_id"_qs).toString();
        if (!requests_.contains(id)) {
            requests_.insert(id, {{u"n"_qs, ++done}});
        }
        answer(requests_.value(id));
    } else if (verb == u"large"_qs) {
        answer(QJsonObject{{u"text"_qs, QString(parameters.value(u"size"_qs).toInt(), u'x')}});
    } else {
        answer(fail(ErrorCode::NotFound, u"there is no verb \"%1\""_qs.arg(verb), {},
                    u"look at core/api/verbs.h"_qs));
    }
}

Result<QJsonObject> FakeProvider::whole(const QString &topic) {
    if (topic != u"nodes"_qs) {
        return fail(ErrorCode::NotFound, u"there is no topic \"%1\""_qs.arg(topic));
    }
    QJsonArray list;
    for (const QJsonObject &row : std::as_const(rows)) {
        list.append(row);
    }
    return QJsonObject{{u"topic"_qs, topic}, {u"whole"_qs, true}, {u"rows"_qs, list}};
}

void FakeProvider::arrived(const api::Caller &) {
    ++present;
}

void FakeProvider::left(const api::Caller &) {
    --present;
}

void FakeProvider::setRows(int count) {
    for (int i = 0; i < count; ++i) {
        rows.insert(u"n-%1"_qs.arg(i, 6, 10, QChar(u'0')),
                    {{u"id"_qs, u"n-%1"_qs.arg(i, 6, 10, QChar(u'0'))}, {u"value"_qs, 0}});
    }
}

void FakeProvider::touch(int row, int value) {
    const QString id = u"n-%1"_qs.arg(row, 6, 10, QChar(u'0'));
    rows.insert(id, {{u"id"_qs, id}, {u"value"_qs, value}});
    Q_EMIT changed(u"nodes"_qs, {{u"topic"_qs, u"nodes"_qs},
                                 {u"whole"_qs, false},
                                 {u"rows"_qs, QJsonArray{rows.value(id)}}});
}

void FakeProvider::remove(int row) {
    const QString id = u"n-%1"_qs.arg(row, 6, 10, QChar(u'0'));
    rows.remove(id);
    Q_EMIT changed(
        u"nodes"_qs,
        {{u"topic"_qs, u"nodes"_qs}, {u"whole"_qs, false}, {u"gone"_qs, QJsonArray{id}}});
}

void FakeProvider::release() {
    for (const api::Answer &answer : std::exchange(kept, {})) {
        answer(QJsonObject{{u"kept"_qs, true}});
    }
}

} // namespace aviary::tests
