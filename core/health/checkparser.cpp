// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/check.h"

#include <QJsonArray>
#include <QJsonObject>

#include <cmath>
#include <optional>

namespace aviary::health {
namespace {

constexpr int text_max = 1'024;
constexpr int duration_ms_max = 600'000;

// Reads the members of one object, remembers which were asked for, and collects what is wrong.
class Members {
public:
    Members(const QJsonObject &object, QString place, Problems &problems)
        : object_(object), place_(std::move(place)), problems_(problems) {}

    void wrong(const QString &member, const QString &what, const QString &allowed) {
        const QString field = place_ + u'.' + member;
        problems_.push_back({field.toStdString(), what.toStdString(), allowed.toStdString()});
    }
    QJsonValue take(const QString &member) {
        known_ += member;
        return object_.value(member);
    }
    QString text(const QString &member, const QString &otherwise, bool required = false) {
        const QJsonValue value = take(member);
        if (value.isUndefined() && !required) {
            return otherwise;
        }
        const QString text = value.toString();
        if (!value.isString() || text.isEmpty() || text.size() > text_max) {
            wrong(member, value.isUndefined() ? QStringLiteral("is missing") : describe(value),
                  QStringLiteral("text of 1 to 1024 characters"));
        }
        return text;
    }
    double number(const QString &member, double otherwise, double least, double most,
                  bool whole = true) {
        const QJsonValue value = take(member);
        if (value.isUndefined()) {
            return otherwise;
        }
        const double number = value.toDouble(std::nan(""));
        if (!(number >= least && number <= most) || (whole && std::floor(number) != number)) {
            wrong(member, describe(value),
                  QStringLiteral("%1 from %2 to %3")
                      .arg(whole ? QStringLiteral("a whole number") : QStringLiteral("a number"))
                      .arg(least)
                      .arg(most, 0, 'f', 0));
            return otherwise;
        }
        return number;
    }
    int integer(const QString &member, int otherwise, int least, int most) {
        return static_cast<int>(number(member, otherwise, least, most));
    }
    bool truth(const QString &member, bool otherwise) {
        const QJsonValue value = take(member);
        if (!value.isUndefined() && !value.isBool()) {
            wrong(member, describe(value), QStringLiteral("true or false"));
        }
        return value.toBool(otherwise);
    }
    void refuseOthers() {
        for (const QString &member : object_.keys()) {
            if (!known_.contains(member)) {
                wrong(member.left(64), QStringLiteral("is not known here"), known_.join(u", "));
            }
        }
    }
    static QString describe(const QJsonValue &value) {
        switch (value.type()) {
        case QJsonValue::Bool:
            return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
        case QJsonValue::Double:
            return QString::number(value.toDouble());
        case QJsonValue::String:
            return u'"' + value.toString().left(64) + u'"';
        case QJsonValue::Array:
            return QStringLiteral("a list");
        case QJsonValue::Object:
            return QStringLiteral("an object");
        default:
            return QStringLiteral("null");
        }
    }

private:
    QJsonObject object_;
    QString place_;
    Problems &problems_;
    QStringList known_;
};

std::optional<StatusRange> readStatus(const QJsonValue &value) {
    const QStringList ends = value.isDouble() ? QStringList{QString::number(value.toDouble())}
                                              : value.toString().split(u'-');
    bool good = ends.size() == 1 || ends.size() == 2;
    bool last_good = true;
    const int first = good ? ends.first().toInt(&good) : 0;
    const int last = good ? ends.last().toInt(&last_good) : 0;
    if (!good || !last_good || first < 100 || last > 599 || first > last) {
        return std::nullopt;
    }
    return StatusRange{first, last};
}

std::vector<StatusRange> readStatuses(Members &members) {
    const QJsonValue value = members.take(QStringLiteral("status"));
    if (value.isUndefined()) {
        return {{200, 200}};
    }
    const QJsonArray list = value.isArray() ? value.toArray() : QJsonArray{value};
    std::vector<StatusRange> statuses;
    for (const QJsonValue &entry : list) {
        const std::optional<StatusRange> status = readStatus(entry);
        if (!status) {
            members.wrong(QStringLiteral("status"), Members::describe(entry),
                          QStringLiteral("100 to 599, or a range such as \"200-299\""));
        } else {
            statuses.push_back(*status);
        }
    }
    if (list.isEmpty() || list.size() > 64) {
        members.wrong(QStringLiteral("status"), QStringLiteral("has no entry or over 64"),
                      QStringLiteral("1 to 64 statuses or ranges"));
    }
    return statuses;
}

HttpCheck readHttp(Members &members) {
    HttpCheck check;
    check.host = members.text(QStringLiteral("host"), {});
    check.port = static_cast<quint16>(members.integer(QStringLiteral("port"), 0, 1, 65'535));
    check.path = members.text(QStringLiteral("path"), QStringLiteral("/"));
    if (!check.path.startsWith(u'/')) {
        members.wrong(QStringLiteral("path"), u'"' + check.path.left(64) + u'"',
                      QStringLiteral("a path that begins with /"));
    }
    check.statuses = readStatuses(members);
    check.body_contains = members.text(QStringLiteral("contains"), {});
    return check;
}

TcpCheck readTcp(Members &members) {
    TcpCheck check;
    check.host = members.text(QStringLiteral("host"), {});
    check.port = static_cast<quint16>(members.integer(QStringLiteral("port"), 0, 1, 65'535));
    return check;
}

CommandCheck readCommand(Members &members) {
    CommandCheck check;
    const QJsonValue value = members.take(QStringLiteral("command"));
    bool good = value.isArray() && !value.toArray().isEmpty() && value.toArray().size() <= 256;
    for (const QJsonValue &word : value.toArray()) {
        good = good && word.isString() && word.toString().size() <= 4'096 &&
               !word.toString().contains(QChar(0));
        check.command += word.toString();
    }
    if (!good || check.command.first().isEmpty()) {
        members.wrong(QStringLiteral("command"),
                      value.isUndefined() ? QStringLiteral("is missing") : Members::describe(value),
                      QStringLiteral("a list of 1 to 256 texts, the program first"));
    }
    check.exit_code = members.integer(QStringLiteral("exit_code"), 0, 0, 255);
    check.output_contains = members.text(QStringLiteral("contains"), {});
    return check;
}

template <class Thresholds>
void readThresholds(Members &members, Thresholds &check) {
    check.warning = members.number(QStringLiteral("warning"), 80, 0, 100, false);
    check.critical = members.number(QStringLiteral("critical_percent"), 95, 0, 100, false);
    if (check.warning > check.critical) {
        members.wrong(QStringLiteral("warning"), QStringLiteral("is over critical_percent"),
                      QStringLiteral("at most %1").arg(check.critical));
    }
}

Question readQuestion(Members &members, const QString &kind) {
    if (kind == u"http") {
        return readHttp(members);
    }
    if (kind == u"tcp") {
        return readTcp(members);
    }
    if (kind == u"command") {
        return readCommand(members);
    }
    if (kind == u"memory") {
        MemoryCheck check;
        readThresholds(members, check);
        return check;
    }
    DiskCheck check;
    check.path = members.text(QStringLiteral("path"), QStringLiteral("/"));
    readThresholds(members, check);
    return check;
}

Check readCheck(const QJsonObject &object, const QString &place, Problems &problems) {
    static const QStringList kinds = {QStringLiteral("http"), QStringLiteral("tcp"),
                                      QStringLiteral("command"), QStringLiteral("memory"),
                                      QStringLiteral("disk")};
    Members members(object, place, problems);
    const QJsonValue kind_value = members.take(QStringLiteral("kind"));
    const QString kind = kind_value.toString();
    if (!kinds.contains(kind)) {
        members.wrong(QStringLiteral("kind"),
                      kind_value.isUndefined() ? QStringLiteral("is missing")
                                               : Members::describe(kind_value),
                      kinds.join(u", "));
        return {};
    }
    Check check;
    check.name = members.text(QStringLiteral("name"), kind).left(64);
    check.question = readQuestion(members, kind);
    const int timeout_ms = kind == u"command" ? 10'000 : 5'000;
    check.timeout_ms =
        members.integer(QStringLiteral("timeout_ms"), timeout_ms, 1, duration_ms_max);
    check.interval_ms = members.integer(QStringLiteral("interval_ms"), 1'000, 10, duration_ms_max);
    check.critical = members.truth(QStringLiteral("critical"), true);
    members.refuseOthers();
    return check;
}

} // namespace

tl::expected<std::vector<Check>, Problems> parseChecks(const QJsonValue &value,
                                                       const QString &place) {
    Problems problems;
    std::vector<Check> checks;
    if (value.isUndefined() || value.isNull()) {
        return checks;
    }
    const QJsonArray list = value.toArray();
    if (!value.isArray() || list.size() > checks_max) {
        problems.push_back({place.toStdString(), Members::describe(value).toStdString(),
                            "a list of at most 32 checks"});
        return tl::unexpected(problems);
    }
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QString at = place + u'[' + QString::number(i) + u']';
        if (!list[i].isObject()) {
            problems.push_back({at.toStdString(), Members::describe(list[i]).toStdString(),
                                "an object with a kind"});
            continue;
        }
        checks.push_back(readCheck(list[i].toObject(), at, problems));
        for (std::size_t j = 0; j + 1 < checks.size(); ++j) {
            if (checks[j].name == checks.back().name && !checks[j].name.isEmpty()) {
                Members(list[i].toObject(), at, problems)
                    .wrong(QStringLiteral("name"), u'"' + checks[j].name + u"\" is there twice",
                           QStringLiteral("a name of its own for each check"));
            }
        }
    }
    if (!problems.empty()) {
        return tl::unexpected(problems);
    }
    return checks;
}

} // namespace aviary::health
