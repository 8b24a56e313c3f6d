// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/checking.h"

#include "core/clusters/nomad/members.h"
#include "core/clusters/nomad/reading.h"

namespace aviary::clusters::nomad {
namespace {

constexpr int timeout_ms = 10'000;

Check failed(const Error &error) {
    return {error.what, false, error.remedy};
}

Request lookAt(const char *path, bool spaced) {
    Request request{.path = QLatin1StringView(path), .spaced = spaced};
    request.query.append({QStringLiteral("prefix"),
                          QStringLiteral("00000000-0000-0000-0000-000000000000")}); // few rows
    request.timeout_ms = timeout_ms;
    return request;
}

// The points of one test; it keeps itself until the last one was answered.
class Test : public std::enable_shared_from_this<Test> {
public:
    Test(Connection &connection, std::optional<bool> streams, SelfRunning::Checked answer)
        : connection_(connection), streams_(streams), answer_(std::move(answer)) {}

    void begin() {
        const Request leader{
            .path = QStringLiteral("/v1/status/leader"), .timeout_ms = timeout_ms, .spaced = false};
        ask(leader, [this](const Outcome<Answer> &answer) {
            const Check reached = reachedBy(answer);
            checks_.push_back(reached);
            reached.ok ? askToken() : answer_(checks_);
        });
    }

private:
    void ask(const Request &request, const std::function<void(const Outcome<Answer> &)> &then) {
        connection_.ask(request,
                        [self = shared_from_this(), then](const auto &answer) { then(answer); });
    }

    Check reachedBy(const Outcome<Answer> &answer) const {
        const QString address = connection_.settings().address.toString();
        if (!answer) {
            return failed(answer.error().error);
        }
        const QByteArray leader = answer->body.trimmed();
        if (leader == "\"\"") {
            return {QObject::tr("%1 answers, and its servers have no leader now").arg(address),
                    false, QObject::tr("it is tried again")};
        }
        return leader.startsWith('"') ? Check{QObject::tr("Nomad answers at %1").arg(address), true}
                                      : failed(notNomads(answer->body));
    }

    void askToken() {
        if (!connection_.hasToken()) {
            askNodes();
            return;
        }
        const Request self{.path = QStringLiteral("/v1/acl/token/self"),
                           .timeout_ms = timeout_ms,
                           .spaced = false};
        ask(self, [this](const Outcome<Answer> &answer) {
            checks_.push_back(tokenIn(answer));
            askNodes();
        });
    }

    static Check tokenIn(const Outcome<Answer> &answer) {
        if (!answer) {
            const bool is_off = answer.error().error.what.contains(u"ACL support disabled");
            return is_off ? Check{QObject::tr("access control is off, no token is needed"), true}
                          : failed(answer.error().error);
        }
        const Result<Token> token = readToken(answer->body);
        return !token ? failed(token.error())
               : token->manages
                   ? Check{QObject::tr("the token is valid; it may do everything"), true}
                   : Check{QObject::tr("the token is valid, with the policies %1")
                               .arg(token->policies.join(u", ")),
                           true};
    }

    void askNodes() {
        ask(lookAt("/v1/nodes", false), [this](const Outcome<Answer> &answer) {
            checks_.push_back(answer ? Check{QObject::tr("nodes may be read"), true}
                                     : failed(answer.error().error));
            askJobs();
        });
    }

    void askJobs() {
        ask(lookAt("/v1/jobs", true), [this](const Outcome<Answer> &answer) {
            const QString space =
                connection_.settings().seesAllSpaces()
                    ? QObject::tr("every namespace that the token may see")
                    : QObject::tr("namespace %1").arg(connection_.settings().space);
            checks_.push_back(answer ? Check{QObject::tr("jobs may be read in %1").arg(space), true}
                                     : failed(answer.error().error));
            askSpaces();
        });
    }

    // A namespace that does not exist looks like one without jobs.
    void askSpaces() {
        const Request spaces{
            .path = QStringLiteral("/v1/namespaces"), .timeout_ms = timeout_ms, .spaced = false};
        ask(spaces, [this](const Outcome<Answer> &answer) {
            const Result<QStringList> names =
                answer ? readNames(answer->body) : Result<QStringList>(QStringList());
            const QString &space = connection_.settings().space;
            if (names && !names->isEmpty() && !connection_.settings().seesAllSpaces() &&
                !names->contains(space)) {
                checks_.push_back(
                    {QObject::tr("there is no namespace %1 that may be seen").arg(space), false,
                     QObject::tr("known are %1").arg(names->join(u", "))});
            }
            if (streams_) {
                checks_.push_back({*streams_ ? QObject::tr("changes come as events")
                                             : QObject::tr("changes come by lists that wait; "
                                                           "there is no event stream now"),
                                   true});
            }
            answer_(checks_);
        });
    }

    Connection &connection_;
    std::optional<bool> streams_;
    SelfRunning::Checked answer_;
    std::vector<Check> checks_;
};

} // namespace

void check(Connection &connection, std::optional<bool> streams,
           const SelfRunning::Checked &answer) {
    std::make_shared<Test>(connection, streams, answer)->begin();
}

} // namespace aviary::clusters::nomad
