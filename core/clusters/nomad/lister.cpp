// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clusters/nomad/lister.h"

#include <QVersionNumber>

#include <algorithm>

namespace aviary::clusters::nomad {
namespace {

// A query that waits is answered after up to a sixteenth more than it asked for.
constexpr int waiting_ms = Watching::wait_ms + Watching::wait_ms / 16 + 10'000;
constexpr int look_ms = 10'000;

std::size_t placeOf(Table table) {
    return static_cast<std::size_t>(table);
}

QString pathOf(Table table) {
    static const QString paths[]{QStringLiteral("/v1/nodes"), QStringLiteral("/v1/jobs"),
                                 QStringLiteral("/v1/deployments"),
                                 QStringLiteral("/v1/allocations")};
    return paths[placeOf(table)];
}

template <class T>
Result<Rows> asRows(Result<std::vector<T>> read) {
    return std::move(read).map([](std::vector<T> rows) { return Rows(std::move(rows)); });
}

Result<Rows> readRows(Table table, const QByteArray &body) {
    switch (table) {
    case Table::Nodes:
        return asRows(readNodes(body));
    case Table::Jobs:
        return asRows(readJobs(body));
    case Table::Deployments:
        return asRows(readDeployments(body));
    case Table::Allocations:
        break;
    }
    return asRows(readAllocations(body));
}

Failure notNomad(const Error &error) {
    return {Failure::Kind::NotNomad, error, 0};
}

} // namespace

bool Lister::asksEachSpace(Table table) const {
    return table == Table::Deployments && connection_.settings().seesAllSpaces() &&
           QVersionNumber::fromString(version_) < QVersionNumber(1, 2, 4);
}

Request Lister::requestFor(const List &wanted) const {
    Request request{.path = pathOf(wanted.table), .spaced = wanted.table != Table::Nodes};
    if (wanted.after > 0) {
        request.query.append({QStringLiteral("index"), QString::number(wanted.after)});
        request.query.append(
            {QStringLiteral("wait"), QStringLiteral("%1s").arg(Watching::wait_ms / 1'000)});
        request.timeout_ms = waiting_ms;
        request.waits = true;
    }
    return request;
}

void Lister::ask(const List &wanted, const Request &request,
                 const std::function<void(const Answer &)> &then) {
    const Table table = wanted.table;
    const quint64 turn = turns_[placeOf(table)];
    connection_.ask(request, [this, table, turn, then](const Outcome<Answer> &answer) {
        if (turn != turns_[placeOf(table)]) {
            return;
        }
        if (answer) {
            then(*answer);
        } else {
            Q_EMIT failed(table, answer.error());
        }
    });
}

void Lister::giveUp() {
    for (quint64 &turn : turns_) {
        ++turn;
    }
    ++looks_;
}

void Lister::list(const List &wanted) {
    ++turns_[placeOf(wanted.table)];
    if (asksEachSpace(wanted.table)) {
        listSpaces(wanted);
        return;
    }
    ask(wanted, requestFor(wanted), [this, table = wanted.table](const Answer &answer) {
        const Result<Rows> rows = readRows(table, answer.body);
        if (rows) {
            Q_EMIT listed(table, answer.index, *rows);
        } else {
            Q_EMIT failed(table, notNomad(rows.error()));
        }
    });
}

void Lister::listSpaces(const List &wanted) {
    const Request request{.path = QStringLiteral("/v1/namespaces"), .spaced = false};
    ask(wanted, request, [this, wanted](const Answer &answer) {
        const Result<QStringList> names = readNames(answer.body);
        if (!names) {
            Q_EMIT failed(wanted.table, notNomad(names.error()));
            return;
        }
        // An anonymous caller is told of none, also where it may see some.
        const QStringList left = names->isEmpty() ? QStringList{QStringLiteral("default")} : *names;
        space_ = left.first();
        listSpace(std::make_shared<Spaces>(Spaces{wanted, left}));
    });
}

// The index is that of the whole table, whichever namespace is asked for: only the first one waits.
void Lister::listSpace(const std::shared_ptr<Spaces> &spaces) {
    const List &wanted = spaces->wanted;
    const bool is_first = spaces->index == 0;
    Request request = requestFor({wanted.table, is_first ? wanted.after : 0});
    request.query.append({QStringLiteral("namespace"), spaces->left.takeFirst()});
    ask(wanted, request, [this, spaces, is_first](const Answer &answer) {
        const auto rows = readDeployments(answer.body);
        if (!rows) {
            Q_EMIT failed(spaces->wanted.table, notNomad(rows.error()));
            return;
        }
        spaces->rows.insert(spaces->rows.end(), rows->begin(), rows->end());
        // The lowest counts: what came between two answers is read again.
        spaces->index = is_first ? answer.index : std::min(spaces->index, answer.index);
        if (spaces->left.isEmpty()) {
            Q_EMIT listed(spaces->wanted.table, spaces->index, spaces->rows);
        } else {
            listSpace(spaces);
        }
    });
}

// Asked for those that begin with what none begins with, Nomad answers with the index of the table
// and little else.
void Lister::look(Table table, const std::function<void(const Outcome<Index> &)> &answer) {
    Request request = requestFor({table, 0});
    request.query.append(
        {QStringLiteral("prefix"), QStringLiteral("00000000-0000-0000-0000-000000000000")});
    if (asksEachSpace(table) && !space_.isEmpty()) {
        request.query.append({QStringLiteral("namespace"), space_});
    }
    request.timeout_ms = look_ms;
    connection_.ask(request, [this, answer, turn = looks_](const Outcome<Answer> &given) {
        if (turn == looks_) {
            answer(given.map([](const Answer &one) { return one.index; }));
        }
    });
}

} // namespace aviary::clusters::nomad
