// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/haproxyservice.h"

#include "core/support/freeport.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>

#include <algorithm>
#include <array>
#include <vector>

namespace aviary::routing {
namespace {

constexpr int greet_ms = 20;
constexpr int greet_ms_max = 10'000;
constexpr int attempts_max = 60; // looks until a change must have come true
constexpr int again_ms = 50;
constexpr std::size_t together_max = 16; // changes in one go: HAProxy reads lines of 16 KiB
constexpr BackoffLimits haproxy_restarts{1'000'000, 10'000, 100};

Result<void> writeFile(const QString &path, const QByteArray &text) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit()) {
        return fail(ErrorCode::Storage, file.errorString(), path,
                    QStringLiteral("make the directory writable and free some space"));
    }
    return {};
}

quint16 rememberedPort(const QString &directory) {
    QFile file(directory + u"/port");
    return file.open(QIODevice::ReadOnly) ? file.read(16).trimmed().toUShort() : quint16{0};
}

} // namespace

HaproxyService::HaproxyService(QString program, QString directory, QString service,
                               quint16 wanted_port, QObject *parent)
    : QObject(parent)
    , program_(std::move(program))
    , directory_(std::move(directory))
    , service_(std::move(service))
    , port_(wanted_port)
    , process_(directory_ + u"/pid")
    , socket_(directory_)
    , backoff_(haproxy_restarts) {
    connect(&process_, &Process::ended, this, &HaproxyService::restart);
    logs_.keep(directory_ + u"/log");
}

Result<void> HaproxyService::open() {
    const quint16 remembered = rememberedPort(directory_);
    port_ = port_ != 0 ? port_ : remembered;
    since_.start();
    if (process_.adopt()) {
        port_ = remembered;
        greet();
        return {};
    }
    port_ = port_ != 0 ? port_ : freePort();
    return start();
}

Result<void> HaproxyService::start() {
    if (const Result<void> written = writeFiles(); !written) {
        return written;
    }
    Launch launch;
    launch.command = QStringList{program_, QStringLiteral("-q"), QStringLiteral("-db"),
                                 QStringLiteral("-f"), QStringLiteral("haproxy.cfg")};
    launch.environment = inheritedEnvironment();
    launch.directory = directory_;
    launch.log = directory_ + u"/log";
    since_.start();
    const Result<void> started = process_.start(launch);
    if (started) {
        greet();
    }
    return started;
}

Result<void> HaproxyService::writeMaps() {
    QByteArray slots_text;
    for (std::size_t i = 0; i < last_.slots.size(); ++i) {
        Slot slot = last_.slots[i];
        // A new process counts from zero, and its revisions go on from where they were.
        for (std::size_t j = 0; j < slot.base.values.size(); ++j) {
            slot.base.values[j] -= slot.counters.values[j];
        }
        slots_text += QByteArray::number(static_cast<int>(i)) + ' ' + slotText(slot) + '\n';
    }
    const Result<void> written = writeFile(directory_ + u"/slots.map", slots_text);
    return written ? writeFile(directory_ + u"/split.map", "split " + splitText(last_.split) + '\n')
                   : written;
}

Result<void> HaproxyService::writeFiles() {
    Result<void> written = writeFile(directory_ + u"/port", QByteArray::number(port_));
    if (written) {
        written = writeFile(directory_ + u"/haproxy.cfg", haproxyConfig(port_));
    }
    return written ? writeMaps() : written;
}

