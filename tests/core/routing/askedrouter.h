// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/router.h"
#include "tests/support/programs.h"

#include <QEventLoop>
#include <QTimer>

#include <memory>
#include <optional>

namespace aviary::tests {

// A router that is asked, and each reply waited for.
class AskedRouter {
public:
    // Waits for the reply to what `ask` asks for.
    template <class T, class Ask>
    static Result<T> answerTo(Ask ask) {
        std::optional<Result<T>> answer;
        QEventLoop loop;
        QTimer::singleShot(15'000, &loop, &QEventLoop::quit);
        ask([&](const Result<T> &result) {
            answer = result;
            loop.quit();
        });
        loop.exec();
        return answer.value_or(fail(ErrorCode::TimedOut, QStringLiteral("no reply")));
    }

protected:
    Result<void> add(const routing::Server &server) {
        const auto added = answerTo<void>(
            [&](routing::Reply<void> reply) { router_->add(server, std::move(reply)); });
        if (!added) {
            qWarning("%s", qPrintable(toText(added.error())));
        }
        return added;
    }
    bool retire(const routing::Server &server) {
        const auto drained = answerTo<void>(
            [&](routing::Reply<void> reply) { router_->drain(server, 5'000, std::move(reply)); });
        const auto removed = answerTo<void>(
            [&](routing::Reply<void> reply) { router_->remove(server, std::move(reply)); });
        return drained && removed;
    }
    Result<void> setSplit(const routing::Split &split) {
        return answerTo<void>(
            [&](routing::Reply<void> reply) { router_->setSplit(split, std::move(reply)); });
    }
    routing::RouteView viewOf(const QString &service) {
        return answerTo<routing::RouteView>([&](routing::Reply<routing::RouteView> reply) {
                   router_->observe(service, std::move(reply));
               })
            .value_or(routing::RouteView{});
    }

    std::unique_ptr<routing::Router> router_;
};

// Where a sample service serves a revision of `service`.
inline routing::Server serverOf(const QString &service, const QString &revision,
                                const QString &node, const Sample &sample) {
    return {service, revision, node, QStringLiteral("127.0.0.1"), sample.port()};
}

} // namespace aviary::tests
