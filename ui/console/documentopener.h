// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/travel/document.h"

#include <QObject>

namespace aviary {

class Console;
class PlansPresenter;
class RehearsalPresenter;

// Opens files: a run and a fleet become a desk of their own, a plan goes to the plans view, a
// scenario to the rehearsal. Reading happens off this thread, and nothing that is opened can act.
class DocumentOpener : public QObject {
    Q_OBJECT
public:
    DocumentOpener(Console &console, PlansPresenter &plans, RehearsalPresenter &rehearsal);

    void open(const QString &path);

Q_SIGNALS:
    void opened(const QString &path);
    void failed(const aviary::Error &error);

private:
    Result<void> show(const QString &path, const travel::Document &document);

    Console &console_;
    PlansPresenter &plans_;
    RehearsalPresenter &rehearsal_;
};

} // namespace aviary
