// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/operatorsrouter.h"

#include "core/routing/haproxybackend.h"
#include "core/routing/haproxyweights.h"

#include <algorithm>

namespace aviary::routing {
namespace {

constexpr int again_ms = 2'000;

QString textOf(const QByteArray &backend) {
    return QString::fromUtf8(backend);
}

// What is good about a backend, and what an operator should know of his own servers in it.
std::vector<Result<QString>> praise(const BackendView &view, const QByteArray &backend,
                                    const QByteArray &prefix) {
    const bool exact = view.algorithm == "roundrobin";
    std::vector<Result<QString>> lines;
    lines.emplace_back(QStringLiteral("backend %1: \"balance %2\" follows weights %3; answers and "
                                      "errors are counted, times of answers are not")
                           .arg(textOf(backend), QString::fromUtf8(view.algorithm),
                                exact ? QStringLiteral("exactly") : QStringLiteral("on average")));
    int servers = 0, weights = 0;
    for (const BackendServer &server : view.servers) {
        const bool shares = !server.backup && server.state == ServerState::Ready;
        if (shares && !ourName(server.name, prefix)) {
            ++servers;
            weights += server.weight;
        }
    }
    if (servers > 0) {
        lines.emplace_back(
            QStringLiteral(
                "backend %1: %2 servers of yours stay in it, with weights of %3 together "
                "beside about %4 for each of Aviary's")
                .arg(textOf(backend))
                .arg(servers)
                .arg(weights)
                .arg(server_weight_mean));
    }
    return lines;
}

} // namespace

OperatorsRouter::OperatorsRouter(RunningHaproxy running, QString directory,
                                 std::map<QString, quint16> ports, QObject *parent)
    : HaproxyRouter(std::move(directory), std::move(ports), parent)
    , running_(std::move(running))
    , socket_(running_.socket, HaproxyBackend::remedyWhenAway()) {
    connect(&again_, &QTimer::timeout, this, [this] {
        if (services().isEmpty()) { // else their routes look
            look([](const Result<void> &) {});
        }
    });
}

QString OperatorsRouter::text() const {
    if (!trouble_.isEmpty()) {
        return trouble_;
    }
    const QString what = u"HAProxy " + version_ + u" at " + running_.socket;
    return news_.isEmpty() ? what : what + u"; " + news_;
}

QByteArray OperatorsRouter::backendOf(const QString &service) const {
    const auto named = running_.backends.find(service);
    return (named == running_.backends.end() ? service : named->second).toUtf8();
}

QStringList OperatorsRouter::backends() const {
    QStringList names;
    for (const auto &[service, backend] : running_.backends) {
        names += backend;
    }
    for (const QString &service : services()) {
        names += textOf(backendOf(service));
    }
    names.removeDuplicates();
    return names;
}

std::unique_ptr<HaproxyRoute> OperatorsRouter::make(const QString &directory,
                                                    const QString &service) {
    auto route = std::make_unique<HaproxyBackend>(
        HaproxyBackend::Place{running_.socket, backendOf(service), running_.prefix.toUtf8(),
                              portOf(service)},
        directory, service);
    connect(route.get(), &HaproxyBackend::said, this,
            [this](const QString &text) { news_ = text; });
    connect(route.get(), &HaproxyBackend::heard, this,
            [this](const QString &version, const QString &trouble) {
                version_ = version.isEmpty() ? version_ : version;
                trouble_ = trouble;
            });
    return route;
}

void OperatorsRouter::open(Reply<void> reply) {
    HaproxyRouter::open([this, reply = std::move(reply)](const Result<void> &opened) {
        again_.start(again_ms);
        look([opened, reply](const Result<void> &seen) { reply(seen ? opened : seen); });
    });
}

void OperatorsRouter::look(const Reply<void> &reply) {
    check([this, reply](const std::vector<Result<QString>> &tried) {
        const auto bad = std::ranges::find_if(tried, [](const auto &one) { return !one; });
        const Result<void> seen =
            bad == tried.end() ? Result<void>() : tl::unexpected(bad->error());
        trouble_ = seen ? QString() : toText(seen.error());
        reply(seen);
    });
}

void OperatorsRouter::check(const Checked &answer) {
    const QStringList names = backends();
    // Without a backend that is known yet, at least the socket is tried.
    tryBackends(names.isEmpty() ? QStringList{QString()} : names, {}, answer);
}

// One after the other; when nobody answers, that is said once.
void OperatorsRouter::tryBackends(QStringList left, std::vector<Result<QString>> tried,
                                  const Checked &answer) {
    if (left.isEmpty()) {
        answer(tried);
        return;
    }
    const QByteArray backend = left.takeFirst().toUtf8();
    socket_.ask(backendQuestions(backend), [=, this](const Result<QByteArray> &said) mutable {
        const Result<BackendView> view =
            said ? readBackend(*said, backend) : Result<BackendView>(tl::unexpected(said.error()));
        if (!view) {
            tried.push_back(tl::unexpected(view.error()));
            answer(tried);
            return;
        }
        version_ = view->version;
        std::vector<Error> objections = objectionsTo(*view, backend, running_.socket);
        if (backend.isEmpty()) {
            std::erase_if(objections,
                          [](const Error &one) { return one.code == ErrorCode::NotFound; });
        }
        if (tried.empty()) {
            tried.emplace_back(u"HAProxy " + version_ + u" answers at " + running_.socket);
        }
        for (const Error &one : objections) {
            if (std::ranges::find(tried, Result<QString>(tl::unexpected(one))) == tried.end()) {
                tried.push_back(tl::unexpected(one));
            }
        }
        if (objections.empty() && !backend.isEmpty()) {
            std::ranges::move(praise(*view, backend, running_.prefix.toUtf8()),
                              std::back_inserter(tried));
        }
        tryBackends(left, tried, answer);
    });
}

} // namespace aviary::routing
