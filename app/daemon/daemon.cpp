// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/daemon/daemon.h"

#include "app/daemon/drivers.h"

#include <QFileInfo>

namespace aviary::daemon {

using namespace Qt::Literals;

Daemon::Daemon(api::Places places, QString group)
    : places_(std::move(places)), group_(std::move(group)) {}

Daemon::~Daemon() {
    close(u"the daemon ends"_qs);
}

Result<void> Daemon::open() {
    for (const QString &directory : {places_.state, QFileInfo(places_.socket).path()}) {
        if (const Result<void> made = api::makePrivateDirectory(directory); !made) {
            return made;
        }
    }
    // The journal's lock settles who owns the directory; only the owner makes the socket.
    Result<std::unique_ptr<journal::Journal>> journal =
        journal::Journal::open(places_.state, journal::Access::Own);
    if (!journal) {
        return tl::unexpected<Error>(journal.error());
    }
    journal_ = std::move(*journal);
    provider_ = std::make_unique<orchestrator::LiveProvider>(
        *journal_, driversIn(places_.state + u"/clusters"_qs), clock_);
    connect(provider_.get(), &orchestrator::LiveProvider::stopAsked, this,
            [this] { Q_EMIT stopAsked(u"a client asked for it"_qs); });
    if (const Result<void> restored = provider_->restore(); !restored) {
        return restored;
    }
    server_ = std::make_unique<api::Server>(*provider_);
    return server_->listen(places_.socket, group_);
}

void Daemon::close(const QString &reason) {
    if (server_) {
        server_->close(reason);
    }
    server_.reset();
    provider_.reset();
    journal_.reset();
}

} // namespace aviary::daemon
