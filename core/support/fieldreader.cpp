// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/fieldreader.h"

namespace aviary {

FieldReader::FieldReader(const QCborMap &map, QStringList path, Flaws &flaws)
    : map_(map), path_(std::move(path)), flaws_(flaws) {}

QCborValue FieldReader::take(const QString &name) {
    known_.append(name);
    return map_.value(name);
}

bool FieldReader::has(const QString &name) const {
    return map_.contains(name);
}

void FieldReader::flaw(const QString &name, const QString &what, const QString &allowed) {
    QStringList path = path_;
    path.append(name);
    const QString full = path.join(u'.');
    flaws_.push_back({std::move(path), full + u' ' + what, allowed, 0});
}

QString FieldReader::text(const QString &name, const QString &by_default, qsizetype length_max) {
    const QCborValue value = take(name);
    if (value.isUndefined()) {
        return by_default;
    }
    const QString text = value.toString();
    if (!value.isString()) {
        flaw(name, u"must be a string"_qs, {});
    } else if (text.size() > length_max || text.contains(QChar(0))) {
        flaw(name, u"is too long or holds a zero character"_qs,
             QStringLiteral("at most %1 characters").arg(length_max));
    } else {
        return text;
    }
    return by_default;
}

qint64 FieldReader::integer(const QString &name, qint64 by_default, qint64 min, qint64 max) {
    const QCborValue value = take(name);
    if (value.isUndefined()) {
        return by_default;
    }
    if (!value.isInteger() || value.toInteger() < min || value.toInteger() > max) {
        flaw(name, QStringLiteral("must be an integer from %1 to %2").arg(min).arg(max), {});
        return by_default;
    }
    return value.toInteger();
}

bool FieldReader::boolean(const QString &name, bool by_default) {
    const QCborValue value = take(name);
    if (!value.isUndefined() && !value.isBool()) {
        flaw(name, u"must be a boolean"_qs, u"true, false"_qs);
    }
    return value.toBool(by_default);
}

QCborArray FieldReader::list(const QString &name, qsizetype count_max) {
    const QCborValue value = take(name);
    if (value.isUndefined()) {
        return {};
    }
    if (!value.isArray() || value.toArray().size() > count_max) {
        flaw(name, QStringLiteral("must be a list of at most %1").arg(count_max), {});
        return {};
    }
    return value.toArray();
}

QStringList FieldReader::texts(const QString &name, qsizetype count_max, qsizetype length_max) {
    QStringList result;
    const QCborArray values = list(name, count_max);
    for (qsizetype i = 0; i < values.size(); ++i) {
        const QString text = values.at(i).toString();
        if (!values.at(i).isString() || text.size() > length_max || text.contains(QChar(0))) {
            flaw(name, QStringLiteral("[%1] must be a string").arg(i),
                 QStringLiteral("at most %1 characters, no zero character").arg(length_max));
        } else {
            result.append(text);
        }
    }
    return result;
}

QCborMap FieldReader::object(const QString &name, qsizetype members_max) {
    const QCborValue value = take(name);
    if (value.isUndefined()) {
        return {};
    }
    if (!value.isMap() || value.toMap().size() > members_max) {
        flaw(name, QStringLiteral("must be an object of at most %1 members").arg(members_max), {});
        return {};
    }
    return value.toMap();
}

void FieldReader::finish() {
    for (const auto &[key, value] : map_) {
        if (!known_.contains(key.toString())) {
            flaw(key.toString(), u"is unknown"_qs, known_.join(u", "));
        }
    }
}

} // namespace aviary
