// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gitops/repository.h"

#include "core/support/flaw.h"
#include "core/support/words.h"

#include <QObject>
#include <QRegularExpression>
#include <QUrl>

namespace aviary::gitops {

namespace {

constexpr int name_length_max = 63;
constexpr int url_length_max = 2'000;

using Pattern = QRegularExpression;

void flaw(Flaws &flaws, const QString &field, const QString &message, const QString &allowed) {
    flaws.push_back({{field}, message, allowed, 0, 0});
}

QString textIn(const QJsonObject &wanted, const QString &member, const QString &fallback,
               Flaws &flaws) {
    const QJsonValue value = wanted[member];
    if (!value.isUndefined() && !value.isString()) {
        flaw(flaws, member, QObject::tr("%1 is no text").arg(member), {});
    }
    return value.toString(fallback);
}

bool flagIn(const QJsonObject &wanted, const QString &member, Flaws &flaws) {
    const QJsonValue value = wanted[member];
    if (!value.isUndefined() && !value.isBool()) {
        flaw(flaws, member, QObject::tr("%1 is neither true nor false").arg(member), {});
    }
    return value.toBool();
}

qint64 numberIn(const QJsonObject &wanted, const QString &member, qint64 fallback, qint64 least,
                qint64 most, Flaws &flaws) {
    const QJsonValue value = wanted[member];
    const qint64 number = value.isUndefined() ? fallback : value.toInteger(-1);
    if (number < least || number > most) {
        flaw(flaws, member, QObject::tr("%1 is out of range").arg(member),
             QObject::tr("%1 to %2").arg(least).arg(most));
    }
    return number;
}

void checkUrl(const QString &url, Flaws &flaws) {
    static const Pattern odd(u"[\\x00-\\x20\\x7f]"_qs);
    static const Pattern there(u"^([A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9._-]*:[^:].*$"_qs);
    const QString forms =
        QObject::tr("file://, ssh:// or https://, host:path, or an absolute path");
    const bool scheme = url.contains(u"://"_qs);
    const QUrl parsed = scheme ? QUrl(url, QUrl::StrictMode) : QUrl();
    const bool known =
        scheme ? QStringList{u"file"_qs, u"ssh"_qs, u"https"_qs}.contains(parsed.scheme()) &&
                     parsed.isValid()
               : url.startsWith(u'/') || (there.match(url).hasMatch() && !url.contains(u"::"_qs));
    if (url.isEmpty() || url.size() > url_length_max || url.startsWith(u'-') ||
        odd.match(url).hasMatch() || !known || parsed.host().startsWith(u'-')) {
        flaw(flaws, u"url"_qs,
             QObject::tr("%1 is no address of a repository").arg(boundedText(url)), forms);
    } else if (!parsed.password().isEmpty()) {
        // The address is shown, kept and given as an argument: no place for a secret.
        flaw(flaws, u"url"_qs, QObject::tr("the address has a password in it"),
             QObject::tr("without one: git's credential helper or the ssh agent has it"));
    }
}

void checkNames(const Repository &repository, Flaws &flaws) {
    static const Pattern name(u"^[A-Za-z0-9][A-Za-z0-9_.-]*$"_qs);
    static const Pattern branch(
        u"^(?!.*(\\.\\.|//|@\\{|\\.lock$|/$|\\.$))[^-/.\\x00-\\x20\\x7f~^:?*\\[\\\\][^\\x00-"
        "\\x20\\x7f~^:?*\\[\\\\]*$"_qs);
    if (repository.name.size() > name_length_max || !name.match(repository.name).hasMatch()) {
        flaw(flaws, u"name"_qs,
             QObject::tr("%1 cannot be a repository's name").arg(boundedText(repository.name)),
             QObject::tr("up to 63 letters, digits, dots, dashes and underscores"));
    }
    if (repository.branch.size() > 200 || !branch.match(repository.branch).hasMatch()) {
        flaw(flaws, u"branch"_qs,
             QObject::tr("%1 cannot be a branch").arg(boundedText(repository.branch)), {});
    }
    const QStringList parts = repository.path.split(u'/', Qt::SkipEmptyParts);
    if (parts.contains(u".."_qs) || parts.contains(u"."_qs) || repository.path.startsWith(u'/')) {
        flaw(flaws, u"path"_qs, QObject::tr("%1 leads outside").arg(boundedText(repository.path)),
             QObject::tr("a folder below the top, such as stores/eu"));
    }
}

bool startIn(const QJsonObject &wanted, Flaws &flaws) {
    const QString word = textIn(wanted, u"start"_qs, u"draft"_qs, flaws);
    if (word != u"draft" && word != u"auto") {
        flaw(flaws, u"start"_qs, QObject::tr("%1 is no way to start").arg(boundedText(word)),
             u"draft, auto"_qs);
    }
    return word == u"auto";
}

} // namespace

Result<Repository> repositoryFrom(const QJsonObject &wanted) {
    Flaws flaws;
    Repository made;
    made.name = textIn(wanted, u"name"_qs, {}, flaws);
    made.url = textIn(wanted, u"url"_qs, {}, flaws);
    made.branch = textIn(wanted, u"branch"_qs, made.branch, flaws);
    made.path = textIn(wanted, u"path"_qs, {}, flaws);
    made.cluster = textIn(wanted, u"cluster"_qs, {}, flaws);
    made.start_by_itself = startIn(wanted, flaws);
    made.production = flagIn(wanted, u"production"_qs, flaws);
    made.require_signed = flagIn(wanted, u"require_signed"_qs, flaws);
    made.interval_ms =
        numberIn(wanted, u"interval_ms"_qs, made.interval_ms, 1'000, 86'400'000, flaws);
    made.size_mib_max = numberIn(wanted, u"size_mib_max"_qs, made.size_mib_max, 1, 65'536, flaws);
    made.timeout_ms = numberIn(wanted, u"timeout_ms"_qs, made.timeout_ms, 1'000, 3'600'000, flaws);
    checkUrl(made.url, flaws);
    checkNames(made, flaws);
    if (!flaws.empty()) {
        return tl::unexpected(toError(flaws, QObject::tr("repository")));
    }
    made.path = made.path.split(u'/', Qt::SkipEmptyParts).join(u'/');
    return made;
}

QJsonObject toJson(const Repository &repository) {
    return {{u"name"_qs, repository.name},
            {u"url"_qs, repository.url},
            {u"branch"_qs, repository.branch},
            {u"path"_qs, repository.path},
            {u"cluster"_qs, repository.cluster},
            {u"start"_qs, repository.start_by_itself ? u"auto"_qs : u"draft"_qs},
            {u"production"_qs, repository.production},
            {u"require_signed"_qs, repository.require_signed},
            {u"interval_ms"_qs, repository.interval_ms},
            {u"size_mib_max"_qs, repository.size_mib_max},
            {u"timeout_ms"_qs, repository.timeout_ms}};
}

} // namespace aviary::gitops
