// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/clusters/clustersview.h"
#include "ui/console/console.h"

namespace aviary {

class ClusterForm;
struct ClusterWish;

// The clusters of every desk: the list, the test of one, and the requests that add, edit, lock and
// remove them. A daemon of another computer becomes one more desk.
class ClustersPresenter : public QObject {
    Q_OBJECT
public:
    explicit ClustersPresenter(Console &console);

    ClusterForm &form() { return *form_; }

private:
    void follow(Desk *desk);
    void refreshSoon();
    void refresh();
    void carryOut(const QString &id);
    void test(Desk &desk, const QString &cluster);
    void lock(Desk &desk, const api::ClusterRow &row);
    void remove(Desk &desk, const api::ClusterRow &row);
    void add(const ClusterWish &wish);
    void edit(const ClusterWish &wish);
    void tryOut(const ClusterWish &wish);
    // Then shuts the form; what the cluster says of the token stays in it.
    void keepToken(Desk &desk, const ClusterWish &wish, const std::function<void()> &then);
    void reconnect(const QString &desk);

    Console &console_;
    ClustersView *view_;
    ClusterForm *form_;
    QTimer refresh_timer_;
    TestValue test_;
    quint64 tries_ = 0; // an answer to an older one is passed over
};

} // namespace aviary
