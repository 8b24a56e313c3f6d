// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/desk.h"

#include <memory>
#include <vector>

namespace aviary {

// The daemons and files that the window shows, each with its live session: the one of this
// computer, others over ssh, documents.
class Desks : public QObject {
    Q_OBJECT
public:
    explicit Desks(QObject *parent = nullptr);
    ~Desks() override;

    // Takes the place of one with the same id.
    Desk &add(std::unique_ptr<Desk> desk, std::unique_ptr<api::Session> session);
    void remove(const QString &id);
    std::vector<Desk *> all() const;     // in the order in which they came
    Desk *find(const QString &id) const; // null when there is none

Q_SIGNALS:
    void added(aviary::Desk *desk);
    // It is still there while this is heard.
    void leaving(aviary::Desk *desk);
    void changed();

private:
    struct Place {
        std::unique_ptr<api::Session> session;
        std::unique_ptr<Desk> desk; // ends before its session
    };
    std::vector<Place> places_;
};

// Something of a desk, by one text: "edge-eu" of this computer's, "ssh:HOST/edge-eu" of others.
struct DeskKey {
    QString desk, id;
    bool operator==(const DeskKey &) const = default;
};
inline const QString local_desk = QStringLiteral("local");
// The desk of another computer's daemon, and back; no host for any other desk.
QString deskOfHost(const QString &host);
QString hostOfDesk(const QString &desk);
QString toText(const DeskKey &key);
DeskKey deskKeyFrom(const QString &text);

} // namespace aviary
