// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/conversation.h"

#include "core/api/processsession.h"
#include "core/api/requestid.h"
#include "core/api/socketsession.h"
#include "core/api/valuesjson.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <unistd.h>

#include <algorithm>
#include <array>

namespace aviary::cli {

using namespace Qt::Literals;

namespace {

QString text(const std::string &from) {
    return QString::fromStdString(from);
}

bool isNewer(const api::RolloutRow &a, const api::RolloutRow &b) {
    const bool a_ended = kernel::isEnd(a.status), b_ended = kernel::isEnd(b.status);
    return a_ended != b_ended ? b_ended : a.id > b.id;
}

// Exact names come before beginnings; of one service the active or the newest rollout counts.
Result<api::RolloutRow> choose(std::vector<api::RolloutRow> rows, const QString &name) {
    std::ranges::sort(rows, isNewer);
    for (const api::RolloutRow &row : rows) {
        if (row.id == name || row.service == name || row.deployment == name) {
            return row;
        }
    }
    std::vector<api::RolloutRow> found;
    QStringList services;
    for (const api::RolloutRow &row : rows) {
        const bool by_service = row.service.startsWith(name) && !services.contains(row.service);
        if (row.id.startsWith(name, Qt::CaseInsensitive) || by_service) {
            found.push_back(row);
            services.append(row.service);
        }
    }
    if (found.size() == 1) {
        return found.front();
    }
    QStringList names;
    for (const api::RolloutRow &row : found) {
        names.append(row.id % u" ("_qs % row.service % u')');
    }
    return found.empty() ? fail(ErrorCode::NotFound, u"there is no rollout \"%1\""_qs.arg(name), {},
                                u"aviary list names them"_qs)
                         : fail(ErrorCode::Invalid, u"\"%1\" may be several"_qs.arg(name), {},
                                u"give more of one of: "_qs + names.mid(0, 8).join(u", "_qs));
}

} // namespace

Exit exitOf(const Error &error) {
    switch (error.code) {
    case ErrorCode::Invalid:
        return Exit::Usage;
    case ErrorCode::TimedOut:
        return Exit::TimedOut;
    default:
        return Exit::Failed;
    }
}

Conversation::Conversation(Globals globals, QObject *parent)
    : QObject(parent), globals_(std::move(globals)) {}

Result<api::Places> Conversation::places() const {
    return api::placesOf(text(globals_.state_dir), QProcessEnvironment::systemEnvironment());
}

api::LineSession *Conversation::session() {
    return session_ == nullptr ? makeSession(true) : session_;
}

api::LineSession *Conversation::sessionWithoutStarting() {
    return session_ == nullptr ? makeSession(false) : session_;
}

api::LineSession *Conversation::makeSession(bool start) {
    const api::Introduction who{u"aviary"_qs, QStringLiteral(AVIARY_VERSION), text(globals_.as)};
    if (!globals_.host.empty()) {
        const auto command =
            api::sshCommand(qEnvironmentVariable("AVIARY_SSH"), text(globals_.host));
        if (!command) {
            failWith(command.error());
            return nullptr;
        }
        session_ = new api::ProcessSession(*command, who, this);
    } else {
        const auto where = places();
        if (!where) {
            failWith(where.error());
            return nullptr;
        }
        using Starting = api::SocketSession::Starting;
        session_ =
            new api::SocketSession(*where, who, start ? Starting::OnDemand : Starting::Never, this);
    }
    session_->open();
    return session_;
}

void Conversation::ask(const QString &verb, const QJsonObject &parameters, Then then) {
    api::LineSession *link = session();
    if (link == nullptr) {
        return;
    }
    link->call(verb, parameters, [this, then = std::move(then)](const Result<QJsonObject> &answer) {
        if (!answer) {
            failWith(answer.error());
        } else if (!finished_) {
            then(*answer);
        }
    });
}

void Conversation::askOnce(const QString &verb, QJsonObject parameters, Then then) {
    api::LineSession *link = session();
    if (link == nullptr) {
        return;
    }
    const QString id = api::newRequestId();
    parameters.insert(u"request_id"_qs, id);
    link->call(verb, parameters,
               [this, verb, parameters, id, then = std::move(then)](const auto &answer) {
                   if (answer) {
                       then(*answer);
                   } else if (answer.error().code == ErrorCode::TimedOut) {
                       settleUnknown(verb, id, answer.error(), then);
                   } else {
                       failWith(answer.error());
                   }
               });
}

void Conversation::settleUnknown(const QString &verb, const QString &request_id, const Error &error,
                                 const Then &then) {
    terminal_.complain(u"unknown: "_qs + aviary::toText(error));
    if (verb != u"request"_qs) {
        return finish(Exit::TimedOut);
    }
    terminal_.complain(u"asking what became of it"_qs);
    session_->call(u"request.get"_qs, {{u"id"_qs, request_id}},
                   [this, then](const Result<QJsonObject> &answer) {
                       if (answer) {
                           then(*answer);
                       } else if (answer.error().code == ErrorCode::NotFound) {
                           failWith(answer.error());
                       } else {
                           terminal_.complain(u"unknown: "_qs + aviary::toText(answer.error()));
                           finish(Exit::TimedOut);
                       }
                   });
}

void Conversation::subscribe(const QString &topic, std::function<void(const QJsonObject &)> then) {
    api::LineSession *link = session();
    if (link == nullptr) {
        return;
    }
    connect(link, &api::Session::changed, this,
            [this, topic, then = std::move(then)](const QString &about, const QJsonObject &change) {
                if (about == topic && !finished_) {
                    then(change);
                }
            });
    link->subscribe(topic);
}

void Conversation::withRollout(const QString &name, WithRollout then) {
    ask(u"rollout.list"_qs, {}, [this, name, then = std::move(then)](const QJsonObject &answer) {
        auto rows = api::listFromJson<api::RolloutRow>(answer.value(u"rollouts"_qs));
        if (!rows) {
            return failWith(rows.error());
        }
        const Result<api::RolloutRow> row = choose(std::move(*rows), name);
        row ? then(*row) : failWith(row.error());
    });
}

void Conversation::withCluster(const QString &name, WithCluster then) {
    ask(u"cluster.list"_qs, {}, [this, name, then = std::move(then)](const QJsonObject &answer) {
        const auto rows = api::listFromJson<api::ClusterRow>(answer.value(u"clusters"_qs));
        if (!rows) {
            return failWith(rows.error());
        }
        QStringList names;
        for (const api::ClusterRow &row : *rows) {
            if (row.id == name || (name.isEmpty() && rows->size() == 1)) {
                return then(row);
            }
            names.append(row.id);
        }
        const QString which = names.isEmpty() ? u"add one: aviary cluster add --help"_qs
                                              : u"use one of: "_qs + names.join(u", "_qs);
        failWith(name.isEmpty()
                     ? Error{names.isEmpty() ? ErrorCode::NotFound : ErrorCode::Invalid,
                             names.isEmpty() ? u"there is no cluster"_qs
                                             : u"there are several clusters"_qs,
                             u"--cluster"_qs, which}
                     : Error{ErrorCode::NotFound, u"there is no cluster \"%1\""_qs.arg(name),
                             u"--cluster"_qs, which});
    });
}

void Conversation::confirm(const QString &question, const QString &word,
                           std::function<void()> then) {
    if (!terminal_.answers() || globals_.json) {
        return failWith({ErrorCode::Invalid,
                         u"this needs a confirmation"_qs,
                         {},
                         u"add --yes, or ask at a terminal"_qs});
    }
    terminal_.printRaw(visibleText(question).toUtf8() + ' ');
    typed_ = std::make_unique<QSocketNotifier>(STDIN_FILENO, QSocketNotifier::Read);
    connect(typed_.get(), &QSocketNotifier::activated, this, [this, word, then = std::move(then)] {
        std::array<char, 1024> buffer{};
        const ssize_t count = read(STDIN_FILENO, buffer.data(), buffer.size());
        typed_->setEnabled(false);
        const QString line =
            QString::fromUtf8(buffer.data(), std::max<ssize_t>(0, count)).trimmed();
        if (line == word) {
            return then();
        }
        failWith({ErrorCode::Refused, u"not confirmed; nothing was asked"_qs, {}, {}});
    });
}

void Conversation::show(const QJsonObject &answer) const {
    terminal_.printRaw(QJsonDocument(answer).toJson(QJsonDocument::Indented));
}

void Conversation::finish(Exit code) {
    if (!std::exchange(finished_, true)) {
        // The loop may not run yet: exit() before exec() would be lost.
        QMetaObject::invokeMethod(
            qApp, [code] { QCoreApplication::exit(int(code)); }, Qt::QueuedConnection);
    }
}

void Conversation::failWith(const Error &error) {
    if (finished_) {
        return;
    }
    if (globals_.json) {
        show({{u"error"_qs, api::toJson(error)}});
    } else {
        terminal_.complain(u"aviary: "_qs + aviary::toText(error));
    }
    finish(exitOf(error));
}

} // namespace aviary::cli
