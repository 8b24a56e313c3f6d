// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/travel/document.h"
#include "ui/console/desks.h"

namespace aviary {

// A desk over a document, with no daemon: it shows the document, and refuses every request. `id`
// tells it from others: "file:PATH".
Desk &addDocumentDesk(Desks &desks, const QString &id, const travel::Document &document);

} // namespace aviary
