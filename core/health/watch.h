// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/probe.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <vector>

namespace aviary::health {

// Asks the checks of one instance again and again, each at its own interval (counted from the
// answer), and keeps the last result of each. Before every check has answered once, the health is
// unknown. Destroying the watch cancels everything under way.
class Watch : public QObject {
    Q_OBJECT
public:
    Watch(std::vector<Check> checks, Endpoint endpoint, QObject *parent = nullptr);
    ~Watch() override;

    void start();
    Health health() const { return health_; }
    QString reason() const; // of what is not healthy
    std::vector<CheckResult> results() const;

Q_SIGNALS:
    void changed(aviary::health::Health health);
    void asked(); // every time that a check has answered

private:
    struct Asked {
        Check check;
        std::optional<CheckResult> last;
        std::unique_ptr<Probe> probe;
        std::unique_ptr<QTimer> again;
    };
    void ask(std::size_t index);
    void note(std::size_t index, const CheckResult &result);

    Endpoint endpoint_;
    std::vector<Asked> asked_;
    Health health_ = Health::Unknown;
};

} // namespace aviary::health
