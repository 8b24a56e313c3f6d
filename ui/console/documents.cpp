// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/documents.h"

#include "core/api/inprocesssession.h"

namespace aviary {

namespace {

// The base is made first: the provider outlives the session over it.
struct KeepsProvider {
    std::unique_ptr<travel::TravelProvider> provider;
};

class DocumentSession : private KeepsProvider, public api::InProcessSession {
public:
    explicit DocumentSession(std::unique_ptr<travel::TravelProvider> kept)
        : KeepsProvider{std::move(kept)}, InProcessSession(*provider, {}) {}
};

} // namespace

Desk &addDocumentDesk(Desks &desks, const QString &id, const travel::Document &document) {
    auto desk = std::make_unique<Desk>(id, document.name);
    desk->setFile(true);
    return desks.add(std::move(desk),
                     std::make_unique<DocumentSession>(travel::providerOf(document)));
}

} // namespace aviary
