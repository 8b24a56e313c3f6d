// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clusters/driver.h"
#include "core/clusters/nomad/access.h"
#include "core/clusters/nomad/joblogs.h"
#include "core/clusters/nomad/tokenstore.h"
#include "core/clusters/nomad/watcher.h"
#include "core/clusters/selfrunning.h"

namespace aviary::clusters {

// A cluster of HashiCorp Nomad. It runs rollouts itself; it takes no orders of ours for a node, and
// says so. In one directory:
//   DIRECTORY/cluster.json    how it is reached (nomad::Settings)
//   DIRECTORY/token-...       where no keyring answers (nomad::TokenStore)
class NomadDriver : public Driver, public SelfRunning {
    Q_OBJECT
public:
    static constexpr int tell_ms = 200; // changes within it are told as one

    // `environment`: for the token, where none is kept. Fails when a certificate cannot be read.
    static Result<std::unique_ptr<NomadDriver>> make(const nomad::Settings &settings,
                                                     const QString &directory,
                                                     const QProcessEnvironment &environment);
    ~NomadDriver() override;

    Capabilities capabilities() const override;
    void open() override;
    void observe() override;
    void run(const std::vector<RunOrder> &orders) override;
    void stop(const std::vector<StopOrder> &orders) override;
    void setTraffic(const TrafficOrder &order) override;
    void measure(const QStringList &) override {}
    void setFlags(const QString &node, kernel::NodeFlags flags) override;
    void readLog(quint64 token, const QString &node, const QString &service, int lines) override;

    std::vector<OwnRollout> rollouts() const override;
    void ask(const OwnRequest &request, const Answered &answer) override;
    QString mayNot(OwnRequest::Verb verb, const QString &service) const override;
    void planStart(const OwnStart &wanted, const Planned &answer) override;
    void start(const OwnPlan &plan, const Answered &answer) override;
    void settleStart(const OwnPlan &plan, const Answered &answer) override;
    void stopService(const QString &service, const Answered &answer) override;
    void check(const Checked &answer) override;
    void checkWith(const QString &token, const Checked &answer) override;
    void keepToken(const QString &token, const Kept &answer) override;

private:
    NomadDriver(std::unique_ptr<nomad::Connection> connection, const QString &directory,
                nomad::Secrets otherwise);
    void signIn(const Result<nomad::TokenStore::Kept> &kept);
    void askVersion();
    void askAccess();
    void renew();
    bool seesAll() const;
    std::pair<QString, QString> placeOf(const QString &service) const; // namespace and job
    void tell();
    void lose(const nomad::Failure &why);
    template <class Order>
    void refuse(const std::vector<Order> &orders);

    std::unique_ptr<nomad::Connection> connection_;
    nomad::Secrets otherwise_; // where no token is kept
    nomad::TokenStore store_;
    nomad::Watcher watcher_;
    QTimer tell_timer_, again_timer_;
    QString version_;
    nomad::Access access_;
    std::map<std::pair<QString, QString>, std::shared_ptr<nomad::LogBook>>
        books_;        // by node, service
    QStringList told_; // nodes
    // What was told last; none: the picture moved on since.
    std::optional<Observation> seen_;
    std::vector<OwnRollout> rollouts_;
    bool is_open_ = false;
};

} // namespace aviary::clusters
