// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxyroute.h"

#include <algorithm>
#include <vector>

namespace aviary::routing {
namespace {

constexpr int attempts_max = 60; // looks until a change must have come true
constexpr int again_ms = 50;
constexpr std::size_t together_max = 16; // changes in one go

} // namespace

HaproxyRoute::HaproxyRoute(QString directory, QString service, quint16 port, QString socket,
                           QString remedy, QObject *parent)
    : QObject(parent)
    , directory_(std::move(directory))
    , service_(std::move(service))
    , port_(port)
    , socket_(std::move(socket), std::move(remedy)) {}

void HaproxyRoute::goOn() {
    up_ = true;
    next();
}

void HaproxyRoute::interrupt() {
    up_ = false;
    busy_ = false;
}

void HaproxyRoute::putBack(const std::vector<SlotServer> &servers) {
    for (const SlotServer &server : servers) {
        const QString revision = last_.slots[static_cast<std::size_t>(server.slot)].revision;
        if (server.state == ServerState::Ready || server.state == ServerState::Down) {
            add({service_, revision, server.node, server.host, server.port},
                [](const Result<void> &) {});
            std::rotate(changes_.begin(), changes_.end() - 1, changes_.end());
        }
    }
}

void HaproxyRoute::mend() {
    change({[](const HaproxyView &) { return QByteArrayList(); },
            [](const HaproxyView &) { return true; },
            [](const Result<void> &) {},
            {}});
}

void HaproxyRoute::look(Reply<HaproxyView> reply) {
    socket_.ask(questions(), [this, reply = std::move(reply)](const Result<QByteArray> &said) {
        reply(said ? read(*said) : Result<HaproxyView>(tl::unexpected(said.error())));
    });
}

void HaproxyRoute::tell(const QByteArrayList &commands) {
    socket_.ask(commands, [](const Result<QByteArray> &) {});
}

void HaproxyRoute::change(Change change) {
    changes_.push_back(std::move(change));
    QMetaObject::invokeMethod(this, &HaproxyRoute::next, Qt::QueuedConnection);
}

// Hundreds of servers come and go at once: those that follow each other share the two looks.
void HaproxyRoute::next() {
    if (!up_ || busy_ || changes_.empty()) {
        return;
    }
    busy_ = true;
    look([this](const Result<HaproxyView> &view) {
        if (!busy_) {
            return;
        }
        const bool waits = view || view.error().code == ErrorCode::Unreachable ||
                           view.error().code == ErrorCode::TimedOut;
        if (!waits) {
            finish(tl::unexpected(view.error())); // it does not pass by itself
        } else if (!view) {
            under_way_ = 1;
            tryAgain(view.error());
        } else {
            decide(*view);
        }
    });
}

void HaproxyRoute::decide(HaproxyView view) {
    QByteArrayList commands;
    under_way_ = 0;
    const QString &word = changes_.front().together;
    const std::size_t most = word.isEmpty() ? 1 : std::min(changes_.size(), together_max);
    while (under_way_ < most && changes_[under_way_].together == word) {
        const Result<QByteArrayList> its = changes_[under_way_].decide(view);
        if (!its && under_way_ == 0) {
            finish(tl::unexpected(its.error()));
            return;
        }
        if (!its) {
            break; // it is told when it is the first
        }
        commands += *its;
        ++under_way_;
    }
    intend(view);
    for (const QByteArray &command : commandsToMend(view)) {
        if (!commands.contains(command)) {
            commands += command;
        }
    }
    send(commands);
}

void HaproxyRoute::send(const QByteArrayList &commands) {
    socket_.ask(commands, [this](const Result<QByteArray> &said) {
        if (!busy_) {
            return;
        }
        if (!said) {
            tryAgain(said.error());
            return;
        }
        look([this, words = *said](const Result<HaproxyView> &view) {
            if (busy_) {
                confirm(words, view);
            }
        });
    });
}

void HaproxyRoute::confirm(const QByteArray &said, const Result<HaproxyView> &view) {
    if (!view) {
        tryAgain(view.error());
        return;
    }
    last_ = *view;
    const bool whole = commandsToMend(*view).isEmpty();
    std::vector<Reply<void>> done;
    const auto end = changes_.begin() + static_cast<std::ptrdiff_t>(under_way_);
    const auto open = std::stable_partition(
        changes_.begin(), end, [&](const Change &change) { return whole && change.holds(*view); });
    for (auto change = changes_.begin(); change != open; ++change) {
        done.push_back(std::move(change->reply));
    }
    under_way_ = static_cast<std::size_t>(end - open);
    changes_.erase(changes_.begin(), open);
    if (!done.empty()) {
        if (const Result<void> written = keep(); !written) {
            qWarning("routing: %s", qPrintable(toText(written.error()))); // it is true all the same
        }
    }
    if (under_way_ == 0) {
        busy_ = false;
        QMetaObject::invokeMethod(this, &HaproxyRoute::next, Qt::QueuedConnection);
    } else {
        const QString words = QString::fromUtf8(said).simplified().left(300);
        tryAgain({ErrorCode::Refused, u"HAProxy did not do it: " + words, service_,
                  QStringLiteral("look at the log of HAProxy")});
    }
    for (const Reply<void> &reply : done) {
        reply({});
    }
}

// HAProxy may be on its way up, and a server that is removed must first lose its last connection.
void HaproxyRoute::tryAgain(const Error &error) {
    for (std::size_t i = 0; i < under_way_; ++i) {
        ++changes_[i].attempts;
    }
    if (changes_.front().attempts >= attempts_max) {
        finish(tl::unexpected(error));
        return;
    }
    busy_ = false;
    QTimer::singleShot(again_ms, this, &HaproxyRoute::next);
}

void HaproxyRoute::finish(const Result<void> &result) {
    if (!result) {
        giveUpIntent();
    }
    const Change done = std::move(changes_.front());
    changes_.pop_front();
    busy_ = false;
    QMetaObject::invokeMethod(this, &HaproxyRoute::next, Qt::QueuedConnection);
    done.reply(result);
}

void HaproxyRoute::add(const Server &server, Reply<void> reply) {
    change({[this, server](HaproxyView &view) {
                wish(server, Wish::Serves);
                const Result<QByteArrayList> commands = commandsToAdd(view, server);
                view = afterAdd(std::move(view), server);
                return commands;
            },
            [server](const HaproxyView &view) { return isAdded(view, server); }, std::move(reply),
            u"add " + server.revision});
}

void HaproxyRoute::setSplit(const Split &split, Reply<void> reply) {
    change({[split](HaproxyView &view) {
                const Result<QByteArrayList> commands = commandsToSplit(view, split);
                view = afterSplit(std::move(view), split);
                return commands;
            },
            [split](const HaproxyView &view) { return isSplit(view, split); },
            std::move(reply),
            {}});
}

void HaproxyRoute::remove(const Server &server, Reply<void> reply) {
    change({[this, server](const HaproxyView &view) {
                wish(server, Wish::Goes);
                return commandsToRemove(view, server);
            },
            [server](const HaproxyView &view) { return isRemoved(view, server); }, std::move(reply),
            QStringLiteral("remove")});
}

void HaproxyRoute::drain(const Server &server, int limit_ms, Reply<void> reply) {
    change({[this, server](HaproxyView &view) {
                wish(server, Wish::Drained);
                const QByteArrayList commands = commandsToDrain(view, server);
                view = afterDrain(std::move(view), server);
                return commands;
            },
            [server](const HaproxyView &view) { return isDrained(view, server); },
            [this, server, limit_ms, reply = std::move(reply)](const Result<void> &result) {
                if (!result) {
                    reply(result);
                } else {
                    awaitIdle(server, QDeadlineTimer(limit_ms), reply);
                }
            },
            QStringLiteral("drain")});
}

void HaproxyRoute::awaitIdle(const Server &server, QDeadlineTimer until, const Reply<void> &reply) {
    look([this, server, until, reply](const Result<HaproxyView> &view) {
        if (!view) {
            reply(tl::unexpected(view.error()));
        } else if (openRequests(*view, server) == 0) {
            reply({});
        } else if (until.hasExpired()) {
            reply(
                fail(ErrorCode::TimedOut,
                     QStringLiteral("%1 requests are still open").arg(openRequests(*view, server)),
                     server.node, QStringLiteral("give it more time to finish them")));
        } else {
            QTimer::singleShot(again_ms, this,
                               [this, server, until, reply] { awaitIdle(server, until, reply); });
        }
    });
}

void HaproxyRoute::observe(Reply<RouteView> reply) {
    look([this, reply = std::move(reply)](const Result<HaproxyView> &view) {
        if (!view) {
            reply(tl::unexpected(view.error()));
            return;
        }
        if (up_) { // a new process knows nothing yet: what it should know is in last_
            last_ = *view;
        }
        reply(routeView(*view, service_, port_));
    });
}

} // namespace aviary::routing
