// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gitops/look.h"

#include <QObject>
#include <QThreadPool>

#include <map>
#include <memory>
#include <mutex>

namespace aviary::gitops {

// Looks at repositories in threads of its own, so that neither a slow network nor a huge repository
// keeps anybody waiting. Its end ends looks, and waits for what is to be forgotten.
class Looker : public QObject {
    Q_OBJECT
public:
    explicit Looker(QObject *parent = nullptr);
    ~Looker() override;

    // looked() follows, once. At most `together_max` run at the same time; others wait.
    void look(const LookWish &wish);

    // Deletes the clone, once nobody looks at it. What cannot be deleted is logged.
    void forget(const QString &folder, const Repository &repository);

    static constexpr int together_max = 2;

Q_SIGNALS:
    void looked(const aviary::gitops::Repository &repository,
                std::shared_ptr<const aviary::gitops::Look> look);

private:
    std::shared_ptr<std::mutex> turnOf(const QString &folder);

    std::map<QString, std::shared_ptr<std::mutex>> turns_; // one at a time in each folder
    QThreadPool pool_;
    std::atomic<bool> stopped_ = false;
};

} // namespace aviary::gitops
