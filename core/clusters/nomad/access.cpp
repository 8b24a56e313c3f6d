// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/access.h"

#include "core/clusters/nomad/members.h"
#include "core/clusters/nomad/reading.h"

#include <QRegularExpression>

#include <algorithm>

namespace aviary::clusters::nomad {
namespace {

using Verb = OwnRequest::Verb;

// The capabilities that are enough, each alone: one for all before 1.11.2, and one of its own
// since.
QStringList enoughFor(Verb verb) {
    const QString all = QStringLiteral("submit-job");
    switch (verb) {
    case Verb::Promote:
        return {all, QStringLiteral("promote-deployment")};
    case Verb::Pause:
    case Verb::Resume:
        return {all, QStringLiteral("pause-deployment")};
    case Verb::Fail:
        return {all, QStringLiteral("fail-deployment")};
    case Verb::RollBack:
        return {all, QStringLiteral("revert-job"), QStringLiteral("register-job")};
    default:
        return {};
    }
}

// How many characters the pattern leaves open; none: it does not match.
std::optional<qsizetype> openness(const QString &pattern, const QString &space) {
    const QRegularExpression whole(QRegularExpression::anchoredPattern(
        QRegularExpression::escape(pattern).replace(QStringLiteral("\\*"), QStringLiteral(".*"))));
    return whole.match(space).hasMatch()
               ? std::optional(space.size() - pattern.size() + pattern.count(u'*'))
               : std::nullopt;
}

// A policy without a word that this program reads, or a token with roles, says too little.
bool saysEnough(const Policy &policy) {
    return !policy.rules.empty() || policy.reads_nodes || policy.writes_nodes;
}

// Reads one policy after the other; it keeps itself until the last one was answered.
class Reading : public std::enable_shared_from_this<Reading> {
public:
    using Answered = std::function<void(const Access &)>;
    Reading(Connection &connection, Answered answer)
        : connection_(connection), answer_(std::move(answer)) {}

    void begin() {
        ask(QStringLiteral("/v1/acl/token/self"), [this](const Outcome<Answer> &given) {
            if (!given) {
                access_.does_all = given.error().error.what.contains(u"ACL support disabled");
                access_.is_known = access_.does_all;
                answer_(access_);
                return;
            }
            const auto token = readToken(given->body);
            const QJsonObject whole = QJsonDocument::fromJson(given->body).object();
            if (!token || !whole[u"Roles"].toArray().isEmpty()) {
                answer_(access_);
                return;
            }
            access_.token = token->name;
            access_.does_all = access_.is_known = token->manages;
            left_ = token->manages ? QStringList() : token->policies;
            next();
        });
    }

private:
    void ask(const QString &path, const std::function<void(const Outcome<Answer> &)> &then) {
        connection_.ask({.path = path, .spaced = false},
                        [self = shared_from_this(), then](const auto &given) { then(given); });
    }

    void next() {
        if (left_.isEmpty()) {
            access_.is_known = true;
            answer_(access_);
            return;
        }
        const QString name = left_.takeFirst();
        const QString path =
            QStringLiteral("/v1/acl/policy/") + QString::fromLatin1(QUrl::toPercentEncoding(name));
        ask(path, [this](const Outcome<Answer> &given) {
            const auto policy =
                given ? readPolicy(given->body) : Result<Policy>(tl::unexpected(Error{}));
            if (!policy || !saysEnough(*policy)) {
                answer_(access_); // not all is known
                return;
            }
            access_.policies.push_back(*policy);
            next();
        });
    }

    Connection &connection_;
    Answered answer_;
    Access access_;
    QStringList left_;
};

} // namespace

QStringList capabilitiesIn(const Access &access, const QString &space) {
    std::optional<qsizetype> closest;
    QStringList capabilities;
    for (const Policy &policy : access.policies) {
        for (const SpaceRule &rule : policy.rules) {
            const auto open = openness(rule.spaces, space);
            if (!open || (closest && *open > *closest)) {
                continue;
            }
            if (!closest || *open < *closest) {
                capabilities.clear();
            }
            closest = open;
            capabilities << rule.capabilities;
        }
    }
    return capabilities.contains(u"deny") ? QStringList() : capabilities;
}

QString mayNot(const Access &access, Verb verb, const QString &space) {
    const QStringList enough = enoughFor(verb);
    if (!access.is_known || access.does_all || enough.isEmpty()) {
        return {};
    }
    const QStringList has = capabilitiesIn(access, space);
    const bool may = std::ranges::any_of(
        enough, [&has](const QString &capability) { return has.contains(capability); });
    return may ? QString()
               : QObject::tr("the token %1 may not in namespace %2: it has no %3")
                     .arg(access.token, space, enough.join(QObject::tr(" or ")));
}

void readAccess(Connection &connection, const std::function<void(const Access &)> &answer) {
    std::make_shared<Reading>(connection, answer)->begin();
}

} // namespace aviary::clusters::nomad
