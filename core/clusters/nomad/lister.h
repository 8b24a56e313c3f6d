// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/nomad/connection.h"
#include "core/clusters/nomad/watching.h"

#include <array>

namespace aviary::clusters::nomad {

// Reads whole tables, and looks at where they stand.
class Lister : public QObject {
    Q_OBJECT
public:
    explicit Lister(Connection &connection) : connection_(connection) {}

    // Servers before 1.2.4 answer nothing when they are asked for the deployments of all
    // namespaces; each is asked for then. Empty: not known, and taken for such a server.
    void setVersion(const QString &version) { version_ = version; }
    // Takes the place of the list of that table that is under way.
    void list(const List &wanted);
    // The index of a table, without its rows.
    void look(Table table, const std::function<void(const Outcome<Index> &)> &answer);
    void giveUp(); // what is under way is not answered

Q_SIGNALS:
    void listed(aviary::clusters::nomad::Table table, aviary::clusters::nomad::Index index,
                const aviary::clusters::nomad::Rows &rows);
    void failed(aviary::clusters::nomad::Table table, const aviary::clusters::nomad::Failure &why);

private:
    struct Spaces { // the deployments of each namespace, as far as they were read
        List wanted;
        QStringList left;
        Index index = 0;
        std::vector<Deployment> rows = {};
    };

    Request requestFor(const List &wanted) const;
    bool asksEachSpace(Table table) const;
    // `then` is called with the answer, unless another list took the place of this one.
    void ask(const List &wanted, const Request &request,
             const std::function<void(const Answer &)> &then);
    void listSpaces(const List &wanted);
    void listSpace(const std::shared_ptr<Spaces> &spaces);

    Connection &connection_;
    QString version_;
    QString space_;                  // one that is visible
    std::array<quint64, 4> turns_{}; // answers of an earlier one come too late
    quint64 looks_ = 0;              // likewise
};

} // namespace aviary::clusters::nomad
