// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/desks.h"

#include <algorithm>

namespace aviary {

namespace {

const QString ssh_scheme = QStringLiteral("ssh:");

} // namespace

Desks::Desks(QObject *parent) : QObject(parent) {}

Desks::~Desks() = default;

Desk &Desks::add(std::unique_ptr<Desk> desk, std::unique_ptr<api::Session> session) {
    remove(desk->id());
    Desk &kept = *desk;
    places_.push_back({std::move(session), std::move(desk)});
    Q_EMIT added(&kept);
    kept.setSession(places_.back().session.get());
    Q_EMIT changed();
    return kept;
}

void Desks::remove(const QString &id) {
    const auto found =
        std::ranges::find_if(places_, [&](const Place &place) { return place.desk->id() == id; });
    if (found == places_.end()) {
        return;
    }
    Q_EMIT leaving(found->desk.get());
    found->desk->setSession(nullptr);
    const Place gone = std::move(*found);
    places_.erase(found);
    Q_EMIT changed();
}

std::vector<Desk *> Desks::all() const {
    std::vector<Desk *> desks;
    for (const Place &place : places_) {
        desks.push_back(place.desk.get());
    }
    return desks;
}

Desk *Desks::find(const QString &id) const {
    for (const Place &place : places_) {
        if (place.desk->id() == id) {
            return place.desk.get();
        }
    }
    return nullptr;
}

QString deskOfHost(const QString &host) {
    return ssh_scheme + host;
}

QString hostOfDesk(const QString &desk) {
    return desk.startsWith(ssh_scheme) ? desk.mid(ssh_scheme.size()) : QString();
}

QString toText(const DeskKey &key) {
    return key.desk == local_desk || key.id.isEmpty() ? key.id : key.desk + u'/' + key.id;
}

// Ids of clusters and rollouts hold no slash; those of desks may.
DeskKey deskKeyFrom(const QString &text) {
    const qsizetype slash = text.lastIndexOf(u'/');
    return slash < 0 ? DeskKey{local_desk, text} : DeskKey{text.left(slash), text.mid(slash + 1)};
}

} // namespace aviary
