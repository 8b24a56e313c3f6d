// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/failures.h"

#include "core/clusters/nomad/members.h"

#include <algorithm>

namespace aviary::clusters::nomad {
namespace {

using Kind = Failure::Kind;
constexpr qint64 retry_after_s_max = 3'600;

// Texts that Nomad is known to answer with, the more special ones first.
struct Known {
    const char *part;
    Kind kind;
};
constexpr Known known[]{
    {"ACL token not found", Kind::NoToken},
    {"ACL token expired", Kind::NoToken},
    {"acl token lookup failed", Kind::NoToken}, // no UUID, in 1.0
    {"Permission denied", Kind::Denied},
    {"No path to region", Kind::WrongRegion},
    {"No cluster leader", Kind::NoLeader},
    {"Enforcing job modify index", Kind::Conflict},
    {"enforcing version", Kind::Conflict},
    {"terminal deployment", Kind::Refused},
    {"healthy allocations", Kind::Refused}, // too early to promote
    {"can't revert to current version", Kind::Refused},
    {"blocked due to active deployment", Kind::Refused},
    {"error occurred:", Kind::Refused}, // a job that is not valid
    {"errors occurred:", Kind::Refused},
    {"HTTP request to an HTTPS server", Kind::NotNomad},
    {"invalid scheduling eligibility", Kind::Refused},
    {"UUID must be 36 characters", Kind::NotFound}, // a short id on a direct path
    {"404 page not found", Kind::NotNomad},         // of a server that knows no such path
    {"not found", Kind::NotFound},
};

Kind kindOf(int status, const QString &said) {
    const auto *at = std::ranges::find_if(
        known, [&](const Known &one) { return said.contains(QLatin1StringView(one.part)); });
    if (at != std::end(known)) {
        return at->kind;
    }
    switch (status) {
    case 401:
    case 407:
        return Kind::NoToken;
    case 403:
        return Kind::Denied;
    case 404:
    case 405:
        return Kind::NotNomad;
    case 409:
        return Kind::Conflict;
    case 429:
        return Kind::TooMany;
    default:
        return status >= 300 && status < 400 ? Kind::Redirected
               : status < 500                ? Kind::Refused
                                             : Kind::Broken;
    }
}

ErrorCode codeOf(Kind kind) {
    switch (kind) {
    case Kind::NotFound:
        return ErrorCode::NotFound;
    case Kind::Conflict:
        return ErrorCode::Conflict;
    case Kind::Refused:
    case Kind::Denied:
    case Kind::NoToken:
        return ErrorCode::Refused;
    case Kind::Unknown:
        return ErrorCode::TimedOut;
    default:
        return ErrorCode::Unreachable;
    }
}

QString whatOf(Kind kind, int status, const QString &said) {
    const QString words = said.isEmpty() ? QObject::tr("status %1").arg(status) : said;
    switch (kind) {
    case Kind::NoToken:
        return said.isEmpty() || status == 407
                   ? QObject::tr("something before Nomad wants another sign-in: %1").arg(words)
                   : QObject::tr("Nomad does not accept the token: %1").arg(words);
    case Kind::Denied:
        return QObject::tr("the token may not do this: %1").arg(words);
    case Kind::WrongRegion:
        return QObject::tr("Nomad knows no such region");
    case Kind::NoLeader:
        return QObject::tr("Nomad's servers have no leader now");
    case Kind::NotNomad:
        return QObject::tr("the address answers, and not as Nomad does: %1").arg(words);
    case Kind::TooMany:
        return QObject::tr("Nomad is asked too often");
    case Kind::Broken:
        return QObject::tr("Nomad failed: %1").arg(words);
    default:
        return QObject::tr("Nomad says: %1").arg(words);
    }
}

QString remedyOf(Kind kind) {
    switch (kind) {
    case Kind::NoToken:
        return QObject::tr("give a token that is valid: aviary cluster token ID");
    case Kind::Denied:
        return QObject::tr("read-job and node:read are needed to look, submit-job and node:write "
                           "to act");
    case Kind::WrongRegion:
        return QObject::tr("set region to one that nomad server members lists");
    case Kind::NotNomad:
        return QObject::tr("set address to Nomad's HTTP API, by default port 4646");
    case Kind::NoLeader:
    case Kind::TooMany:
    case Kind::Broken:
        return QObject::tr("it is tried again");
    case Kind::Conflict:
        return QObject::tr("look at what is there now, and ask again");
    default:
        return {};
    }
}

} // namespace

// A server that loses its leader in the middle, or a proxy before it, answers 5xx as well.
bool mayBeDone(Kind kind) {
    return kind == Kind::Unknown || kind == Kind::Broken;
}

Failure failureOf(int status, const QByteArray &body, const QByteArray &retry_after,
                  const QByteArray &location) {
    const QString said = bounded(QString::fromUtf8(body.left(4'000)).trimmed());
    const Kind kind = kindOf(status, said);
    Failure failure{kind, {codeOf(kind), whatOf(kind, status, said), {}, remedyOf(kind)}};
    if (kind == Kind::Redirected) {
        failure.error.what = QObject::tr("the address points elsewhere, to %1; nothing was sent "
                                         "there")
                                 .arg(bounded(QString::fromUtf8(location)));
        failure.error.remedy = QObject::tr("set address to that, if you trust it");
    }
    const qint64 seconds = std::clamp<qint64>(retry_after.toLongLong(), 0, retry_after_s_max);
    failure.retry_after_ms = static_cast<int>(seconds * 1'000);
    return failure;
}

} // namespace aviary::clusters::nomad
