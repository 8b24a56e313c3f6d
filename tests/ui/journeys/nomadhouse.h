// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/replay/replayserver.h"
#include "tests/ui/journeys/windowhouse.h"

#include <QProcess>

class QComboBox;
class QLineEdit;

namespace aviary::tests {

// The real window and a real daemon, over a Nomad that is played from recordings of a real one. The
// event loop of the window plays it.
class NomadHouse {
public:
    NomadHouse();
    ~NomadHouse();

    ReplayServer &nomad() { return nomad_; }
    WindowHouse &window() { return *window_; }
    // The daemon and the window; no cluster yet.
    bool open();

    // The nodes, jobs and allocations that everything else stands on.
    void furnish();
    // What Nomad lists from now on, and tells on its event stream; as it was recorded, with other
    // members.
    void show(const QList<QByteArray> &deployments, quint64 index);
    static QByteArray deployment(int recording, const QJsonObject &members = {});
    // A request that Nomad takes, and the deployment as it is afterwards.
    void takes(const char *verb, const QByteArray &id, const QByteArray &after, quint64 index);

    // What Nomad tells of the versions of its job, the newest first; the older ones as recorded.
    static QByteArray versionsUpTo(int newest);
    // Its job as that version, made at that index.
    static QByteArray job(int version, int index);
    // A node with other members; no event tells of it, as Nomad 1.0 tells none of a drain.
    void showNode(const QString &name, const QJsonObject &members, quint64 index);
    // Clicks on its row in the Fleet view.
    bool chooseNode(const QString &name);

    // The field of the sheet that is open; null: there is none of that name.
    QLineEdit *field(const QString &name);
    bool type(const QString &name, const QString &text);
    bool choose(const QString &combo, const QString &item);
    // In the dialog of the way back, which `first` is offered by, by keys down to that version; its
    // question is asked then.
    bool chooseWayBack(const QString &first, const QString &version);
    // By the form, as a person does; then it is live with all its nodes.
    bool connectCluster(const QString &address, quint32 nodes);

private:
    QTemporaryDir directory_;
    api::Places places_;
    QProcess daemon_;
    ReplayServer nomad_;
    std::unique_ptr<WindowHouse> window_;
};

} // namespace aviary::tests