void HaproxyService::greet() {
    look([this](const Result<HaproxyView> &view) {
        if (!view) {
            if (process_.isRunning() && since_.elapsed() < greet_ms_max) {
                QTimer::singleShot(greet_ms, this, &HaproxyService::greet);
            } else {
                process_.stop(1'000); // it runs and does not listen: restart() follows
            }
            return;
        }
        const std::vector<SlotServer> before = std::exchange(last_, *view).servers;
        up_ = true;
        for (const SlotServer &server : before) {
            const QString revision = last_.slots[static_cast<std::size_t>(server.slot)].revision;
            if (server.state == ServerState::Ready || server.state == ServerState::Down) {
                add({service_, revision, server.node, server.host, server.port},
                    [](const Result<void> &) {});
                std::rotate(changes_.begin(), changes_.end() - 1, changes_.end());
            }
        }
        next();
    });
}

void HaproxyService::restart() {
    up_ = false;
    if (busy_) {
        busy_ = false; // what was under way is done again by the next process
    }
    const int wait_ms = backoff_.next(QDeadlineTimer::current().deadline()).value_or(10'000);
    QTimer::singleShot(wait_ms, this, [this] {
        if (!process_.isRunning() && !start()) {
            restart();
        }
    });
}

void HaproxyService::look(Reply<HaproxyView> reply) {
    socket_.ask(viewQuestions(), [reply = std::move(reply)](const Result<QByteArray> &said) {
        reply(said ? readView(*said) : Result<HaproxyView>(tl::unexpected(said.error())));
    });
}

void HaproxyService::change(Change change) {
    changes_.push_back(std::move(change));
    QMetaObject::invokeMethod(this, &HaproxyService::next, Qt::QueuedConnection);
}

// Hundreds of servers come and go at once: those that follow each other share the two looks.
void HaproxyService::next() {
    if (!up_ || busy_ || changes_.empty()) {
        return;
    }
    busy_ = true;
    look([this](const Result<HaproxyView> &view) {
        if (!busy_) {
            return;
        }
        if (!view) {
            under_way_ = 1;
            tryAgain(view.error());
        } else {
            decide(*view);
        }
    });
}

void HaproxyService::decide(HaproxyView view) {
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
    send(commands);
}

void HaproxyService::send(const QByteArrayList &commands) {
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

void HaproxyService::confirm(const QByteArray &said, const Result<HaproxyView> &view) {
    if (!view) {
        tryAgain(view.error());
        return;
    }
    last_ = *view;
    std::vector<Reply<void>> done;
    const auto end = changes_.begin() + static_cast<std::ptrdiff_t>(under_way_);
    const auto open = std::stable_partition(
        changes_.begin(), end, [&](const Change &change) { return change.holds(*view); });
    for (auto change = changes_.begin(); change != open; ++change) {
        done.push_back(std::move(change->reply));
    }
    under_way_ = static_cast<std::size_t>(end - open);
    changes_.erase(changes_.begin(), open);
    if (!done.empty()) {
        if (const Result<void> written = writeMaps(); !written) {
            qWarning("routing: %s", qPrintable(toText(written.error()))); // it is true all the same
        }
    }
    if (under_way_ == 0) {
        busy_ = false;
        QMetaObject::invokeMethod(this, &HaproxyService::next, Qt::QueuedConnection);
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
void HaproxyService::tryAgain(const Error &error) {
    for (std::size_t i = 0; i < under_way_; ++i) {
        ++changes_[i].attempts;
    }
    if (changes_.front().attempts >= attempts_max) {
        finish(tl::unexpected(error));
        return;
    }
    busy_ = false;
    QTimer::singleShot(again_ms, this, &HaproxyService::next);
}

void HaproxyService::finish(const Result<void> &result) {
    const Change done = std::move(changes_.front());
    changes_.pop_front();
    busy_ = false;
    QMetaObject::invokeMethod(this, &HaproxyService::next, Qt::QueuedConnection);
    done.reply(result);
}

void HaproxyService::add(const Server &server, Reply<void> reply) {
    change({[server](const HaproxyView &view) { return commandsToAdd(view, server); },
            [server](const HaproxyView &view) { return isAdded(view, server); }, std::move(reply),
            u"add " + server.revision});
}

void HaproxyService::setSplit(const Split &split, Reply<void> reply) {
    change({[split](const HaproxyView &view) { return commandsToSplit(view, split); },
            [split](const HaproxyView &view) { return isSplit(view, split); },
            std::move(reply),
            {}});
}

void HaproxyService::remove(const Server &server, Reply<void> reply) {
    change({[server](const HaproxyView &view) { return commandsToRemove(view, server); },
            [server](const HaproxyView &view) { return isRemoved(view, server); }, std::move(reply),
            QStringLiteral("remove")});
}

void HaproxyService::drain(const Server &server, int limit_ms, Reply<void> reply) {
    change({[server](HaproxyView &view) {
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

void HaproxyService::awaitIdle(const Server &server, QDeadlineTimer until,
                               const Reply<void> &reply) {
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

void HaproxyService::observe(Reply<RouteView> reply) {
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
