// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/api/values.h"
#include "ui/models/desk.h"

#include <QPointer>

#include <vector>

namespace aviary {

// One thing that was asked in this window, and what became of it.
struct OutcomeLine {
    QString id;    // of the request
    QString what;  // "Promote checkout-api to 25 %"
    QString where; // the cluster
    api::Outcome outcome = api::Outcome::Asked;
    QString text; // "confirmed by HAProxy at 10:01:12"; what would make a refusal allowed
    qint64 asked_wall_ms = 0;
    bool operator==(const OutcomeLine &) const = default;
};

// What was asked in this window: asked, applied, refused or unknown. Applied only by the daemon's
// word; whatever is open when its link breaks is unknown until it is told again.
class Outcomes : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t lines_max = 100;

    using QObject::QObject;

    std::vector<OutcomeLine> lines() const; // newest first
    // It is about to be sent.
    void open(Desk &desk, const QString &id, const QString &what, const QString &where);
    // What call() answered: a request's row, or why there is none.
    void answered(const QString &id, const Result<QJsonObject> &answer);
    // A verb that is done once it is answered (cluster.edit), said in `text`.
    void done(const QString &id, const QString &text);
    // It is told elsewhere from here on.
    void drop(const QString &id);
    // Takes a settled line out; what is open stays.
    void dismiss(const QString &id);

Q_SIGNALS:
    void changed();

private:
    struct Kept {
        OutcomeLine line;
        QPointer<Desk> desk;
        bool answered = false; // the daemon has it
        bool asking = false;   // what became of it is being asked
    };

    Kept *find(const QString &id);
    void follow(Desk &desk);
    void lookAt(Desk &desk);
    void look(Kept &kept);
    void askAgain(Kept &kept);
    void settle(Kept &kept, const api::RequestRow &row);

    std::vector<Kept> kept_; // oldest first
};

} // namespace aviary
